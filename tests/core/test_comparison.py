from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.comparison import FileChange, Side, Status, compare, dip_gate
from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.core.lineage import between
from coverage_roadmap.core.lines import Lines, lines
from coverage_roadmap.core.measurement import Counts, Scope
from coverage_roadmap.core.movement import Part

FIFTY = Decimal(50)


def side(label="a", branch=False, given_=None, **files):
    counts = {f"src/{name}.py": Counts(total, total - covered) for name, (covered, total) in files.items()}
    return Side(label, counts, branch, **(given_ or {}))


def paths(changes):
    return [change.path.removeprefix("src/").removesuffix(".py") for change in changes]


def test_totals_and_files_are_set_beside_each_other_the_greatest_move_first():
    before = side(same=(1, 2), up=(1, 10), down=(9, 10), gone=(1, 1))
    after = side("b", same=(1, 2), up=(2, 10), down=(5, 10), fresh=(1, 4))
    found = compare(before, after, FIFTY)
    assert paths(found.changes) == ["fresh", "gone", "down", "up"]
    assert [change.points for change in found.changes] == [None, None, -40, 10]
    assert found.points == Fraction(900, 26) - Fraction(1200, 23)
    assert found.totals == (Counts(23, 11), Counts(26, 17))
    assert found.warnings == ["a commit is not known: a file of one side alone counts as new or removed code"]


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ((5, 10), (4, 10), "dipped"),
        ((500, 1000), (499, 1000), "dipped"),
        ((4, 10), (3, 10), "still_below"),
        ((4, 10), (4, 10), "still_below"),
        (None, (4, 10), "new_below"),
        ((0, 0), (4, 10), "new_below"),
        (None, (5, 10), None),
        ((4, 10), (5, 10), None),
        ((9, 10), (5, 10), None),
        ((4, 10), None, None),
        ((4, 10), (0, 0), None),
    ],
)
def test_a_dip_is_a_fall_across_the_bound_and_no_other(before, after, where):
    sides = [side(**({"x": counts} if counts else {"other": (1, 1)})) for counts in (before, after)]
    found = compare(*sides, FIFTY)
    held = {name: paths(getattr(found, name)) for name in ("dipped", "new_below", "still_below")}
    assert {name for name, files in held.items() if "x" in files} == ({where} if where else set())


counts = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda pair: Counts(max(pair), min(pair)))
maps = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), counts)


@given(maps, maps, st.sampled_from([0, 50, "33.34", 100]))
def test_every_file_below_stands_in_one_list_and_changes_are_all_named(before, after, below):
    found = compare(Side("a", before, False), Side("b", after, False), Decimal(below))
    lists = [change.path for one in (found.dipped, found.new_below, found.still_below) for change in one]
    low = [path for path, c in after.items() if c.ratio.total and c.ratio.percent < Fraction(below)]
    assert sorted(lists) == sorted(low)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    assert [set(paths(found.changes)), len(found.changes)] == [changed, len(changed)]
    back = compare(Side("b", after, False), Side("a", before, False), Decimal(below))
    assert found.points == (None if back.points is None else -back.points)
    assert all(change.points < 0 for change in found.dipped)
    assert not {change.path for change in found.dipped} & {change.path for change in back.still_below}


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({}, {"branch": True}, ["one side counts branches and the other lines: their percentages are not comparable"]),
        ({"selection": "x"}, {"selection": "y"}, ["the two measured different tests"]),
        ({"selection": "x"}, {}, []),
        ({"python": "3.11"}, {"python": "3.12"}, ["the two measured different Pythons"]),
        ({"coverage": "7.1"}, {"coverage": "6.9"}, ["the two measured with different major versions of coverage"]),
        ({"coverage": "7.1"}, {"coverage": "7.10"}, []),
        ({"coverage": "7.1"}, {}, []),
        (
            {"scope": Scope(source=("src",), omit=("a",), exclude=("x",), include=("i",))},
            {"scope": Scope(source=("lib",), omit=("b",), exclude=("y",), include=("j",))},
            [
                *("the two measured different source folders", "the two measured different include patterns"),
                *("the two measured different omit patterns", "the two measured different exclusion patterns"),
            ],
        ),
        ({"scope": Scope(omit=("a",))}, {}, []),
        ({"kind": "partial"}, {"kind": "full"}, ["one is partial"]),
        ({"kind": "failed"}, {"kind": "timed-out"}, ["one is failed", "other is timed-out"]),
    ],
)
def test_what_makes_two_measurements_not_comparable_is_said(one, other, said):
    sides = [
        Side(label, {"x": Counts(1)}, **{"branch": False, **given_})
        for label, given_ in (("one", one), ("other", other))
    ]
    assert compare(*sides, FIFTY).warnings == said


def test_a_side_without_files_is_said_and_has_no_points():
    found = compare(side("empty"), side(x=(1, 2)), FIFTY)
    assert (found.points, found.steps, found.warnings[0]) == (None, (), "empty holds no file")


def test_a_file_with_nothing_to_cover_has_no_points():
    assert FileChange("x", Counts(), Counts(2, 1)).points is None
    assert FileChange("x", Counts(2, 1), Counts()).points is None


def by_line(label="a", **files):
    """A side of files, each with its covered and its missed lines."""
    held = {
        name: (lines(Counts(len(c) + len(m), len(m)), c, m), Counts(len(c) + len(m), len(m)))
        for name, (c, m) in files.items()
    }
    return Side(label, {name: counts for name, (_, counts) in held.items()}, False, lambda name: held[name][0])


def told(found):
    """Each part with what came and went."""
    parts = {step.part: (step.change.came, step.change.gone) for step in found.steps}
    return {part: tuple((one.covered, one.total) for one in change) for part, change in parts.items()}


def test_without_commits_files_with_the_same_statements_count_as_unchanged():
    before = by_line(same=([1, 2], [3]), other=([1], [2]), gone=([1], []))
    after = by_line(same=([1, 3], [2]), other=([1, 4], []), new=([5], [6]))
    found = compare(before, after, FIFTY)
    assert told(found) == {
        Part.NEW: ((1, 2), (0, 0)),
        Part.UNMATCHED: ((2, 2), (1, 2)),
        Part.GAINED: ((1, 1), (0, 1)),
        Part.LOST: ((0, 1), (1, 1)),
        Part.REMOVED: ((0, 0), (1, 1)),
    }
    assert [(c.path, c.status) for c in found.changes] == [
        ("gone", Status.REMOVED),
        ("new", Status.ADDED),
        ("other", Status.CHANGED),
        ("same", Status.CHANGED),
    ]
    assert {c.path: c.moved.new_missed for c in found.changes}["new"] == ((6, 6),)


def test_with_commits_lines_are_followed_and_what_is_not_measured_any_more_is_scope():
    diffs = [FileDiff("edited", "edited", (Hunk(1, 1, 1, 1),)), FileDiff("old", "new"), FileDiff(None, "fresh")]
    lineage = between([*diffs, FileDiff("gone", None)], ["dirty"])
    before = by_line(edited=([1], [2]), old=([1], [2]), gone=([1], []), left=([1], []), dirty=([1], []))
    after = by_line("b", edited=([], [1, 2]), new=([1, 2], []), fresh=([1], []), entered=([1], [2]), dirty=([1, 2], []))
    found = compare(before, after, FIFTY, lineage)
    assert told(found) == {
        Part.NEW: ((1, 2), (0, 0)),
        Part.UNMATCHED: ((2, 2), (1, 1)),
        Part.GAINED: ((1, 1), (0, 1)),
        Part.SCOPE: ((1, 2), (1, 1)),
        Part.REMOVED: ((0, 0), (2, 2)),
    }
    assert {c.path: (c.status, c.was) for c in found.changes} == {
        "edited": (Status.CHANGED, ""),
        "new": (Status.RENAMED, "old"),
        "gone": (Status.REMOVED, ""),
        "left": (Status.LEFT, ""),
        "fresh": (Status.ADDED, ""),
        "entered": (Status.ENTERED, ""),
        "dirty": (Status.CHANGED, ""),
    }
    assert found.warnings == []


def test_a_renamed_file_keeps_its_past_and_one_in_its_place_has_none():
    lineage = between([FileDiff("a", "b"), FileDiff(None, "a"), FileDiff("b", "c")], [])
    found = compare(by_line(a=([1], []), b=([], [1])), by_line(a=([], [1]), b=([1], []), c=([], [1])), FIFTY, lineage)
    assert {c.path: (c.status, c.was, c.points) for c in found.changes} == {
        "a": (Status.ADDED, "", None),
        "b": (Status.RENAMED, "a", 0),
        "c": (Status.RENAMED, "b", 0),
    }
    assert [[c.path for c in one] for one in (found.dipped, found.new_below, found.still_below)] == [[], ["a"], ["c"]]


def test_a_package_is_the_sum_of_its_own_files_and_is_told_where_it_moved():
    before = by_line(**{"p/a": ([1], [2]), "p/b": ([1], []), "q/a": ([1], []), "top": ([1], []), "r/x": ([1], [])})
    after = by_line(**{"p/a": ([1, 2], []), "p/b": ([1], []), "q/a": ([1], []), "top": ([], [1]), "s/x": ([1], [])})
    found = compare(before, after, FIFTY, alike={"p/b", "q/a"})
    assert [(c.path, c.before, c.after, c.status) for c in found.packages] == [
        (".", Counts(1), Counts(1, 1), Status.CHANGED),
        ("p", Counts(3, 1), Counts(3), Status.CHANGED),
        ("r", Counts(1), None, Status.REMOVED),
        ("s", None, Counts(1), Status.ADDED),
    ]


@pytest.mark.parametrize("low", [True, False])
def test_what_is_alike_on_both_sides_is_not_looked_at_by_line(low):
    def never(name):
        raise AssertionError(name)

    counts = {"x": Counts(2, 2 if low else 0)}
    found = compare(Side("a", counts, False, never), Side("b", counts, False, never), FIFTY, alike={"x"})
    assert (found.points, found.steps, found.changes) == (0, [], [])
    assert [c.path for c in found.still_below] == (["x"] if low else [])


files = st.dictionaries(
    st.sampled_from(["p/a", "p/b", "q/a", "c"]),
    st.dictionaries(st.integers(1, 6), st.booleans(), max_size=5).map(
        lambda told: ([n for n, hit in told.items() if hit], [n for n, hit in told.items() if not hit])
    ),
)
diffs = st.lists(
    st.tuples(
        st.sampled_from(["p/a", "p/b", "q/a", "c", None]),
        st.sampled_from(["p/a", "p/b", "q/a", "c", None]),
        st.sampled_from([(), (Hunk(1, 1, 1, 2),), (Hunk(2, 0, 3, 1), Hunk(4, 2, 5, 0))]),
        st.booleans(),
    ).map(lambda one: FileDiff(*one)),
    max_size=4,
    unique_by=(lambda one: one.old or object(), lambda one: one.new or object()),
)


@given(files, files, st.none() | diffs, st.sets(st.sampled_from(["p/a", "c"])))
def test_parts_and_packages_add_up_whatever_git_says(old, new, found_diffs, dirty):
    before, after = by_line(**old), by_line(**new)
    found = compare(before, after, FIFTY, None if found_diffs is None else between(found_diffs, dirty))
    assert found.totals == (sum(before.files.values(), Counts()), sum(after.files.values(), Counts()))
    if found.points is not None:
        assert sum((step.points for step in found.steps), Fraction()) == found.points
    named = [c.path for c in found.changes] + [c.was for c in found.changes if c.was]
    assert {*before.files} - {*after.files} <= {*named}
    assert all(c.before == before.files.get(c.was or c.path) or c.before is None for c in found.changes)


def test_a_side_whose_lines_cannot_be_relied_on_says_so():
    counts = [Side("a", {"x": Counts(4, one), "y": Counts(2, 1)}, False) for one in (1, 2)]
    assert told(compare(*counts, FIFTY)) == {Part.UNMATCHED: ((2, 4), (3, 4))}
    assert isinstance(by_line(x=([1], [])).lines("x"), Lines)


@pytest.mark.parametrize(
    ("before", "after", "answer", "reason"),
    [
        (side(x=(9, 10)), side("b", x=(9, 10)), "met", "none did"),
        (side(x=(1, 10)), side("b", x=(1, 10)), "met", "none did"),
        (side(x=(9, 10)), side("b", x=(1, 10)), "not met", "src/x.py"),
        (side(y=(9, 10)), side("b", x=(1, 10), y=(9, 10)), "not met", "src/x.py"),
        (side(), side("b", x=(9, 10)), "met", "none did"),
        (side(x=(9, 10)), side("b"), "unknown", "b measured nothing"),
        (side(x=(9, 10)), side("b", x=(0, 0)), "unknown", "b measured nothing"),
        (side(x=(9, 10)), side("b", given_={"kind": "partial"}, x=(9, 10)), "unknown", "b is partial"),
        (side(x=(9, 10)), side("b", given_={"kind": "partial"}, x=(1, 10)), "unknown", "b is partial"),
        (side(x=(9, 10)), side("b", given_={"kind": "full"}, x=(9, 10)), "met", "none did"),
        (side(x=(9, 10)), side("b", branch=True, x=(9, 10)), "met", "none did"),
        (
            side(x=(1, 10)),
            side("b", branch=True, x=(1, 10)),
            "unknown",
            "one side counts branches and the other lines, and below is src/x.py",
        ),
        (
            side(given_={"kind": "partial"}, x=(1, 10)),
            side("b", x=(1, 10)),
            "unknown",
            "a is partial, and below is src/x.py",
        ),
        (side(given_={"kind": "partial"}, x=(9, 10)), side("b", x=(9, 10)), "met", "none did"),
        (side(x=(9, 10)), side(x=(9, 10)), "unknown", "both sides are a: there is nothing to compare"),
        (side(), side(), "unknown", "a measured nothing"),
    ],
)
def test_whether_a_file_fell_is_unknown_where_that_cannot_be_seen(before, after, answer, reason):
    verdict = dip_gate(compare(before, after, FIFTY))
    assert (verdict.question, verdict.answer, verdict.reason) == ("no file fell below 50", answer, reason)
