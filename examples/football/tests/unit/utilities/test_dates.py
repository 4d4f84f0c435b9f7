"""Dates, seasons and ages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from src.utilities import dates


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-03-01T15:00:00Z", datetime(2024, 3, 1, 15, tzinfo=UTC)),
        (" 2024-03-01T15:00:00+02:00 ", datetime(2024, 3, 1, 13, tzinfo=UTC)),
        ("2024-03-01T15:00:00", datetime(2024, 3, 1, 15, tzinfo=UTC)),
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_utc(text, wanted):
    moment = dates.parse_utc(text)
    assert moment == wanted
    assert moment.tzinfo is UTC


def test_times_are_written_in_utc_to_the_second():
    moment = datetime(2024, 3, 1, 1, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert dates.to_iso(moment) == "2024-02-29T23:00:00+00:00"
    with pytest.raises(ValueError, match="without a zone"):
        dates.to_iso(datetime(2024, 3, 1))


@pytest.mark.parametrize(
    ("day", "season"),
    [(date(2024, 6, 30), "2023/24"), (date(2024, 7, 1), "2024/25"), (date(1999, 8, 1), "1999/00")],
)
def test_season_turns_in_july(day, season):
    assert dates.season_of(day) == season
    first, last = dates.season_bounds(season)
    assert first <= day <= last


@pytest.mark.parametrize("season", ["2023", "2023/25", "23-24", "a/b", ""])
def test_what_is_no_season_is_refused(season):
    with pytest.raises(ValueError, match="not a season|do not follow"):
        dates.season_bounds(season)


def test_days_include_both_ends():
    first = date(2024, 2, 28)
    assert [day.day for day in dates.days_between(first, date(2024, 3, 1))] == [28, 29, 1]
    assert list(dates.days_between(first, date(2024, 2, 27))) == []


@pytest.mark.parametrize("day", [date(2024, 3, 4), date(2024, 3, 7), date(2024, 3, 10)])
def test_week_runs_from_monday_to_sunday(day):
    assert dates.week_window(day) == (date(2024, 3, 4), date(2024, 3, 10))


def test_age_is_never_negative():
    now = datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert dates.age_hours(now - timedelta(minutes=90), now) == 1.5
    assert dates.age_hours(now + timedelta(hours=1), now) == 0.0
