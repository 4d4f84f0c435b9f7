"""Judges: what the exit criteria of a phase rest on, and the report of a run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import config_file, documentation, git, measured_tree, site_files
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.adapters.reached import Reached, reached
from coverage_roadmap.adapters.records import Records
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import criterion, story
from coverage_roadmap.core.baseline import Identity
from coverage_roadmap.core.documentation import Recorded
from coverage_roadmap.core.lazily import Lazily
from coverage_roadmap.core.measurement import Kind, Measurement, Summary, Tree
from coverage_roadmap.core.next_step import next_step
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.roadmap import BoardClosed, DocumentedInPr, Phase, Roadmap, Story, Threshold
from coverage_roadmap.core.selection import PHASE_ZERO, is_within, of_phase, of_phase_zero
from coverage_roadmap.core.sites.site import Found, Site, Unclear
from coverage_roadmap.core.sites.survey import survey
from coverage_roadmap.core.standing import PhaseStanding, stand
from coverage_roadmap.core.verdict import Verdict
from coverage_roadmap.errors import ConfigError


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
        verdicts = criterion.judge_all(plan.phase.exit, facts(here, plan.phase))
    modules = [m for p, s in shown for m in story.progress(p, s, figures, existing)]
    whole = plan.phase and not plan.story
    return Report(
        measurement=measurement,
        heading=plan.heading,
        gate=plan.gate,
        zero=newest_zero(plan.roadmap, here.records, measurement.summary) if whole else None,
        modules=[m if figures else replace(m, presence=story.Presence.UNKNOWN) for m in modules],
        hidden=story.hidden(plan.roadmap, figures, existing, plan.story) if figures else (),
        criteria=verdicts,
        towards_exit=next_step(plan.phase, verdicts) if plan.phase and verdicts else "",
        notes=[*notes, *regressions(here)],
        record=record,
        interrupted=interrupted,
        history_error=history_error,
    )


def facts(here: Here, phase: Phase) -> criterion.Facts:
    """What the exit criteria of a phase are judged on."""
    own = of_own_selection(here.roadmap, phase, here.records)
    branch = default_branch(here)
    reachable = reached(here.repository, branch) if here.repository and branch else None
    wanted = {name for c in phase.exit if isinstance(c, BoardClosed) for name in c.stories}
    wants_sites = any(isinstance(c, Threshold) for c in phase.exit)
    documents = [c.stories for c in phase.exit if isinstance(c, DocumentedInPr)]
    return criterion.Facts(
        records=own,
        reachable=reachable,
        stories=stories_done(here, [(p, s) for p, s in here.roadmap.stories() if s.id in wanted], branch),
        sites=committed_sites(here) if wants_sites else None,
        documented=_documented(here, reachable, documents) if documents else (),
    )


def _documented(here: Here, reachable: Reached | None, wanted: Sequence[Sequence[str]]) -> Sequence[Recorded]:
    """What pull requests documented, as the default branch knows it."""
    kept = here.records.history
    told = documentation.read(kept, reachable, wanted) if kept else documentation.Documented()
    known = {error.line for error in here.records.unreadable}
    here.records.unreadable.extend(error for error in told.unreadable if error.line not in known)
    return told.recorded


def of_own_selection(roadmap: Roadmap, phase: Phase, records: Records) -> Iterable[Summary]:
    """The phase's records of its present selection, less those that were narrowed by hand; newest first, and read as
    far as they are walked."""
    wanted, own = of_phase(roadmap, phase).hash, records.of(phase.name)
    return Lazily(lambda: (r for r in own if r.selection == wanted and not narrowing(r.provenance.arguments)))


def default_branch(here: Here) -> str | None:
    """The default branch as a revision; None where it cannot be told.

    A config on another branch does not choose what it is compared with: the config on the branch that git takes for the
    default says which one is.
    """
    return here.once(_default_branch)


def _default_branch(here: Here) -> str | None:
    if here.repository is None:
        return None
    configured = here.roadmap.default_branch
    if configured and (usual := git.default_branch(here.repository, "")):
        with contextlib.suppress(ConfigError):
            settled = config_file.at(here.repository, usual, here.located.file)
            configured = settled.default_branch if settled else configured
    return git.default_branch(here.repository, configured)


def roadmap_at(here: Here, repository: git.Repository, commit: str) -> Roadmap:
    """The config at a commit; the present one where there was none, or none that can be read."""
    try:
        return config_file.at(repository, commit, here.located.file) or here.roadmap
    except ConfigError:
        return here.roadmap


def newest_zero(roadmap: Roadmap, records: Records, beside: Summary) -> Summary | None:
    """Phase zero's newest full record of the present selection, on the leg and in the mode of `beside`."""
    wanted = of_phase_zero(roadmap).hash
    fitting = (
        r
        for r in records.of(PHASE_ZERO)
        if (r.selection, r.kind) == (wanted, Kind.FULL)
        and r.provenance.leg == beside.provenance.leg
        and r.scope.branch == beside.scope.branch
    )
    return next(fitting, None)


def stories_done(here: Here, stories: Sequence[tuple[Phase, Story]], branch: str | None) -> dict[str, Verdict]:
    """Whether each story is done, by its id."""
    at_tip = tests_at(here, stories, branch)
    verdicts = {}
    for phase, one in stories:
        evidence = next(iter(evidence_of(here, phase)), None)
        detail = here.detail(evidence) if evidence else None
        verdicts[one.id] = story.done(phase, one, detail, at_tip)
    return verdicts


def evidence_of(here: Here, phase: Phase) -> Iterable[Summary]:
    """The phase's evidence, of any commit; newest first."""
    own = of_own_selection(here.roadmap, phase, here.records)
    return Lazily(lambda: (record for record in own if record.evidence))


def tests_at(here: Here, stories: Sequence[tuple[Phase, Story]], revision: str | None) -> set[str] | None:
    """Those of the stories' tests that are at a revision; None where that cannot be told."""
    if here.repository is None or revision is None:
        return None
    tests = {test: test.split("::")[0] for _, s in stories for test in s.tests}
    committed = git.blobs_at(here.repository, revision, sorted(set(tests.values())))
    return {test for test, path in tests.items() if any(is_within(file, path) for file in committed)}


class Surveyed(Struct, frozen=True):
    """The files that may hold sites, and what they hold of this project's."""

    texts: dict[str, str]
    found: Found


def present_sites(here: Here) -> Surveyed:
    """The sites as they lie there."""
    return _surveyed(here, site_files.present(here.located, here.repository, _ignored(here.roadmap)))


def committed_sites(here: Here) -> list[Site] | None:
    """The sites as committed at HEAD; None without a commit."""
    return here.once(_committed_sites)


def _committed_sites(here: Here) -> list[Site] | None:
    if here.repository is None or here.repository.head is None:
        return None
    committed = site_files.at(here.located, here.repository, here.repository.head, _ignored(here.roadmap))
    return list(_surveyed(here, committed).found.sites)


def _surveyed(here: Here, read: site_files.SiteFiles) -> Surveyed:
    own = site_files.own_names(here.located, here.repository)
    phases = frozenset(phase.name for phase in here.roadmap.phases)
    tests = tuple(here.roadmap.tests)
    found = _survey(tuple(read.texts.items()), read.outside, own, phases, config_name(here.located), tests)
    unread = [Unclear(os.path.relpath(one.where, here.located.project), 0, one.what) for one in read.unreadable]
    return Surveyed(read.texts, replace(found, unclear=(*found.unclear, *unread)))


@lru_cache(maxsize=2)
def _survey(
    texts: tuple[tuple[str, str], ...],
    outside: frozenset[str],
    own: frozenset[str],
    phases: frozenset[str],
    config: str,
    tests: tuple[str, ...],
) -> Found:
    """What lies there is mostly what is committed, and is looked through once."""
    return survey(dict(texts), outside, own, phases, config, tests)


def _ignored(roadmap: Roadmap) -> list[str]:
    return [one.path for one in roadmap.check.ignore if not one.rules]


def config_name(located: Located) -> str:
    """The config file, relative to the project."""
    return os.path.relpath(located.file, located.project)


def identity(located: Located, repository: git.Repository) -> Identity:
    """Which project a baseline is of, as it says itself."""
    file, top = located.file, repository.top
    config = file.relative_to(top).as_posix() if file.is_relative_to(top) else file.name
    return Identity(repository.prefix.rstrip("/") or ".", config)


def standing(here: Here, phase: Phase, head: Tree | None) -> PhaseStanding:
    """A phase, judged now; `head` is the measured tree as committed at HEAD."""
    return stand(phase, facts(here, phase), running=phase is here.roadmap.running, head=head)


def regressions(here: Here) -> list[str]:
    """What closed phases have lost since, by their newest records."""
    closed = [standing(here, phase, None) for phase in here.roadmap.phases if phase.closed]
    return [f"regression of {one.phase.name}: {one.regression}" for one in closed if one.regression]


def evidence_at(here: Here, phase: Phase, head: Tree | None) -> Iterable[Summary]:
    """The phase's evidence whose measured tree is `head`, the one as committed at HEAD; newest first."""
    own = of_own_selection(here.roadmap, phase, here.records)
    return Lazily(lambda: (record for record in own if record.evidence and record.tree == head))


def head_tree(here: Here) -> Tree | None:
    """The measured tree as committed at HEAD; None without a commit."""
    return measured_tree.look(here.roadmap, here.located.project, here.repository).head if here.repository else None
