"""Tests in a stand-up: failing with their history, flaky, slow."""

import pytest

from coverage_roadmap.core.failing import Trace
from coverage_roadmap.core.measurement import Failure, Kind, Outcomes
from coverage_roadmap.core.standup.tests import failing, flaky_ones, slowest

ID = "20260301T100000000000Z-phase2-0123abcd"


def broken(*names, when="call"):
    return tuple(Failure(name, when, "E") for name in names)


@pytest.fixture
def lines(facts, said):
    return lambda topic, *records, **given: said(topic(facts(recent=records, **given)))


def test_failing_tests_stand_the_slowest_first_five_of_them(lines, record):
    tests = Outcomes(9, 1, broken("a", "b", "c"), broken("d", "e", "f"))
    seconds = {"e": 3.0, "b": 2.5, "a": 0.1, "f": 0.0}
    found = lines(failing, record(outcomes=tests), record(), tests=seconds)
    assert found == [
        *("[!] e (3.00 s): E", "[!] b (2.50 s): E", "[!] a (0.10 s): E", "[!] f (0.00 s): E"),
        *("[!] c (time unknown): E", "[!] and 1 more failure"),
    ]


def test_where_no_time_can_be_read_it_is_unknown_and_not_zero(lines, record):
    assert lines(failing, record(outcomes=Outcomes(1, 0, broken("a")))) == ["[!] a (time unknown): E"]


def test_a_failing_test_says_since_when_and_what_was_good(lines, record):
    newest = record(outcomes=Outcomes(3, 0, broken("a", "b", "c")))
    first = record(commit="a" * 40, started="2026-02-20T10:00:00+00:00")
    good = record(commit="b" * 40, started="2026-02-19T10:00:00+00:00", head="other")
    traces = {
        "a": Trace(first, good),
        "b": Trace(record(commit=None), None, "the history ends there"),
    }
    assert lines(failing, newest, failing=traces) == [
        "[!] a (time unknown): E; failing since aaaaaaaa (2026-02-20), last good bbbbbbbb with changes (2026-02-19)",
        "[!] b (time unknown): E; failing since no commit (2026-03-01), last good unknown, the history ends there",
        "[!] c (time unknown): E",
    ]


def test_a_failing_test_says_the_same_to_machines(facts, record):
    newest = record(outcomes=Outcomes(3, 0, broken("a", "b")))
    traces = {"a": Trace(record(commit="a"), record(commit="b"))}
    given = facts(recent=[newest], tests={"a": 2.5}, failing=traces)
    assert [item.about for item in failing(given)] == [
        {"test": "a", "seconds": 2.5, "first_failing": "a", "last_good": "b"},
        {"test": "b", "seconds": None, "first_failing": None, "last_good": None},
    ]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, [f"[x] none: 3 passed in {ID}"]),
        ({"outcomes": Outcomes(2, 1, flaky=("t",))}, ["[!] t passed only when run again"]),
        (
            {"outcomes": Outcomes(1, 1, not_imported=broken("t.py")), "kind": Kind.PARTIAL},
            ["[!] t.py does not import: E"],
        ),
        ({"kind": Kind.PARTIAL}, ["[?] none failed, and the last run is partial"]),
        ({"kind": Kind.TIMED_OUT}, ["[?] none failed, and the last run is timed-out"]),
        ({"outcomes": Outcomes(2, 0, skipped=2)}, ["[?] none failed, and nothing passed"]),
        (
            {"kind": Kind.FAILED, "reasons": ("pytest was ended by signal 9",)},
            [f"[!] the run is failed: pytest was ended by signal 9, {ID}"],
        ),
    ],
)
def test_only_a_full_green_last_run_ticks_that_none_failed(lines, record, given, found):
    assert lines(failing, record(**given), record(covered=99)) == found


def test_without_a_run_it_is_unknown(lines):
    assert lines(failing) == ["[?] no run in the last 7 days"]
    assert lines(failing, running=None) == ["[?] no phase is running"]
    assert lines(failing, since="2026-02-01") == ["[?] no run since 2026-02-01"]


def test_flaky_tests_are_named(lines, record):
    runs = [record(outcomes=Outcomes(9, 1, broken("a") if n else (), flaky=("b",) if n else ())) for n in range(3)]
    assert lines(flaky_ones, *runs) == [
        "[!] a failed in 2 of 3 runs of one measured tree",
        "[!] b passed only when run again",
    ]
    many = [record(outcomes=Outcomes(9, 1, flaky=tuple("abcdefg")))]
    assert lines(flaky_ones, *many)[5:] == ["[!] and 2 more flaky tests"]


def test_that_none_is_flaky_is_ticked_where_a_tree_was_run_twice_alone(lines, record):
    others = [record(tree="t2"), record(tree="t3", kind=Kind.PARTIAL), record(tree="t3")]
    assert lines(flaky_ones, record(), record(), *others) == ["[x] none in 2 full runs of 1 measured tree"]
    twice = [record(tree=f"t{n // 2}") for n in range(4)]
    assert lines(flaky_ones, *twice) == ["[x] none in 4 full runs of 2 measured trees"]
    assert lines(flaky_ones, record(), *others) == ["[?] no measured tree was run twice in full in the last 7 days"]
    assert lines(flaky_ones, running=None) == ["[?] no phase is running"]


def test_the_slowest_tests_are_for_a_person_to_look_at(lines):
    assert lines(slowest, tests={name: n / 10 for n, name in enumerate("abcdef")}) == [
        *("[ ] 0.50 s f", "[ ] 0.40 s e", "[ ] 0.30 s d", "[ ] 0.20 s c", "[ ] 0.10 s b")
    ]
    assert lines(slowest) == ["[?] no run with timed tests in the last 7 days"]
