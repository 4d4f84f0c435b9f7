"""Evidence: a phase's, of any commit or at HEAD; and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from coverage_roadmap.adapters import git, no_git
from coverage_roadmap.adapters.records import Records
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.lazily import Lazily
from coverage_roadmap.core.measurement import Detail, Kind, Summary, Tree
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.roadmap import Phase, Roadmap
from coverage_roadmap.core.selection import PHASE_ZERO, of_phase, of_phase_zero
from coverage_roadmap.errors import NotMetError, RecordError, ToolError


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
    repository, commit = committed(here)
    head = head_tree(here)
    found = next(iter(at(here, phase, head)), None)
    if found is None:
        own = of_own_selection(here.roadmap, phase, here.records)
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
    return AtHead(found, detail, repository, commit)


def committed(here: Here) -> tuple[git.Repository, str]:
    """The repository and its HEAD, without which no run is evidence.

    Raises:
        NotMetError: the project is in no repository, or there is no commit.
        ToolError: git is not installed.
    """
    phase = here.roadmap.current
    if here.repository is None or here.repository.head is None:
        what = "there is no commit yet" if here.repository else no_git.reason()
        if what == no_git.MISSING:
            raise ToolError(f"{what}, so no run is evidence", where=phase.name, next_step="install git")
        raise NotMetError(f"{what}, so no run is evidence", where=phase.name, next_step="commit, then run the phase")
    return here.repository, here.repository.head


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


def of_own_selection(roadmap: Roadmap, phase: Phase, records: Records) -> Iterable[Summary]:
    """The phase's records of its present selection, less those that were narrowed by hand; newest first, and read as
    far as they are walked."""

    def walk() -> Iterator[Summary]:
        wanted = ""
        for record in records.of(phase.name):
            wanted = wanted or of_phase(roadmap, phase).hash
            if record.selection == wanted and not narrowing(record.provenance.arguments):
                yield record

    return Lazily(walk)


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


def of(here: Here, phase: Phase) -> Iterable[Summary]:
    """The phase's evidence, of any commit; newest first."""
    own = of_own_selection(here.roadmap, phase, here.records)
    return Lazily(lambda: (record for record in own if record.evidence))


def at(here: Here, phase: Phase, head: Tree | None) -> Iterable[Summary]:
    """The phase's evidence whose measured tree is `head`, the one as committed at HEAD; newest first."""
    own = of_own_selection(here.roadmap, phase, here.records)
    return Lazily(lambda: (record for record in own if record.evidence and record.tree == head))


def head_tree(here: Here) -> Tree | None:
    """The measured tree as committed at HEAD; None without a commit."""
    if here.repository is None:
        return None
    from coverage_roadmap.adapters import measured_tree  # of its imports those who read a report need none

    return measured_tree.look(here.roadmap, here.located.project, here.repository).head
