"""`run`: measures a phase's selection, records it, and judges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from coverage_roadmap.adapters import artifacts, pytest_run
from coverage_roadmap.commands import measuring, sharding
from coverage_roadmap.commands.concluding import concluded
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.durations import durations
from coverage_roadmap.commands.here import look
from coverage_roadmap.core import plan as planning
from coverage_roadmap.core.artifact import read_shard
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import UsageError


def run(
    context: Context,
    phase: Annotated[str, "a phase of the roadmap, or phase0"],
    *,
    python: Annotated[str, "the interpreter that runs the tests; by default the active environment's"] = "",
    story: Annotated[str, "run this story's tests alone; closes nothing"] = "",
    gate: Annotated[Literal["phase", "threshold", "none"], "the total below which the run fails"] = "phase",
    shard: Annotated[str, "run one of several shards, such as 2/4, and leave an artifact for combine"] = "",
    planned_from: Annotated[str, "the record that the shards are planned from; by default the newest full one"] = "",
    artifact: Annotated[str, "a shard's artifact folder; by default in .coverage-roadmap/artifacts"] = "",
    rest: Annotated[Sequence[str], "further arguments go to pytest"] = (),
) -> Report:
    """Run a phase's tests, measure them, record it and judge it.

    Example: coverage-roadmap run phase3 --story quality-monitor
    """
    here = look(context)
    words = [*pytest_run.words_from_environment(context.environ), *rest]
    one = read_shard(shard) if shard else None
    plan = planning.make(here.roadmap, phase, story, gate, words, one, planned_from)
    if artifact and not one:
        raise UsageError("goes with --shard alone", where=f"--artifact {artifact}")
    if one and gate == "threshold":
        raise UsageError("a shard has no gate", where=f"--gate {gate}", next_step="give it to combine")
    target = context.folder / artifact if artifact else None
    cache = here.records.cache
    cache.open()
    if target:
        artifacts.refuse_taken(target)
    elif one:
        artifacts.refuse_usual(cache.artifacts, plan.name, one)
    with cache.lock(plan.name, context.say) as waited:
        here = look(context) if waited else here
        spread = durations(here, plan.name, planned_from) if one else None
        measured = measuring.measure(context, plan, here, python, spread.seconds if spread else None)
        if one and spread:
            cache.save(measured.measurement.summary, measured.measurement.detail)
            return sharding.leave(plan, one, here, measured, spread, target)
        return concluded(plan, here, measured)
