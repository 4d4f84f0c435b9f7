"""Exact percentages: counts in, comparisons and text out.

Counts are coverage.py's: covered lines (plus covered branches where they are measured) of all of them.
"""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from coverage_roadmap.core.advice import of_number
from coverage_roadmap.errors import UsageError

DECIMALS = 6
"""As many as the config takes."""


class Ratio(Struct, frozen=True):
    """`covered` of `total`, both counted in lines (and branches where they are measured)."""

    covered: int
    total: int

    def __post_init__(self) -> None:
        """Refuse counts that no measurement can give.

        Raises:
            ValueError: a negative count, or more covered than there is.
        """
        if not 0 <= self.covered <= self.total:
            raise ValueError(f"{self.covered} covered of {self.total} is no measurement")

    @property
    def missed(self) -> int:
        """What is not covered, in lines (and branches)."""
        return self.total - self.covered

    @property
    def percent(self) -> Fraction | None:
        """The exact percentage, 0 to 100; None where there is nothing to cover."""
        return Fraction(100 * self.covered, self.total) if self.total else None

    def meets(self, threshold: Decimal | Fraction | int) -> bool:
        """Whether the unrounded percentage is at least `threshold` percent: 69.996 is not 70."""
        percent = self.percent
        return percent is not None and percent >= Fraction(threshold)

    def is_below(self, threshold: Decimal | Fraction | int) -> bool:
        """Whether there is something to cover, and it is less than `threshold` percent."""
        return bool(self.total) and not self.meets(threshold)

    def lacks(self, threshold: Decimal | Fraction | int) -> int:
        """How many more of the present lines must be covered to reach `threshold` percent; 0 where it is met."""
        return max(0, math.ceil(Fraction(threshold) * self.total / 100) - self.covered)

    def __add__(self, other: Ratio) -> Ratio:
        """Join two counts."""
        return Ratio(self.covered + other.covered, self.total + other.total)

    def __str__(self) -> str:
        """The percentage with two decimals, rounded down, without a sign; a dash where there is nothing to cover."""
        return show_percent(self.percent) if self.percent is not None else "-"


NONE = Ratio(0, 0)
"""Nothing to cover."""


class Percent(Decimal):
    """A percentage, or points, exactly as written."""

    PLACES: ClassVar[int] = 6
    """The most digits after the point."""

    @classmethod
    def read(cls, value: object) -> Percent:
        """Take one of TOML's numbers.

        Raises:
            ValueError: it is none from 0 to 100 with so many digits at most; the message is what to write.
        """
        if advice := of_number(value, ge=0, le=100):
            raise ValueError(advice)
        percent = cls(str(value))
        _, digits, exponent = percent.as_tuple()
        beyond = -int(exponent) - cls.PLACES
        if beyond > 0 and any(digits[-beyond:]):
            raise ValueError(f"give at most {cls.PLACES} decimals")
        return percent


def points_between(old: Ratio | None, new: Ratio | None) -> Fraction | None:
    """What a percentage moved by, in points; None where a side has none."""
    whole = old.total * new.total if old and new else 0
    return Fraction(100 * (new.covered * old.total - old.covered * new.total), whole) if old and new and whole else None


def show_percent(value: Fraction | Decimal | int) -> str:
    """Two decimals, rounded down, so that 100.00 is shown for 100 only. Percent in, text out."""
    cents = math.floor(Fraction(value) * 100)
    return f"{cents // 100}.{cents % 100:02d}"


def show_threshold(value: Decimal | int) -> str:
    """A threshold as its author wrote it, without trailing zeros: 60, 65.5. Percent in, text out."""
    text = f"{Decimal(value) or Decimal(0):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_points(value: Fraction) -> str:
    """A difference of two percentages, signed, two decimals, towards zero: +8.93. Points in, text out."""
    cents = math.floor(abs(value) * 100)
    sign = "-" if value < 0 and cents else "+"
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def read_target(text: str, option: str = "--to") -> Decimal:
    """The percentage that was asked for by that option.

    Raises:
        UsageError: it is no number from 0 to 100.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 100:
        raise UsageError(
            "is no percentage from 0 to 100", where=f"{option} {text}", next_step=f"for example {option} 60"
        )
    if int(value.as_tuple().exponent) < -DECIMALS:
        raise UsageError(
            f"has more than {DECIMALS} decimals", where=f"{option} {text}", next_step=f"for example {option} 60.5"
        )
    return value
