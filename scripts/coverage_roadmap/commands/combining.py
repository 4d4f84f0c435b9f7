"""Combines the artifacts of one phase and leg to a measurement, as if it had been run in one piece."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from coverage_roadmap.adapters import (
    artifacts,
    counter,
    coverage_data,
    covered_lines,
    interpreters,
    junit,
    measured_tree,
)
from coverage_roadmap.adapters import pytest_run as runs
from coverage_roadmap.adapters.artifacts import Artifact
from coverage_roadmap.adapters.counter import Counter
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.commands import foreign, measuring
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.noting import second_witness
from coverage_roadmap.core import joining, outcome
from coverage_roadmap.core.artifact import config_hash
from coverage_roadmap.core.joining import Part
from coverage_roadmap.core.measurement import Kind, Outcomes
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.errors import NotMetError, RecordError, UsageError

_NAMED = 20
"""So many folders are named at most."""


class Set(Struct, frozen=True):
    """The shards of one phase and leg."""

    phase: str
    python: str
    canonical: bool
    """Whether it alone is judged and goes into the history."""
    artifacts: Sequence[Artifact]

    @property
    def name(self) -> str:
        """As people know it."""
        return f"{self.phase} on {self.python}"

    @property
    def settings(self) -> str:
        """Coverage's config file, as the first of its shards that began was told; empty for its default."""
        return next((a.manifest.config_file for a in self.artifacts if a.manifest.config_file), "")

    @property
    def words(self) -> list[str]:
        """What was given by hand to the first of its shards."""
        given = self.artifacts[0].manifest.record.provenance.arguments
        return [word for word in given if not word.startswith("--shard=")]


class Left(Struct, frozen=True):
    """What the shards of a set left, in their order, and all that ran in them; None where coverage has to join that."""

    parts: Sequence[Part]
    ran: covered_lines.Ran | None


class Counters:
    """Who counts, one for each of coverage's config files: it starts while the artifacts are still being looked at."""

    def __init__(self, context: Context, here: Here, python: str, stack: contextlib.ExitStack) -> None:
        """Take where they count, the interpreter that was named, and what ends them."""
        self._context, self._here, self._python, self._stack = context, here, python, stack
        self._by: dict[str, Counter] = {}

    def of(self, one: Set) -> Counter:
        """The one of a set, started where it is not yet; coverage's settings of the set must be the project's own.

        Raises:
            ToolError: there is no such interpreter.
        """
        if one.settings not in self._by:
            context, here = self._context, self._here
            interpreter = interpreters.choose(context.environ, context.folder, self._python)
            env = runs.environment(context.environ, here.roadmap.env)
            project = here.located.project
            memory = Memory(project, context.clock)
            made = counter.started(interpreter, one.settings, here.roadmap.source, project, env, memory)
            self._by[one.settings] = self._stack.enter_context(made)
        return self._by[one.settings]


@contextlib.contextmanager
def counters(context: Context, here: Here, python: str, first: Set) -> Iterator[Counters]:
    """Those who count, the first set's already started.

    Args:
        context: the caller's side.
        here: where it is combined.
        python: the interpreter that counts; empty for the active environment's.
        first: the first set; its settings must be the project's own.
    """
    with contextlib.ExitStack() as stack:
        made = Counters(context, here, python, stack)
        made.of(first)
        yield made


def read(one: Set, plan: Plan, here: Here, seen: measured_tree.Seen) -> Left:
    """What the shards of a set left, in their order, once all that can be refused is.

    Args:
        one: the set.
        plan: what it ran.
        here: where it is combined.
        seen: the measured tree here.

    Raises:
        NotMetError: the set is not whole, or does not belong together or here; all that is wrong with it.
        RecordError: an artifact holds what no shard leaves.
    """
    commit = here.repository.head if here.repository else None
    expected = joining.Expected(commit, config_hash(here.roadmap), plan.selection.hash, seen.now)
    if reasons := joining.unfit([(a.name, a.manifest) for a in one.artifacts], expected):
        raise NotMetError(_listed(reasons), where=one.name, next_step=_mend(one))
    known: set[str] = set()
    told = (ran for artifact in one.artifacts for ran in artifacts.examine(artifact, known))
    ran = covered_lines.joined(told, one.name)
    foreign.refuse_names(known, one.settings, here, one.name)
    parts = [Part(a.name, a.manifest, outcome.read(runs.journal(a.journal))) for a in one.artifacts]
    if reasons := joining.uneven(parts):
        steady = "give parameters ids that are the same in every run"
        raise NotMetError(_listed(reasons), where=one.name, next_step=steady)
    return Left(parts, ran)


def combine(
    context: Context,
    one: Set,
    left: Left,
    plan: Plan,
    here: Here,
    seen: measured_tree.Seen,
    counting: Counter,
) -> measuring.Measured:
    """Join what the shards left, and count it.

    Args:
        context: the caller's side.
        one: the shards.
        left: what they left.
        plan: what they ran.
        here: where they are combined.
        seen: the measured tree here.
        counting: who counts.

    Raises:
        RecordError: coverage cannot combine what they measured.
        UsageError: the canonical leg was measured on another Python than the one that is to count.
        ToolError: nothing can be written.
    """
    parts, journal = left.parts, joining.joined(left.parts)
    now = context.clock.now()
    kind, reasons = joining.judged(parts, journal)
    notes = [f"shard {p.shard}: coverage data left out: {plain(why)}" for p in parts for why in p.manifest.lost]
    with here.records.cache.begun(measuring.new_id(now, plan.name)) as folder:
        place = measuring.counting_place(context, here, folder)
        notes += _junit(one, folder / "junit.xml", outcome.outcomes(journal), kind)
        figures, broken = measuring.counted(plan, lambda: _counted(one, left.ran, counting, place))
        notes = [*_differences(one, figures), *notes]
    if broken and kind is not Kind.TIMED_OUT:
        kind, reasons = Kind.FAILED, [broken]
    provenance = joining.provenance(
        parts,
        canonical=one.canonical,
        config=measuring.recorded_config(here.located, here.repository),
        branch=measuring.branch_name(here.repository),
        head=seen.head,
    )
    record = measuring.recorded(plan, folder.name, (kind, reasons), figures, journal, seen, provenance)
    return measuring.Measured(record, notes, datetime.fromisoformat(provenance.started), False, journal)


def _counted(
    one: Set, ran: covered_lines.Ran | None, counting: Counter, place: coverage_data.Place
) -> coverage_data.Figures | None:
    """The figures of what was joined; None where nothing was measured."""
    if ran is not None and not ran.lines:
        return None
    if ran is not None:
        joined = coverage_data.hashed(ran, place.project)  # coverage is still being imported there
        settings = counting.settings
        covered_lines.write(
            ran, place.data, settings.coverage, lambda name: coverage_data.named(name, settings, place.project)
        )
        return coverage_data.count(counting, place, joined)
    for number, artifact in enumerate(one.artifacts, 1):
        artifacts.take_data(artifact, number, place.data, place.project)
    lost = counting.combine(place.data, sorted(place.data.parent.glob(f"{place.data.name}.*")))
    told = covered_lines.read(place.data)
    return coverage_data.count(counting, place, coverage_data.hashed(told, place.project) if told else None, lost)


def _differences(one: Set, figures: coverage_data.Figures) -> list[str]:
    """What is to be said where another Python or coverage counted than the one that measured.

    Raises:
        RecordError: coverage could not combine it.
        UsageError: the canonical leg must be counted by its own Python.
    """
    if figures.lost:
        told = f"coverage cannot combine it: {plain(figures.lost[0])}"
        raise RecordError(told, where=one.name, next_step=artifacts.AGAIN)
    if figures.python and figures.python != one.python:
        told = f"measured on Python {one.python}, and counted by {figures.python}"
        if one.canonical:
            raise UsageError(told, where=one.name, next_step=f"name its Python: --python python{one.python}")
        return [told]
    versions = {a.manifest.record.provenance.versions.get("coverage", "") for a in one.artifacts}
    others = sorted(version for version in versions if figures.coverage and version != figures.coverage)
    told = f"measured with coverage {plain(', '.join(others))}, and counted with {figures.coverage}"
    return [told] if others else []


def _junit(one: Set, target: Path, result: Outcomes, kind: Kind) -> list[str]:
    """Join the JUnit XML of the shards. Returns what is to be said of it; the figures do not rest on it."""
    notes, sound = [], []
    for artifact in one.artifacts:
        try:
            junit.count_tests(artifact.junit)
            sound.append(artifact.junit)
        except RecordError as error:
            if artifact.manifest.record.kind is Kind.PARTIAL:  # what was cut short may have none
                notes.append(f"shard {artifact.manifest.shard}: JUnit XML {error.what}")
    junit.join(sound, target)
    return notes or second_witness(target, result, kind)


def _mend(one: Set) -> str:
    """What to do where a set is no whole one: with several divisions in one folder, what is to be deleted."""
    by_division = joining.divisions([artifact.manifest for artifact in one.artifacts])
    if len(by_division) == 1:
        return "remove what is odd, run what is missing, and combine again"
    older = [a.folder for a in one.artifacts if a.manifest.shard.of != by_division[0]]
    named = shlex.join([str(folder) for folder in older[:_NAMED]])
    more = f" and {len(older) - _NAMED} more" if len(older) > _NAMED else ""
    return f"keep those of the newest run, {many(by_division[0], 'shard')}, and combine again: rm -r {named}{more}"


def _listed(reasons: Sequence[str]) -> str:
    return f"cannot be combined: {reasons[0]}" if len(reasons) == 1 else "\n  ".join(["cannot be combined:", *reasons])
