"""Judges: what the exit criteria of a phase rest on, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_roadmap.adapters import git
from coverage_roadmap.adapters.reached import Reached, reached
from coverage_roadmap.commands import evidence
from coverage_roadmap.commands.base import default_branch, no_default
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import criterion, story
from coverage_roadmap.core.documentation import Recorded
from coverage_roadmap.core.leg import other_legs
from coverage_roadmap.core.measurement import Tree
from coverage_roadmap.core.roadmap import BoardClosed, DocumentedInPr, Phase, Story, Threshold
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.sites.site import Site
from coverage_roadmap.core.standing import PhaseStanding, stand
from coverage_roadmap.core.verdict import Verdict


def facts(here: Here, phase: Phase) -> criterion.Facts:
    """What the exit criteria of a phase are judged on."""
    own = evidence.of_own_selection(here.roadmap, phase, here.records)
    branch = default_branch(here)
    reachable = reached(here.repository, branch) if here.repository and branch else None
    wanted = {name for c in phase.exit if isinstance(c, BoardClosed) for name in c.stories}
    wants_sites = any(isinstance(c, Threshold) for c in phase.exit)
    documents = [c.stories for c in phase.exit if isinstance(c, DocumentedInPr)]
    return criterion.Facts(
        records=own,
        reachable=reachable,
        legs=other_legs(here.roadmap),
        unreached=no_default(here) if branch is None else "",
        stories=stories_done(here, [(p, s) for p, s in here.roadmap.stories() if s.id in wanted], branch),
        sites=_sites(here) if wants_sites else None,
        documented=_documented(here, reachable, documents) if documents else (),
    )


def _sites(here: Here) -> list[Site] | None:
    from coverage_roadmap.commands import surveying  # takes longer to import than to judge does, and few phases ask

    return surveying.committed_sites(here)


def _documented(here: Here, reachable: Reached | None, wanted: Sequence[Sequence[str]]) -> Sequence[Recorded]:
    """What pull requests documented, as the default branch knows it."""
    from coverage_roadmap.adapters import documentation  # as above

    kept = here.records.history
    told = documentation.read(kept, reachable, wanted) if kept else documentation.Documented()
    known = {error.line for error in here.records.unreadable}
    here.records.unreadable.extend(error for error in told.unreadable if error.line not in known)
    return told.recorded


def stories_done(here: Here, stories: Sequence[tuple[Phase, Story]], branch: str | None) -> dict[str, Verdict]:
    """Whether each story is done, by its id."""
    at_tip = tests_at(here, stories, branch)
    verdicts = {}
    for phase, one in stories:
        newest = next(iter(evidence.of(here, phase)), None)
        detail = here.detail(newest) if newest else None
        verdicts[one.id] = story.done(phase, one, detail, at_tip, no_default(here))
    return verdicts


def tests_at(here: Here, stories: Sequence[tuple[Phase, Story]], revision: str | None) -> set[str] | None:
    """Those of the stories' tests that are at a revision; None where that cannot be told."""
    if here.repository is None or revision is None:
        return None
    tests = {test: test.split("::")[0] for _, s in stories for test in s.tests}
    committed = git.blobs_at(here.repository, revision, sorted(set(tests.values())))
    return {test for test, path in tests.items() if any(is_within(file, path) for file in committed)}


def standing(here: Here, phase: Phase, head: Tree | None) -> PhaseStanding:
    """A phase, judged now; `head` is the measured tree as committed at HEAD."""
    return stand(phase, facts(here, phase), running=phase is here.roadmap.running, head=head)


def regressions(here: Here) -> list[str]:
    """What closed phases have lost since, by their newest records."""
    closed = [standing(here, phase, None) for phase in here.roadmap.phases if phase.closed]
    return [f"regression of {one.phase.name}: {one.regression}" for one in closed if one.regression]
