"""How a roadmap stands: each phase with its criteria, and how far it is from its exit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.criterion import Facts, judge_all
from coverage_roadmap.core.measurement import Summary, Tree
from coverage_roadmap.core.next_step import next_step
from coverage_roadmap.core.roadmap import Coverage, Criterion, Phase, Threshold
from coverage_roadmap.core.verdict import Answer, Verdict, worst


class Distance(Struct, frozen=True):
    """How far a total is from where it is to be."""

    goal: Decimal
    """Percent."""
    points: Fraction
    """0 where the goal is reached."""
    lines: int


class PhaseStanding(Struct, frozen=True):
    """One phase, judged now."""

    phase: Phase
    running: bool
    verdicts: Sequence[Verdict]
    newest: Summary | None
    """Its newest full record of the canonical leg."""
    distance: Distance | None
    """None where there is no such record, or nothing was measured in it."""
    stale: str = ""
    """Why the newest evidence says nothing of HEAD; empty where it does, or that is not looked at."""

    @property
    def answer(self) -> Answer:
        """All criteria joined; without any there is nothing to judge, which is unknown."""
        return worst(verdict.answer for verdict in self.verdicts)

    @property
    def next_step(self) -> str:
        """The command that would help most; empty for a phase that is not the running one."""
        return next_step(self.phase, self.verdicts, stale=bool(self.stale)) if self.running else ""

    @property
    def undistanced(self) -> str:
        """Why there is no distance."""
        return "nothing was measured" if self.newest else "no full run of the canonical leg is recorded"

    @property
    def regression(self) -> str:
        """What a closed phase has lost since; empty where nothing is known to be."""
        if self.phase.closed is None:
            return ""
        lost = [verdict for verdict in self.verdicts if verdict.answer is Answer.NOT_MET]
        return "; ".join(f"{verdict.question}: {verdict.reason}" for verdict in lost)


def stand(phase: Phase, facts: Facts, *, running: bool, head: Tree | None = None) -> PhaseStanding:
    """Judge a phase.

    Args:
        phase: the phase.
        facts: what its criteria are judged on.
        running: whether it is the running one.
        head: the measured tree as committed at HEAD; None where that is not looked at.
    """
    newest = next((record for record in facts.records if record.whole), None)
    distance = _distance(phase, newest) if newest else None
    verdicts = judge_all(phase.exit, facts)
    stale = _stale(facts.records, head) if head and phase.closed is None else ""
    if stale:
        verdicts = [_doubted(c, verdict, stale) for c, verdict in zip(phase.exit, verdicts, strict=True)]
    return PhaseStanding(phase, running, verdicts, newest, distance, stale)


def _stale(records: Iterable[Summary], head: Tree) -> str:
    """Why the newest evidence says nothing of HEAD; empty where it does, or there is none."""
    evidence = next((record for record in records if record.evidence), None)
    changed = evidence.tree.differs_in(head) if evidence else []
    return f"stale, {' and '.join(changed)} changed since: run it again" if changed else ""


def _doubted(criterion: Criterion, verdict: Verdict, stale: str) -> Verdict:
    """What was met before HEAD changed is unknown now; a threshold is read at HEAD itself."""
    if verdict.answer is not Answer.MET or isinstance(criterion, Threshold):
        return verdict
    return replace(verdict, answer=Answer.UNKNOWN, reason=f"{verdict.reason}; {stale}")


def goal_of(phase: Phase) -> Decimal:
    """The highest total that the phase's exit asks for, in percent; at least its fail-under."""
    return max([phase.fail_under, *(c.at_least for c in phase.exit if isinstance(c, Coverage))])


def _distance(phase: Phase, newest: Summary) -> Distance | None:
    ratio = newest.totals.ratio
    goal = goal_of(phase)
    if ratio.percent is None:
        return None
    return Distance(goal, max(Fraction(0), Fraction(goal) - ratio.percent), ratio.lacks(goal))
