"""Failing tests are followed back to the run in which they did well, and no further."""

import pytest

from coverage_roadmap.core.failing import trace
from coverage_roadmap.core.lazily import Lazily
from coverage_roadmap.core.measurement import Failure, Kind, Outcomes


@pytest.fixture
def run(record):
    """A run of one commit in which these tests failed."""

    def of(commit, *failed, rerun=(), not_imported=(), **given):
        broken, unread = (tuple(Failure(test, "call") for test in names) for names in (failed, not_imported))
        return record(commit=commit, outcomes=Outcomes(9, 1, broken, not_imported=unread, flaky=rerun), **given)

    return of


def everything(_):
    return {"a", "b", "c", "t.py"}


def commits(found):
    return {
        test: (one.first.provenance.commit, one.good.provenance.commit if one.good else one.end)
        for test, one in found.items()
    }


def test_each_test_has_its_own_first_failing_and_last_good_run(run):
    older = [run("c4", "a", "b"), run("c3", "a"), run("c2"), run("c1", "a", "b")]
    assert commits(trace(run("c5", "a", "b", "c"), older, everything)) == {
        "a": ("c3", "c2"),
        "b": ("c4", "c3"),
        "c": ("c5", "c4"),
    }


def test_the_walk_ends_as_soon_as_all_did_well(run):
    walked = []

    def records():
        for record in [run("c2", "a"), run("c1"), run("c0")]:
            walked.append(record.provenance.commit)
            yield record

    trace(run("c3", "a"), Lazily(records), everything)
    assert walked == ["c2", "c1"]
    assert trace(run("c3"), Lazily(records), everything) == {}


def test_where_the_history_ends_the_last_good_run_is_unknown(run):
    assert commits(trace(run("c2", "a"), [run("c1", "a")], everything)) == {"a": ("c1", "the history ends there")}
    assert commits(trace(run("c2", "a"), [], everything)) == {"a": ("c2", "the history ends there")}


@pytest.mark.parametrize("kind", [Kind.PARTIAL, Kind.TIMED_OUT, Kind.FAILED])
def test_a_run_that_is_not_full_tells_of_failures_alone(run, kind):
    older = [run("c4", kind=kind), run("c3", "a", kind=kind), run("c2")]
    assert commits(trace(run("c5", "a"), older, everything)) == {"a": ("c3", "c2")}


def test_runs_of_another_leg_tell_nothing(run):
    older = [run("c3", canonical=False), run("c2", "a"), run("c1")]
    assert commits(trace(run("c4", "a"), older, everything)) == {"a": ("c2", "c1")}


def test_a_pass_in_a_second_try_is_neither(run):
    assert commits(trace(run("c3", "a"), [run("c2", rerun=("a",)), run("c1")], everything)) == {"a": ("c3", "c1")}


def test_a_test_that_was_not_there_did_not_do_well(run):
    assert commits(trace(run("c2", "a", "new"), [run("c1")], everything)) == {
        "a": ("c2", "c1"),
        "new": ("c2", "it was not there before"),
    }


def test_what_cannot_be_read_is_unknown(run):
    unread = "the tests of the run before cannot be read"
    assert commits(trace(run("c2", "a"), [run("c1")], lambda _: None)) == {"a": ("c2", unread)}


def test_a_file_that_does_not_import_is_followed_too(run):
    newest = run("c3", not_imported=("t.py",), kind=Kind.PARTIAL)
    older = [run("c2", not_imported=("t.py",), kind=Kind.PARTIAL), run("c1")]
    assert commits(trace(newest, older, everything)) == {"t.py": ("c2", "c1")}
