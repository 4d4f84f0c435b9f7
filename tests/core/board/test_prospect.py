"""What it would bring to cover a card's modules."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.board.prospect import ground, prospect
from coverage_roadmap.core.measurement import Counts, FileFigures

FILES = {"a": FileFigures(Counts(50, 10)), "b": FileFigures(Counts(30, 20, 0, 20, 5)), "c": FileFigures(Counts())}


def test_a_module_that_changes_most_counts_twice_and_one_that_never_does_once():
    on = ground(FILES, {"a": 4, "b": 1, "elsewhere": 99})
    a, b, c = (prospect([name], on) for name in "abc")
    assert None not in (a, b, c)
    assert (a.missed, a.points, a.changes, a.gain) == (10, Fraction(10), 4, Fraction(20))
    assert (b.missed, b.points, b.changes, b.gain) == (25, Fraction(25), 1, Fraction(125, 4))
    assert (c.missed, c.points, c.changes, c.gain) == (0, 0, 0, 0)
    assert a.told("in the last 90 days") == "10 missed, +10.00 points of the total, 4 changes in the last 90 days"


def test_a_storys_gain_is_the_sum_over_its_modules_each_once():
    on = ground(FILES, {"a": 4})
    both = prospect(["a", "b", "a"], on)
    assert both
    assert (both.missed, both.points, both.changes, both.gain) == (35, Fraction(35), 4, Fraction(45))


def test_what_is_not_known_is_not_zero():
    assert prospect(["a", "gone"], ground(FILES, {})) is None
    unknown = prospect(["a"], ground(FILES, None))
    assert unknown
    assert (unknown.changes, unknown.gain) == (None, Fraction(10))
    assert unknown.told("since ever") == "10 missed, +10.00 points of the total, changes unknown"


def test_where_nothing_changed_or_nothing_is_to_be_covered_the_points_alone_count():
    assert prospect(["a"], ground(FILES, {})).gain == Fraction(10)
    assert prospect(["c"], ground({"c": FILES["c"]}, {"c": 3})).gain == 0
    assert prospect([], ground({}, {})).gain == 0


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9), st.integers(0, 9))
def test_more_missed_and_more_changes_never_rank_lower(missed, more, changes, often):
    files = {"a": FileFigures(Counts(100, missed)), "b": FileFigures(Counts(100, missed + more))}
    on = ground(files, {"a": changes, "b": changes + often})
    assert prospect(["a"], on).gain <= prospect(["b"], on).gain <= 2 * prospect(["b"], on).points
