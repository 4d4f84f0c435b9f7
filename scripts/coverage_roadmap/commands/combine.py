"""`combine`: joins the artifacts of shards, records them as one run, and judges them once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec.structs import replace

from coverage_roadmap.adapters import artifacts, measured_tree
from coverage_roadmap.commands import combining, foreign
from coverage_roadmap.commands.combining import Set
from coverage_roadmap.commands.concluding import concluded
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core import plan as planning
from coverage_roadmap.core.combined import Combined
from coverage_roadmap.core.leg import is_canonical
from coverage_roadmap.core.matrix import pythons
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import NotMetError


def combine(
    context: Context,
    folders: Annotated[Sequence[str], "the folders below which the artifacts lie"],
    *,
    python: Annotated[str, "the interpreter that counts; by default the active environment's"] = "",
    gate: Annotated[Literal["phase", "threshold", "none"], "the total below which it fails"] = "phase",
    require_legs: Annotated[bool, "for CI: fail where a Python of the matrix left no artifact"] = False,
) -> Combined:
    """Combine the artifacts of shards, record them as one run and judge it.

    Example: coverage-roadmap combine artifacts/
    """
    here = look(context)
    found = artifacts.find([context.folder / folder for folder in folders])
    if not found:
        raise NotMetError(
            "holds no artifact of a shard", where=", ".join(folders), next_step="coverage-roadmap run PHASE --shard 1/1"
        )
    sets = _sets(here, found)
    absent = _absent(here, sets)
    if absent and require_legs:
        raise NotMetError("; ".join(absent), where=", ".join(folders), next_step="see why its jobs left none")
    for one in sets:
        foreign.refuse_settings(one.artifacts, here, found)
    here.records.cache.open()
    plans = [planning.make(here.roadmap, one.phase, "", gate if one.canonical else "none", one.words) for one in sets]
    reports: list[Report] = []
    with combining.counters(context, here, python, sets[0]) as counters:
        seen = measured_tree.look(here.roadmap, here.located.project, here.repository)
        read = [combining.read(one, plan, here, seen) for one, plan in zip(sets, plans, strict=True)]
        for one, left, plan in zip(sets, read, plans, strict=True):
            with here.records.cache.lock(plan.name, context.say):
                measured = combining.combine(context, one, left, plan, here, seen, counters.of(one))
                report = concluded(plan, here, measured, combined=True)
            here = replace(here, records=here.records.with_new(report.measurement.summary))
            reports.append(report)
    return Combined(
        judged=[report for report, one in zip(reports, sets, strict=True) if one.canonical],
        others=[report for report, one in zip(reports, sets, strict=True) if not one.canonical],
        notes=absent,
        gated=gate != "none",
    )


def _sets(here: Here, found: Sequence[artifacts.Artifact]) -> list[Set]:
    """The artifacts by phase and leg, in the roadmap's order, the canonical leg first.

    Raises:
        NotMetError: one is of a phase that the config has not, such as of another name.
    """
    known = [PHASE_ZERO, *(phase.name for phase in here.roadmap.phases)]
    grouped: dict[tuple[str, tuple[str, str]], list[artifacts.Artifact]] = {}
    for one in found:
        phase = one.manifest.record.phase
        if phase not in known:
            told = f"is of the phase {plain(phase)[:100]}, which the config here has not"
            mend = f"combine where it was run, or delete {one.folder} and run the shard of a phase of this config"
            raise NotMetError(told, where=f"artifact {one.name}", next_step=mend)
        grouped.setdefault((phase, one.manifest.leg), []).append(one)
    sets = [
        Set(
            phase,
            plain(leg[0]),
            is_canonical(here.roadmap, leg[0]),
            sorted(members, key=lambda a: a.manifest.shard.number),
        )
        for (phase, leg), members in grouped.items()
    ]
    return sorted(sets, key=lambda one: (known.index(one.phase), not one.canonical))


def _absent(here: Here, sets: Sequence[Set]) -> list[str]:
    """The Pythons of the matrix that left no artifact, by phase."""
    there = {(one.phase, one.python) for one in sets}
    return [
        f"{phase}: no artifact of Python {python}"
        for phase in dict.fromkeys(one.phase for one in sets)
        for python in pythons(here.roadmap)
        if (phase, python) not in there
    ]
