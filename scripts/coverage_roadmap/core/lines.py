"""The lines of one measured file, each covered or missed, with the branches that leave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from coverage_roadmap.core.measurement import Counts, FileFigures
from coverage_roadmap.core.percent import NONE, Ratio

LARGEST = 1_000_000
"""A file of more statements is not looked at by line."""
Arcs = Iterable[tuple[int, int]]


class Lines(Struct, frozen=True):
    """Statement lines; and from line, how many of the branches that leave it were taken, of how many."""

    covered: frozenset[int]
    missed: frozenset[int]
    branches: Mapping[int, Ratio]

    @property
    def statements(self) -> frozenset[int]:
        """Covered or not."""
        return self.covered | self.missed


def lines(
    counts: Counts, covered: Iterable[int], missed: Iterable[int], taken: Arcs = (), untaken: Arcs = ()
) -> Lines | None:
    """Lines and branches that come to just these counts; None where they do not, and so cannot be relied on."""
    made = Lines(frozenset(covered), frozenset(missed), _branches(taken, untaken))
    branches = sum(made.branches.values(), NONE)
    fits = (
        len(made.covered) == counts.statements - counts.missing
        and len(made.missed) == counts.missing
        and made.covered.isdisjoint(made.missed)
        and (branches.missed, branches.total) == (counts.missing_branches, counts.branches)
    )
    return made if fits else None


def of_figures(figures: FileFigures) -> Lines | None:
    """The lines of a record's file; None where its ranges do not come to its counts."""
    counts = figures.counts
    held = (counts.statements - counts.missing, counts.missing)
    if counts.statements > LARGEST or held != tuple(map(_size, (figures.covered_lines, figures.missing_lines))):
        return None
    spans = (figures.covered_lines, figures.missing_lines)
    covered, missed = ((n for first, last in span for n in range(first, last + 1)) for span in spans)
    return lines(counts, covered, missed, figures.covered_arcs, figures.missing_arcs)


def _size(spans: Sequence[tuple[int, int]]) -> int:
    """How many lines ranges hold, before anything as large is made of them; -1 where one ends before it starts."""
    sizes = [last - first + 1 for first, last in spans]
    return sum(sizes) if all(size > 0 for size in sizes) else -1


def _branches(taken: Arcs, untaken: Arcs) -> dict[int, Ratio]:
    found: dict[int, Ratio] = {}
    for arcs, covered in ((taken, 1), (untaken, 0)):
        for line, _ in arcs:
            found[line] = found.get(line, NONE) + Ratio(covered, 1)
    return found
