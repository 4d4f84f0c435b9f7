"""What coverage.py said of a file is remembered, and never differs from what it would say."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coverage_roadmap.adapters import counter, coverage_data, covered_lines
from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.adapters.coverage_data import Place
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.errors import RecordError

from .counted import SOURCE, Project, assert_equal, spread


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (root := tmp_path / "größe project").mkdir()
    return Project(root)


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


def counted_files(memory: sqlite3.Connection) -> dict[str, Any]:
    """What is remembered of files, by key; the settings are too, once they are some seconds old."""
    rows = memory.execute("SELECT key, entry FROM made").fetchall()
    entries = {key: msgspec.msgpack.decode(entry) for key, entry in rows}
    return {key: one for key, one in entries.items() if not isinstance(one, dict)}


def remembered(project: Project) -> sqlite3.Connection:
    project.measure("one.py", ".coverage", branch=False)
    project.figures()
    return sqlite3.connect(project.memory)


FILES = ["src/a.py", "src/empty.py", "src/größe b.py", "src/pkg/__init__.py", "src/unused.py"]


def test_what_did_not_change_is_not_asked_of_coverage_again(project: Project) -> None:
    with remembered(project) as memory:
        entries = counted_files(memory)
        (key,) = (key for key, entry in entries.items() if entry and entry[0] == "src/unused.py")
        entry = entries[key]
        entry[1][0]["statements"] += 1
        memory.execute("UPDATE made SET entry = ? WHERE key = ?", (msgspec.msgpack.encode(entry), key))
    assert sorted(entry[0] for entry in entries.values() if entry) == FILES
    assert list(entries.values()).count(None) == 1  # what is omitted is not asked for again either
    (project.folder / "figures.json").unlink()
    assert project.figures().files["src/unused.py"].counts.statements == 3
    assert not (project.folder / "figures.json").exists()


IMPOSSIBLE = msgspec.msgpack.encode(["src/a.py", [{"statements": 1, "missing": 2}, [], [], [], []]])


@pytest.mark.parametrize("entry", ["no msgpack", None, b"\xff", IMPOSSIBLE])
def test_a_memory_that_cannot_be_read_is_no_memory(project: Project, entry: Any) -> None:
    with remembered(project) as memory:
        memory.execute("UPDATE made SET entry = ?", (entry,))
    assert_equal(project.figures(), project.own(".coverage"), branch=False)


def test_a_memory_that_is_no_database_is_made_anew(project: Project) -> None:
    remembered(project).close()
    project.memory.write_bytes(b"no database at all" * 100)
    for _ in range(2):  # what is no database goes, then is made anew
        assert_equal(project.figures(), project.own(".coverage"), branch=False)
    with sqlite3.connect(project.memory) as memory:
        assert len(counted_files(memory)) == len(FILES) + 1  # and the one that is omitted


def test_where_nothing_can_be_remembered_the_figures_are_the_same(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=True)
    (project.root / ".coverage-roadmap").write_text("a file is in the way")
    assert_equal(project.figures(), project.own(".coverage"), branch=True)


def test_what_no_run_asked_for_is_forgotten(project: Project) -> None:
    with remembered(project) as memory:
        memory.execute("UPDATE made SET day = day - 31")
    (project.root / "src/unused.py").write_text("a = 2\n")
    project.figures()
    with sqlite3.connect(project.memory) as memory:
        rows = counted_files(memory)
    assert len(rows) == 6  # the five that were asked for again, and the new text; its old one is gone


def test_data_of_a_version_that_is_not_known_is_counted_by_coverage_alone(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=True)
    own = project.own(".coverage")
    with sqlite3.connect(project.data) as data:
        data.execute("UPDATE coverage_schema SET version = 99")
    with pytest.raises(RecordError, match="wrong schema: 99"):
        project.read()
    assert own["files"].keys() == set(FILES)


def test_an_empty_file_that_a_killed_process_left_is_as_no_data(project: Project) -> None:
    project.data.touch()
    assert project.read() is None


@pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
def test_the_contexts_of_a_line_are_one(project: Project, branch: bool) -> None:
    (project.root / ".coveragerc").write_text("[run]\ndynamic_context = test_function\n")
    project.measure("one.py", ".coverage", branch)
    for _ in range(2):
        assert_equal(project.figures(), project.own(".coverage"), branch)


def measured(project: Project, script: str = "one.py") -> dict[str, Any]:
    project.measure(script, ".coverage", branch=True)
    assert_equal(project.figures(), own := json_of(project), branch=True)
    return own


def test_what_a_link_leads_to_decides_its_figures(project: Project) -> None:
    text, config, one = SOURCE["src/a.py"], project.root / ".coveragerc", project.root / "src/a.py"
    (project.root / "src/same.py").write_text(text)
    measured(project)
    one.unlink()
    one.symlink_to("same.py")
    assert_equal(project.figures(), json_of(project), branch=True)
    config.write_text("[report]\nomit = src/same.py\n")
    assert_equal(project.figures(), own := json_of(project), branch=True)
    one.unlink()
    one.write_text(text)
    assert_equal(project.figures(), json_of(project), branch=True)
    assert "src/a.py" not in own["files"]


def test_a_file_below_a_linked_folder_is_asked_for_anew(project: Project) -> None:
    own = measured(project)
    (project.root / "src/pkg").rename(project.root / "src/moved")
    (project.root / "src/pkg").symlink_to("moved")
    (project.root / ".coveragerc").write_text(
        "[report]\nomit =\n    src/omitted.py\n    src/moved/*\nexclude_also=\n    while True\n"
    )
    assert project.figures().files.keys() == own["files"].keys() - {"src/pkg/__init__.py"}


@pytest.mark.parametrize("relative", ["", "[run]\nrelative_files = true\n"])
def test_a_file_that_is_named_twice_is_what_coverage_makes_of_it(project: Project, relative: str) -> None:
    (project.root / ".coveragerc").write_text(relative)
    measured(project)
    other = f"{project.root}/src/a.py" if relative else "src/a.py"
    with sqlite3.connect(project.data) as data:
        data.execute("INSERT INTO file VALUES (900, ?)", (other,))
        data.execute("INSERT INTO arc VALUES (900, 1, 4, 5)")
    for _ in range(2):
        figures = project.figures()
        for name, theirs in json_of(project)["files"].items():
            assert list(spread(figures.files[name])[:2]) == [theirs["missing_lines"], theirs["executed_lines"]]


def test_what_is_written_to_while_it_is_counted_is_not_remembered(project: Project) -> None:
    project.measure("one.py", ".coverage", branch=False)
    place = Place(project.root, ["src"], project.folder, Memory(project.root, SystemClock()))
    told, path = SOURCE["src/a.py"], project.root / "src/a.py"
    ran = covered_lines.read(project.data)
    assert ran
    seen = coverage_data.hashed(ran, project.root)
    path.write_text("x = 1\n" + told)
    with counter.started(sys.executable, "", ["src"], project.root, os.environ, place.memory) as counting:
        assert coverage_data.count(counting, place, seen)
    path.write_text(told)
    assert_equal(project.figures(), json_of(project), branch=False)


@pytest.mark.parametrize("level", ["1", "2"])
def test_a_python_that_leaves_out_assertions_counts_for_itself(
    project: Project, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "src/asserts.py").write_text("def f(x):\n    assert x\n    return x\n")
    assert measured(project)["files"]["src/asserts.py"]["summary"]["num_statements"] == 3
    monkeypatch.setenv("PYTHONOPTIMIZE", level)
    assert_equal(project.figures(), own := json_of(project), branch=True)
    assert own["files"]["src/asserts.py"]["summary"]["num_statements"] == 2


def test_the_environments_encoding_changes_no_name(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.measure("two.py", ".coverage", branch=False)
    own = json_of(project)
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    assert_equal(project.figures(), own, branch=False)


def test_what_a_plugin_measures_is_never_remembered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(project.root))
    (project.root / "plug.py").write_text(
        "import coverage\n\n\nclass Plug(coverage.CoveragePlugin):\n    pass\n\n\n"
        "def coverage_init(reg, options):\n    reg.add_configurer(Plug())\n"
    )
    (project.root / ".coveragerc").write_text("[run]\nplugins = plug\n")
    project.measure("one.py", ".coverage", branch=False)
    assert_equal(project.figures(), project.own(".coverage"), branch=False)
    assert not project.memory.exists()
