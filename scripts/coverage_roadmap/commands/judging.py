"""Judges a measurement: stories, exit criteria, the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_roadmap.adapters import git, store
from coverage_roadmap.core import criterion, site, story
from coverage_roadmap.core.measurement import FileFigures, Kind, Measurement, Summary
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.roadmap import BoardClosed, Phase, Roadmap, Threshold
from coverage_roadmap.core.selection import PHASE_ZERO, is_within, of_phase, of_phase_zero
from coverage_roadmap.core.tree import SETTINGS_FILES
from coverage_roadmap.core.verdict import Verdict
from coverage_roadmap.errors import RecordError


def judge(
    plan: Plan,
    measurement: Measurement,
    records: Sequence[Summary],
    cache: store.Store,
    repository: git.Repository | None,
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
        records: all that are known, newest first, this one included.
        cache: where they lie.
        repository: the project's; None where there is none.
        notes: what is said beside.
        record: where this record lies.
        interrupted: whether somebody stopped the run.
        history_error: why the record is not on the history branch.
    """
    files = measurement.detail.files
    existing = {m for _, s in plan.roadmap.stories() for m in s.modules if (cache.project / m).is_file()}
    if plan.story:
        shown = [(p, s) for p, s in plan.roadmap.stories() if s is plan.story]
    else:
        shown = [(plan.phase, s) for s in plan.phase.stories] if plan.phase else []
    verdicts: Sequence[Verdict] = ()
    if plan.phase and not plan.story:
        verdicts = criterion.judge_all(plan.phase.exit, facts(plan.roadmap, plan.phase, records, cache, repository))
    measured = bool(files)
    return Report(
        measurement=measurement,
        heading=plan.heading,
        gate=plan.gate,
        zero=newest_zero(plan.roadmap, records, measurement.summary) if plan.phase and not plan.story else None,
        modules=[m for p, s in shown for m in story.progress(p, s, files, existing)],
        hidden=story.hidden(plan.roadmap, files, existing, plan.story) if measured else (),
        criteria=verdicts,
        notes=notes,
        record=record,
        interrupted=interrupted,
        history_error=history_error,
    )


def facts(
    roadmap: Roadmap, phase: Phase, records: Sequence[Summary], cache: store.Store, repository: git.Repository | None
) -> criterion.Facts:
    """What the exit criteria of a phase are judged on."""
    wanted = (phase.name, of_phase(roadmap, phase).hash)
    own = [r for r in records if (r.phase, r.selection) == wanted and not narrowing(r.provenance.arguments)]
    own.sort(key=lambda r: r.provenance.started, reverse=True)
    branch = git.default_branch(repository, roadmap.default_branch) if repository else None
    commits = [r.provenance.commit for r in own if r.provenance.commit]
    reachable = git.reached(repository, branch, commits) if repository and branch else None
    return criterion.Facts(
        records=own,
        reachable=reachable,
        stories=_stories(roadmap, phase, records, cache, repository, branch),
        sites=_sites(roadmap, phase, repository),
    )


def newest_zero(roadmap: Roadmap, records: Sequence[Summary], beside: Summary) -> Summary | None:
    """Phase zero's newest full record of the present selection, on the leg and in the mode of `beside`."""
    wanted = of_phase_zero(roadmap).hash
    fitting = (
        r
        for r in records
        if (r.phase, r.selection, r.kind) == (PHASE_ZERO, wanted, Kind.FULL)
        and r.provenance.leg == beside.provenance.leg
        and r.scope.branch == beside.scope.branch
    )
    return max(fitting, key=lambda r: r.provenance.started, default=None)


def _stories(
    roadmap: Roadmap,
    phase: Phase,
    records: Sequence[Summary],
    cache: store.Store,
    repository: git.Repository | None,
    branch: str | None,
) -> dict[str, Verdict]:
    """Whether each story that a criterion of `phase` names is done."""
    wanted = {name for c in phase.exit if isinstance(c, BoardClosed) for name in c.stories}
    stories = [(p, s) for p, s in roadmap.stories() if s.id in wanted]
    tests = [test.split("::")[0] for _, s in stories for test in s.tests]
    committed = git.blobs_at(repository, branch, tests) if repository and branch and tests else {}
    verdicts = {}
    for owner, one in stories:
        evidence = next((r for r in records if r.phase == owner.name and r.evidence), None)
        at_tip = [test for test in one.tests if any(is_within(file, test.split("::")[0]) for file in committed)]
        files = _files(cache, evidence)
        verdicts[one.id] = story.done(owner, one, evidence, files, at_tip if branch else None)
    return verdicts


def _files(cache: store.Store, evidence: Summary | None) -> Mapping[str, FileFigures] | None:
    try:
        return cache.detail(evidence.id).files if evidence else None
    except RecordError:
        return None


def _sites(roadmap: Roadmap, phase: Phase, repository: git.Repository | None) -> list[site.Site] | None:
    """The sites that are known so far, as committed at HEAD."""
    if repository is None or repository.head is None or not any(isinstance(c, Threshold) for c in phase.exit):
        return None
    texts = git.contents_at(repository, repository.head, SETTINGS_FILES)
    found = [found for name, text in texts.items() for found in site.find(name, text)]
    return [*found, site.Site("the config's threshold", 0, roadmap.threshold, 0, 0)]
