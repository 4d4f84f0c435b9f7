"""Tests: the slowest failing ones with their history, flaky ones, the slowest ones."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.failing import Trace
from coverage_roadmap.core.flaky import flaky, same
from coverage_roadmap.core.measurement import Failure, Kind, Summary
from coverage_roadmap.core.standup.facts import Facts
from coverage_roadmap.core.standup.item import SHOWN, Item, Mark, first
from coverage_roadmap.core.text import many


def failing(facts: Facts) -> Iterator[Item]:
    """What failed in the last run, the slowest first: since which run, and in which it did well last."""
    record = next(iter(facts.recent), None)
    if record is None:
        yield Item(Mark.UNKNOWN, facts.nothing("run"))
        return
    if record.kind is Kind.FAILED:
        yield Item(Mark.CROSSED, f"{record.why_no_evidence}, {record.id}")
    wrong = list(_wrong(facts, record))
    yield from first(wrong, "failure")
    if wrong or record.kind is Kind.FAILED:
        return
    if record.kind is Kind.FULL and record.outcomes.green:
        yield Item(Mark.TICKED, f"none: {record.outcomes.passed} passed in {record.id}")
    else:
        why = "nothing passed" if record.kind is Kind.FULL else f"the last run is {record.kind}"
        yield Item(Mark.UNKNOWN, f"none failed, and {why}")


def _wrong(facts: Facts, record: Summary) -> Iterator[Item]:
    tests, seconds = record.outcomes, facts.tests or {}
    for failure in sorted([*tests.failed, *tests.errors], key=lambda one: (-seconds.get(one.id, -1.0), one.id)):
        took = seconds.get(failure.id)
        time = f"{took:.2f} s" if took is not None else "time unknown"
        yield _failed(facts, failure, f"{failure.id} ({time})", took)
    for failure in tests.not_imported:
        yield _failed(facts, failure, f"{failure.id} does not import", None)
    yield from (Item(Mark.CROSSED, f"{test} passed only when run again", {"test": test}) for test in tests.flaky)


def _failed(facts: Facts, failure: Failure, head: str, took: float | None) -> Item:
    trace = facts.failing.get(failure.id)
    since = f"; {_since(trace)}" if trace else ""
    about = {
        "test": failure.id,
        "seconds": took,
        "first_failing": trace.first.provenance.commit if trace else None,
        "last_good": trace.good.provenance.commit if trace and trace.good else None,
    }
    return Item(Mark.CROSSED, f"{head}: {failure.reason}{since}", about)


def _since(trace: Trace) -> str:
    good = f"last good {_at(trace.good)}" if trace.good else f"last good unknown, {trace.end}"
    return f"failing since {_at(trace.first)}, {good}"


def _at(record: Summary) -> str:
    """A record's commit and day; says so where what was measured is not what was committed."""
    made = record.provenance
    changed = " with changes" if made.head != record.tree else ""
    commit = f"{made.commit[:8]}{changed}" if made.commit else "no commit"
    return f"{commit} ({made.started[:10]})"


def flaky_ones(facts: Facts) -> Iterator[Item]:
    """Tests with both outcomes at one measured tree, in the period's runs."""
    found = flaky(facts.recent)
    yield from first((Item(Mark.CROSSED, f"{one.test} {one.how}", {"test": one.test}) for one in found), "flaky test")
    if found:
        return
    if twice := same(facts.recent):
        runs = sum(map(len, twice))
        yield Item(Mark.TICKED, f"none in {runs} full runs of {many(len(twice), 'measured tree')}")
    else:
        lacks = "no measured tree was run twice in full"
        yield Item(Mark.UNKNOWN, f"{lacks} {facts.period.words}" if facts.running else facts.nothing("run"))


def slowest(facts: Facts) -> Iterator[Item]:
    """The slowest tests of the last run."""
    if not facts.tests:
        yield Item(Mark.UNKNOWN, facts.nothing("run with timed tests"))
        return
    for test, seconds in sorted(facts.tests.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]:
        yield Item(Mark.OPEN, f"{seconds:.2f} s {test}", {"test": test, "seconds": seconds})
