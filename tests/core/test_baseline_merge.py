import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.baseline import totals_of
from coverage_roadmap.core.baseline_merge import merge
from coverage_roadmap.core.floor import packages
from coverage_roadmap.core.measurement import Counts, FileTests
from coverage_roadmap.core.tightening import fallen, fewer_tests
from coverage_roadmap.errors import NotMetError


@given(st.data())
def test_a_merge_is_the_same_from_both_sides_and_adds_up(baselines, data):
    base, ours, theirs = (data.draw(st.none() | baselines), *(data.draw(baselines) for _ in range(2)))
    joined = merge(base, ours, theirs)
    assert joined == merge(base, theirs, ours)
    assert joined.packages == packages(joined.floors)
    assert joined.totals == totals_of(joined.files, joined.pragmas, joined.tests)
    assert joined.scope.files == len(joined.files)


@given(st.data())
def test_what_both_sides_changed_is_never_looser_than_either(baselines, data):
    ours, theirs = data.draw(baselines), data.draw(baselines)
    joined = merge(None, ours, theirs)
    for side in (ours, theirs):
        files = [one for one in fallen(side.floors, joined.floors) if one.where in side.files]
        assert files == []
        assert side.floors.keys() <= joined.floors.keys()
        assert list(fewer_tests(side.tests, joined.tests)) == []


@given(st.data())
def test_what_one_side_changed_alone_is_taken(baselines, data):
    base, ours = data.draw(baselines), data.draw(baselines)
    assert merge(base, ours, base) == merge(base, base, ours) == merge(base, ours, ours) == ours


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "joined"),
    [
        ((10, 5), (10, 3), (10, 5), (10, 3)),
        ((10, 5), (10, 3), (10, 2), (10, 2)),
        ((10, 5), (20, 4), (10, 3), (20, 4)),
        ((10, 5), None, (10, 5), None),
        ((10, 5), None, (10, 4), (10, 4)),
        (None, (10, 4), None, (10, 4)),
        ((10, 5), None, None, None),
        ((10, 3), (10, 5), (10, 3), (10, 5)),  # one side lowered it, by a waiver
    ],
)
def test_each_file_is_joined_by_what_the_branches_did_to_it(baseline, base, ours, theirs, joined):
    both = {"src/b.py": (4, 1)}
    sides = [baseline(both if one is None else {**both, "src/a.py": one}) for one in (base, ours, theirs)]
    sides[1], sides[2] = (
        baseline({p: (f.statements, f.missing) for p, f in side.files.items()}, records=(name,))
        for side, name in zip(sides[1:], ("r2", "r3"), strict=True)
    )
    result = merge(*sides)
    expected = {"src/b.py": Counts(4, 1)} | ({"src/a.py": Counts(*joined)} if joined else {})
    assert result.floors == expected
    assert result.packages == packages(expected)
    assert [one.record for one in result.evidence] == ["r2", "r3"]


def test_a_floor_is_tighter_than_none(baseline):
    held = baseline({"src/a.py": (10, 9)}, records=("r2",))
    new = baseline({"src/a.py": (10, 8)}, records=("r3",), new=("src/a.py",))
    assert merge(None, held, new).floors == merge(None, new, held).floors == {"src/a.py": Counts(10, 9)}
    other = baseline({"src/a.py": (10, 7)}, records=("r4",), new=("src/a.py",))
    assert merge(None, new, other).files["src/a.py"].counts == Counts(10, 7)
    assert merge(None, new, other).floors == {}


def test_scope_evidence_and_unmeasured_files_keep_what_a_side_added_and_lose_what_one_took_out(baseline):
    base = baseline({}, omit=("a", "b"), unmeasured=("src/x.py", "src/y.py"))
    ours = baseline({}, omit=("a", "b", "c"), unmeasured=("src/x.py",), records=("r2",))
    theirs = baseline({"src/x.py": (1,)}, omit=("b",), unmeasured=("src/y.py", "src/z.py"), records=("r1", "r3"))
    joined = merge(base, ours, theirs)
    assert joined.scope.omit == ("b", "c")
    assert joined.unmeasured == ("src/z.py",)
    assert [one.record for one in joined.evidence] == ["r2", "r3"]


def test_of_pragmas_and_tests_that_both_changed_the_tighter_is_kept(baseline):
    files = {"src/a.py": (9,)}
    ours = baseline(files, pragmas={"src/a.py": (3, 4)}, tests={"t.py": (5, 4, 1)}, records=("r2",))
    theirs = baseline(files, pragmas={"src/a.py": (9,)}, tests={"t.py": (6, 3, 2)}, records=("r3",))
    joined = merge(baseline(files), ours, theirs)
    assert joined.pragmas == {"src/a.py": (9,)}
    assert joined.tests == {"t.py": FileTests(6, 4, 1)}
    assert (joined.totals.pragmas, joined.totals.tests.collected) == (1, 6)


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ({"project": "a"}, {"project": "b"}, "of two projects: a by pyproject.toml, b by pyproject.toml"),
        ({"branch": True}, {"branch": False}, "count lines on one side"),
    ],
)
def test_what_no_sum_can_join_is_refused(baseline, ours, theirs, told):
    with pytest.raises(NotMetError, match=told):
        merge(baseline({"src/a.py": (1,)}), baseline({}, **ours), baseline({}, **theirs))


def test_a_side_that_went_from_lines_to_branches_alone_is_taken(baseline):
    base, ours = baseline({"src/a.py": (4, 1)}), baseline({"src/a.py": (4, 1, 0, 2, 1)}, branch=True)
    assert merge(base, ours, base) == ours
