"""The period of a stand-up: what lies in it, and how it is called."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from coverage_roadmap.core import period

NOW = datetime(2026, 3, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "since", "words"),
    [
        ("7d", NOW - timedelta(7), "in the last 7 days"),
        ("2w", NOW - timedelta(14), "in the last 14 days"),
        ("1d", NOW - timedelta(1), "in the last 1 day"),
        ("48h", NOW - timedelta(2), "in the last 2 days"),
        ("36h", NOW - timedelta(1.5), "in the last 36 hours"),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), "since 2026-03-01"),
    ],
)
def test_a_period_begins_at_an_age_or_a_date(text, since, words):
    made = period.of(text, NOW)
    assert (made.since, made.until, made.words) == (since, NOW, words)


def test_ids_of_its_records_do_not_come_before_its_own():
    east = NOW.astimezone(timezone(timedelta(hours=14)))
    assert period.of("7d", NOW).earliest_id == period.of("7d", east).earliest_id == "20260301T100000"


def test_what_is_neither_is_refused_with_advice():
    with pytest.raises(ValueError, match="or a date such as"):
        period.of("soon", NOW)


@pytest.mark.parametrize(
    ("started", "where"),
    [
        ("2026-03-01T09:59:59+00:00", "before"),
        ("2026-03-01T10:00:00+00:00", "in it"),
        ("2026-03-08T12:04:00+02:00", "in it"),
        ("2026-03-08T10:04:59+00:00", "in it"),
        ("2026-03-08T10:05:01+00:00", "future"),
    ],
)
def test_a_record_lies_before_it_in_it_or_in_the_future(record, started, where):
    made, one = period.of("7d", NOW), record(started=started)
    assert (not (made.holds(one) or made.is_future(one)), made.holds(one), made.is_future(one)) == tuple(
        where == w for w in ("before", "in it", "future")
    )


@pytest.mark.parametrize(
    ("hours", "days"), [(0, 0), (23, 0), (24, 1), (24 * 40, 40), (-0.05, 0), (-1, None), (-24 * 400, None)]
)
def test_days_are_whole_and_unknown_in_the_future(hours, days):
    assert period.of("7d", NOW).days_since(NOW - timedelta(hours=hours)) == days
