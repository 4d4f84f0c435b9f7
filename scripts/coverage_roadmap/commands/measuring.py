"""Measures: runs pytest by the plan, and makes a measurement of what it left."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import sys
from datetime import datetime
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap import __version__
from coverage_roadmap.adapters import (
    config_file,
    coverage_data,
    git,
    interpreters,
    junit,
    measured_tree,
    no_git,
    pytest_run,
)
from coverage_roadmap.adapters.supervision import Ended, Limit
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import leg, outcome, selection, workers
from coverage_roadmap.core.measurement import (
    FORMAT,
    Detail,
    Kind,
    Leg,
    Measurement,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    total,
)
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.text import many, named, plain
from coverage_roadmap.errors import NotMetError, RecordError, ToolError

_NAMED_DIRTY = 50
_LOOKED_AT = 20
"""So many of the newest records tell how many workers pay."""


class Measured(Struct, frozen=True):
    """A measurement, and what is to be said beside it."""

    measurement: Measurement
    notes: list[str]
    started: datetime
    interrupted: bool


def measure(context: Context, plan: Plan, here: Here, python: str) -> Measured:
    """Run the plan's tests and measure them, on the interpreter `python` (empty: the active environment's).

    Raises:
        ToolError: the interpreter or a needed tool is missing, or nothing can be written.
    """
    located, repository = here.located, here.repository
    before = measured_tree.look(plan.roadmap, located.project, repository)
    started = context.clock.now()
    order = _order(context, plan, here, python, started)
    ended = pytest_run.run(order, stop_at=context.clock.monotonic() + order.limit.seconds - order.limit.stop)
    journal = outcome.read(pytest_run.journal(order.journal))
    start = _began(journal, order)
    figures, broken = _figures(plan, order, journal, here.records.cache.memory)
    result = outcome.outcomes(journal)
    ending = outcome.Ending(ended.status, ended.timed_out, ended.interrupted)
    kind, reasons = outcome.kind(journal, result, ending, plan.by_hand)
    after = measured_tree.look(plan.roadmap, located.project, repository)
    if broken and kind is not Kind.TIMED_OUT:
        kind, reasons = Kind.FAILED, [broken]
    elif kind is Kind.FULL and after.now != before.now:
        kind, reasons = Kind.PARTIAL, [f"{' and '.join(after.now.differs_in(before.now))} changed while it ran"]
    summary = Summary(
        format=FORMAT,
        id=order.folder.name,
        phase=plan.name,
        selection=plan.selection.hash,
        kind=kind,
        reasons=tuple(reasons),
        totals=total(one.counts for one in figures.files.values()),
        scope=figures.scope,
        outcomes=result,
        tree=before.now,
        provenance=_provenance(plan, located, repository, order, journal, start, ended, before, started),
    )
    notes = _notes(plan, located.project, repository, journal, ended, before)
    notes += _second_witness(order, result, kind)
    notes += [f"coverage data left out: {plain(reason)}" for reason in figures.lost]
    return Measured(
        Measurement(summary, Detail(FORMAT, figures.files, outcome.tests(journal))), notes, started, ended.interrupted
    )


def _order(context: Context, plan: Plan, here: Here, python: str, started: datetime) -> pytest_run.Order:
    roadmap = plan.roadmap
    cpus = _cpus()
    before = [
        workers.Timed(s.provenance.workers, s.provenance.seconds, s.outcomes.green)
        for s in islice(here.records.of(plan.name), _LOOKED_AT)
        if s.kind is Kind.FULL and s.selection == plan.selection.hash and s.provenance.cpus == cpus
    ]
    tests = _tests(plan, here.located.project)
    choice = workers.choose(roadmap.workers, cpus, before)
    if choice.workers > 1:
        context.say(f"{plan.name}: {choice.workers} workers, {choice.why}")
    return pytest_run.Order(
        python=interpreters.choose(context.environ, context.folder, python),
        project=here.located.project,
        folder=here.records.cache.begin(f"{started:%Y%m%dT%H%M%S%f}Z-{plan.name}-{secrets.token_hex(4)}"),
        source=roadmap.source,
        selection=tests.arguments(),
        only=tests.only,
        words=[*roadmap.pytest_args, *plan.words],
        workers=choice.workers,
        limit=Limit(roadmap.timeout),
        test_timeout=roadmap.test_timeout,
        env=pytest_run.environment(context.environ, roadmap.env),
    )


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


def _figures(
    plan: Plan, order: pytest_run.Order, journal: outcome.Journal, memory: Path
) -> tuple[coverage_data.Figures, str]:
    """The figures; without data no files. And what is broken about them, empty where nothing is."""
    nothing = coverage_data.Figures({}, Scope(source=tuple(plan.roadmap.source)))
    config = journal.options.config_file if journal.options else ""
    try:
        figures = coverage_data.read(
            order.python,
            order.folder,
            project=order.project,
            source=plan.roadmap.source,
            config_file=config,
            memory=memory,
            env=order.env,
        )
    except RecordError as error:
        return nothing, error.line
    return figures or nothing, ""


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
    top = repository.top if repository else located.project
    config = located.file.relative_to(top) if located.file.is_relative_to(top) else Path(located.file.name)
    options = journal.options
    return Provenance(
        started=f"{started:%Y-%m-%dT%H:%M:%S.%f}+00:00",
        seconds=round(ended.seconds, 3),
        leg=Leg(start.python, start.implementation, leg.is_canonical(plan.roadmap, start.python)),
        config=plain(str(config)),
        arguments=tuple(plain(word) for word in plan.by_hand),
        overridden=tuple(plain(word) for word in options.overridden) if options else (),
        workers=start.workers,
        core=options.core if options else "",
        exit_status=ended.status,
        commit=repository.head if repository else None,
        branch=plain(repository.branch) if repository and repository.branch else None,
        dirty=tuple(plain(path) for path in seen.dirty[:_NAMED_DIRTY]),
        head=seen.head,
        versions={**start.versions, "coverage-roadmap": __version__},
        platform=platform.platform(),
        cpus=_cpus(),
        ci=bool(order.env.get("CI")),
    )


def _notes(
    plan: Plan,
    project: Path,
    repository: git.Repository | None,
    journal: outcome.Journal,
    ended: Ended,
    seen: measured_tree.Seen,
) -> list[str]:
    """What is said and fails nothing."""
    notes = [] if repository else [f"{no_git.reason()}: no commit, no history, no evidence"]
    if repository and repository.head is None:
        notes.append("no commit yet: no evidence")
    if seen.dirty:
        notes.append(f"{many(len(seen.dirty), 'file')} not as committed: {named(seen.dirty)}")
    excludes = plan.selection.exclude
    useless = [e for e in excludes if "::" not in e and not (project / e).exists()]
    useless += [e for e in excludes if "::" in e and not any(selection.names(e, test) for test in journal.deselected)]
    useless += [e for e in selection.outside(plan.selection) if e not in useless and not plan.story]
    own = {*plan.roadmap.exclude, *(plan.phase.exclude if plan.phase else ())}
    notes += [f"exclude {plain(e)} excludes nothing" for e in useless if e in own]
    for phase, story in plan.roadmap.stories():
        absent = [test for test in story.tests if not (project / test.split("::")[0]).exists()]
        notes += [f"{phase.name} {story.id}: {plain(test)} is not there yet" for test in absent]
    if plan.story:
        lacking = [
            test for test in plan.selection.absent(journal.collected) if (project / test.split("::")[0]).exists()
        ]
        notes += [f"{plan.name} {plan.story.id}: {plain(test)} is not there yet" for test in lacking]
    if journal.options and journal.options.overridden:
        notes.append(f"addopts overridden: {' '.join(map(plain, journal.options.overridden))}")
    if ended.left_over and not (ended.timed_out or ended.interrupted):
        notes.append(
            f"ended what the tests left running: {many(ended.left_over, 'child')}".replace("childs", "children")
        )
    return notes


def _second_witness(order: pytest_run.Order, result: Outcomes, kind: Kind) -> list[str]:
    """Whether pytest's own JUnit XML can be read and names as many tests as had an outcome."""
    if kind in (Kind.FAILED, Kind.TIMED_OUT):
        return []
    try:
        named = junit.count_tests(order.junit)
    except RecordError as error:
        return [f"JUnit XML: {error} (the figures do not rest on it)"]
    ran = result.collected - len(result.not_run)
    return [f"JUnit XML names {named} tests, {ran} had an outcome"] if named < ran else []
