"""Evidence: a figure is worth what the measurement behind it is worth."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.finding import Finding, State
from coverage_roadmap.core.measurement import Kind
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.verdict import Answer


class NoEvidence(Rule):
    """The newest measurement is no evidence.

    A partial, failed, timed-out or stale run says nothing of the present code. Commit, then run the phase whole on the
    canonical Python.
    """

    id = "EVIDENCE001"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """What is wrong with the newest measurement; unknown where there is none."""
        if facts.measured is None:
            yield Finding(facts.config, 0, facts.no_measurement, facts.run, state=State.UNKNOWN)
            return
        summary = facts.measured.summary
        if summary.why_no_evidence:
            broken = summary.kind in (Kind.FAILED, Kind.TIMED_OUT)
            state = State.FOUND if broken else State.UNKNOWN
            yield Finding(facts.config, 0, f"{summary.id}: {summary.why_no_evidence}", facts.run, state=state)
        elif facts.measured.stale:
            yield Finding(facts.config, 0, f"{summary.id}: {facts.measured.stale}", facts.run, state=State.UNKNOWN)


class TestsNotGreen(Rule):
    """Tests failed in the newest measurement.

    Lines that a failing test ran are no covered lines. Mend the tests, then run the phase.
    """

    id = "EVIDENCE002"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each failing test or file of the newest measurement, by its test file, unless the code changed since."""
        if facts.measured is None or facts.measured.stale:
            return
        tests = facts.measured.summary.outcomes
        for failure in (*tests.failed, *tests.errors):
            file = failure.id.split("::")[0]
            yield Finding(file, 0, f"{failure.id} failed: {failure.reason}", "mend the test or what it tests")
        for failure in tests.not_imported:
            yield Finding(failure.id, 0, f"does not import: {failure.reason}", "mend the file")
        for test in tests.flaky:
            text = f"{test} passed only when run again"
            yield Finding(test.split("::")[0], 0, text, "make it steady")


class ClosedWithoutProof(Rule):
    """A closed phase has no record that bears it out.

    `closed` is written by `invoke close` on evidence. Where an available history lacks the record, or the record does
    not meet the criteria, the phase was closed by hand: take `closed` out, or meet the criteria.
    """

    id = "EVIDENCE003"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each closed phase whose record is missing from an available history or does not meet its criteria."""
        for name, verdict in facts.closed.items():
            if verdict.answer is not Answer.MET:
                state = State.FOUND if verdict.answer is Answer.NOT_MET else State.UNKNOWN
                text = f"{name} is closed: {verdict.reason}"
                yield Finding(facts.config, 0, text, f"take closed out of {name}", f"{name} closed", state)


RULES = (NoEvidence(), TestsNotGreen(), ClosedWithoutProof())
