"""Measures: runs pytest by the plan, and makes a measurement of what it left."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap import __version__
from coverage_roadmap.adapters import (
    config_file,
    coverage_data,
    files,
    git,
    interpreters,
    measured_tree,
    pytest_run,
)
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.noting import notes_of, second_witness
from coverage_roadmap.core import leg, outcome, selection, workers
from coverage_roadmap.core.measurement import (
    FORMAT,
    Detail,
    Kind,
    Leg,
    Measurement,
    Provenance,
    Scope,
    Summary,
    total,
)
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import NotMetError, RecordError, ToolError

if TYPE_CHECKING:
    from coverage_roadmap.adapters.supervision import Ended

_NAMED_DIRTY = 50
_LOOKED_AT = 20
"""So many of the newest records tell how many workers pay."""


class Measured(Struct, frozen=True):
    """A measurement, and what is to be said beside it."""

    measurement: Measurement
    notes: list[str]
    started: datetime
    interrupted: bool
    journal: outcome.Journal


def measure(
    context: Context, plan: Plan, here: Here, python: str, seconds: Mapping[str, float] | None = None
) -> Measured:
    """Run the plan's tests and measure them. What a shard covered is not counted before all of them are combined.

    Args:
        context: the caller's side.
        plan: what to run.
        here: where.
        python: the interpreter; empty for the active environment's.
        seconds: how long the tests took before, by which they are spread over shards.

    Raises:
        ToolError: the interpreter or a needed tool is missing, or nothing can be written.
    """
    located, repository = here.located, here.repository
    before = measured_tree.look(plan.roadmap, located.project, repository)
    started = context.clock.now()
    order = _order(context, plan, here, python, started)
    if plan.shard:
        files.write_whole(order.durations, msgspec.json.encode(seconds or {}))
    ended = pytest_run.run(order, stop_at=context.clock.monotonic() + order.limit.seconds - order.limit.stop)
    journal = outcome.read(pytest_run.journal(order.journal))
    start = _began(journal, order)
    if plan.shard:
        figures, broken = coverage_data.Figures({}, _scope(plan, journal.options)), ""
    else:
        config = journal.options.config_file if journal.options else ""
        place = counting_place(context, here, order.folder)
        figures, broken = counted(plan, lambda: coverage_data.read(order.python, place, config, order.env))
    result = outcome.outcomes(journal)
    ending = outcome.Ending(ended.status, ended.timed_out, ended.interrupted)
    kind, reasons = outcome.kind(journal, result, ending, plan.narrowed)
    after = measured_tree.look(plan.roadmap, located.project, repository)
    if broken and kind is not Kind.TIMED_OUT:
        kind, reasons = Kind.FAILED, [broken]
    elif kind is Kind.FULL and after.now != before.now:
        kind, reasons = Kind.PARTIAL, [f"{' and '.join(after.now.differs_in(before.now))} changed while it ran"]
    if plan.shard and kind in (Kind.FULL, Kind.PARTIAL):
        kind, reasons = Kind.PARTIAL, [f"shard {plan.shard}", *reasons]
    provenance = _provenance(plan, located, repository, order, journal, start, ended, before, started)
    record = recorded(plan, order.folder.name, (kind, reasons), figures, journal, before, provenance)
    notes = notes_of(plan, located.project, repository, journal, ended, before)
    notes += second_witness(order.junit, result, kind)
    notes += [f"coverage data left out: {plain(reason)}" for reason in figures.lost]
    return Measured(record, notes, started, ended.interrupted, journal)


def recorded(
    plan: Plan,
    run_id: str,
    judged: tuple[Kind, Sequence[str]],
    figures: coverage_data.Figures,
    journal: outcome.Journal,
    seen: measured_tree.Seen,
    provenance: Provenance,
) -> Measurement:
    """Make a record.

    Args:
        plan: what was to be run.
        run_id: the record's id.
        judged: its kind, and why it is not full.
        figures: what was counted.
        journal: what became of the tests.
        seen: the measured tree as it lay there when it began.
        provenance: where it comes from.
    """
    kind, reasons = judged
    summary = Summary(
        format=FORMAT,
        id=run_id,
        phase=plan.name,
        selection=plan.selection.hash,
        kind=kind,
        reasons=tuple(reasons),
        totals=total(one.counts for one in figures.files.values()),
        scope=figures.scope,
        outcomes=outcome.outcomes(journal),
        tree=seen.now,
        provenance=provenance,
    )
    return Measurement(summary, Detail(FORMAT, figures.files, outcome.tests(journal)))


def _order(context: Context, plan: Plan, here: Here, python: str, started: datetime) -> pytest_run.Order:
    from coverage_roadmap.adapters.supervision import Limit  # `combine`, which starts no tests, does without its import

    roadmap = plan.roadmap
    cpus = _cpus()
    before = [
        workers.Timed(s.provenance.workers, s.provenance.seconds, s.outcomes.green)
        for s in islice(here.records.of(plan.name), _LOOKED_AT)
        if (s.kind, s.selection) == (Kind.FULL, plan.selection.hash)
        and (s.provenance.cpus, s.provenance.shards) == (cpus, 1)
    ]
    tests = _tests(plan, here.located.project)
    choice = workers.choose(roadmap.workers, cpus, before)
    if choice.workers > 1:
        context.say(f"{plan.name}: {choice.workers} workers, {choice.why}")
    return pytest_run.Order(
        python=interpreters.choose(context.environ, context.folder, python),
        project=here.located.project,
        folder=here.records.cache.begin(new_id(started, plan.name)),
        source=roadmap.source,
        selection=tests.arguments(),
        only=tests.only,
        ignored=tests.ignored,
        words=[*roadmap.pytest_args, *plan.words],
        workers=choice.workers,
        limit=Limit(roadmap.timeout),
        test_timeout=roadmap.test_timeout,
        env=pytest_run.environment(context.environ, roadmap.env),
        shard=plan.shard,
    )


def new_id(started: datetime, phase: str) -> str:
    """A record's id."""
    return f"{started:%Y%m%dT%H%M%S%f}Z-{phase}-{os.urandom(4).hex()}"


def _cpus() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _tests(plan: Plan, project: Path) -> selection.Selection:
    """The selection, less a story's tests whose files are not there yet.

    Raises:
        NotMetError: none is left; pytest would then run whatever it finds.
    """
    chosen = plan.selection
    if plan.story:
        chosen = replace(chosen, tests=tuple(t for t in chosen.tests if (project / t.split("::")[0]).exists()))
        if not chosen.tests:
            next_step = f"write {plan.story.tests[0]}"
            raise NotMetError("none of its tests is there yet", where=f"story {plan.story.id}", next_step=next_step)
    if not chosen.remaining:
        taken = "exclude takes" if plan.phase else "exclude and the stories take"
        raise NotMetError(f"no test is left: {taken} all of them", where=plan.name, next_step="mend the config")
    return chosen


def _began(journal: outcome.Journal, order: pytest_run.Order) -> outcome.Start:
    """What pytest runs on; nothing to record where it could not even begin."""
    if journal.start is None:
        shutil.rmtree(order.folder, ignore_errors=True)
        raise ToolError("did not begin to run; see its own words above", where=order.python)
    if journal.start.missing:
        shutil.rmtree(order.folder, ignore_errors=True)
        missing = " ".join(journal.start.missing)
        raise ToolError(f"{missing} missing", where=order.python, next_step=f"{order.python} -m pip install {missing}")
    return journal.start


def _scope(plan: Plan, options: outcome.Options | None) -> Scope:
    """What is measured, as far as it can be told before anything is counted."""
    source = tuple(plan.roadmap.source)
    if options is None:
        return Scope(source=source)
    include, omit, exclude = (tuple(words) for words in (options.include, options.omit, options.exclude))
    return Scope(source=source, include=include, omit=omit, exclude=exclude, branch=options.branch)


def counting_place(context: Context, here: Here, folder: Path) -> coverage_data.Place:
    """Where the data in a run's folder is counted."""
    located = here.located
    return coverage_data.Place(located.project, located.roadmap.source, folder, Memory(located.project, context.clock))


def counted(plan: Plan, count: Callable[[], coverage_data.Figures | None]) -> tuple[coverage_data.Figures, str]:
    """The figures of a run; without data no files. And what is broken about them, if anything is.

    Args:
        plan: what was run.
        count: gives the figures; None where nothing was measured.
    """
    nothing = coverage_data.Figures({}, Scope(source=tuple(plan.roadmap.source)))
    try:
        return count() or nothing, ""
    except RecordError as error:
        return nothing, error.line


def recorded_config(located: config_file.Located, repository: git.Repository | None) -> str:
    """The config file as a record names it."""
    top = repository.top if repository else located.project
    return plain(str(located.file.relative_to(top) if located.file.is_relative_to(top) else located.file.name))


def branch_name(repository: git.Repository | None) -> str | None:
    """The branch as a record names it."""
    return plain(repository.branch) if repository and repository.branch else None


def _provenance(
    plan: Plan,
    located: config_file.Located,
    repository: git.Repository | None,
    order: pytest_run.Order,
    journal: outcome.Journal,
    start: outcome.Start,
    ended: Ended,
    seen: measured_tree.Seen,
    started: datetime,
) -> Provenance:
    options = journal.options
    return Provenance(
        started=f"{started:%Y-%m-%dT%H:%M:%S.%f}+00:00",
        seconds=round(ended.seconds, 3),
        leg=Leg(start.python, start.implementation, leg.is_canonical(plan.roadmap, start.python)),
        config=recorded_config(located, repository),
        arguments=tuple(plain(word) for word in plan.by_hand),
        overridden=tuple(plain(word) for word in options.overridden) if options else (),
        workers=start.workers,
        core=options.core if options else "",
        exit_status=ended.status,
        commit=repository.head if repository else None,
        branch=branch_name(repository),
        dirty=tuple(plain(path) for path in seen.dirty[:_NAMED_DIRTY]),
        head=seen.head,
        versions={**start.versions, "coverage-roadmap": __version__},
        platform=platform.platform(),
        cpus=_cpus(),
        ci=bool(order.env.get("CI")),
    )
