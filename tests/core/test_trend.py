"""The trend: comparable records in a line, the others apart with the reason."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coverage_roadmap.core import period
from coverage_roadmap.core.measurement import Counts, Failure, Kind, Leg, Outcomes, Scope
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.trend import LINES, MOST, Trend, how, trend

from .conftest import build_record

NOW = datetime(2026, 3, 8, 10, tzinfo=UTC)
YEAR = period.of("52w", NOW)


def made(day, covered=50, **given):
    """A record of so many days ago; `scope`, `selection`, `totals` are the summary's own."""
    own = {name: given.pop(name) for name in ("scope", "selection", "totals") if name in given}
    at = NOW - timedelta(days=day)
    one = build_record(covered=covered, started=at.isoformat(), **given)
    return replace(one, id=f"{at:%Y%m%dT%H%M%S%f}Z-{one.phase}-00000001", **own)


def started(record, at):
    return replace(record, provenance=replace(record.provenance, started=at))


def totals(line):
    return [int(point.ratio.percent) for point in line.points]


def test_comparable_records_make_one_line_the_earliest_first():
    found = trend([made(0, 70), made(1, 60), made(9, 50)], YEAR, "phase2")
    (line,) = found.lines
    assert (totals(line), line.count, line.apart, line.moved) == ([50, 60, 70], 3, [], Fraction(20))
    assert [point.at for point in line.points] == [NOW - timedelta(days=day) for day in (9, 1, 0)]
    assert (line.points[0].commit, line.points[0].green, line.phases) == ("c" * 40, True, ["phase2"])
    assert (found.notes, found.left) == ([], 0)


def test_what_is_no_full_run_of_the_canonical_leg_with_a_total_is_no_point():
    others = [
        made(1, kind=Kind.PARTIAL),
        made(1, kind=Kind.TIMED_OUT),
        made(1, kind=Kind.FAILED),
        made(1, canonical=False),
        made(1, phase=PHASE_ZERO),
        made(1, totals=Counts()),
    ]
    assert trend(others, YEAR, "phase2") == Trend([])
    assert [line.count for line in trend([made(0), *others], YEAR, "phase2").lines] == [1]


def test_a_run_whose_tests_failed_is_shown_as_one():
    failed = Outcomes(3, 2, (Failure("t", "call"),))
    (line,) = trend([made(0), made(1, outcomes=failed)], YEAR, "phase2").lines
    assert [point.green for point in line.points] == [False, True]


def test_the_records_are_walked_until_one_from_before_the_period_and_those_of_the_future_are_passed_over():
    def records():
        yield made(-3)
        yield made(0, 70)
        yield made(6, 60)
        yield made(8, 50)
        raise AssertionError("an earlier one was read")

    (line,) = trend(records(), period.of("7d", NOW), "phase2").lines
    assert totals(line) == [60, 70]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2020-01-01T00:00:00+00:00"])
def test_a_record_that_tells_another_start_than_its_id_hides_no_other(at):
    (line,) = trend([started(made(0), at), made(1, 60), made(2, 50)], YEAR, "phase2").lines
    assert totals(line) == [50, 60]


def test_moments_are_told_in_utc_and_in_their_order():
    east = (NOW - timedelta(days=3)).astimezone(timezone(timedelta(hours=14))).isoformat()
    (line,) = trend([started(made(0, 70), east), made(1, 60)], YEAR, "phase2").lines
    assert (totals(line), str(line.points[0].at)) == ([70, 60], "2026-03-05 10:00:00+00:00")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"selection": "other"}, "different tests"),
        ({"scope": Scope(omit=("x",))}, "different omit patterns"),
        ({"scope": Scope(source=("x",))}, "different source folders"),
        ({"scope": Scope(exclude=("x",))}, "different exclusion patterns"),
        ({"leg": Leg("3.13")}, "different Pythons"),
        ({"versions": {"coverage": "8.0"}}, "different major versions of coverage"),
    ],
)
def test_what_is_measured_otherwise_is_a_line_of_its_own_and_says_why(change, why):
    changed = {**change}
    leg = changed.pop("leg", None)
    old = made(5, 40, **changed)
    if leg:
        old = replace(old, provenance=replace(old.provenance, leg=leg))
    new = made(0, 70, versions={"coverage": "7.17.1"}) if "versions" in change else made(0, 70)
    found = trend([new, old], YEAR, "phase2")
    assert [totals(line) for line in found.lines] == [[70], [40]]
    assert found.lines[0].apart == []
    assert why in found.lines[1].apart[0]
    told = "1 run of phase2 until 2026-03-08 and 1 run of phase2 until 2026-03-03 are not joined"
    assert found.notes == [f"{told}: {found.lines[1].apart[0]}"]


def test_branches_are_not_joined_with_lines():
    found = trend([made(0), made(1, scope=Scope(branch=True))], YEAR, "phase2")
    assert "branches" in found.lines[1].apart[0]


def test_more_files_and_a_minor_release_of_coverage_are_no_other_way_to_measure():
    one, two = made(0, versions={"coverage": "7.17"}), made(1, scope=Scope(files=9), versions={"coverage": "7.2"})
    assert how(one) == how(two)
    assert len(trend([one, two], YEAR, "phase2").lines) == 1


def test_phases_of_one_selection_are_one_line_and_the_running_ones_comes_first():
    shared = trend([made(0, 70, phase="phase3"), made(1, 60)], YEAR, "phase3")
    assert [line.phases for line in shared.lines] == [["phase2", "phase3"]]
    apart = [made(0, 70, phase="phase3", selection="own"), made(1, 60)]
    assert [line.phases for line in trend(apart, YEAR, "phase2").lines] == [["phase2"], ["phase3"]]
    assert [line.phases for line in trend(apart, YEAR, "phase9").lines] == [["phase3"], ["phase2"]]


def test_of_many_lines_the_first_are_kept_and_it_is_said():
    found = trend([made(n, selection=f"s{n}") for n in range(LINES + 2)], YEAR, "phase2")
    assert (len(found.lines), found.left, found.notes[-1]) == (LINES, 2, "2 earlier lines not shown")


@given(st.integers(1, 4 * MOST))
def test_of_many_records_the_ends_are_kept_and_at_most_so_many(count):
    hour = timedelta(hours=1)
    one = made(0)
    records = [
        replace(one, provenance=replace(one.provenance, started=(NOW - n * hour).isoformat())) for n in range(count)
    ]
    found = trend(records, YEAR, "phase2")
    (line,) = found.lines
    assert (line.count, len(line.points)) == (count, min(count, MOST))
    assert (line.points[0].at, line.points[-1].at) == (NOW - (count - 1) * hour, NOW)
    assert len({point.at for point in line.points}) == len(line.points)
    assert found.notes == ([f"{MOST} of {count} records are shown"] if count > MOST else [])


@given(st.integers(MOST + 1, 4 * MOST), st.data())
def test_of_many_records_a_short_fall_or_rise_is_kept(count, data):
    one = made(0, 50)
    low, high = (data.draw(st.integers(0, count - 1)) for _ in range(2))
    records = []
    for n in range(count):
        covered = 1 if n == low else 99 if n == high else 50
        own = replace(one.provenance, started=(NOW - timedelta(hours=n)).isoformat())
        records.append(replace(one, provenance=own, totals=Counts(100, 100 - covered)))
    (line,) = trend(records, YEAR, "phase2").lines
    assert {1, 99} & {*totals(line)} == ({1, 99} if low != high else {1})
