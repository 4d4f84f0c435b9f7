"""Ages and moments: what people write, and the advice where they wrote something else."""

from datetime import UTC, datetime, timedelta

import pytest

from coverage_roadmap.core.age import moment, parse

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("7d", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("36h", timedelta(hours=36)),
        (" 365d ", timedelta(days=365)),
        ("36500d", timedelta(days=36_500)),
        ("007d", timedelta(days=7)),
    ],
)
def test_an_age_is_hours_days_or_weeks(text, age):
    assert parse(text) == age


@pytest.mark.parametrize(
    "text", ["", "7", "d", "7 d", "7D", "-7d", "1.5d", "7d7h", "7d\n7d", "٧d", "7m", "1e3d", "99999999d", "HEAD"]
)
def test_what_is_no_age_gets_advice(text):
    with pytest.raises(ValueError, match=r"^write hours, days or weeks, such as 36h, 7d or 2w$"):
        parse(text)


@pytest.mark.parametrize("text", ["0d", "0h", "36501d", "9999999w"])
def test_an_age_has_bounds(text):
    with pytest.raises(ValueError, match=r"above zero and at most 36500d"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("7d", datetime(2026, 11, 19, 12, tzinfo=UTC)),
        ("2026-11-19", datetime(2026, 11, 19, tzinfo=UTC)),
        ("2026-11-26", datetime(2026, 11, 26, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_moment_is_an_age_ago_or_a_date(text, then):
    assert moment(text, NOW) == then


@pytest.mark.parametrize("text", ["2026-11-27", "9999-12-31", "0001-01-01"])
def test_a_date_is_past_and_not_too_far(text):
    with pytest.raises(ValueError, match="write a date that is past"):
        moment(text, NOW)


@pytest.mark.parametrize("text", ["2026-13-01", "2025-02-29", "yesterday", "26.11.2026", "2026-11-19T00:00"])
def test_what_is_neither_gets_advice_for_both(text):
    with pytest.raises(ValueError, match=r"such as 36h, 7d or 2w, or a date such as 2026-11-19$"):
        moment(text, NOW)


def test_a_zero_age_is_no_moment():
    with pytest.raises(ValueError, match="above zero"):
        moment("0d", NOW)
