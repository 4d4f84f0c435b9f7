"""Concludes a measurement: keeps its record, and judges it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from msgspec.structs import replace

from coverage_roadmap.adapters import git, history
from coverage_roadmap.commands import evidence, judging
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.measuring import Measured
from coverage_roadmap.core import criterion, story
from coverage_roadmap.core.measurement import Measurement, Summary
from coverage_roadmap.core.next_step import next_step
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.verdict import Verdict
from coverage_roadmap.errors import ToolError

_LOOKED_AT = 100
"""So many of the newest records may be of the same shards."""


def concluded(plan: Plan, here: Here, measured: Measured, *, combined: bool = False) -> Report:
    """Keep the record of a run, in the cache and where it may be in the history, and judge it.

    Args:
        plan: what it was to do.
        here: the config, the repository, and the records without this one.
        measured: what it gave.
        combined: whether it was combined of shards: of the same ones, the first record stays the only one.

    Raises:
        ToolError: the record cannot be written.
    """
    record = measured.measurement
    known = _known(here, record.summary) if combined else None
    if known is not None:
        here.records.cache.rename(record.summary.id, known.id)
        record = replace(record, summary=known)
    folder = here.records.cache.save(record.summary, record.detail)
    kept = known is not None and here.records.in_history(known.id)
    lost = "" if kept else _append(plan, here.repository, record, int(measured.started.timestamp()))
    report = judge(
        plan,
        record,
        replace(here, records=here.records.with_new(record.summary)),
        notes=measured.notes,
        record=str(folder.relative_to(here.located.project)),
        interrupted=measured.interrupted,
        history_error=lost,
    )
    return replace(report, notes=[*here.records.notes, *report.notes])


def _known(here: Here, summary: Summary) -> Summary | None:
    """The record that says the same of the same shards; None where there is none."""
    newest = islice(here.records.of(summary.phase), _LOOKED_AT)
    return next((record for record in newest if replace(summary, id=record.id) == record), None)


def _append(plan: Plan, repository: git.Repository | None, record: Measurement, now: int) -> str:
    """Put a record of the canonical leg on the history branch. Returns why it could not be; empty where it was."""
    if repository is None or not record.summary.provenance.leg.canonical:
        return ""
    try:
        history.append(repository, plan.roadmap.history.branch, record.summary, record.detail, now=now)
    except ToolError as error:
        return error.line
    return ""


def judge(
    plan: Plan,
    measurement: Measurement,
    here: Here,
    *,
    notes: Sequence[str],
    record: str,
    interrupted: bool,
    history_error: str,
) -> Report:
    """Make the report of a run.

    Args:
        plan: what the run was to do.
        measurement: what it gave.
        here: the config, the repository, and the records with this one among them.
        notes: what is said beside.
        record: where this record lies.
        interrupted: whether somebody stopped the run.
        history_error: why the record is not on the history branch.
    """
    figures = measurement.detail.files
    project = here.located.project
    existing = {m for _, s in plan.roadmap.stories() for m in s.modules if (project / m).is_file()}
    if plan.story:
        shown = [(p, s) for p, s in plan.roadmap.stories() if s is plan.story]
    else:
        shown = [(plan.phase, s) for s in plan.phase.stories] if plan.phase else []
    verdicts: Sequence[Verdict] = ()
    if plan.phase and not plan.story:
        verdicts = criterion.judge_all(plan.phase.exit, judging.facts(here, plan.phase))
    modules = [m for p, s in shown for m in story.progress(p, s, figures, existing)]
    whole = plan.phase and not plan.story
    return Report(
        measurement=measurement,
        heading=plan.heading,
        gate=plan.gate,
        zero=evidence.newest_zero(plan.roadmap, here.records, measurement.summary) if whole else None,
        modules=[m if figures else replace(m, presence=story.Presence.UNKNOWN) for m in modules],
        hidden=story.hidden(plan.roadmap, figures, existing, plan.story) if figures else (),
        criteria=verdicts,
        towards_exit=next_step(plan.phase, verdicts) if plan.phase and verdicts else "",
        notes=[*notes, *judging.regressions(here)],
        record=record,
        interrupted=interrupted,
        history_error=history_error,
    )
