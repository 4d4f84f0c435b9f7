"""Failing tests: since which run each fails, and in which it did well last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from msgspec import Struct

from coverage_roadmap.core.flaky import broken
from coverage_roadmap.core.measurement import Kind, Summary


class Trace(Struct, frozen=True):
    """How far back a test fails."""

    first: Summary
    """The oldest of the runs in a row in which it failed."""
    good: Summary | None
    """The run before, in which it did well; None where there is none, or that is not known."""
    end: str = ""
    """Why there is none."""


def trace(
    newest: Summary, records: Iterable[Summary], ran: Callable[[Summary], Collection[str] | None]
) -> dict[str, Trace]:
    """Follow what fails in the newest run back to the run in which it did well; one walk for all of it.

    Only records of the newest one's leg tell. A run that is not full tells only of what failed in it.

    Args:
        newest: the run; its failing tests, and its files that do not import, are followed.
        records: the records before it, newest first; walked only as far as it takes.
        ran: the tests and test files that ran in a record; None where that cannot be read.
    """
    found: dict[str, Trace] = {}
    first = dict.fromkeys(sorted(_wrong(newest)), newest)
    for record in records if first else ():
        if record.provenance.leg != newest.provenance.leg:
            continue
        wrong = _wrong(record)
        first.update((test, record) for test in first if test in wrong)
        if record.kind is Kind.FULL and (well := [t for t in first if t not in wrong and not _again(t, record)]):
            there = ran(record)
            found |= {test: _well(test, first.pop(test), record, there) for test in well}
            if not first:
                break
    return found | {test: Trace(record, None, "the history ends there") for test, record in first.items()}


def _wrong(record: Summary) -> set[str]:
    return broken(record) | {failure.id for failure in record.outcomes.not_imported}


def _again(test: str, record: Summary) -> bool:
    """Whether it passed only when run again, which is neither."""
    return test in record.outcomes.flaky


def _well(test: str, first: Summary, record: Summary, there: Collection[str] | None) -> Trace:
    """What a full run tells of a test that did not fail in it."""
    if there is None:
        return Trace(first, None, "the tests of the run before cannot be read")
    return Trace(first, record) if test in there else Trace(first, None, "it was not there before")
