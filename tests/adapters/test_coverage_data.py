"""Figures equal coverage.py's own, from data that coverage.py measured."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import coverage_data
from coverage_roadmap.core.measurement import FileFigures, Scope, total
from coverage_roadmap.errors import RecordError

SOURCE = {
    "src/a.py": (
        "def sign(x):\n    if x > 0:\n        return 1\n    elif x < 0:\n        return -1\n    return 0\n\n\n"
        "def never():\n    for i in range(3):\n        if i:\n            continue\n    while True:\n        break\n"
    ),
    "src/größe b.py": "x = 1\nif x:  # pragma: no cover\n    y = 2\n",
    "src/unused.py": "a = 1\nb = [c for c in 'abc']\n",
    "src/empty.py": "",
    "src/pkg/__init__.py": "try:\n    import no_such_thing\nexcept ImportError:\n    pass\n",
    "src/omitted.py": "x = 1\n",
    ".coveragerc": "[report]\nexclude_also =\n    while True\nomit =\n    src/omitted.py\n",
    "one.py": "import sys; sys.path.insert(0, 'src')\nimport a, pkg\na.sign(1)\n",
    "two.py": "import sys; sys.path.insert(0, 'src')\nimport a\na.sign(-1); a.never()\n__import__('größe b')\n",
}


class Project:
    """A project, and the folder of a run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "run folder"
        self.data = self.folder / "data" / ".coverage"
        self.data.parent.mkdir(parents=True)
        for name, text in SOURCE.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")

    def coverage(self, *words: str) -> str:
        command = [sys.executable, "-m", "coverage", *words]
        env = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=True)
        return done.stdout

    def measure(self, script: str, data: str, branch: bool) -> None:
        mode = ["--branch"] if branch else []
        self.coverage("run", *mode, "--source=src", f"--data-file={self.data.parent / data}", script)

    def own(self, *names: str) -> dict[str, Any]:
        """What coverage.py itself makes of the data files."""
        copies = []
        for name in names:
            copies.append(str(self.root / f".own{name}"))
            shutil.copy(self.data.parent / name, copies[-1])
        joined = f"--data-file={self.root / '.joined'}"
        self.coverage("combine", joined, *copies)
        self.coverage("json", joined, "-o", "own.json")
        totals = self.coverage("report", joined, "--format=total", "--precision=2").strip()
        return {**json.loads((self.root / "own.json").read_text()), "total": totals}

    def read(self, python: str = sys.executable, config: str = "") -> coverage_data.Figures | None:
        return coverage_data.read(
            python, self.folder, project=self.root, source=["src"], config_file=config, env=os.environ
        )

    def figures(self, config: str = "") -> coverage_data.Figures:
        figures = self.read(config=config)
        assert figures is not None
        return figures


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "größe project").mkdir()
    return Project(tmp_path / "größe project")


def spread(figures: FileFigures) -> tuple[list[int], list[list[int]]]:
    lines = [line for first, last in figures.missing_lines for line in range(first, last + 1)]
    return lines, [list(arc) for arc in figures.missing_arcs]


def assert_equal(figures: coverage_data.Figures, own: dict[str, Any], branch: bool) -> None:
    assert sorted(figures.files) == sorted(own["files"])
    for name, theirs in own["files"].items():
        ours, numbers = figures.files[name], theirs["summary"]
        assert spread(ours) == (theirs["missing_lines"], theirs.get("missing_branches", []))
        counts = ours.counts
        assert counts.statements == numbers["num_statements"]
        assert counts.missing == numbers["missing_lines"]
        assert counts.excluded == numbers["excluded_lines"]
        assert (counts.branches > 0) == (branch and numbers["num_branches"] > 0)
        assert counts.branches - counts.missing_branches == numbers.get("covered_branches", 0)
    together, totals = total(figures.files), own["totals"]
    assert together.statements - together.missing == totals["covered_lines"]
    assert together.branches == totals.get("num_branches", 0)
    assert float(together.ratio.covered / together.ratio.total) * 100 == pytest.approx(totals["percent_covered"])


@pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
@pytest.mark.parametrize("names", [[".coverage"], [".coverage", ".coverage.host.1.x"], [".coverage.host.1.x"]])
def test_figures_equal_coverages_own_even_where_killed_processes_left_data_beside(
    project: Project, branch: bool, names: list[str]
) -> None:
    for script, name in zip(["one.py", "two.py"], names, strict=False):
        project.measure(script, name, branch)
    own = project.own(*names)
    assert_equal(project.figures(), own, branch)
    assert_equal(project.figures(), own, branch)
    assert [path.name for path in project.data.parent.iterdir()] == [".coverage"]


def test_the_scope_is_what_coverage_resolved(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=True)
    scope = project.figures().scope
    assert scope == Scope(("src",), (), ("src/omitted.py",), scope.exclude, branch=True, files=5)
    assert scope.exclude[-1] == "while True"


def test_the_config_file_that_was_named_counts(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=False)
    (project.root / "other.ini").write_text("[report]\nomit =\n    src/pkg/*\n")
    figures = project.figures("other.ini")
    assert "src/omitted.py" in figures.files
    assert "src/pkg/__init__.py" not in figures.files
    assert figures.scope.branch is False


def test_without_data_there_are_no_figures(project: Project) -> None:
    assert project.read() is None


def test_data_in_which_nothing_was_measured_gives_no_figures(project: Project) -> None:
    project.coverage("run", f"--data-file={project.data}", "--include=nowhere/*", "one.py")
    if project.data.exists():
        assert project.read() is None


def tear(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)] or b"not a database")


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5])
def test_a_torn_file_that_a_killed_process_left_is_told_and_costs_nothing_else(project: Project, share: float) -> None:
    project.measure("one.py", ".coverage", branch=True)
    project.measure("two.py", ".coverage.host.1.x", branch=True)
    own = project.own(".coverage")
    tear(project.data.parent / ".coverage.host.1.x", share)
    figures = project.figures()
    assert_equal(figures, own, branch=True)
    assert len(figures.lost) == 1
    assert ".coverage.host.1.x" in figures.lost[0]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5])
def test_truncated_data_is_an_error_and_no_figure(project: Project, share: float) -> None:
    project.measure("one.py", ".coverage", branch=True)
    tear(project.data, share)
    with pytest.raises(RecordError, match="coverage data cannot be read: ") as caught:
        project.read()
    assert str(project.data.parent) in str(caught.value)
    assert "next: run the phase again" in str(caught.value)


def test_line_and_branch_data_together_are_an_error_and_no_figure(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=True)
    project.measure("two.py", ".coverage.host.1.x", branch=False)
    with pytest.raises(RecordError, match="branch"):
        project.read()


@pytest.mark.parametrize("text", [None, "def (:\n"])
def test_a_source_that_went_or_does_not_parse_is_an_error_that_names_it(project: Project, text: str | None) -> None:
    project.measure("two.py", ".coverage", branch=True)
    path = project.root / "src/a.py"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(RecordError, match=r"src/a\.py"):
        project.read()


def test_an_interpreter_without_coverage_is_an_error(project: Project, tmp_path: Path) -> None:
    project.measure("one.py", ".coverage", branch=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    with pytest.raises(RecordError, match="No module named 'coverage'"):
        project.read(python=str(tmp_path / "bare/bin/python"))
