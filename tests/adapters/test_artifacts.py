"""Artifacts of shards: left whole or not at all, and taken for hostile when they are found."""

import contextlib
import json
import shutil
import sqlite3

import coverage
import pytest
from msgspec.structs import replace

from coverage_roadmap.adapters import artifacts, covered_lines, covered_paths
from coverage_roadmap.core.artifact import Manifest, Shard
from coverage_roadmap.core.measurement import FORMAT, Counts, Kind, Leg, Outcomes, Provenance, Scope, Summary, Tree
from coverage_roadmap.errors import RecordError, ToolError, UsageError

RECORD = Summary(
    format=FORMAT,
    id="20260301T100000000000Z-phase1-0123abcd",
    phase="phase1",
    selection="s",
    kind=Kind.PARTIAL,
    reasons=("shard 1/2",),
    totals=Counts(),
    scope=Scope(),
    outcomes=Outcomes(),
    tree=Tree(),
    provenance=Provenance("2026-03-01T10:00:00+00:00", 1.5, Leg("3.11"), "pyproject.toml"),
)
MANIFEST = Manifest(0, Shard(1, 2), RECORD, "c", "", "", "")


def measured(path, lines):
    data = coverage.CoverageData(str(path))
    data.add_lines({str(name): numbers for name, numbers in lines.items()})
    data.close()


@pytest.fixture
def project(tmp_path):
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def run(tmp_path, project):
    """The folder of a run that measured one file."""
    folder = tmp_path / "run"
    (folder / "data").mkdir(parents=True)
    (folder / "journal.jsonl").write_text('{"type": "finished", "status": 0}\n')
    measured(folder / "data" / ".coverage", {project / "src" / "größe.py": [1, 2]})
    return folder


@pytest.fixture
def left(tmp_path, run, project):
    """An artifact, below a folder."""
    assert artifacts.leave(tmp_path / "all" / "part", MANIFEST, run, project) == []
    return tmp_path / "all" / "part"


def test_what_is_left_is_found_and_its_data_is_put_where_another_machine_has_the_project(left, tmp_path):
    (found,) = artifacts.find([left.parent])
    assert (found.name, found.manifest) == ("part", replace(MANIFEST, data=1))
    list(artifacts.examine(found, set()))
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    artifacts.take_data(found, 1, tmp_path / ".coverage", elsewhere)
    data = coverage.CoverageData(str(tmp_path / ".coverage.shard.1.1"))
    data.read()
    assert data.measured_files() == {str(elsewhere / "src" / "größe.py")}
    assert data.lines(str(elsewhere / "src" / "größe.py")) == [1, 2]


def test_the_folder_itself_may_be_the_artifact(left):
    assert [one.name for one in artifacts.find([left])] == ["part"]


def test_a_later_artifact_takes_the_place_of_an_earlier_one(left, run, project):
    (run / "junit.xml").write_text("<testsuites/>")
    artifacts.leave(left, MANIFEST, run, project)
    assert sorted(path.name for path in left.iterdir()) == ["data", "journal.jsonl", "junit.xml", "manifest.json"]
    assert [path.name for path in left.parent.iterdir()] == ["part"]


def test_a_folder_that_is_no_artifact_is_left_alone(tmp_path, run, project):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(ToolError, match="is in the way: it is no artifact"):
        artifacts.leave(tmp_path / "mine", MANIFEST, run, project)
    assert [path.name for path in tmp_path.glob("mine/*")] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_is_a_message(tmp_path, run, project):
    (tmp_path / "file").write_text("x")
    artifacts.refuse_taken(tmp_path / "new" / "part")
    with pytest.raises(ToolError, match="no folder can be made there"):
        artifacts.leave(tmp_path / "file" / "part", MANIFEST, run, project)


def test_what_a_killed_process_left_half_written_is_left_out_and_told(tmp_path, run, project):
    (run / "data" / ".coverage.host.1.x").write_bytes(b"SQLite format 3\0 torn")
    (why,) = artifacts.leave(tmp_path / "part", MANIFEST, run, project)
    assert ".coverage.host.1.x is no coverage data" in why
    assert len(list((tmp_path / "part" / "data").iterdir())) == 1
    assert json.loads((tmp_path / "part" / "manifest.json").read_text())["lost"] == [why]


def test_a_file_outside_of_the_project_cannot_be_combined(tmp_path, run, project):
    measured(run / "data" / ".coverage.2", {tmp_path / "outside.py": [1]})
    with pytest.raises(ToolError, match="outside of the project"):
        artifacts.leave(tmp_path / "part", MANIFEST, run, project)
    assert not (tmp_path / "part").exists()


@pytest.mark.parametrize(("named", "kept"), [("", ""), (".coveragerc", ".coveragerc"), ("{project}/a/../x", "x")])
def test_coverages_settings_are_named_from_the_project(project, named, kept):
    assert artifacts.inside(named.format(project=project), project) == kept


def test_settings_outside_of_the_project_are_no_other_jobs(project):
    with pytest.raises(ToolError, match="outside of the project"):
        artifacts.inside("../coverage.ini", project)


def test_a_folder_that_is_not_there_is_a_message(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        artifacts.find([tmp_path / "none"])


def newer_record(path):
    path.write_text(path.read_text().replace('"record":{"format":0', '"record":{"format":8'))


def big(path, size):
    with path.open("ab") as file:
        file.truncate(size)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda part: (part / "link").symlink_to("/etc/passwd"), "is a link or a device"),
        (lambda part: (part / "data" / "coverage.2").symlink_to("/etc/passwd"), "is a link or a device"),
        (lambda part: (part.parent / "other").symlink_to("/etc"), "is a link or a device"),
        (lambda part: (part / "evil.py").write_text("x"), "holds evil.py, which no shard leaves"),
        (lambda part: (part / "data" / "evil").write_text("x"), "holds data/evil, which no shard leaves"),
        (lambda part: (part / "more").mkdir(), "holds more, which no shard leaves"),
        (lambda part: (part / "data" / "coverage.dir").mkdir(), "holds data/coverage.dir, which no shard leaves"),
        (lambda part: (part / "manifest.json").write_text("[" * 100_000), "manifest.json: is corrupt"),
        (lambda part: (part / "manifest.json").write_text('{"format": 7}'), "7, .*: a newer coverage-roadmap made it"),
        (lambda part: newer_record(part / "manifest.json"), "is of format 8, .*: a newer coverage-roadmap made it"),
        (lambda part: (part / "manifest.json").unlink(), "artifact .*part: has lost its manifest.json"),
        (
            lambda part: [(part / name).unlink() for name in ("manifest.json", "journal.jsonl")],
            "artifact .*part: has lost its manifest.json",
        ),
        (lambda part: (part / "data" / "coverage.1").unlink(), "holds 0 files of coverage's data, .* left 1"),
        (lambda part: shutil.rmtree(part / "data"), "holds 0 files of coverage's data, .* left 1"),
        (lambda part: (part / "data" / "coverage.2").touch(), "holds 2 files of coverage's data, .* left 1"),
        (lambda part: big(part / "journal.jsonl", 2**29), "journal.jsonl is larger than 256 MiB"),
        (lambda part: big(part / "data" / "coverage.1", 2**30), "coverage.1 is larger than 512 MiB"),
        (lambda part: [(part / "data" / f"coverage.{n}").touch() for n in range(300)], "more than 256 files of data"),
        (lambda part: [(part.parent / f"{n}").touch() for n in range(20_001)], "holds more than 20000 files"),
    ],
)
def test_what_no_shard_leaves_is_refused(left, change, said):
    change(left)
    with pytest.raises(RecordError, match=said):
        artifacts.find([left.parent])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("UPDATE file SET path = '/etc/passwd'", "names /etc/passwd, which is no path in the project"),
        ("UPDATE file SET path = 'src/../../x'", "names src/../../x, which is no path in the project"),
        ("UPDATE file SET path = 'src\\x'", "which is no path in the project"),
        ("UPDATE file SET path = 'src/./x'", "which is no path in the project"),
        ("UPDATE file SET path = 'src//x'", "which is no path in the project"),
        ("UPDATE file SET path = 'src/'", "which is no path in the project"),
        ("UPDATE file SET path = '..'", "which is no path in the project"),
        ("UPDATE file SET path = ''", "which is no path in the project"),
        ("UPDATE file SET path = 7.5 || x'00'", "which is no path in the project"),
        ("UPDATE file SET path = CAST(x'ff' AS TEXT)", "is no coverage data"),
        ("UPDATE file SET path = NULL", "names more files, or longer ones"),
        ("UPDATE file SET path = replace(printf('%5000d', 1), ' ', 'x')", "names more files, or longer ones"),
        ("CREATE TRIGGER evil AFTER INSERT ON file BEGIN DELETE FROM file; END", "holds trigger evil"),
        ("CREATE VIEW evil AS SELECT 1", "holds view evil"),
        ("CREATE TABLE evil (x)", "holds table evil"),
        ("CREATE INDEX evil ON file (path)", "holds index evil"),
        ("ALTER TABLE file ADD COLUMN evil", "holds table file"),
        ("UPDATE line_bits SET numbits = 'x'", "holds lines that no file has"),
        ("UPDATE line_bits SET numbits = zeroblob(2000000)", "holds lines that no file has"),
        ("DROP TABLE line_bits", "is no coverage data"),
    ],
)
def test_data_that_coverage_does_not_write_is_refused(left, words, said):
    with contextlib.closing(sqlite3.connect(left / "data" / "coverage.1")) as file, file:
        file.execute(words)
    (found,) = artifacts.find([left])
    with pytest.raises(RecordError, match=said) as caught:
        list(artifacts.examine(found, set()))
    assert caught.value.where == "artifact part"


@pytest.mark.parametrize("name", ["a", "src/a.py", "src/..a/.b", "größe/a b.py", "...", "C:/x"])
def test_usual_paths_lie_in_the_project(name):
    assert covered_paths.is_inside(name)


def test_data_that_is_none_or_damaged_is_refused(left):
    path = left / "data" / "coverage.1"
    whole = path.read_bytes()
    for content in (b"", b"not a database", whole[:5000] + b"\xff" * (len(whole) - 5000)):
        path.write_bytes(content)
        with pytest.raises(RecordError):
            covered_lines.examined(path, set())


def test_what_is_examined_is_not_changed(left):
    path = left / "data" / "coverage.1"
    before = path.read_bytes()
    covered_lines.examined(path, set())
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["coverage.1"]
