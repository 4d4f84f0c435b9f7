"""Evidence: the running phase's, at HEAD; and why there is none."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from coverage_roadmap.adapters import git
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.measurement import Detail, Summary, Tree
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.roadmap import Phase
from coverage_roadmap.errors import NotMetError, RecordError


class AtHead(Struct, frozen=True):
    """A phase's evidence, and the commit that it speaks for."""

    summary: Summary
    detail: Detail
    repository: git.Repository
    commit: str


def at_head(here: Here) -> AtHead:
    """The newest evidence at HEAD of the running phase, or of the last one where all are closed.

    Raises:
        NotMetError: there is none; with the reason.
        RecordError: its per-file part cannot be read.
    """
    phase = here.roadmap.current
    if here.repository is None or here.repository.head is None:
        what = "there is no commit yet" if here.repository else "the project is in no git repository"
        raise NotMetError(f"{what}, so no run is evidence", where=phase.name, next_step="commit, then run the phase")
    head = judging.head_tree(here)
    found = next(iter(judging.evidence_at(here, phase, head)), None)
    if found is None:
        own = judging.of_own_selection(here.roadmap, phase, here.records)
        raise NotMetError(
            f"there is no evidence of it at HEAD: {why_none(here, phase, own, head)}",
            where=phase.name,
            next_step=f"commit, then run it whole: nox -s {phase.name}",
        )
    detail = here.detail(found)
    if detail is None:
        raise RecordError(
            "its per-file part cannot be read", where=found.id, next_step=f"run it again: nox -s {phase.name}"
        )
    return AtHead(found, detail, here.repository, here.repository.head)


def why_none(here: Here, phase: Phase, own: Iterable[Summary], head: Tree | None) -> str:
    """Why none of a phase's records of its own selection is evidence of the tree `head`."""
    if newest := next(iter(own), None):
        if why := newest.why_no_evidence:
            return f"{why} ({newest.id})"
        changed = newest.tree.differs_in(head) if head else ["the commit"]
        return f"{newest.id} is stale, {' and '.join(changed)} changed since"
    other = next(iter(here.records.of(phase.name)), None)
    if other is None:
        return "no run is recorded"
    narrow = narrowing(other.provenance.arguments)
    told = f"narrowed by hand ({' '.join(narrow)})" if narrow else "of another selection of tests"
    return f"the newest run is {told} ({other.id})"
