"""Waivers: recorded, owned, expiring permissions, and what each of them permits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from coverage_roadmap.core.percent import show_percent
from coverage_roadmap.core.roadmap import Waiver

LONGEST = 365
"""A waiver is permission for a time. Days."""
Figure = Fraction | Decimal | int


def expired(waiver: Waiver, today: date) -> bool:
    """Whether its last day, `until`, has passed."""
    return today > waiver.until


def fits(waiver: Waiver, what: str, from_: Figure | None, to: Figure | None, today: date) -> bool:
    """Whether a waiver permits something to fall.

    Args:
        waiver: the waiver.
        what: what falls, in the waiver's words: a file's path, `threshold`, `scope`, a phase with its criterion.
        from_: the figure before, in percent; None where it has none, such as the scope.
        to: the figure now, in percent; a fall with a figure is permitted only down to the waiver's own `to`.
        today: the day.
    """
    if " ".join(waiver.what.split()) != what or expired(waiver, today):
        return False
    if to is not None and (waiver.to is None or Fraction(to) < Fraction(waiver.to)):
        return False
    return from_ is None or waiver.from_ is None or _as_shown(from_) <= waiver.from_


def wider(waiver: Waiver, from_: Figure, to: Figure) -> bool:
    """Whether a waiver permits more than the fall from one percentage to another, as they are shown."""
    lower = waiver.to is None or waiver.to < _as_shown(to)
    return lower or (waiver.from_ is not None and waiver.from_ > _as_shown(from_))


def _as_shown(figure: Figure) -> Decimal:
    """A percentage as people see it, and write it into a waiver."""
    return Decimal(show_percent(figure))
