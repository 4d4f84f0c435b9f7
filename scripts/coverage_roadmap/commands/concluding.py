"""Concludes a measurement: keeps its record, and judges it."""

from __future__ import annotations

from msgspec.structs import replace

from coverage_roadmap.adapters import git, history
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.measuring import Measured
from coverage_roadmap.core.measurement import Measurement
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import ToolError


def concluded(plan: Plan, here: Here, measured: Measured) -> Report:
    """Keep the record of a run, in the cache and where it may be in the history, and judge it.

    Raises:
        ToolError: the record cannot be written.
    """
    record = measured.measurement
    folder = here.records.cache.save(record.summary, record.detail)
    lost = _append(plan, here.repository, record, int(measured.started.timestamp()))
    report = judging.judge(
        plan,
        record,
        replace(here, records=here.records.with_new(record.summary)),
        notes=measured.notes,
        record=str(folder.relative_to(here.located.project)),
        interrupted=measured.interrupted,
        history_error=lost,
    )
    return replace(report, notes=[*here.records.notes, *report.notes])


def _append(plan: Plan, repository: git.Repository | None, record: Measurement, now: int) -> str:
    """Put a record of the canonical leg on the history branch. Returns why it could not be; empty where it was."""
    if repository is None or not record.summary.provenance.leg.canonical:
        return ""
    try:
        history.append(repository, plan.roadmap.history.branch, record.summary, record.detail, now=now)
    except ToolError as error:
        return error.line
    return ""
