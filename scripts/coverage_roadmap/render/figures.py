"""Figures as the machine-readable views write them: counts, and percentages with two decimals, rounded down."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio, show_percent
from coverage_roadmap.core.verdict import Verdict


def percent(value: Fraction | None) -> float | None:
    """A measured percentage as a number; None where there is none."""
    return None if value is None else float(show_percent(value))


def threshold(value: Decimal) -> float:
    """A threshold as its author wrote it."""
    return float(value)


def points(value: Fraction | None) -> float | None:
    """A difference of percentages, towards zero."""
    if value is None:
        return None
    size = float(show_percent(abs(value)))
    return -size if value < 0 and size else size


def ratio(value: Ratio) -> dict[str, Any]:
    """Counts with their percentage."""
    return {"covered": value.covered, "total": value.total, "percent": percent(value.percent)}


def counts(value: Counts | None) -> dict[str, Any] | None:
    """Statements and branches apart, and what they come to."""
    if value is None:
        return None
    return {
        "statements": value.statements,
        "missing": value.missing,
        "branches": value.branches,
        "missing_branches": value.missing_branches,
        "percent": percent(value.ratio.percent),
    }


def verdict(value: Verdict) -> dict[str, str]:
    """A verdict."""
    return {"question": value.question, "answer": value.answer, "reason": value.reason}


def spans(value: tuple[tuple[int, int], ...]) -> str:
    """Ranges of lines as people write them: 3, 7-9."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in value)
