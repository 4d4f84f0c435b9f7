"""Prospects: what it would bring to cover a card's modules.

    gain = points of the total x (1 + changes / changes of the file that changes most)

The points are what the total would rise by if all that a module misses were covered. A file that never changes counts
once, the one that changes most counts twice. A story's gain is the sum over its modules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.measurement import FileFigures
from coverage_roadmap.core.percent import show_points
from coverage_roadmap.core.text import many

FORMULA = "points x (1 + changes / the most changes of a file)"


class Prospect(Struct, frozen=True):
    """What is missed in a card's modules, and what that is worth."""

    missed: int
    """Lines, and branches where they are measured."""
    points: Fraction
    """What the total would rise by."""
    changes: int | None
    """Commits that changed a module, summed; None where that is not known, and then it weighs nothing."""
    gain: Fraction
    """By which cards are ranked."""

    def told(self, period: str) -> str:
        """In words; `period` is that in which changes were counted, such as `in the last 90 days`."""
        changes = "changes unknown" if self.changes is None else f"{many(self.changes, 'change')} {period}"
        return f"{self.missed} missed, {show_points(self.points)} points of the total, {changes}"


class Ground(Struct, frozen=True):
    """What prospects are reckoned on."""

    files: Mapping[str, FileFigures]
    """The measured files."""
    changes: Mapping[str, int] | None
    """How many commits changed each; None where that is not known."""
    total: int
    """All lines (and branches) of the project."""
    most: int
    """The changes of the measured file that has most."""


def ground(files: Mapping[str, FileFigures], changes: Mapping[str, int] | None) -> Ground:
    """What the prospects of one record are reckoned on."""
    total = sum(figures.counts.ratio.total for figures in files.values())
    return Ground(files, changes, total, max((changes.get(path, 0) for path in files), default=0) if changes else 0)


def prospect(modules: Sequence[str], on: Ground) -> Prospect | None:
    """What it would bring to cover these modules; None where one of them was not measured."""
    own = list(dict.fromkeys(modules))
    if any(module not in on.files for module in own):
        return None
    missed, points, gain, changes = 0, Fraction(0), Fraction(0), 0
    for module in own:
        lacks = on.files[module].counts.ratio.missed
        worth = Fraction(100 * lacks, on.total or 1)
        often = on.changes.get(module, 0) if on.changes else 0
        missed, points, changes = missed + lacks, points + worth, changes + often
        gain += worth * (1 + Fraction(often, on.most or 1))
    return Prospect(missed, points, changes if on.changes is not None else None, gain)
