from decimal import Decimal

import msgspec
import pytest

from coverage_roadmap.core.baseline import BaselineFile, Identity, Sources, departures, make, refuse_other, renamed
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures, FileTests, Outcomes, Scope, Tests
from coverage_roadmap.errors import NotMetError

IDENTITY = Identity(".", "pyproject.toml")
TESTS = {"tests/test_b.py": FileTests(2, 1, 1), "tests/test_a.py": FileTests(3, 3)}
FILES = {"src/b.py": Counts(10, 6, 1, 4, 2), "src/a.py": Counts(4, 1), "src/empty.py": Counts()}


@pytest.fixture
def made(record):
    """Makes a baseline of one record with these files."""

    def build(files=FILES, sources=None, scope=None, **options):
        summary = record(
            outcomes=Outcomes(collected=5, passed=4, skipped=1), phase="phase1", versions={"coverage": "7.17.3"}
        )
        summary = msgspec.structs.replace(summary, scope=scope or Scope(("src",), branch=True))
        figures = {path: FileFigures(counts) for path, counts in files.items()}
        return make(summary, Detail(FORMAT, figures, Tests(files=TESTS)), sources or Sources(), IDENTITY, **options)

    return build


def test_the_first_baseline_has_a_floor_for_each_file_and_package_and_counts_of_each_test_file(made):
    base = made()
    assert base.floors == FILES
    assert list(base.files) == ["src/a.py", "src/b.py", "src/empty.py"]
    assert base.packages == {"src": Counts(14, 7, 1, 4, 2)}
    assert list(base.tests.items()) == sorted(TESTS.items())
    assert (base.totals.counts, base.totals.tests) == (Counts(14, 7, 1, 4, 2), FileTests(5, 4, 1))
    (evidence,) = base.evidence
    assert (evidence.phase, evidence.python, evidence.coverage) == ("phase1", "3.11", "7.17.3")
    assert (evidence.commit, evidence.started) == ("c" * 40, "2026-03-01T10:00:00.000000+00:00")


def test_the_scope_is_sorted_and_counts_its_files(made):
    scope = made(scope=Scope(("src", "lib"), ("b", "a"), ("y", "x", "y"), ("q",), branch=False, files=99)).scope
    assert scope == Scope(("lib", "src"), ("a", "b"), ("x", "y"), ("q",), branch=False, files=3)


def test_pragmas_of_measured_files_and_files_that_are_not_measured_are_kept(made):
    sources = Sources({"src/b.py": [3, 9], "src/gone.py": [1]}, ["src/z.py", "src/y.py", "src/a.py"])
    base = made(sources=sources)
    assert base.pragmas == {"src/b.py": (3, 9)}
    assert base.totals.pragmas == 2
    assert base.unmeasured == ("src/y.py", "src/z.py")


def test_without_a_commit_or_a_known_coverage_the_provenance_is_empty_there(record):
    summary = record(commit=None, outcomes=Outcomes())
    (evidence,) = make(summary, Detail(FORMAT, {}), Sources(), IDENTITY).evidence
    assert (evidence.commit, evidence.coverage) == ("", "")


@pytest.mark.parametrize(
    ("counts", "held"),
    [(Counts(10, 5), True), (Counts(10, 6), False), (Counts(), True), (Counts(10, 4, 0, 10, 7), False)],
)
def test_a_new_file_has_a_floor_from_the_first_evidence_in_which_it_reaches_the_dip(made, counts, held):
    old = made({"src/a.py": Counts(4, 1)})
    base = made({"src/a.py": Counts(4, 1), "src/new.py": counts}, old=old)
    assert base.files["src/new.py"].floor is held
    assert base.packages == {"src": Counts(4, 1) + (counts if held else Counts())}
    assert base.totals.counts == Counts(4, 1) + counts
    again = made({"src/a.py": Counts(4, 1), "src/new.py": counts}, old=base)
    assert again == base
    later = made({"src/a.py": Counts(4, 1), "src/new.py": Counts(10, 1)}, old=base)
    assert later.files["src/new.py"].floor


def test_the_dip_is_the_one_that_is_given(made):
    old = made({})
    assert made(old=old, dip_below=Decimal(40)).files["src/b.py"].floor
    assert not made(old=old, dip_below=Decimal(60)).files["src/b.py"].floor


def test_an_old_file_keeps_a_low_floor_under_its_new_name_and_a_file_that_went_is_dropped(made):
    old = made({"src/old.py": Counts(10, 9), "src/gone.py": Counts(1)})
    base = made({"src/moved.py": Counts(10, 9)}, old=old, renames={"src/old.py": "src/moved.py"})
    assert base.floors == {"src/moved.py": Counts(10, 9)}
    assert not made({"src/moved.py": Counts(10, 9)}, old=old).floors


def test_entries_follow_renames():
    assert renamed({"a": 1, "b": 2}, {"a": "c", "x": "y"}) == {"c": 1, "b": 2}


@pytest.mark.parametrize("text", ['{"statements": 1, "missing": 2}', '{"branches": -1}', '{"floor": 1}', '{"x": 1}'])
def test_a_file_that_cannot_be_is_refused(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=BaselineFile)


def test_a_baseline_of_this_project_is_taken(baseline):
    taken = [(baseline({"src/a.py": (1,), "src/gone.py": (1,)}), ["src/a.py"]), (baseline({}), [])]
    assert [refuse_other(one, IDENTITY, existing) for one, existing in taken] == [None, None]


@pytest.mark.parametrize(
    ("project", "existing", "told"),
    [
        ("examples/other", ["src/a.py"], "examples/other by pyproject.toml, not . by pyproject.toml"),
        (".", ["lib/a.py"], "none of its 1 files is in this one"),
    ],
)
def test_a_baseline_of_another_project_is_refused(baseline, project, existing, told):
    with pytest.raises(NotMetError, match="of another project") as raised:
        refuse_other(baseline({"src/a.py": (1,)}, project=project), IDENTITY, existing)
    assert told in raised.value.what
    assert "invoke baseline" in raised.value.next_step


def test_what_a_baseline_holds_and_its_record_does_not_give_is_told_by_file(baseline):
    one = baseline({"src/a.py": (10, 2), "src/b.py": (3,), "src/c.py": (4, 1)})
    given = {"src/a.py": Counts(10, 2), "src/c.py": Counts(4), "src/d.py": Counts(1)}
    assert departures(one, given) == ["src/b.py", "src/c.py", "src/d.py"]
    assert departures(one, {path: file.counts for path, file in one.files.items()}) == []
