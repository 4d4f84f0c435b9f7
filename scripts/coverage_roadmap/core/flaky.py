"""Flaky tests: those with both outcomes at one measured tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from coverage_roadmap.core.measurement import Kind, Summary


class Flaky(Struct, frozen=True):
    """A test that failed in some of the full runs of one measured tree, or passed only when run again."""

    test: str
    failed: int
    """In so many of the runs; 0 where it only passed when run again."""
    runs: int
    """The full runs of that tree; 0 where it only passed when run again."""

    @property
    def how(self) -> str:
        """What was seen of it."""
        if not self.runs:
            return "passed only when run again"
        return f"failed in {self.failed} of {self.runs} runs of one measured tree"


def flaky(records: Iterable[Summary]) -> list[Flaky]:
    """The flaky tests of these records, sorted.

    Full runs of one measured tree, selection and leg are held against each other: there the same tests ran, so that a
    test which did not fail did well. That a test passed only when run again tells in any run.
    """
    every = list(records)
    found = {test: Flaky(test, 0, 0) for record in every for test in record.outcomes.flaky}
    for runs in same(every):
        failed = Counter(test for run in runs for test in broken(run))
        found |= {test: Flaky(test, times, len(runs)) for test, times in failed.items() if times < len(runs)}
    return sorted(found.values(), key=lambda one: one.test)


def same(records: Iterable[Summary]) -> list[list[Summary]]:
    """The full runs that can be held against each other: those of one measured tree, selection and leg, two or more."""
    groups: dict[object, list[Summary]] = {}
    for record in records:
        if record.kind is Kind.FULL:
            key = (record.tree, record.phase, record.selection, record.provenance.leg)
            groups.setdefault(key, []).append(record)
    return [runs for runs in groups.values() if len(runs) > 1]


def broken(record: Summary) -> set[str]:
    """The tests that failed in a run, or had an error in set-up or tear-down."""
    return {failure.id for failure in (*record.outcomes.failed, *record.outcomes.errors)}
