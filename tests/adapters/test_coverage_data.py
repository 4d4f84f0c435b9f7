"""Figures equal coverage.py's own, from data that coverage.py measured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coverage_roadmap.core.measurement import Scope
from coverage_roadmap.errors import RecordError, ToolError

from .counted import Project, assert_equal


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (root := tmp_path / "größe project").mkdir()
    return Project(root)


@pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
@pytest.mark.parametrize("names", [[".coverage"], [".coverage", ".coverage.host.1.x"], [".coverage.host.1.x"]])
def test_figures_equal_coverages_own_even_where_killed_processes_left_data_beside(
    project: Project, branch: bool, names: list[str]
) -> None:
    for script, name in zip(["one.py", "two.py"], names, strict=False):
        project.measure(script, name, branch)
    own = project.own(*names)
    for _ in range(2):
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


@pytest.mark.parametrize("linked", [False, True], ids=["itself", "by a link"])
def test_a_pipe_below_source_is_an_error_that_names_it_and_is_not_waited_for(project: Project, linked: bool) -> None:
    pipe = project.root / ("pipe" if linked else "src/pipe.py")
    os.mkfifo(pipe)
    if linked:
        (project.root / "src" / "pipe.py").symlink_to(pipe)
    project.measure("one.py", ".coverage", branch=False)
    with pytest.raises(RecordError, match=r"names .*pipe\S*, and it is a pipe, a socket or a device"):
        project.read()
    (project.root / ".coveragerc").write_text("[run]\nomit = *pipe*\n")
    project.data.unlink()
    project.measure("one.py", ".coverage", branch=False)
    assert "src/a.py" in project.figures().files


def test_an_interpreter_without_coverage_is_an_error(project: Project, tmp_path: Path) -> None:
    project.measure("one.py", ".coverage", branch=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    bare = str(tmp_path / "bare/bin/python")
    with pytest.raises(ToolError, match="coverage missing") as caught:
        project.read(python=bare)
    assert (caught.value.where, caught.value.next_step) == (bare, f"{bare} -m pip install coverage")
