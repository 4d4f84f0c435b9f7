"""`run`: measures a phase's selection, records it, and judges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from coverage_roadmap.adapters import config_file, git, history, pytest_run, store
from coverage_roadmap.commands import judging, measuring
from coverage_roadmap.commands.context import Context
from coverage_roadmap.core import plan as planning
from coverage_roadmap.core.measurement import Measurement
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import ToolError


def run(
    context: Context,
    phase: Annotated[str, "a phase of the roadmap, or phase0"],
    *,
    python: Annotated[str, "the interpreter that runs the tests; by default the active environment's"] = "",
    story: Annotated[str, "run this story's tests alone; closes nothing"] = "",
    gate: Annotated[Literal["phase", "threshold", "none"], "the total below which the run fails"] = "phase",
    rest: Annotated[Sequence[str], "further arguments go to pytest"] = (),
) -> Report:
    """Run a phase's tests, measure them, record it and judge it.

    Example: coverage-roadmap run phase3 --story quality-monitor
    """
    located = config_file.load(context.environ, context.folder)
    words = [*pytest_run.words_from_environment(context.environ), *rest]
    plan = planning.make(located.roadmap, phase, story, gate, words)
    cache = store.Store(located.project)
    cache.open()
    with cache.lock(plan.name, context.say):
        repository = git.find(located.project)
        known, unreadable = cache.summaries()
        measured = measuring.measure(context, plan, located, repository, cache, known, python)
        record = measured.measurement
        folder = cache.save(record.summary, record.detail)
        lost = _append(plan, repository, record, int(measured.started.timestamp()))
    return judging.judge(
        plan,
        record,
        [record.summary, *known],
        cache,
        repository,
        notes=[*(str(error) for error in unreadable), *measured.notes],
        record=str(folder.relative_to(located.project)),
        interrupted=measured.interrupted,
        history_error=lost,
    )


def _append(plan: planning.Plan, repository: git.Repository | None, record: Measurement, now: int) -> str:
    """Put a record of the canonical leg on the history branch. Returns why it could not be; empty where it was."""
    if repository is None or not record.summary.provenance.leg.canonical:
        return ""
    try:
        history.append(repository, plan.roadmap.history.branch, record.summary, record.detail, now=now)
    except ToolError as error:
        return str(error)
    return ""
