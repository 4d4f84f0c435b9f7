"""A schedule is what cron takes, or is told what is wrong with it and what to write."""

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.ci.cron import EXAMPLE, flaw


@pytest.mark.parametrize(
    "schedule",
    [
        EXAMPLE,
        "* * * * *",
        "*/5 0-23/2 1,15 JAN-MAR,12 MON-FRI",
        "0 0 29 2 *",
        "59 23 31 1-12 *",
        "20/15 * * * *",
        "0 0 31 2 1",  # each Monday too
        "0 0 31 4,5 *",
        "05 007 1 1 0",
        "0 0 */31 2 *",
    ],
)
def test_what_cron_takes_is_taken(schedule):
    assert flaw(schedule) == ""


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("@weekly", "five fields with one space between (minute, hour, day of the month, month, weekday): write"),
        ("@weekly", f"write for example {EXAMPLE}"),
        ("23 5 * *", "cron takes five fields"),
        ("23 5 * * 1 2026", "cron takes five fields"),
        ("23  5 * * 1", "one space between"),
        (" 23 5 * * 1", "one space between"),
        ("60 5 * * 1", "minute 60: 60 is none: write *, or 0 to 59"),
        ("0 24 * * 1", "hour 24: 24 is none: write *, or 0 to 23"),
        ("0 0 0 * 1", "day of the month 0: 0 is none: write *, or 1 to 31"),
        ("0 0 32 * *", "day of the month 32: 32 is none"),
        ("0 0 1 13 *", "month 13: 13 is none: write *, or 1 to 12, or JAN to DEC"),
        ("0 0 1 JULY *", "month JULY: JULY is none"),
        ("0 0 1 jul *", "month jul: names are in capitals: write JUL"),
        ("0 0 * * 7", "weekday 7: Sunday is 0: write 0 or SUN"),
        ("0 0 * * 8", "weekday 8: 8 is none: write *, or 0 to 6, or SUN to SAT"),
        ("0 0 * * FRI-MON", "weekday FRI-MON: a range goes upwards, and a list may hold two: write FRI-SAT,SUN-MON"),
        ("0 0 * * 5-0", "write 5-SAT,SUN"),
        ("0 22-2 * * *", "write 22-23,0-2"),
        ("*/0 * * * *", "minute */0: 0 is no step: write 1 to 59 behind the slash"),
        ("*/90 * * * *", "90 is no step"),
        ("*/ * * * *", "nothing is no step"),
        ("*/x * * * *", "x is no step"),
        ("1,,2 * * * *", "minute 1,,2: nothing is none"),
        ("1- * * * *", "minute 1-: nothing is none"),
        ("-1 * * * *", "minute -1: nothing is none"),
        ("*-5 * * * *", "* is none"),
        ("1/2/3 * * * *", "2/3 is no step"),
        ("٣ * * * *", "٣ is none"),
        ("0 0 31 2 *", "never comes, since FEB has no day 31: write at most 29 as the day of the month"),
        ("0 0 30,31 FEB */2", "never comes, since FEB has no day 30"),
        ("0 0 31 4,JUN *", "never comes, since APR or JUN has no day 31: write at most 30 as the day of the month"),
    ],
)
def test_what_cron_does_not_take_is_told_with_what_to_write(schedule, said):
    assert said in flaw(schedule)


@given(st.integers(1, 31), st.sets(st.integers(1, 12), min_size=1))
def test_a_day_comes_where_some_month_of_a_leap_year_has_it(day, months):
    comes = any(day <= calendar.monthrange(2028, month)[1] for month in months)
    assert (flaw(f"0 0 {day} {','.join(map(str, months))} *") == "") == comes


@given(st.text(alphabet="0123456789*,-/ MONJA", max_size=30))
def test_whatever_is_written_is_answered(schedule):
    assert isinstance(flaw(schedule), str)


@pytest.mark.parametrize("told", [("0 0 * * FRI-MON",), ("0 22-2 * * *",), ("0 0 * 11-2 *",)])
def test_what_is_to_be_written_for_a_range_is_taken(told):
    (schedule,) = told
    write = flaw(schedule).rsplit("write ", 1)[1]
    word = next(one for one in schedule.split(" ") if "-" in one)
    assert flaw(schedule.replace(word, write)) == ""
