"""The period that a stand-up speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from coverage_roadmap.core import age
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.text import many

SLACK = timedelta(minutes=5)
"""By so much two clocks may differ, and nothing is said."""


class Period(Struct, frozen=True):
    """From `since` to `until`, which is now, and how it is called behind what was not seen: `in the last 7 days`."""

    since: datetime
    until: datetime
    words: str

    @property
    def earliest_id(self) -> str:
        """What the id of a record made in it does not come before: ids begin with their moment, in UTC."""
        return f"{self.since.astimezone(UTC):%Y%m%dT%H%M%S}"

    def holds(self, record: Summary) -> bool:
        """Whether the record was made in it; one of the future was not."""
        return self.since <= _started(record) and not self.is_future(record)

    def is_future(self, record: Summary) -> bool:
        """Whether the record is later than now: a clock went back since, or is wrong."""
        return _started(record) > self.until + SLACK

    def days_since(self, moment: datetime) -> int | None:
        """Whole days from a moment until now; None where it lies in the future."""
        return max(0, (self.until - moment).days) if moment <= self.until + SLACK else None


def of(text: str, now: datetime) -> Period:
    """The period since an age or a date.

    Raises:
        ValueError: the text is neither; the message is advice.
    """
    since = age.moment(text, now)
    try:
        length = age.parse(text)
    except ValueError:
        return Period(since, now, f"since {since:%Y-%m-%d}")
    hours = length.seconds // 3600 + length.days * 24
    return Period(since, now, f"in the last {many(hours, 'hour') if hours % 24 else many(length.days, 'day')}")


def _started(record: Summary) -> datetime:
    return datetime.fromisoformat(record.provenance.started)
