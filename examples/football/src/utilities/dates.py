"""Dates: everything inside the service is aware and in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

SEASON_START_MONTH = 7


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def parse_utc(text: str) -> datetime:
    """Read an ISO 8601 time (a trailing ``Z`` included); one without an offset is taken to be UTC."""
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def to_iso(moment: datetime) -> str:
    """Write a time as ISO 8601 in UTC, to the second."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be written")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def season_of(day: date) -> str:
    """Return the season that a day falls in, such as ``2023/24``; seasons turn on 1 July."""
    first = day.year if day.month >= SEASON_START_MONTH else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def season_bounds(season: str) -> tuple[date, date]:
    """Return the first and last day of a season such as ``2023/24``."""
    first_text, _, second_text = season.partition("/")
    if not (first_text.isdigit() and second_text.isdigit()):
        raise ValueError(f"not a season: {season!r}")
    first = int(first_text)
    if (first + 1) % 100 != int(second_text):
        raise ValueError(f"the years of {season!r} do not follow each other")
    return date(first, SEASON_START_MONTH, 1), date(first + 1, SEASON_START_MONTH, 1) - timedelta(days=1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from ``first`` to ``last``, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def week_window(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of the week that a day falls in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def age_hours(moment: datetime, now: datetime) -> float:
    """Return how many hours ago ``moment`` was; a moment in the future has age 0."""
    return max((now - moment).total_seconds(), 0.0) / 3600.0


def humanise_age(seconds: float) -> str:
    """Say an age the way a person would: ``45 s``, ``12 min``, ``3 h``, ``2 d``."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 86400:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} d"
