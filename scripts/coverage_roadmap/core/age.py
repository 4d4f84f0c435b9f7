"""Ages, as people write them: `7d`, `2w`, `36h`; and moments, given as an age or as a date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from coverage_roadmap.core.regex import regex

LONGEST: Final = timedelta(days=36_500)
"""A hundred years: longer than any project, and far from what a date can hold."""
ADVICE: Final = "hours, days or weeks, such as 36h, 7d or 2w"
_AGE: Final = regex(r"([0-9]{1,7})([hdw])", re.ASCII)
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse(text: str) -> timedelta:
    """How long an age is.

    Args:
        text: a whole number of hours, days or weeks with its unit.

    Raises:
        ValueError: it is no age, is zero, or is longer than a hundred years; the message is advice.
    """
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"write {ADVICE}")
    age = int(found[1]) * _UNITS[found[2]]
    if not timedelta(0) < age <= LONGEST:
        raise ValueError(f"write an age above zero and at most {LONGEST.days}d")
    return age


def moment(text: str, now: datetime) -> datetime:
    """The moment that an age or a date names.

    Args:
        text: an age before `now`, or a date such as 2026-11-19, which is its first moment in UTC.
        now: the present moment, with its zone.

    Raises:
        ValueError: it is neither, lies in the future, or further back than a hundred years; the message is advice.
    """
    try:
        then = datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        return now - _age_or_date(text)
    if not now - LONGEST <= then <= now:
        raise ValueError(f"write a date that is past, by at most {LONGEST.days}d")
    return then


def _age_or_date(text: str) -> timedelta:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"{error}, or a date such as 2026-11-19") from None
