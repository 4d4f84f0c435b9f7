"""How a roadmap stands: each phase with its criteria, and how far it is from its exit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from coverage_roadmap.core.criterion import Facts, judge_all
from coverage_roadmap.core.measurement import Kind, Summary
from coverage_roadmap.core.roadmap import Coverage, Phase
from coverage_roadmap.core.verdict import Answer, Verdict, worst


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a total is from where it is to be."""

    goal: Decimal
    """Percent."""
    points: Fraction
    """0 where the goal is reached."""
    lines: int


@dataclass(frozen=True, slots=True)
class PhaseStanding:
    """One phase, judged now."""

    phase: Phase
    running: bool
    verdicts: Sequence[Verdict]
    newest: Summary | None
    """Its newest full record."""
    distance: Distance | None
    """None where there is no full record."""

    @property
    def answer(self) -> Answer:
        """All criteria joined; without any there is nothing to judge, which is unknown."""
        return worst(verdict.answer for verdict in self.verdicts)

    @property
    def regression(self) -> str:
        """What a closed phase has lost since; empty where nothing is known to be."""
        if self.phase.closed is None:
            return ""
        lost = [verdict for verdict in self.verdicts if verdict.answer is Answer.NOT_MET]
        return "; ".join(f"{verdict.question}: {verdict.reason}" for verdict in lost)


def stand(phase: Phase, facts: Facts, *, running: bool) -> PhaseStanding:
    """Judge a phase."""
    newest = next((record for record in facts.records if record.kind is Kind.FULL), None)
    distance = _distance(phase, newest) if newest else None
    return PhaseStanding(phase, running, judge_all(phase.exit, facts), newest, distance)


def goal_of(phase: Phase) -> Decimal:
    """The highest total that the phase's exit asks for, in percent; at least its fail-under."""
    return max([phase.fail_under, *(c.at_least for c in phase.exit if isinstance(c, Coverage))])


def _distance(phase: Phase, newest: Summary) -> Distance | None:
    ratio = newest.totals.ratio
    goal = goal_of(phase)
    if ratio.percent is None:
        return None
    return Distance(goal, max(Fraction(0), Fraction(goal) - ratio.percent), ratio.lacks(goal))
