"""Gathers what the check's rules judge on. What cannot be told is left out, with the reason."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import (
    baseline_file,
    config_file,
    git,
    git_diff,
    interpreters,
    settings_files,
    sources,
    test_files,
)
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.commands import evidence as proof
from coverage_roadmap.commands import judging, surveying
from coverage_roadmap.commands.base import Base, base_of
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import criterion, hidden, scope, story
from coverage_roadmap.core.baseline import FILE, Baseline, departures, refuse_other
from coverage_roadmap.core.baseline_text import decode
from coverage_roadmap.core.lazily import Lazily
from coverage_roadmap.core.measurement import Counts, Summary
from coverage_roadmap.core.parsing import Parsing
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.roadmap import Phase, Roadmap
from coverage_roadmap.core.rules.rule import Facts, Fault, Measured
from coverage_roadmap.core.scope import Shrunk, Snapshot
from coverage_roadmap.core.sites import Found
from coverage_roadmap.core.sites.survey import runs_a_gate
from coverage_roadmap.core.sites.unread import flaws, unread
from coverage_roadmap.core.testcode import NO_PARSE, Complaint, style_of
from coverage_roadmap.core.verdict import Answer, Verdict, worst
from coverage_roadmap.errors import ConfigError, NotMetError, RecordError

VERSION = regex(r"3\.[0-9]{1,2}")
"""Of a Python; a record may say anything."""


class _Compared(Struct, frozen=True):
    """What the scope at the base is told by."""

    base: Base
    before: Roadmap
    """The config at the base; the present one where there was none."""
    renames: Mapping[str, str]
    covered: Mapping[str, Counts] | None


def gather(context: Context, here: Here, since: str = "") -> Facts:
    """All that the rules judge on.

    Args:
        context: the caller's.
        here: the config, the repository and the records.
        since: a revision; empty for the merge base with the default branch, or on it with its remote-tracking branch.

    Raises:
        UsageError: there is no such revision.
        ToolError: git failed.
    """
    base = base_of(here, since)
    memory = Memory(here.located.project, context.clock)
    phase = here.roadmap.current
    now = _present(here, memory)
    moved = git_diff.renames_since(here.repository, FILE) if here.repository else {}
    renames = git_diff.renames(here.repository, base.commit, None) if here.repository and base.commit else {}
    baseline, before, faults, no_baseline = _baselines(here, base, {*now.present, *moved, *renames})
    config, no_before = _config_at(here, base)
    told = _Compared(base, config or here.roadmap, renames, _covered(here, phase, before or baseline))
    shrunk, no_scope = _shrunk(here, told, now, memory)
    measured = _measured(here, phase)
    surveyed = surveying.present_sites(here)
    settings = settings_files.now(here.located.project, here.roadmap, here.repository, [])
    complaints = _complaints(here, memory, settings)
    phases = [one.name for one in here.roadmap.phases]
    return Facts(
        roadmap=here.roadmap,
        config=surveying.config_name(here.located),
        day=context.clock.now().date(),
        found=_read_or_not(here, surveyed.found, settings),
        gated=runs_a_gate(surveyed.texts, phases, {surveying.config_name(here.located), *surveyed.found.by_hand}),
        shrunk=shrunk,
        no_scope=no_scope,
        hidden=hidden.by_waiver(here.roadmap.waivers, now),
        scoped=now.files.keys() - now.loose,
        scope_file=now.settings.file,
        before=config,
        no_before=no_before,
        baseline=baseline,
        no_baseline=no_baseline,
        baseline_before=before,
        faults=faults,
        existing=now.present,
        measured=measured,
        no_measurement=f"no run of {phase.name} is recorded here" if measured is None else "",
        closed=_closed(here),
        parsing=_parsing(here, measured, now, complaints),
        complaints=complaints,
        gone=_gone(here, now),
        changed=_changed(here.repository, base.commit) if since and here.repository and base.commit else None,
        phase=phase,
        renames={**moved, **renames},
    )


def _changed(repository: git.Repository, commit: str) -> set[str]:
    """The files that differ from a commit now, from the project: those of CI lie at the git root."""
    whole = replace(repository, project=repository.top, prefix="")
    return {os.path.relpath(path, repository.prefix or ".") for path in git_diff.changed_since(whole, commit)}


def _baselines(
    here: Here, base: Base, existing: Collection[str]
) -> tuple[Baseline | None, Baseline | None, list[Fault], str]:
    """The baseline that lies there and the one at the base; faults of the first, and why it is not there."""
    faults: list[Fault] = []
    present: Baseline | None = None
    missing = "there is no baseline: invoke baseline"
    try:
        data = baseline_file.present(here.located.project)
        present = decode(data, FILE) if data is not None else None
    except RecordError as error:
        line = error.where.rpartition(":")[2]
        faults, missing = [Fault(error.what, int(line) if line.isdecimal() else 0)], f"it {error.what}"
    before: Baseline | None = None
    if here.repository and base.commit:
        try:
            before = baseline_file.committed(here.repository, base.commit)
        except RecordError:
            before = None  # what was wrong with it then is not this change's
    if present is not None:
        faults += [*_another(here, present, existing), *_departures(here, present)]
    return present, before, faults, missing


def _another(here: Here, baseline: Baseline, existing: Collection[str]) -> list[Fault]:
    """That a baseline is of another project; outside of git that cannot be told."""
    try:
        if here.repository:
            refuse_other(baseline, baseline_file.identity(here.located, here.repository), existing)
    except NotMetError as error:
        return [Fault(error.what)]
    return []


def _departures(here: Here, baseline: Baseline) -> list[Fault]:
    """Where a baseline of one record is not what that record gives; nothing where the record cannot be had."""
    named = {one.record for one in baseline.evidence}
    record = next(iter(here.records.named(min(named))), None) if len(named) == 1 else None
    detail = here.detail(record) if record else None
    if detail is None:
        return []
    wrong = departures(baseline, {path: figures.counts for path, figures in detail.files.items()})
    return [Fault(f"{path} is not what its record {min(named)} gives") for path in wrong]


def _present(here: Here, memory: Memory) -> Snapshot:
    return sources.present(here.located.project, here.repository, here.roadmap, memory)


def _shrunk(here: Here, told: _Compared, now: Snapshot, memory: Memory) -> tuple[Shrunk | None, str]:
    if here.repository is None or told.base.commit is None:
        return None, told.base.why
    commit, before = told.base.commit, told.before
    then = sources.at(here.repository, commit, before, memory)
    for snapshot, where in ((then, f"at {commit[:8]}"), (now, "now")):
        if snapshot.settings.problem:
            return None, f"coverage's settings {where}: {snapshot.settings.problem}"
    return scope.compare(then, now, renames=told.renames, covered=told.covered), ""


def _covered(here: Here, phase: Phase, baseline: Baseline | None) -> dict[str, Counts] | None:
    """Counts at the old scope: the baseline's, else the newest evidence's; None without both."""
    if baseline is not None:
        return {path: file.counts for path, file in baseline.files.items()}
    own = proof.of_own_selection(here.roadmap, phase, here.records)
    evidence = next((record for record in own if record.evidence), None)
    detail = here.detail(evidence) if evidence else None
    return {path: figures.counts for path, figures in detail.files.items()} if detail and detail.files else None


def _config_at(here: Here, base: Base) -> tuple[Roadmap | None, str]:
    """The config as it was at the base."""
    if here.repository is None or base.commit is None:
        return None, base.why
    try:
        roadmap = config_file.at(here.repository, base.commit, here.located.file)
    except ConfigError as error:
        return None, f"the config at {base.commit[:8]} cannot be read: {error.what.splitlines()[0]}"
    return roadmap, "" if roadmap else f"there was no config at {base.commit[:8]}"


def _measured(here: Here, phase: Phase) -> Measured | None:
    own = proof.of_own_selection(here.roadmap, phase, here.records)
    newest = next((record for record in own if record.provenance.leg.canonical), None)
    if newest is None:
        return None
    head = proof.head_tree(here)
    changed = newest.tree.differs_in(head) if head else []
    stale = f"stale, {' and '.join(changed)} changed since" if changed else ""
    return Measured(newest, here.detail(newest), stale)


def _closed(here: Here) -> dict[str, Verdict]:
    """For each closed phase, whether its record bears it out."""
    answers = {}
    for phase in here.roadmap.phases:
        if phase.closed is None:
            continue
        wanted = phase.closed.record
        record = next((r for r in here.records.named(wanted) if r.id == wanted), None)
        question = f"{phase.name} closed"
        if record is None:
            there = here.records.has_history
            answer = Answer.NOT_MET if there else Answer.UNKNOWN
            where = "the history has no record" if there else "there is no history here to look for"
            answers[phase.name] = Verdict(question, answer, f"{where} {phase.closed.record}")
        elif record.phase != phase.name or record.provenance.commit != phase.closed.commit or not record.evidence:
            answers[phase.name] = Verdict(question, Answer.NOT_MET, f"{record.id} is no evidence of it")
        else:
            verdicts = criterion.judge_all(phase.exit, _then(judging.facts(here, phase), record))
            lost = [v for v in verdicts if v.answer is Answer.NOT_MET]
            answer = Answer.NOT_MET if worst(v.answer for v in verdicts) is Answer.NOT_MET else Answer.MET
            reason = f"{lost[0].question}: {lost[0].reason}" if lost else f"on {record.id}"
            answers[phase.name] = Verdict(question, answer, reason)
    return answers


def _then(facts: criterion.Facts, record: Summary) -> criterion.Facts:
    """As it stood when a phase was closed on this record: what fell since is no flaw of the closing."""
    return replace(facts, records=Lazily(lambda: (r for r in facts.records if r.id <= record.id)))


def _read_or_not(here: Here, found: Found, settings: Mapping[str, str]) -> Found:
    """What was found, with the gates that stand in a settings file which is not read."""
    passed_over = unread(settings, here.roadmap, settings_files.homes(here.roadmap, here.repository))
    return replace(found, flaws=(*found.flaws, *flaws(found.sites, passed_over)))


def _complaints(here: Here, memory: Memory, settings: Mapping[str, str]) -> list[Complaint]:
    roadmap = here.roadmap
    style = style_of(settings, roadmap.pytest_args, settings_files.homes(roadmap, here.repository))
    return test_files.complaints(here.located.project, here.repository, roadmap.tests, memory, style)


def _parsing(here: Here, measured: Measured | None, now: Snapshot, complaints: Sequence[Complaint]) -> Parsing:
    """What the Python that measures says of the files that ours does not parse."""
    ours = "{}.{}".format(*sys.version_info[:2])
    theirs = here.roadmap.canonical or (measured.summary.provenance.leg.python if measured else ours)
    if theirs == ours or not VERSION.fullmatch(theirs):
        return Parsing(ours, ours)
    stopped = {*now.unparsed, *(one.path for one in complaints if one.text.startswith(NO_PARSE))}
    return Parsing(ours, theirs, interpreters.compiles(theirs, sorted(stopped), here.located.project))


def _gone(here: Here, now: Snapshot) -> dict[str, str]:
    """Modules of open phases' stories that are absent or not measured."""
    open_ = [(phase, one) for phase, one in here.roadmap.stories() if phase.closed is None]
    modules = [module for _, one in open_ for module in one.modules if module not in now.files]
    return {m: story.Presence.ABSENT if m not in now.present else "not measured" for m in modules}
