"""What each command's value looks like: as a page, and as data for machines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from coverage_roadmap.core.finding import Judged
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import show_points, show_threshold
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.core.text import many
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render import figures
from coverage_roadmap.render.page import Block, Facts, Grid, Items, Section, Tone, Word

_ANSWERS = {Answer.MET: Tone.GOOD, Answer.NOT_MET: Tone.BAD, Answer.UNKNOWN: Tone.UNSURE}


def answer(value: Answer) -> Word:
    """An answer with its tone."""
    return Word(value, _ANSWERS[value])


def notes(texts: Sequence[str]) -> list[Section]:
    """What is said beside a value; nothing where nothing is."""
    return [Section("", [Facts([("note", text) for text in texts])])] if texts else []


def warnings(texts: Sequence[str]) -> list[Section]:
    """What is to be known before a value is believed; nothing where nothing is."""
    return [Section("", [Facts([("warning", Word(text, Tone.UNSURE)) for text in texts])])] if texts else []


def written(applied: bool) -> str:
    """Whether an edit was written."""
    return "yes" if applied else "no, this is a dry run"


def verdicts(values: list[Verdict]) -> Items:
    """Exit criteria, one line each."""
    return Items([(answer(v.answer), f"{v.question}: {v.reason}") for v in values])


def gate(value: Verdict | None) -> list[Section]:
    """What a gate came to, before all else; nothing where nothing is demanded."""
    return [Section("", [verdicts([value])])] if value else []


def total(summary: Summary) -> str:
    """A record's total with its counts; says so where nothing was measured."""
    ratio = summary.totals.ratio
    return f"{ratio} % ({counted(summary)})" if ratio.total else "unknown: nothing was measured"


def moved(points: Fraction, unit: str = "") -> Word:
    """A difference of percentages, with its tone."""
    tone = Tone.GOOD if points > 0 else Tone.BAD if points < 0 else Tone.NONE
    return Word(f"{show_points(points)}{unit}", tone)


def counted(summary: Summary) -> str:
    """What a record's total is made of: `2629 of 4147 lines`."""
    ratio = summary.totals.ratio
    unit = "lines and branches" if summary.scope.branch else "lines"
    return f"{ratio.covered} of {ratio.total} {unit}"


def record_data(value: Summary) -> dict[str, Any]:
    """A record, less its detail."""
    where, tests = value.provenance, value.outcomes
    return {
        "record": value.id,
        "phase": value.phase,
        "started": where.started,
        "kind": value.kind,
        "evidence": value.evidence,
        "why_no_evidence": value.why_no_evidence or None,
        "python": where.leg.python,
        "commit": where.commit,
        "branch": where.branch,
        "total": figures.ratio(value.totals.ratio),
        "tests": {"collected": tests.collected, "passed": tests.passed, "skipped": tests.skipped},
        "failed": [failure.id for failure in (*tests.failed, *tests.errors)],
    }


def standing(value: PhaseStanding) -> Section:
    """A phase's section of the status."""
    phase = value.phase
    state = "running" if value.running else "not running yet"
    if phase.closed:
        state = f"closed on {phase.closed.on:%Y-%m-%d} at {phase.closed.commit[:8]}"
    rows: list[tuple[str | Word, str | Word]] = [("state", state)]
    if value.newest:
        rows.append(("total", total(value.newest)))
    if value.distance is None:
        rows.append(("to exit", Word(f"unknown: {value.undistanced}", Tone.UNSURE)))
    elif value.distance.lines:
        far = f"{show_points(value.distance.points).lstrip('+')} points, {many(value.distance.lines, 'line')}"
        rows.append(("to exit", f"{far} to {show_threshold(value.distance.goal)} %"))
    else:
        rows.append(("to exit", f"{show_threshold(value.distance.goal)} % is reached"))
    if value.next_step:
        rows.append(("next", Word(value.next_step, Tone.STRONG)))
    if value.regression:
        rows.append(("regression", Word(value.regression, Tone.BAD)))
    blocks: list[Block] = [Facts(rows), verdicts(list(value.verdicts))]
    return Section(f"{phase.name}  {phase.heading()}", blocks)


def standing_data(value: PhaseStanding) -> dict[str, Any]:
    """A phase's part of the status."""
    closed = value.phase.closed
    return {
        "phase": value.phase.name,
        "title": value.phase.heading(),
        "running": value.running,
        "closed": {"on": str(closed.on), "commit": closed.commit, "record": closed.record} if closed else None,
        "answer": value.answer,
        "criteria": [figures.verdict(v) for v in value.verdicts],
        "record": value.newest.id if value.newest else None,
        "total": figures.ratio(value.newest.totals.ratio) if value.newest else None,
        "distance": {
            "goal": figures.threshold(value.distance.goal),
            "points": figures.points(value.distance.points),
            "lines": value.distance.lines,
        }
        if value.distance
        else None,
        "next": value.next_step or None,
        "regression": value.regression or None,
    }


def modules(values: list[ModuleProgress]) -> Grid:
    """A story's modules with the lines that are missing."""
    rows: list[list[str | Word]] = []
    for value in values:
        if value.ratio is None:
            rows.append([value.module, Word(value.presence, Tone.BAD), show_threshold(value.target), ""])
        else:
            tone = Tone.GOOD if value.at_target else Tone.BAD
            missing = figures.spans(value.missing_lines) or "none"
            rows.append([value.module, Word(str(value.ratio), tone), show_threshold(value.target), missing])
    return Grid(["module", ">now", ">target", "missing lines"], rows)


def module_data(value: ModuleProgress) -> dict[str, Any]:
    """A story's module."""
    return {
        "module": value.module,
        "presence": value.presence,
        "target": figures.threshold(value.target),
        "total": figures.ratio(value.ratio) if value.ratio else None,
        "to_go": value.lacks if value.ratio else None,
        "missing_lines": [list(span) for span in value.missing_lines],
    }


def judged_data(value: Judged, *, fails: bool) -> dict[str, Any]:
    """A finding of the check."""
    return {
        "rule": value.rule,
        "severity": value.severity,
        "state": value.finding.state,
        "fails": fails,
        "file": value.finding.file or None,
        "line": value.finding.line or None,
        "text": value.finding.text,
        "mend": value.finding.mend,
    }
