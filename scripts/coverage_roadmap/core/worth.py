"""What a smaller scope is worth: the coverage at the old scope beside the one at the new, with the same counts."""

from __future__ import annotations

from collections.abc import Mapping, Set
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.measurement import Counts, total
from coverage_roadmap.core.percent import NONE, Ratio


class Worth(Struct, frozen=True):
    """The coverage at the old scope beside the new one, with the same counts."""

    before: Ratio
    after: Ratio
    exact: bool
    """Else it is the most that it can be: which statements of a file are covered is not known, or no count of it."""

    @property
    def points(self) -> Fraction | None:
        """By how much the figure rises without a test, in percentage points; None where nothing is left to measure."""
        before, after = self.before.percent, self.after.percent
        return after - before if before is not None and after is not None else None


class Base(Struct, frozen=True):
    """The counts at the old scope, by files' old paths, and how many statements each file has."""

    counts: Mapping[str, Counts]
    total: Counts
    sizes: Mapping[str, int]
    unknown: frozenset[str]
    """Files without counts; they stand here as not covered at all."""

    def worth(self, hidden: Mapping[str, int], *, lines_only: bool) -> Worth:
        """What it is worth to hide so many statements of these files, and, with `lines_only`, every branch."""
        lines, branches = _halves(self.total)
        exact = self.unknown.isdisjoint(hidden)
        for path, statements in hidden.items():
            own_lines, own_branches = _halves(self.counts[path])
            if statements < self.sizes[path]:
                exact = exact and not own_branches.total and 0 in (own_lines.missed, own_lines.covered)
                own_lines, own_branches = _uncovered_first(own_lines, statements), NONE
            lines, branches = _less(lines, own_lines), _less(branches, own_branches)
        return Worth(self.total.ratio, lines if lines_only else lines + branches, exact)


def base(sizes: Mapping[str, int], hidden: Set[str], counts: Mapping[str, Counts | None]) -> Base:
    """Join the counts at the old scope.

    Args:
        sizes: how many statements each file has, by the source.
        hidden: the files of which something is hidden; where they have no counts they are taken as not covered.
        counts: the counts of each file, or None; by the same paths.
    """
    unknown = frozenset(path for path in hidden if counts[path] is None)
    known = {path: count for path, count in counts.items() if count is not None}
    known.update({path: Counts(sizes[path], sizes[path]) for path in unknown})
    return Base(known, total(known.values()), sizes, unknown)


def _halves(counts: Counts) -> tuple[Ratio, Ratio]:
    """Lines, and branches."""
    return (
        Ratio(counts.statements - counts.missing, counts.statements),
        Ratio(counts.branches - counts.missing_branches, counts.branches),
    )


def _less(whole: Ratio, part: Ratio) -> Ratio:
    return Ratio(whole.covered - part.covered, whole.total - part.total)


def _uncovered_first(lines: Ratio, statements: int) -> Ratio:
    """So many statements out of a file's: those that are not covered first, since which they are is not known."""
    taken = min(statements, lines.total)
    return Ratio(taken - min(taken, lines.missed), taken)
