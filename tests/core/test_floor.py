from fractions import Fraction

import pytest

from coverage_roadmap.core.floor import falls, packages, parts, share, tighter
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio


@pytest.mark.parametrize(
    ("floor", "now", "fallen"),
    [
        (Counts(10, 2), Counts(10, 2), []),
        (Counts(10, 2), Counts(10, 1), []),
        (Counts(10, 2), Counts(10, 3), ["lines"]),
        (Counts(10, 2), Counts(4, 2), []),  # covered code went: the percentage alone is worse
        (Counts(10, 2), Counts(100, 20), []),  # code came with its tests: the missed count alone is worse
        (Counts(10, 2), Counts(100, 21), ["lines"]),
        (Counts(3000, 1000), Counts(3001, 1001), ["lines"]),  # by less than two decimals show
        (Counts(10, 0), Counts(10, 10), ["lines"]),
        (Counts(0, 0), Counts(10, 10), []),
        (Counts(10, 10), Counts(0, 0), []),
        (Counts(10, 2, 0, 4, 1), Counts(10, 1, 0, 4, 2), ["branches"]),
        (Counts(10, 2, 0, 4, 1), Counts(10, 3, 0, 4, 2), ["lines", "branches"]),
        (Counts(10, 2), Counts(10, 2, 0, 4, 4), []),  # branches were not measured before
        (Counts(10, 2, 0, 4, 1), Counts(10, 2), []),  # nor are they now: the scope says so
    ],
)
def test_a_floor_is_broken_only_where_percentage_and_missed_count_are_both_worse(floor, now, fallen):
    assert [fall.part for fall in falls(floor, now)] == fallen


def test_a_fall_shows_both_sides_lines_and_branches_apart():
    lines, branches = falls(Counts(3, 1, 0, 4, 1), Counts(3, 2, 0, 8, 4))
    assert (lines.before, lines.after) == ("lines 66.66 %, 1 missed", "lines 33.33 %, 2 missed")
    assert (branches.before, branches.after) == ("branches 75.00 %, 1 missed", "branches 50.00 %, 4 missed")


def test_lines_and_branches_are_told_apart():
    assert parts(Counts(10, 3, 1, 4, 1)) == {"lines": Ratio(7, 10), "branches": Ratio(3, 4)}
    assert [share(Ratio(1, 3)), share(Ratio(0, 0))] == [Fraction(100, 3), 100]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Counts(10, 2), Counts(10, 3), Counts(10, 2)),
        (Counts(10, 2), Counts(100, 19), Counts(100, 19)),
        (Counts(10, 2), Counts(20, 4), Counts(10, 2)),
        (Counts(10, 0), Counts(20, 0), Counts(20, 0)),
        (Counts(10, 2, 1, 4, 3), Counts(10, 3, 2, 4, 1), Counts(10, 2, 1, 4, 1)),
    ],
)
def test_the_tighter_floor_is_the_higher_percentage_then_the_fewer_missed(one, other, expected):
    assert tighter(one, other) == tighter(other, one) == expected


def test_a_package_is_the_sum_of_the_files_in_its_folder():
    files = {"src/b/x.py": Counts(4, 4), "src/a.py": Counts(2, 1), "src/b/y.py": Counts(6, 1), "top.py": Counts(1)}
    assert packages(files) == {".": Counts(1), "src": Counts(2, 1), "src/b": Counts(10, 5)}
    assert list(packages(files)) == [".", "src", "src/b"]
