"""The project's own gate, report, early stop and workers are overridden, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # a pytest in a process of its own for each

TESTS = {
    "src/a.py": "def f(x):\n    if x:\n        return 1\n    return 2\n",
    "tests/test_a.py": (
        "import a\n\n\ndef test_one():\n    assert a.f(1) == 0\n\n\ndef test_two():\n    assert a.f(1) == 0\n\n\n"
        "def test_three():\n    assert a.f(1) == 1\n"
    ),
}
ADDOPTS = "-x --maxfail=1 --cov=tests --cov-report=term --cov-report xml --cov-fail-under=99 -n 3 -v --no-cov"
TAKEN = {
    "-x",
    "--maxfail=1",
    "--cov=tests",
    "--cov-report=term",
    "--cov-report xml",
    "--cov-fail-under=99",
    "-n 3",
    "--no-cov",
}
LISTED = ", ".join(f'"{word}"' for word in ADDOPTS.split())
FLAVOURS = {
    "pytest.ini": f"[pytest]\naddopts = {ADDOPTS}\n",
    ".pytest.ini": f"[pytest]\naddopts =\n    {ADDOPTS}\n",
    "tox.ini": f"[pytest]\naddopts = {ADDOPTS}\n",
    "setup.cfg": f"[tool:pytest]\naddopts = {ADDOPTS}\n",
    "pyproject.toml": f"[tool.pytest.ini_options]\naddopts = [{LISTED}]\n",
    "pytest.toml": f"[pytest]\naddopts = [{LISTED}]\n",
}


@pytest.mark.parametrize(("name", "text"), FLAVOURS.items(), ids=FLAVOURS)
def test_addopts_that_would_gate_or_cut_a_run_are_taken_out_and_named(
    make_project: Callable[..., Any], name: str, text: str
) -> None:
    project = make_project({**TESTS, name: text})
    ran = project.run()
    assert ran.journal.options is not None
    assert set(ran.journal.options.overridden) == TAKEN
    assert len(ran.outcomes.failed) == 2
    assert (ran.outcomes.passed, ran.kind, ran.ended["status"]) == (1, "full", 1)
    assert list(ran.lines) == ["src/a.py"]
    assert ran.lines["src/a.py"] == [4]
    assert "Required test coverage" not in ran.output
    assert "Stmts" not in ran.output
    assert not (project.root / "coverage.xml").exists()
    assert ran.journal.start.workers == 1


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("addopts", "taken"),
    [
        ("-q --tb=short -p no:cacheprovider --strict-markers", []),
        ("--exitfirst --maxfail 1", ["--exitfirst", "--maxfail 1"]),
        ("-n0", ["-n0"]),
        ("-nauto", ["-nauto"]),
        ("--numprocesses=4 --dist loadfile", ["--numprocesses=4"]),
        ("--dist=loadscope -n auto", ["-n auto"]),
        ("--cov --cov-branch", ["--cov"]),
        ("--cov=tests --cov-append", ["--cov=tests", "--cov-append"]),
        ("--cov-report html:out --cov-report=", ["--cov-report html:out", "--cov-report="]),
        ("--no-cov-on-fail", ["--no-cov-on-fail"]),
        ("--cov-fail-under 99.5", ["--cov-fail-under 99.5"]),
        ("-k 'not three and not cov' --cov=tests", ["--cov=tests"]),
    ],
)
def test_only_those_words_are_taken_and_the_others_hold(
    make_project: Callable[..., Any], addopts: str, taken: list[str], workers: int
) -> None:
    ran = make_project({**TESTS, "pytest.ini": f"[pytest]\naddopts = {addopts}\n"}).run(workers=workers)
    assert ran.journal.options is not None
    assert ran.journal.options.overridden == taken
    assert ran.journal.options.branch == ("--cov-branch" in addopts)
    assert ran.outcomes.passed == (0 if "-k" in addopts else 1)
    assert len(ran.outcomes.failed) == 2
    assert list(ran.lines) == ["src/a.py"]
    assert ran.journal.start.workers == workers


def test_a_dist_that_stands_apart_does_no_harm_on_one_worker(make_project: Callable[..., Any]) -> None:
    ran = make_project({**TESTS, "pytest.ini": "[pytest]\naddopts = --dist loadfile -n 2\n"}).run()
    assert (ran.outcomes.passed, ran.kind) == (1, "full")


def test_words_given_by_hand_are_kept_as_they_are(make_project: Callable[..., Any]) -> None:
    ran = make_project(TESTS).run("-x", "-k", "one or three", "-v")
    assert ran.journal.options is not None
    assert ran.journal.options.overridden == []
    assert len(ran.outcomes.failed) == 1
    assert ran.outcomes.not_run == ("tests/test_a.py::test_three",)


@pytest.mark.parametrize("name", ["COVERAGE_FILE", "COVERAGE_RCFILE", "COVERAGE_PROCESS_START", "COV_CORE_SOURCE"])
def test_variables_that_would_steer_another_coverage_do_nothing(make_project: Callable[..., Any], name: str) -> None:
    project = make_project(TESTS)
    ran = project.run(env={name: str(project.root / "elsewhere"), "PYTEST_ADDOPTS": "--no-such-option"})
    assert ran.lines == {"src/a.py": [4]}
    assert not (project.root / "elsewhere").exists()


def test_an_unreadable_coverage_config_is_pytests_own_word_and_no_figure(make_project: Callable[..., Any]) -> None:
    ran = make_project({**TESTS, ".coveragerc": "[report]\nfail_under = 80 ; note\n"}).run()
    assert ran.kind == "failed"
    assert ran.files is None
    assert "'80 ; note'" in ran.output


def test_what_a_phase_needs_is_named_where_it_is_missing(make_project: Callable[..., Any], tmp_path: Any) -> None:
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    ran = make_project(TESTS).run(python=str(tmp_path / "bare/bin/python"))
    assert ran.journal.start is not None
    assert ran.journal.start.missing == ["pytest", "pytest-cov", "coverage", "pytest-timeout"]
    assert ran.ended["status"] == 4
