import pytest

from coverage_roadmap.core.measurement import Failure, FileTests, Kind, Outcomes
from coverage_roadmap.core.outcome import (
    Collected,
    Deselected,
    Ending,
    Finished,
    NotImported,
    Options,
    Report,
    Sharded,
    Start,
    Stopped,
    kind,
    narrowing,
    outcomes,
    read,
)
from coverage_roadmap.core.outcome import (
    tests as told,
)

T = "tests/test_a.py::test_x"


def reports(*steps, xfail=False):
    """Reports of one test, from words such as "setup passed"."""
    words = [step.split() for step in steps]
    return [Report(T, when, outcome, 0.25, xfail, f"{when} broke") for when, outcome in words]


def judged(*events):
    return outcomes(read([Collected([T]), *events]))


def test_events_are_sorted_by_what_they_tell():
    start = Start("3.11.9", "cpython", "/python", {}, 2)
    options = Options([], "", branch=False, core="ctrace")
    events = [start, options, Collected(["a", "b"]), Collected(["b", "c"]), Deselected(["d"]), Stopped(), Finished(1)]
    journal = read(events)
    assert (journal.start, journal.options, journal.stopped, journal.finished) == (start, options, True, 1)
    assert (list(journal.collected), list(journal.deselected)) == (["a", "b", "c"], ["d"])


def test_a_shard_without_a_test_of_its_own_lacks_nothing():
    journal = read([Sharded(["a", "b"]), Finished(5)])
    assert list(journal.sharded) == ["a", "b"]
    assert kind(journal, outcomes(journal), Ending(5), []) == (Kind.FULL, [])


PASSED = ("setup passed", "call passed", "teardown passed")


@pytest.mark.parametrize(
    ("steps", "xfail", "field", "value"),
    [
        (PASSED, False, "passed", 1),
        (PASSED, True, "xpassed", 1),
        (("setup passed", "call failed", "teardown passed"), False, "failed", (Failure(T, "call", "call broke"),)),
        (
            ("setup passed", "call passed", "teardown failed"),
            False,
            "errors",
            (Failure(T, "teardown", "teardown broke"),),
        ),
        (("setup failed", "teardown passed"), False, "errors", (Failure(T, "setup", "setup broke"),)),
        (("setup skipped", "teardown passed"), False, "skipped", 1),
        (("setup passed", "call skipped", "teardown passed"), True, "xfailed", 1),
        (("setup passed", "call rerun", *PASSED), False, "flaky", (T,)),
        (("setup passed", "call rerun", "setup passed", "call passed"), False, "not_run", (T,)),
        (("setup passed", "call passed"), False, "not_run", (T,)),
        (("setup passed",), False, "not_run", (T,)),
        ((), False, "not_run", (T,)),
        (("setup passed", "call failed"), False, "failed", (Failure(T, "call", "call broke"),)),
    ],
)
def test_a_test_has_the_outcome_of_its_worst_phase(steps, xfail, field, value):
    result = judged(*reports(*steps, xfail=xfail))
    expected = {"collected": 1, field: value}
    seen = {name: getattr(result, name) for name in Outcomes.__struct_fields__ if getattr(result, name)}
    assert seen == expected


def test_what_passed_is_counted_for_each_file_and_the_time_of_all_phases_is_joined():
    other = [Report("tests/test_b.py::t", when, "passed", -1.0) for when in ("setup", "call", "teardown")]
    journal = read([*reports(*PASSED), *other, Deselected(["x", "y"])])
    assert told(journal).files == {"tests/test_a.py": FileTests(1, 1), "tests/test_b.py": FileTests(1, 1)}
    assert told(journal).seconds == {T: 0.75, "tests/test_b.py::t": 0.0}
    assert outcomes(journal).deselected == 2


@pytest.mark.parametrize("seconds", [1.3e9, -1.3e9, float("inf"), float("nan")])
def test_a_test_that_sets_the_clock_says_nothing_of_how_long_it_took(seconds):
    journal = read([Report(T, "setup", "passed", 0.25), Report(T, "call", "passed", seconds)])
    assert told(journal).seconds == {T: 0.25}


def test_each_files_tests_are_counted_by_what_became_of_them():
    other, skipped = "tests/test_b.py::t", ("setup skipped", "teardown passed")
    reported = [Report(other, *step.split(), 0.1) for step in skipped]
    failed = [Report(f"{T}[2]", when, outcome, 0.1) for when, outcome in (("call", "failed"), ("teardown", "passed"))]
    journal = read([Collected([T, other, f"{T}[2]"]), *reports(*PASSED), *reported, *failed])
    assert told(journal).files == {"tests/test_a.py": FileTests(2, 1, 0), "tests/test_b.py": FileTests(1, 0, 1)}


def test_a_test_that_was_run_without_having_been_collected_counts_as_collected():
    assert told(read(reports(*PASSED))).files == {"tests/test_a.py": FileTests(1, 1, 0)}


def test_words_that_no_record_could_hold_are_cut_at_their_end():
    long = "x" * 5000
    journal = read([Collected([long]), NotImported(long, long), Report(long, "teardown", "passed", 0)])
    assert outcomes(journal).not_imported == (Failure(f"{'x' * 3997}...", "collect", f"{'x' * 3997}..."),)
    assert [len(name) for name in (*told(journal).files, *told(journal).seconds)] == [4000, 4000]


@pytest.mark.parametrize(
    ("words", "narrow"),
    [
        (["-v", "-q", "--tb=short", "-rA", "--color=yes", "--durations=5"], []),
        (["-k", "a and b"], ["-k", "a and b"]),
        (["-x", "-v", "--random-order"], ["-x", "--random-order"]),
    ],
)
def test_words_narrow_unless_they_are_known_not_to(words, narrow):
    assert narrowing(words) == narrow


DONE = [Collected([T]), *reports(*PASSED), Finished(0)]


@pytest.mark.parametrize(
    ("events", "ending", "by_hand", "expected", "reason"),
    [
        (DONE, Ending(0), (), Kind.FULL, []),
        (DONE, Ending(1), ("-v",), Kind.FULL, []),
        (DONE, Ending(0), ("-k", "x"), Kind.PARTIAL, ["narrowed by hand (-k x)"]),
        (DONE, Ending(0, timed_out=True), (), Kind.TIMED_OUT, ["the time limit came with 0 of 1 tests not run"]),
        ([*DONE, Stopped()], Ending(2), (), Kind.TIMED_OUT, ["the time limit came with 0 of 1 tests not run"]),
        (DONE, Ending(2, interrupted=True), (), Kind.PARTIAL, ["interrupted"]),
        (DONE, Ending(-9), (), Kind.FAILED, ["pytest was ended by signal 9"]),
        (DONE, Ending(3), (), Kind.FAILED, ["pytest could not finish (exit status 3)"]),
        (DONE[:-1], Ending(0), (), Kind.FAILED, ["pytest could not finish (exit status 0)"]),
        ([*DONE, NotImported("b.py", "E")], Ending(2), (), Kind.PARTIAL, ["1 test file did not import"]),
        ([*DONE, Collected(["b", "c"])], Ending(0), (), Kind.PARTIAL, ["2 collected tests did not run"]),
        ([Finished(5)], Ending(5), (), Kind.PARTIAL, ["no test was collected"]),
    ],
)
def test_a_run_is_full_only_where_every_collected_test_has_an_outcome(events, ending, by_hand, expected, reason):
    journal = read(events)
    assert kind(journal, outcomes(journal), ending, by_hand) == (expected, reason)
