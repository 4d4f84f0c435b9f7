from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.comparison import FileChange, Side, compare
from coverage_roadmap.core.measurement import Counts, Scope

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
    assert found.warnings == []


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
    assert (found.points, found.warnings) == (None, ["empty holds no file"])


def test_a_file_with_nothing_to_cover_has_no_points():
    assert FileChange("x", Counts(), Counts(2, 1)).points is None
    assert FileChange("x", Counts(2, 1), Counts()).points is None
