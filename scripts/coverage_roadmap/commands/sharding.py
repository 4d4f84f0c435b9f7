"""What a shard leaves: its artifact, and its report."""

from __future__ import annotations

from pathlib import Path

from coverage_roadmap.adapters import artifacts
from coverage_roadmap.commands.durations import Durations
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.measuring import Measured
from coverage_roadmap.core import shard
from coverage_roadmap.core.artifact import FORMAT, Manifest, Shard, config_hash, folder_name
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.report import Report, Share


def leave(plan: Plan, one: Shard, here: Here, measured: Measured, spread: Durations, target: Path | None) -> Report:
    """Put a shard's artifact down, and report on it.

    Args:
        plan: what was to be run.
        one: which shard it was.
        here: where.
        measured: what the run left.
        spread: what the shards were planned from.
        target: the artifact's folder; None for the usual one in the cache.

    Raises:
        ToolError: it cannot be written, or another folder is in its way.
        RecordError: a file outside of the project was measured, which no other job can join.
    """
    record, options = measured.measurement.summary, measured.journal.options
    leg = record.provenance.leg
    runs = here.records.cache.root / "runs" / record.id
    folder = target or here.records.cache.artifacts / folder_name(plan.name, leg.python, one)
    manifest = Manifest(
        format=FORMAT,
        shard=one,
        record=record,
        config=config_hash(plan.roadmap),
        durations=shard.mark(spread.seconds),
        planned_from=spread.name,
        config_file=artifacts.inside(options.config_file if options else "", here.located.project),
    )
    lost = artifacts.leave(folder, manifest, runs, here.located.project)
    notes = [*measured.notes, *(f"coverage data left out: {reason}" for reason in lost)]
    if not spread.record:
        notes.append("no durations are recorded yet: every test is taken to last equally long")
    return Report(
        measurement=measured.measurement,
        heading=plan.heading,
        gate=None,
        zero=None,
        modules=(),
        hidden=(),
        criteria=(),
        towards_exit="",
        notes=notes,
        record=_shown(runs, here),
        interrupted=measured.interrupted,
        share=Share(one, len(measured.journal.sharded), _shown(folder, here)),
    )


def _shown(path: Path, here: Here) -> str:
    """A path as people see it: from the project where it lies in it."""
    project = here.located.project
    return str(path.relative_to(project) if path.is_relative_to(project) else path)
