"""Why a total moved: each line is counted to one part, and the parts add up whatever the two sides hold."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.hunk import Hunk
from coverage_roadmap.core.lines import Lines
from coverage_roadmap.core.movement import Change, Moved, Part, move, replaced, steps
from coverage_roadmap.core.percent import Ratio


def held(covered=(), missed=(), **branches):
    return Lines(frozenset(covered), frozenset(missed), {int(n[1:]): Ratio(*r) for n, r in branches.items()})


def change(came, gone):
    return Change(Ratio(*came), Ratio(*gone))


def test_unchanged_lines_are_covered_or_missed_now():
    found = move(held({1, 2}, {3, 4, 6}), held({1, 3, 4}, {2, 6}), ())
    assert found == Moved(
        {Part.GAINED: change((2, 2), (0, 2)), Part.LOST: change((0, 1), (1, 1))}, ((3, 4),), ((2, 2),)
    )


def test_a_line_that_is_a_statement_on_one_side_is_scope():
    found = move(held({1}, {2}), held({1, 3}, ()), ())
    assert found == Moved({Part.SCOPE: change((1, 1), (0, 1))})


def test_lines_are_followed_through_a_change():
    hunks = [Hunk(2, 1, 2, 2), Hunk(5, 1, 5, 0)]  # line 2 became lines 2 and 3; line 5 is gone
    found = move(held({1, 2, 6}, {3, 5}), held({1, 2, 4}, {3, 6}), hunks)
    assert found.changes == {
        Part.NEW: change((1, 2), (0, 0)),
        Part.REMOVED: change((0, 0), (1, 2)),
        Part.GAINED: change((1, 1), (0, 1)),
        Part.LOST: change((0, 1), (1, 1)),
    }
    assert (found.newly_covered, found.newly_missed, found.new_missed) == (((4, 4),), ((6, 6),), ((3, 3),))


def test_branches_stand_with_their_line():
    before, after = (
        held({1, 2, 4}, (), l1=(1, 2), l2=(2, 2), l4=(1, 2)),
        held({1, 2, 4}, (), l1=(2, 2), l2=(0, 2), l4=(1, 3)),
    )
    assert move(before, after, ()).changes == {
        Part.GAINED: change((1, 1), (0, 1)),
        Part.LOST: change((0, 2), (2, 2)),
        Part.SCOPE: change((1, 3), (1, 2)),
    }
    replaced_line = move(held({1}, (), l1=(1, 2)), held((), {1}, l1=(0, 2)), [Hunk(1, 1, 1, 1)])
    assert replaced_line.changes == {Part.NEW: change((0, 3), (0, 0)), Part.REMOVED: change((0, 0), (2, 3))}


def test_parts_are_applied_in_their_order_each_to_what_is_there():
    found = steps(Ratio(1, 2), [{Part.REMOVED: change((0, 0), (0, 1))}, {Part.NEW: change((2, 2), (0, 0))}])
    assert [(one.part, one.points, one.then) for one in found] == [(Part.NEW, 25, 75), (Part.REMOVED, 25, 100)]


def test_a_step_that_leaves_nothing_keeps_the_percentage():
    found = steps(Ratio(1, 2), [replaced(Ratio(1, 2), Ratio(0, 0)).changes, {Part.SCOPE: change((1, 1), (0, 0))}])
    assert [(one.points, one.then) for one in found] == [(0, 50), (50, 100)]


SIDE = st.dictionaries(st.integers(1, 12), st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=9)


@st.composite
def edits(draw):
    """Hunks in order, on a text of twelve lines."""
    hunks, old, new = [], 1, 1
    for _ in range(draw(st.integers(0, 3))):
        stay = draw(st.integers(0, 3))
        gone, come = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        old, new = old + stay, new + stay
        if gone or come:
            hunks.append(Hunk(old if gone else old - 1, gone, new if come else new - 1, come))
        old, new = old + gone + 1, new + come + 1
    return hunks


def lines_of(told):
    branches = {n: Ratio(min(a, b), max(a, b)) for n, (_, a, b) in told.items() if max(a, b)}
    return Lines(
        frozenset(n for n, (hit, *_) in told.items() if hit),
        frozenset(n for n, (hit, *_) in told.items() if not hit),
        branches,
    )


def whole(lines):
    return sum(lines.branches.values(), Ratio(len(lines.covered), len(lines.statements)))


@given(st.lists(st.tuples(SIDE, SIDE, edits()), max_size=4))
def test_the_parts_add_up_exactly_for_any_two_sides(files):
    sides = [(lines_of(old), lines_of(new), hunks) for old, new, hunks in files]
    before = sum((whole(old) for old, _, _ in sides), Ratio(1, 3))
    after = sum((whole(new) for _, new, _ in sides), Ratio(1, 3))
    found = steps(before, [move(*side).changes for side in sides])
    assert sum((one.points for one in found), Fraction()) == after.percent - before.percent
    came = sum((one.change.came for one in found), before)
    gone = sum((one.change.gone for one in found), after)
    assert (came.covered, came.total) == (gone.covered, gone.total)
    assert [one.part for one in found] == [part for part in Part if part in {one.part for one in found}]
    assert all(0 <= one.then <= 100 for one in found)


@given(SIDE)
def test_nothing_moved_where_both_sides_are_the_same(told):
    assert move(lines_of(told), lines_of(told), ()) == Moved({})
