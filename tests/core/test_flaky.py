"""Flaky tests: both outcomes at one measured tree, or a pass in a second try."""

import pytest

from coverage_roadmap.core.flaky import Flaky, flaky, same
from coverage_roadmap.core.measurement import Failure, Kind, Outcomes


def ran(failed=(), errors=(), rerun=()):
    failures = [tuple(Failure(test, "call") for test in ids) for ids in (failed, errors)]
    return Outcomes(failed=failures[0], errors=failures[1], flaky=rerun)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], []),
        ([ran(), ran()], []),
        ([ran(), ran(failed=("b",))], ["b"]),
        ([ran(errors=("a",)), ran()], ["a"]),
        ([ran(failed=("a",)), ran(failed=("a",))], []),
        ([ran(failed=("a", "b")), ran(errors=("a",))], ["b"]),
        ([ran(rerun=("c",)), ran(failed=("a",))], ["a", "c"]),
        ([ran(failed=("a",), errors=("a",))], []),
    ],
)
def test_flaky_tests_passed_and_failed_or_passed_only_when_run_again(record, runs, expected):
    assert [one.test for one in flaky(record(outcomes=run) for run in runs)] == expected


@pytest.mark.parametrize(
    "other", [{"tree": "t2"}, {"kind": Kind.PARTIAL}, {"kind": Kind.TIMED_OUT}, {"canonical": False}, {"phase": "x"}]
)
def test_only_full_runs_of_one_tree_leg_and_phase_are_held_against_each_other(record, other):
    runs = [record(), record(outcomes=ran(failed=("a",)), **other)]
    assert (flaky(runs), same(runs)) == ([], [])


def test_how_often_a_test_failed_is_told(record):
    runs = [record(outcomes=ran(failed=("a",) if n < 2 else (), rerun=("b",) if n == 4 else ())) for n in range(5)]
    found = flaky(runs)
    assert found == [Flaky("a", 2, 5), Flaky("b", 0, 0)]
    assert [one.how for one in found] == ["failed in 2 of 5 runs of one measured tree", "passed only when run again"]
    assert [len(group) for group in same([*runs, record(tree="t2")])] == [5]


def test_a_second_try_tells_in_any_run(record):
    assert flaky([record(kind=Kind.PARTIAL, outcomes=ran(rerun=("a",)))]) == [Flaky("a", 0, 0)]
