"""The difference of two measurements: totals, files before and after, dips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from coverage_roadmap.core.measurement import Counts, Scope


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a record, or a coverage.json."""

    label: str
    files: Mapping[str, Counts]
    branch: bool
    selection: str | None = None
    """None where it is not known, as in a coverage.json."""
    python: str | None = None
    kind: str | None = None
    scope: Scope | None = None
    """None where it is not known."""

    @property
    def totals(self) -> Counts:
        """The sum over the files."""
        return sum(self.files.values(), Counts())


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file on both sides; None where it is not there."""

    path: str
    before: Counts | None
    after: Counts | None

    @property
    def points(self) -> Fraction | None:
        """What the file's percentage moved by; None where a side has none."""
        old = self.before.ratio.percent if self.before else None
        new = self.after.ratio.percent if self.after else None
        return new - old if old is not None and new is not None else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, what changed, and what is to be said before the two are compared."""

    before: Side
    after: Side
    changes: Sequence[FileChange]
    """Files that are not the same on both sides, the greatest move first."""
    dipped: Sequence[FileChange]
    """Files that crossed `below` downwards."""
    new_below: Sequence[FileChange]
    """Files without a percentage before that are below."""
    still_below: Sequence[FileChange]
    """Files that were below before, and are."""
    below: Decimal
    warnings: Sequence[str]

    @property
    def points(self) -> Fraction | None:
        """What the total moved by."""
        old, new = self.before.totals.ratio.percent, self.after.totals.ratio.percent
        return new - old if old is not None and new is not None else None


def compare(before: Side, after: Side, below: Decimal) -> Comparison:
    """Compare two sides; `below` is the dip, in percent."""
    paths = sorted({*before.files, *after.files})
    every = [FileChange(path, before.files.get(path), after.files.get(path)) for path in paths]
    changed = [change for change in every if change.before != change.after]
    low = [change for change in every if change.after and _is_below(change.after, below)]
    return Comparison(
        before,
        after,
        sorted(changed, key=lambda c: (-abs(c.points) if c.points is not None else Fraction(-1000), c.path)),
        [change for change in low if change.points is not None and not _was_below(change, below)],
        [change for change in low if change.points is None],
        [change for change in low if _was_below(change, below)],
        below,
        list(_warnings(before, after)),
    )


def _is_below(counts: Counts, below: Decimal) -> bool:
    return bool(counts.ratio.total) and not counts.ratio.meets(below)


def _was_below(change: FileChange, below: Decimal) -> bool:
    return change.before is not None and _is_below(change.before, below)


def _warnings(before: Side, after: Side) -> Sequence[str]:
    said = []
    if before.branch != after.branch:
        said.append("one side counts branches and the other lines: their percentages are not comparable")
    for what, old, new in (
        ("tests", before.selection, after.selection),
        ("Pythons", before.python, after.python),
        *((words, _scope(before, part), _scope(after, part)) for part, words in _PARTS.items()),
    ):
        if old is not None and new is not None and old != new:
            said.append(f"the two measured different {what}")
    said += [f"{side.label} holds no file" for side in (before, after) if not side.files]
    said += [f"{side.label} is {side.kind}" for side in (before, after) if side.kind not in (None, "full")]
    return said


_PARTS = {
    "source": "source folders",
    "include": "include patterns",
    "omit": "omit patterns",
    "exclude": "exclusion patterns",
}


def _scope(side: Side, part: str) -> tuple[str, ...] | None:
    return getattr(side.scope, part) if side.scope else None
