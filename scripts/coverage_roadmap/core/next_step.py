"""The next step towards a phase's exit: a command to run, with the criterion that it is for."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_roadmap.core import roadmap
from coverage_roadmap.core.leg import session_name
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import Criterion, Phase
from coverage_roadmap.core.verdict import Answer, Verdict


def next_step(phase: Phase, verdicts: Sequence[Verdict], *, stale: bool = False) -> str:
    """What to run next. What is not met goes before what is unknown; empty for a closed phase.

    Args:
        phase: the phase.
        verdicts: of its exit criteria, in their order.
        stale: whether its newest evidence says nothing of HEAD.
    """
    if phase.closed:
        return ""
    judged = list(zip(phase.exit, verdicts, strict=True))
    if stale or not judged:
        return f"nox -s {phase.name}"
    for answer in (Answer.NOT_MET, Answer.UNKNOWN):
        for criterion, verdict in judged:
            if verdict.answer is answer:
                return f"{_command(phase, criterion, verdict)}, for {verdict.question}"
    return f"invoke close --phase {phase.name}"


def _command(phase: Phase, criterion: Criterion, verdict: Verdict) -> str:
    run = f"nox -s {phase.name}"
    match criterion:
        case roadmap.Threshold(at_least=wanted):
            return f"invoke bump --to {show_threshold(wanted)} --commit"
        case roadmap.BoardClosed():
            return f"{run} -- --story {verdict.about}"
        case roadmap.DocumentedInPr():
            return f"git merge {verdict.about}" if verdict.about else "invoke pr-summary --record"
        case roadmap.Green():
            return f"nox -s {session_name(phase.name, verdict.about or None)}"
        case roadmap.Coverage() if verdict.answer is Answer.UNKNOWN:
            return f"{run}, on the default branch"
        case roadmap.Coverage() if verdict.about:
            return "invoke targets"  # to run again covers no more lines
        case _:
            return run
