"""Figures equal coverage.py's own, from data that coverage.py measured."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
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
        self.memory = root / "figures.sqlite"
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
        copies = [shutil.copy(self.data.parent / name, self.root / f".own{name}") for name in names]
        joined = f"--data-file={self.root / '.joined'}"
        self.coverage("combine", joined, *map(str, copies))
        self.coverage("json", joined, "-o", "own.json")
        totals = self.coverage("report", joined, "--format=total", "--precision=2").strip()
        return {**json.loads((self.root / "own.json").read_text()), "total": totals}

    def read(self, python: str = sys.executable, config: str = "") -> coverage_data.Figures | None:
        return coverage_data.read(
            python,
            self.folder,
            project=self.root,
            source=["src"],
            config_file=config,
            memory=self.memory,
            env=os.environ,
        )

    def figures(self, config: str = "") -> coverage_data.Figures:
        figures = self.read(config=config)
        assert figures
        return figures


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (root := tmp_path / "größe project").mkdir()
    return Project(root)


def spread(figures: FileFigures) -> tuple[Any, ...]:
    lines = [[n for a, b in span for n in range(a, b + 1)] for span in (figures.missing_lines, figures.covered_lines)]
    return *lines, [list(arc) for arc in figures.missing_arcs], [list(arc) for arc in figures.covered_arcs]


def assert_equal(figures: coverage_data.Figures, own: dict[str, Any], branch: bool) -> None:
    assert sorted(figures.files) == sorted(own["files"])
    for name, theirs in own["files"].items():
        ours, numbers = figures.files[name], theirs["summary"]
        assert spread(ours) == (
            *(theirs["missing_lines"], theirs["executed_lines"]),
            *(theirs.get("missing_branches", []), theirs.get("executed_branches", [])),
        )
        counts = ours.counts
        assert counts.statements == numbers["num_statements"]
        assert counts.missing == numbers["missing_lines"]
        assert counts.excluded == numbers["excluded_lines"]
        assert (counts.branches > 0) == (branch and numbers["num_branches"] > 0)
        assert counts.branches - counts.missing_branches == numbers.get("covered_branches", 0)
    together, totals = total(one.counts for one in figures.files.values()), own["totals"]
    held = (together.statements - together.missing, together.branches)
    assert held == (totals["covered_lines"], totals.get("num_branches", 0))
    assert float(together.ratio.covered / together.ratio.total) * 100 == pytest.approx(totals["percent_covered"])


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


def test_an_interpreter_without_coverage_is_an_error(project: Project, tmp_path: Path) -> None:
    project.measure("one.py", ".coverage", branch=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    with pytest.raises(RecordError, match="No module named 'coverage'"):
        project.read(python=str(tmp_path / "bare/bin/python"))


@pytest.mark.slow
@pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
def test_what_is_remembered_never_differs_from_coverages_own(project: Project, branch: bool) -> None:
    config = project.root / ".coveragerc"
    changes: list[tuple[str, Path, str]] = [
        ("one.py", project.root / "src/a.py", SOURCE["src/a.py"]),
        ("one.py", project.root / "src/a.py", SOURCE["src/a.py"]),
        ("two.py", project.root / "src/a.py", SOURCE["src/a.py"]),
        ("two.py", project.root / "src/a.py", SOURCE["src/a.py"].replace("while True", "while [1]")),
        ("two.py", config, "[report]\n"),
        ("two.py", config, "[report]\nexclude_also =\n    for i\n"),
        ("two.py", config, "[report]\npartial_branches =\n    for i\n    while\n"),
        ("two.py", config, "[report]\ninclude =\n    src/pkg/*\n"),
        ("two.py", config, "[run]\nrelative_files = true\n"),
        ("two.py", config, f"[paths]\nmapped =\n    {project.root}/mapped\n    {project.root}/src\n"),
        ("one.py", project.root / "src/new.py", "x = 1\n"),
    ]
    for script, path, text in changes:
        path.write_text(text, encoding="utf-8")
        project.data.unlink(missing_ok=True)
        (project.root / "mapped").mkdir(exist_ok=True)
        (project.root / "mapped/a.py").write_text(SOURCE["src/a.py"], encoding="utf-8")
        project.measure(script, ".coverage", branch)
        assert_equal(project.figures(), json_of(project), branch)


def json_of(project: Project) -> dict[str, Any]:
    project.coverage("json", f"--data-file={project.data}", "-o", "own.json")
    own: dict[str, Any] = json.loads((project.root / "own.json").read_text())
    return own


def remembered(project: Project) -> sqlite3.Connection:
    project.measure("one.py", ".coverage", branch=False)
    project.figures()
    return sqlite3.connect(project.memory)


def test_what_did_not_change_is_not_asked_of_coverage_again(project: Project) -> None:
    with remembered(project) as memory:
        (count,) = memory.execute("SELECT count(*) FROM said").fetchone()
        memory.execute("""UPDATE said SET entry = replace(entry, '"num_statements": 2', '"num_statements": 3')""")
    assert count == 5
    assert project.figures().files["src/unused.py"].counts.statements == 3


@pytest.mark.parametrize("entry", ["no JSON", None, b"\xff"])
def test_a_memory_that_cannot_be_read_is_no_memory(project: Project, entry: Any) -> None:
    with remembered(project) as memory:
        memory.execute("UPDATE said SET entry = ?", (entry,))
    assert_equal(project.figures(), project.own(".coverage"), branch=False)


def test_a_memory_with_impossible_entries_is_an_error_that_names_the_file(project: Project) -> None:
    with remembered(project) as memory:
        memory.execute("""UPDATE said SET entry = '{"path": "src/a.py", "summary": 1}'""")
    with pytest.raises(RecordError, match="are no figures"):
        project.read()


def test_a_memory_that_is_no_database_is_made_anew(project: Project) -> None:
    remembered(project).close()
    project.memory.write_bytes(b"no database at all" * 100)
    assert_equal(project.figures(), project.own(".coverage"), branch=False)
    with sqlite3.connect(project.memory) as memory:
        assert memory.execute("SELECT count(*) FROM said").fetchone() == (5,)


def test_where_nothing_can_be_remembered_the_figures_are_the_same(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=True)
    project.memory = project.root / "no such folder" / "figures.sqlite"
    assert_equal(project.figures(), project.own(".coverage"), branch=True)


def test_what_no_run_asked_for_is_forgotten(project: Project) -> None:
    with remembered(project) as memory:
        memory.execute("UPDATE said SET day = day - 31")
    (project.root / "src/unused.py").write_text("a = 2\n")
    project.figures()
    with sqlite3.connect(project.memory) as memory:
        rows = memory.execute("SELECT entry FROM said").fetchall()
    assert len(rows) == 5  # the four that were asked for again, and the new text; its old one is gone


def test_what_a_plugin_measures_is_never_remembered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(project.root))
    (project.root / "plug.py").write_text(
        "import coverage\n\n\nclass Plug(coverage.CoveragePlugin):\n    pass\n\n\n"
        "def coverage_init(reg, options):\n    reg.add_configurer(Plug())\n"
    )
    (project.root / ".coveragerc").write_text("[run]\nplugins = plug\n")
    project.measure("one.py", ".coverage", branch=False)
    assert_equal(project.figures(), project.own(".coverage"), branch=False)
    with sqlite3.connect(project.memory) as memory:
        assert memory.execute("SELECT count(*) FROM said").fetchone() == (0,)
