"""The difference of two measurements: totals, packages and files before and after, dips, and why the total moved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from msgspec import Struct

from coverage_roadmap.core import floor, movement
from coverage_roadmap.core.comparable import differences
from coverage_roadmap.core.hunk import Hunk
from coverage_roadmap.core.lineage import Lineage
from coverage_roadmap.core.lines import Lines
from coverage_roadmap.core.measurement import Counts, Scope, ranges, total
from coverage_roadmap.core.movement import Change, Moved, Part, Step
from coverage_roadmap.core.percent import points_between, show_threshold
from coverage_roadmap.core.text import named
from coverage_roadmap.core.verdict import Answer, Verdict

T = TypeVar("T")


def _no_lines(_: str) -> Lines | None:
    return None


class Side(Struct, frozen=True):
    """One of the two: a record, or a coverage.json."""

    label: str
    files: Mapping[str, Counts]
    branch: bool
    lines: Callable[[str], Lines | None] = _no_lines
    """Of one of the files; None where they cannot be relied on."""
    selection: str | None = None
    """None where it is not known, as in a coverage.json."""
    python: str | None = None
    kind: str | None = None
    scope: Scope | None = None
    """None where it is not known."""
    coverage: str = ""
    """The version of coverage.py; empty where it is not known."""


class Status(StrEnum):
    """What became of a file."""

    CHANGED = "changed"
    RENAMED = "renamed"
    ADDED = "added"
    REMOVED = "removed"
    ENTERED = "measured now"
    """It was there before, and not measured."""
    LEFT = "not measured now"
    """It is there, and not measured any more."""


class FileChange(Struct, frozen=True):
    """A file (or a package) on both sides; None where it is not there."""

    path: str
    before: Counts | None
    after: Counts | None
    status: Status = Status.CHANGED
    was: str = ""
    """Its path before, where it was renamed."""
    moved: Moved = Moved({})

    @property
    def points(self) -> Fraction | None:
        """What the file's percentage moved by; None where a side has none."""
        return points_between(self.before.ratio if self.before else None, self.after.ratio if self.after else None)


class Comparison(Struct, frozen=True):
    """Both sides, what changed, and what is to be said before the two are compared."""

    before: Side
    after: Side
    totals: tuple[Counts, Counts]
    changes: Sequence[FileChange]
    """Files whose figures or lines are not the same on both sides, the greatest move first."""
    packages: Sequence[FileChange]
    """Folders of which the sum is not the same, by name."""
    steps: Sequence[Step]
    """Why the total moved; none where it cannot be told by how much."""
    dipped: Sequence[FileChange]
    """Files that crossed `below` downwards."""
    new_below: Sequence[FileChange]
    """Files without a percentage before that are below."""
    still_below: Sequence[FileChange]
    """Files that were below before, and are."""
    below: Decimal
    warnings: Sequence[str]

    @property
    def compares(self) -> bool:
        """Whether there are two sides: of one alone nothing is known to have been so before."""
        return self.before.label != self.after.label

    @property
    def points(self) -> Fraction | None:
        """What the total moved by."""
        return points_between(*(counts.ratio for counts in self.totals))


def compare(
    before: Side,
    after: Side,
    below: Decimal,
    lineage: Lineage | None = None,
    alike: Set[str] = frozenset(),
    notes: Sequence[str] = (),
) -> Comparison:
    """Compare two sides.

    Args:
        before: the earlier one.
        after: the later one.
        below: the dip, in percent.
        lineage: what became of the files' texts; None where a commit is not known, and texts are taken to be the same
            where their statements stand on the same lines.
        alike: files that are known to be the same on both sides, line by line and in their text.
        notes: what else is to be said.
    """
    paths = _pair(before, after, lineage, alike)
    found = [
        *(_kept(before, after, old, new, lineage) for old, new in paths.kept),
        *(_came(after, path, lineage) for path in paths.came),
        *(_gone(before, path, lineage) for path in paths.gone),
    ]
    found.sort(key=_rank)
    same = {path: counts for path, counts in after.files.items() if path in alike}
    base = floor.packages(same)
    old = _joined(base, {change.was or change.path: c for change in found if (c := change.before)})
    new = _joined(base, {change.path: c for change in found if (c := change.after)})
    totals = (total(old.values()), total(new.values()))
    low = _below(((change, change.after) for change in found if change.after), below)
    was_low = {change.path for change in _below(((change, change.before) for change in low if change.before), below)}
    still = _below(same.items(), below)
    fallen = [change for change in low if change.path not in was_low]
    return Comparison(
        before,
        after,
        totals,
        list(filter(_tells, found)),
        [one for path in sorted({*old, *new}) if (one := _package(path, old, new)).before != one.after],
        movement.steps(totals[0].ratio, (c.moved.changes for c in found)) if all(t.ratio.total for t in totals) else (),
        [change for change in fallen if change.before and change.before.ratio.total],
        [change for change in fallen if not (change.before and change.before.ratio.total)],
        sorted(
            [*(FileChange(path, same[path], same[path]) for path in still), *(c for c in low if c.path in was_low)],
            key=lambda change: change.path,
        ),
        below,
        [*_warnings(before, after), *notes, *_untold(found, lineage)],
    )


def dip_gate(found: Comparison) -> Verdict:
    """Whether no file has fallen below the bound, or is new and below."""
    question = f"no file fell below {show_threshold(found.below)}"
    after = found.after
    if not found.totals[1].ratio.total:
        return Verdict(question, Answer.UNKNOWN, f"{after.label} measured nothing")
    if after.kind not in (None, "full"):
        return Verdict(question, Answer.UNKNOWN, f"{after.label} is {after.kind}")
    if not found.compares:
        return Verdict(question, Answer.UNKNOWN, f"both sides are {after.label}: there is nothing to compare")
    if fell := [*found.dipped, *found.new_below]:
        return Verdict(question, Answer.NOT_MET, named([one.path for one in fell]))
    if found.still_below and (why := _unsure(found.before, after)):
        return Verdict(
            question, Answer.UNKNOWN, f"{why}, and below is {named([one.path for one in found.still_below])}"
        )
    return Verdict(question, Answer.MET, "none did")


def _unsure(before: Side, after: Side) -> str:
    """Why a file that is below on both sides may have fallen all the same; empty where it cannot."""
    if before.branch != after.branch:
        return "one side counts branches and the other lines"
    return "" if before.kind in (None, "full") else f"{before.label} is {before.kind}"


class _Paths(Struct, frozen=True):
    """Files that may differ: those of both sides, by their paths before and after, and those of one."""

    kept: Sequence[tuple[str, str]]
    came: Sequence[str]
    gone: Sequence[str]


def _pair(before: Side, after: Side, lineage: Lineage | None, alike: Set[str]) -> _Paths:
    renamed = lineage.renamed if lineage else {}
    old_of = {new: old for new, old in renamed.items() if new in after.files and old in before.files}
    moved_away = set(old_of.values())
    for path in after.files.keys() & before.files.keys():
        if path not in moved_away:
            old_of.setdefault(path, path)
    partners = set(old_of.values())
    return _Paths(
        [(old, new) for new, old in old_of.items() if new not in alike],
        [path for path in after.files if path not in old_of],
        [path for path in before.files if path not in partners],
    )


def _kept(before: Side, after: Side, old: str, new: str, lineage: Lineage | None) -> FileChange:
    was, now = before.files[old], after.files[new]
    moved = _moved(was, now, before.lines(old), after.lines(new), lineage.hunks_of(old, new) if lineage else None)
    if old != new:
        return FileChange(new, was, now, Status.RENAMED, old, moved)
    return FileChange(new, was, now, moved=moved)


def _moved(was: Counts, now: Counts, old: Lines | None, new: Lines | None, hunks: Sequence[Hunk] | None) -> Moved:
    """By line where that can be done; by statements that stand on the same lines where the text is not known."""
    if old is not None and new is not None and (moved := movement.move(old, new, hunks)) is not None:
        return moved
    return Moved({}) if was == now else movement.replaced(was.ratio, now.ratio)


def _came(after: Side, path: str, lineage: Lineage | None) -> FileChange:
    counts, lines = after.files[path], after.lines(path)
    change = Change(came=counts.ratio)
    if lineage and lineage.was_there(path):
        return FileChange(path, None, counts, Status.ENTERED, moved=Moved({Part.SCOPE: change}))
    missed = ranges(list(lines.missed)) if lines else ()
    return FileChange(path, None, counts, Status.ADDED, moved=Moved({Part.NEW: change}, new_missed=missed))


def _gone(before: Side, path: str, lineage: Lineage | None) -> FileChange:
    counts = before.files[path]
    left = lineage is not None and lineage.is_there(path)
    status, part = (Status.LEFT, Part.SCOPE) if left else (Status.REMOVED, Part.REMOVED)
    return FileChange(path, counts, None, status, moved=Moved({part: Change(gone=counts.ratio)}))


def _tells(change: FileChange) -> bool:
    return change.before != change.after or bool(change.moved.changes) or change.status is Status.RENAMED


def _rank(change: FileChange) -> tuple[float, str]:
    """Files of one side first, then the greatest move."""
    points = change.points
    return -math.inf if points is None else -abs(float(points)), change.path


def _joined(base: Mapping[str, Counts], files: Mapping[str, Counts]) -> dict[str, Counts]:
    """The sums by folder of these files and of `base`."""
    return {**base, **{path: base.get(path, Counts()) + one for path, one in floor.packages(files).items()}}


def _package(path: str, old: Mapping[str, Counts], new: Mapping[str, Counts]) -> FileChange:
    before, after = old.get(path), new.get(path)
    status = Status.CHANGED if before and after else Status.ADDED if after else Status.REMOVED
    return FileChange(path, before, after, status)


def _below(counted: Iterable[tuple[T, Counts]], below: Decimal) -> list[T]:
    """Those whose percentage is below; in whole numbers, since every file of a project is asked."""
    bound = Fraction(below) / 100
    most, of = bound.numerator, bound.denominator
    return [
        one
        for one, c in counted
        if (c.statements - c.missing + c.branches - c.missing_branches) * of < most * (c.statements + c.branches)
    ]


def _warnings(before: Side, after: Side) -> Iterator[str]:
    if before.label == after.label:
        yield f"both sides are {after.label}: there is nothing to compare"
    yield from differences(before, after)
    yield from (f"{side.label} holds no file" for side in (before, after) if not side.files)
    yield from (f"{side.label} is {side.kind}" for side in (before, after) if side.kind not in (None, "full"))


def _untold(found: Sequence[FileChange], lineage: Lineage | None) -> Iterator[str]:
    if lineage is None and any(change.status in (Status.ADDED, Status.REMOVED) for change in found):
        yield "a commit is not known: a file of one side alone counts as new or removed code"
