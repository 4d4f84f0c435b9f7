"""What ran in several data files, joined: the same as coverage's own `combine` of them."""

import sqlite3

import coverage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_roadmap.adapters import covered_lines
from coverage_roadmap.adapters.covered_lines import Ran
from coverage_roadmap.errors import RecordError, ToolError

NAMES = st.sampled_from(["src/a.py", "src/größe b.py", "src/pkg/__init__.py", "src/no_line_ran.py"])
LINES = st.dictionaries(NAMES, st.sets(st.integers(1, 300), max_size=20), max_size=4)
NUMBERS = st.integers(-300, 300)
ARCS = st.dictionaries(NAMES, st.sets(st.tuples(NUMBERS, NUMBERS), max_size=20), max_size=4)


def measured(path, told, branch, context=None, traced=None):
    """A data file that coverage itself writes."""
    data = coverage.CoverageData(str(path))
    data.set_context(context)
    (data.add_arcs if branch else data.add_lines)(told)
    data.touch_files(told)
    data.add_file_tracers(traced or {})
    data.close()
    return path


def combined(parts, path):
    """Coverage's own."""
    whole = coverage.CoverageData(str(path))
    for part in parts:
        one = coverage.CoverageData(str(part))
        one.read()
        whole.update(one, map_path=str)
    return held(whole)


def held(data):
    data.read()
    files = data.measured_files()
    lines = {name: sorted(data.lines(name) or []) for name in files}
    arcs = {name: sorted(data.arcs(name) or []) for name in files}
    return data.has_arcs() and any(arcs.values()), lines, arcs  # without a branch taken, coverage's forgets the mode


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.tuples(st.just(False), st.lists(LINES, min_size=1, max_size=4)),
        st.tuples(st.just(True), st.lists(ARCS, min_size=1, max_size=4)),
    )
)
def test_joined_data_reads_as_what_coverage_combines(tmp_path_factory, drawn):
    branch, told = drawn
    folder = tmp_path_factory.mktemp("data")
    parts = [measured(folder / f"coverage.{number}", one, branch) for number, one in enumerate(told)]
    known = set()
    ran = covered_lines.joined(covered_lines.examined(part, known) for part in parts)
    covered_lines.write(ran, folder / "joined", coverage.__version__, str)
    assert held(coverage.CoverageData(str(folder / "joined"))) == combined(parts, folder / "whole")
    again = covered_lines.read(folder / "joined")
    assert {name: again.told(name) for name in again.lines} == {name: ran.told(name) for name in ran.lines}
    assert known == {name for one in told for name in one}


def test_files_are_called_as_they_are_asked_to_be(tmp_path):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {1, 2}}, branch=False)
    covered_lines.write(covered_lines.read(part), tmp_path / "joined", "7.0", lambda name: f"/elsewhere/{name}")
    assert covered_lines.read(tmp_path / "joined").lines == {"/elsewhere/src/a.py": 0b110}


@pytest.mark.parametrize(
    "other",
    [
        lambda path: measured(path, {"src/a.py": {(1, 2)}}, branch=True),
        lambda path: measured(path, {"src/a.py": {1}}, branch=False, context="a test"),
        lambda path: measured(path, {"src/a.py": {1}}, branch=False, traced={"src/a.py": "a plugin"}),
    ],
    ids=["branches beside lines", "contexts", "a plugin's file"],
)
def test_what_coverage_has_to_say_is_left_to_it(tmp_path, other):
    parts = [measured(tmp_path / "coverage.1", {"src/a.py": {1}}, branch=False), other(tmp_path / "coverage.2")]
    assert covered_lines.joined(map(covered_lines.read, parts)) is None


def test_an_unknown_version_is_left_to_coverage(tmp_path):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {1}}, branch=False)
    with sqlite3.connect(part) as file:
        file.execute("UPDATE coverage_schema SET version = 8")
    assert covered_lines.examined(part, set()) is None
    assert covered_lines.joined([Ran(False, {"src/a.py": 2}, {}), covered_lines.read(part)]) is None


def test_nothing_measured_goes_with_anything(tmp_path):
    nothing = Ran(None, {}, {})
    for branch in (False, True):
        whole = covered_lines.joined([nothing, Ran(branch, {"a.py": 0}, {}), nothing])
        assert (whole.branch, whole.lines) == (branch, {"a.py": 0})


@pytest.mark.parametrize(
    ("branch", "change"),
    [
        (True, "UPDATE arc SET fromno = 'a text'"),
        (True, "UPDATE arc SET tono = 1.5"),
        (True, "UPDATE arc SET file_id = 99"),
        (True, "UPDATE arc SET fromno = 1048577"),
        (True, "UPDATE arc SET tono = -1048577"),
        (False, "UPDATE line_bits SET file_id = 99"),
        (False, "UPDATE line_bits SET numbits = 'a text'"),
        (False, "UPDATE line_bits SET numbits = zeroblob(131073)"),
    ],
)
def test_lines_that_no_file_has_are_refused(tmp_path, branch, change):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {(1, 2)} if branch else {1}}, branch=branch)
    with sqlite3.connect(part) as file:
        file.execute(change)
    with pytest.raises(RecordError, match="lines that no file has"):
        covered_lines.examined(part, set())


@pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        *[
            (f"UPDATE meta SET value = {value} WHERE key = 'has_arcs'", "does not say whether branches were measured")
            for value in ("'x'", "NULL", "x'ff'", "'²'", "'-1'", "7", f"'{'9' * 5000}'")
        ],
        ("DELETE FROM meta WHERE key = 'has_arcs'", "lines beside branches"),
        ("UPDATE meta SET value = 1 - value WHERE key = 'has_arcs'", "lines beside branches"),
        ("INSERT INTO tracer SELECT id, x'ff' FROM file", "a plugin's name that is no text"),
        ("INSERT INTO tracer SELECT id, CAST(x'ff' AS text) FROM file", "is no coverage data"),
    ],
)
def test_data_that_is_at_odds_with_itself_is_refused(tmp_path, branch, change, said):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {(1, 2)} if branch else {1}}, branch=branch)
    with sqlite3.connect(part) as file:
        file.execute(change)
    with pytest.raises(RecordError, match=said):
        covered_lines.examined(part, set())


def test_lines_beside_branches_are_refused(tmp_path):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {(1, 2)}}, branch=True)
    with sqlite3.connect(part) as file:
        file.execute("INSERT INTO context VALUES (9, 'another')")
        file.execute("INSERT INTO line_bits SELECT id, 9, ? FROM file", (b"\0" * 3000 + b"\1",))
    with pytest.raises(RecordError, match="lines beside branches"):
        covered_lines.examined(part, set())


def test_branches_are_bounded_in_one_file_and_in_all_together(tmp_path):
    told = {"src/a.py": {(1, 2), (2, 3)}, "src/b.py": {(1, 2)}}
    part = measured(tmp_path / "coverage.1", told, branch=True)
    more = measured(tmp_path / "coverage.2", {"src/a.py": {(2, 3), (3, 4)}}, branch=True)
    with pytest.raises(RecordError, match="more branches than any project has"):
        covered_lines.examined(part, set(), most=2)
    both = [covered_lines.examined(one, set(), most=3) for one in (part, more)]
    with pytest.raises(RecordError, match="phase1: holds more branches"):
        covered_lines.joined(both, "phase1", most=3)
    assert covered_lines.joined(both, most=4).arcs["src/a.py"] == {(1, 2), (2, 3), (3, 4)}


def test_all_parts_are_looked_at_where_coverage_has_to_say_too(tmp_path):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {1}}, branch=False, context="a test")
    walked = iter([covered_lines.read(part), None, Ran(False, {"a.py": 2}, {})])
    assert covered_lines.joined(walked) is None
    assert list(walked) == []


def test_a_table_that_computes_when_it_is_looked_at_is_refused(tmp_path):
    part = measured(tmp_path / "coverage.1", {"src/a.py": {1}}, branch=False)
    with sqlite3.connect(part) as file:
        file.execute("DROP TABLE tracer")
        file.execute("CREATE TABLE tracer (file_id integer, tracer text check (length(hex(randomblob(9))) > 0))")
    with pytest.raises(RecordError, match="holds table tracer, which coverage does not write"):
        covered_lines.examined(part, set())


def test_a_folder_that_cannot_be_written_is_a_message(tmp_path):
    with pytest.raises(ToolError, match="cannot be written"):
        covered_lines.write(Ran(False, {}, {}), tmp_path / "no folder" / "joined", "7.0", str)


def test_other_lines_or_branches_are_told_otherwise():
    lines = [Ran(False, {"a": bits}, {}).told("a") for bits in (0, 0b10, 0b100, 1 << 300)]
    arcs = [Ran(True, {"a": 0}, {"a": told}).told("a") for told in (set(), {(1, 2)}, {(2, 1)}, {(1, 2), (2, 1)})]
    assert len({*lines, *arcs}) == 8
    assert Ran(True, {"a": 0}, {"a": {(3, 4), (1, 2)}}).told("a") == Ran(True, {"a": 0}, {"a": {(1, 2), (3, 4)}}).told(
        "a"
    )
