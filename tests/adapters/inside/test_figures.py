"""Figures equal those of the plain single-process command, to the line and the branch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # a pytest in a process of its own for each, and the plain command beside it

SYSMON = "/root/.pyenv/versions/3.12.1/bin/python"


def assert_equal(ran: Any, own: dict[str, Any], branch: bool) -> None:
    assert ran.files is not None
    assert sorted(ran.files) == sorted(own["files"])
    for name, theirs in own["files"].items():
        counts, numbers = ran.files[name]["counts"], theirs["summary"]
        assert ran.lines[name] == theirs["missing_lines"]
        assert ran.files[name]["missing_arcs"] == theirs.get("missing_branches", [])
        assert counts["statements"] == numbers["num_statements"]
        assert counts["branches"] == numbers.get("num_branches", 0)
        assert counts["excluded"] == numbers["excluded_lines"]
    assert any(own["files"][name]["summary"].get("num_branches") for name in own["files"]) == branch


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("settings", "branch"),
    [
        ({}, False),
        ({".coveragerc": "[run]\nbranch = true\nomit =\n    src/shop/__main__.py\n"}, True),
        ({"setup.cfg": "[coverage:run]\nbranch = true\n[coverage:report]\nexclude_also = return\n"}, True),
        ({"pytest.ini": "[pytest]\naddopts = --cov-branch --cov-config=ci.cfg\n", "ci.cfg": "[run]\n"}, True),
        ({".coveragerc": "[run]\nbranch = true\nparallel = true\nrelative_files = true\n"}, True),
        ({"pytest.ini": "[pytest]\naddopts = --cov=src/shop --cov-context=test\n"}, False),
    ],
    ids=["lines", "branches", "setup.cfg", "addopts", "parallel and relative", "contexts"],
)
def test_figures_equal_the_plain_command(shop: Any, settings: dict[str, str], branch: bool, workers: int) -> None:
    shop.write(settings)
    extra = settings.get("pytest.ini", "").partition("addopts = ")[2].split()
    own = shop.plain(*(word for word in extra if not word.startswith("--cov=")))
    ran = shop.run(workers=workers)
    assert (ran.ended["status"], ran.kind) == (0, "full")
    assert ran.journal.start is not None
    assert ran.journal.start.workers == workers
    assert_equal(ran, own, branch)


def test_figures_equal_where_the_tests_start_processes_that_coverage_measures(shop: Any) -> None:
    shop.write(
        {
            ".coveragerc": "[run]\nbranch = true\npatch = subprocess\n",
            "tests/test_sub.py": (
                "import subprocess, sys\n\n\ndef test_main():\n"
                "    done = subprocess.run([sys.executable, '-m', 'shop'], cwd='src', capture_output=True)\n"
                "    assert done.stdout == b'run\\n'\n"
            ),
        }
    )
    own = shop.plain()
    assert own["files"]["src/shop/__main__.py"]["missing_lines"] == []
    assert_equal(shop.run(), own, branch=True)


def test_a_selection_measures_the_whole_source_all_the_same(shop: Any) -> None:
    own = shop.plain("--ignore=tests/deep", "--deselect=tests/test_cart.py::test_thread")
    ran = shop.run(selection=["--ignore=tests/deep", "--deselect=tests/test_cart.py::test_thread", "tests"])
    assert_equal(ran, own, branch=False)
    assert "src/shop/never.py" in ran.lines
    assert list(ran.journal.deselected) == ["tests/test_cart.py::test_thread"]
    assert ran.outcomes.collected == 6


@pytest.fixture(scope="session")
def newer_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An environment of Python 3.12 or later with what a phase needs."""
    found = next(
        (p for p in (SYSMON, *(shutil.which(f"python3.{n}") or "" for n in (12, 13, 14))) if p and Path(p).exists()),
        None,
    )
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Python 3.12 or later, which CI must have")
        pytest.skip("no Python 3.12 or later")
    folder = tmp_path_factory.mktemp("newer") / "venv"
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    tools = ["pytest", "pytest-cov", "pytest-timeout", "pytest-xdist", "coverage"]
    python = str(folder / "bin" / "python")
    if uv:
        commands = [
            [uv, "venv", "-q", "--python", found, str(folder)],
            [uv, "pip", "install", "-q", "--python", python, *tools],
        ]
    else:
        commands = [[found, "-m", "venv", str(folder)], [python, "-m", "pip", "install", "-q", *tools]]
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)
    return python


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("settings", "core"),
    [
        ("[run]\n", "sysmon"),
        ("[run]\nbranch = true\n", "ctrace"),
        ("[run]\ndynamic_context = test_function\n", "ctrace"),
        ("[run]\nconcurrency = thread\n", "sysmon"),
        ("[run]\ncore = ctrace\n", "ctrace"),
    ],
    ids=["lines", "branches", "contexts", "threads", "named by the project"],
)
def test_the_quickest_core_that_gives_the_same_figures_is_taken(
    shop: Any, newer_python: str, settings: str, core: str, workers: int
) -> None:
    shop.write({".coveragerc": settings})
    minor = int(subprocess.check_output([newer_python, "-c", "import sys; print(sys.version_info[1])"]))
    branch = "branch = true" in settings
    own = shop.plain(python=newer_python)
    ran = shop.run(python=newer_python, workers=workers)
    assert ran.journal.options is not None
    assert ran.journal.options.core == ("sysmon" if branch and minor >= 14 else core)
    assert_equal(ran, own, branch)


def test_contexts_of_each_test_are_measured_on_one_worker_since_several_are_refused(shop: Any) -> None:
    shop.write({".coveragerc": "[run]\ndynamic_context = test_function\n"})
    ran = shop.run(workers=2)
    assert (ran.ended["status"], ran.kind, ran.journal.start.workers) == (0, "full", 1)


def test_our_own_older_python_takes_the_c_tracer(shop: Any) -> None:
    ran = shop.run()
    assert ran.journal.options is not None
    assert (ran.journal.options.core == "ctrace") == (sys.version_info < (3, 12))
