"""Why a total moved, in parts that add up exactly.

Each part is what came and what went, in lines (and branches, which stand with the line that they leave). The parts are
applied to the total before, one after the other, in the order of `Part`; a part's points are the percentage after it
less the one before it, so their sum is what the total moved by, whatever was counted to which part. What adds code
stands first and what takes it away last, so that no step in between is left with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.hunk import Hunk, kept
from coverage_roadmap.core.lines import Lines
from coverage_roadmap.core.measurement import ranges
from coverage_roadmap.core.percent import NONE, Ratio

Spans = tuple[tuple[int, int], ...]


class Part(StrEnum):
    """A reason, in the order in which they are applied."""

    NEW = "new code"
    UNMATCHED = "changed files whose lines cannot be matched"
    GAINED = "unchanged lines newly covered"
    LOST = "unchanged lines newly missed"
    SCOPE = "scope changed"
    REMOVED = "removed code"


class Change(Struct, frozen=True):
    """What came and what went; an unchanged line that is covered now went as missed and came as covered."""

    came: Ratio = NONE
    gone: Ratio = NONE

    def __add__(self, other: Change) -> Change:
        """Join two."""
        return Change(self.came + other.came, self.gone + other.gone)


_NOTHING = Change()
Changes = Mapping[Part, Change]


class Step(Struct, frozen=True):
    """One part, applied."""

    part: Part
    change: Change
    points: Fraction
    then: Fraction
    """The percentage after it."""


class Moved(Struct, frozen=True):
    """What became of the lines of one file; the lines' numbers are those after."""

    changes: Changes
    newly_covered: Spans = ()
    """Unchanged lines."""
    newly_missed: Spans = ()
    """Unchanged lines."""
    new_missed: Spans = ()
    """New lines that are not covered."""


def steps(before: Ratio, changes: Iterable[Changes]) -> list[Step]:
    """Apply what became of each file to the total before, which has a percentage. Parts without a line are left out.

    A step that leaves nothing to cover keeps the percentage that was there, so that the sum holds.
    """
    sums: dict[Part, Change] = {}
    for one in changes:
        for part, change in one.items():
            sums[part] = sums.get(part, Change()) + change
    made = []
    covered, total, percent = before.covered, before.total, Fraction(100 * before.covered, before.total)
    for part in Part:
        change = sums.get(part, _NOTHING)
        if change != _NOTHING:
            covered += change.came.covered - change.gone.covered
            total += change.came.total - change.gone.total
            then = Fraction(100 * covered, total) if total else percent
            made.append(Step(part, change, then - percent, then))
            percent = then
    return made


def replaced(before: Ratio, after: Ratio) -> Moved:
    """A file of which only the counts can be told."""
    return Moved({Part.UNMATCHED: Change(after, before)})


def move(before: Lines, after: Lines, hunks: Sequence[Hunk] | None) -> Moved | None:
    """What became of the lines of a file whose text differs by `hunks`; without any it is the same.

    Where they are None the text is not known, and is the same where its statements stand on the same lines; None where
    they do not.
    """
    old, new = before, after
    tally: dict[Part, Change] = {}
    new_missed: Spans = ()
    if hunks:
        old, removed = _carried(before, hunks)
        new, fresh = _without(after, hunks)
        tally = {Part.NEW: Change(came=_ratio(fresh)), Part.REMOVED: Change(gone=_ratio(removed))}
        new_missed = ranges(list(fresh.missed))
    was, now = old.statements, new.statements
    if was != now and hunks is None:
        return None
    if gained := old.missed & new.covered:
        tally[Part.GAINED] = Change(Ratio(len(gained), len(gained)), Ratio(0, len(gained)))
    if lost := old.covered & new.missed:
        tally[Part.LOST] = Change(Ratio(0, len(lost)), Ratio(len(lost), len(lost)))
    if was != now:
        came, gone = now - was, was - now
        tally[Part.SCOPE] = Change(Ratio(len(new.covered & came), len(came)), Ratio(len(old.covered & gone), len(gone)))
    if old.branches != new.branches:
        _add_branches(tally, old.branches, new.branches)
    changes = {part: change for part, change in tally.items() if change != _NOTHING}
    return Moved(changes, ranges(list(gained)), ranges(list(lost)), new_missed)


def _add_branches(tally: dict[Part, Change], old: Mapping[int, Ratio], new: Mapping[int, Ratio]) -> None:
    """Branches of lines that are there on both sides. Where there are more or less of them, all are told anew."""
    for line in old.keys() | new.keys():
        was, now = old.get(line, NONE), new.get(line, NONE)
        if was.total != now.total:
            part, change = Part.SCOPE, Change(now, was)
        else:
            more = now.covered - was.covered
            size = abs(more)
            part = Part.GAINED if more > 0 else Part.LOST
            change = Change(Ratio(max(more, 0), size), Ratio(max(-more, 0), size))
        tally[part] = tally.get(part, _NOTHING) + change


def _carried(lines: Lines, hunks: Sequence[Hunk]) -> tuple[Lines, Lines]:
    """The lines that stayed, by their new numbers; and those that are gone, by their old ones."""
    every = lines.statements | lines.branches.keys()
    shifts: dict[int, int] = {}
    numbers = sorted(every)
    at = 0
    for stretch in kept(hunks, max(numbers, default=0)):
        while at < len(numbers) and numbers[at] <= stretch.last:
            if numbers[at] >= stretch.first:
                shifts[numbers[at]] = stretch.shift
            at += 1
    stayed = Lines(
        frozenset(n + shifts[n] for n in lines.covered if n in shifts),
        frozenset(n + shifts[n] for n in lines.missed if n in shifts),
        {n + shifts[n]: ratio for n, ratio in lines.branches.items() if n in shifts},
    )
    return stayed, _only(lines, every - shifts.keys())


def _without(lines: Lines, hunks: Sequence[Hunk]) -> tuple[Lines, Lines]:
    """The lines that were there before, and those that are new."""
    every = lines.statements | lines.branches.keys()
    spans = [range(hunk.new_start, hunk.new_start + hunk.new_lines) for hunk in hunks]
    fresh = set[int]()
    numbers = sorted(every)
    at = 0
    for span in spans:
        while at < len(numbers) and numbers[at] < span.stop:
            if numbers[at] >= span.start:
                fresh.add(numbers[at])
            at += 1
    return _only(lines, every - fresh), _only(lines, fresh)


def _only(lines: Lines, chosen: Iterable[int]) -> Lines:
    wanted = frozenset(chosen)
    branches = {n: ratio for n, ratio in lines.branches.items() if n in wanted}
    return Lines(lines.covered & wanted, lines.missed & wanted, branches)


def _ratio(lines: Lines) -> Ratio:
    return sum(lines.branches.values(), Ratio(len(lines.covered), len(lines.covered) + len(lines.missed)))
