"""Gathers what a pull request's summary tells. What cannot be told is left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from coverage_roadmap.adapters import files, git, git_diff
from coverage_roadmap.adapters.reached import reached
from coverage_roadmap.commands import evidence, judging
from coverage_roadmap.commands.base import Base, base_of, default_branch, roadmap_at
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, home_of
from coverage_roadmap.core import pr_summary
from coverage_roadmap.core.hunk import FileDiff
from coverage_roadmap.core.measurement import FORMAT, Detail, Summary
from coverage_roadmap.core.patch import Patch
from coverage_roadmap.core.pr_summary import Documented, Missed, PrSummary, Side
from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.text import many
from coverage_roadmap.errors import UsageError

if TYPE_CHECKING:
    from coverage_roadmap.adapters import measured_tree

_LOOKED_AT = 200
"""So many of the newest records may be the merge base's."""


class _After(Struct, frozen=True):
    """What was measured after, and of which side of the change it speaks."""

    side: Side | None
    detail: Detail | None
    why: str = ""
    at_head: bool = False
    """Whether it speaks of HEAD, and not of the work tree."""


def gather(context: Context, here: Here, since: str, coverage: str) -> PrSummary:
    """All that the summary tells, but for the check's findings and the gate.

    Args:
        context: the caller's.
        here: the config, the repository and the records.
        since: a revision; empty for the merge base with the default branch.
        coverage: a coverage.json; empty for the newest record of the tree.

    Raises:
        UsageError: there is no such revision or file.
        RecordError: the coverage.json cannot be read.
    """
    roadmap = here.roadmap
    base = base_of(here, since)
    seen = None if coverage else _seen(here)
    if seen:
        after = _recorded(here, here.roadmap.current, seen)
        diffs = _diffs(here, base, at_head=after.at_head)
    else:
        diffs = _diffs(here, base, at_head=False)
        after = _reported(context, here, coverage, diffs)
    before, no_before = _before(here, base)
    side = after.side
    found = pr_summary.judge_patch(diffs, side, here.roadmap.source) if side and base.commit else None
    return PrSummary(
        base=base.commit,
        head=here.repository.head if here.repository else None,
        before=before,
        no_before=no_before,
        after=side,
        no_after=after.why,
        patch=found,
        no_patch=base.why or after.why,
        modules=pr_summary.modules(here.roadmap, diffs, before, side, found) if side else (),
        missed=list(_missed(context, here, found)) if found else (),
        below=here.roadmap.dip_below,
        standing=_standing(here, seen),
        documented=[_document(here, seen, after, *asked) for asked in pr_summary.asked_for(roadmap, diffs)],
        warnings=[*pr_summary.warnings(before, side, found), *_warnings(context, here, coverage, after, diffs)],
    )


def _seen(here: Here) -> measured_tree.Seen:
    from coverage_roadmap.adapters import measured_tree  # of its imports a coverage.json needs none

    return measured_tree.look(here.roadmap, here.located.project, here.repository)


def _diffs(here: Here, base: Base, *, at_head: bool) -> list[FileDiff]:
    if here.repository is None or base.commit is None:
        return []
    return git_diff.between(here.repository, base.commit, here.repository.head if at_head else None)


def _reported(context: Context, here: Here, coverage: str, diffs: Sequence[FileDiff]) -> _After:
    path = context.folder / coverage
    if not path.is_file():
        raise UsageError("is no file", where=f"--coverage {coverage}", next_step="make it: coverage json")
    from coverage_roadmap.adapters import coverage_lines  # of its imports a record needs none

    wanted = {diff.new for diff in diffs if diff.new}
    wanted |= {module for _, story in pr_summary.asked_for(here.roadmap, diffs) for module in story.modules}
    read = coverage_lines.read(path, coverage, here.repository, here.located.project, wanted)
    if not read.files:
        return _After(None, None, f"{coverage} holds no file")
    return _After(Side(coverage, read.files, read.branch), Detail(FORMAT, read.files))


def _recorded(here: Here, phase: Phase, seen: measured_tree.Seen) -> _After:
    """The newest full record of the present tree, else of HEAD's."""
    own = evidence.of_own_selection(here.roadmap, phase, here.records)
    full = [r for r in islice(own, _LOOKED_AT) if r.whole]
    fitting = [record for tree in (seen.now, seen.head) for record in full if record.tree == tree]
    if not fitting:
        return _After(None, None, evidence.why_none(here, phase, own, seen.now))
    record = fitting[0]
    detail = here.detail(record)
    if detail is None:
        return _After(None, None, f"the per-file part of {record.id} cannot be read")
    at_head = record.tree != seen.now
    of = "HEAD" if record.tree == seen.head else "the work tree, which is not what is committed"
    return _After(_side(record, detail, of), detail, at_head=at_head)


def _side(record: Summary, detail: Detail, of: str) -> Side:
    made = record.provenance
    version = made.versions.get("coverage", "")
    scope = record.scope
    return Side(record.id, detail.files, scope.branch, of, scope, record.selection, made.leg.python, version)


def _before(here: Here, base: Base) -> tuple[Side | None, str]:
    """The evidence of the merge base, else the newest on the default branch."""
    phase = here.roadmap.current
    records = islice(evidence.of_own_selection(here.roadmap, phase, here.records), _LOOKED_AT)
    if here.repository is None or base.commit is None:
        return None, base.why
    own = [record for record in records if record.evidence]
    if not own:
        return None, f"no evidence of {phase.name} is recorded"
    from coverage_roadmap.adapters import measured_tree  # only once there is a record to compare

    tree = measured_tree.at(roadmap_at(here, here.repository, base.commit), here.repository, base.commit)
    branch = default_branch(here)
    reachable = reached(here.repository, branch) if branch else ()
    at_base = [r for r in own if r.tree == tree or r.provenance.commit == base.commit]
    chosen = at_base[0] if at_base else next((r for r in own if r.provenance.commit in reachable), None)
    if chosen is None:
        return None, "no evidence of the merge base, or of another commit of the default branch, is recorded"
    detail = here.detail(chosen)
    if detail is None:
        return None, f"the per-file part of {chosen.id} cannot be read"
    at = f"{(chosen.provenance.commit or '')[:8]}, the newest on the default branch, not the merge base"
    return _side(chosen, detail, "the merge base" if at_base else at), ""


def _missed(context: Context, here: Here, found: Patch) -> Iterator[Missed]:
    """Changed lines that are not covered, with their addresses."""
    repository = here.repository
    if repository is None or repository.head is None:
        return
    home = home_of(context, repository)
    for file in found.files:
        path = f"{repository.prefix}{file.path}"
        for first, last in file.missed:
            url = home.lines(repository.head, path, first, last) if home else ""
            yield Missed(file.path, first, last, url)


def _standing(here: Here, seen: measured_tree.Seen | None) -> PhaseStanding | None:
    """The running phase's. Whether its evidence is stale is looked at only where there is a record."""
    running = here.roadmap.running
    if running is None:
        return None
    known = next(iter(evidence.of_own_selection(here.roadmap, running, here.records)), None)
    head = seen.head if seen else evidence.head_tree(here) if known else None
    return judging.standing(here, running, head)


def _document(here: Here, seen: measured_tree.Seen | None, after: _After, phase: Phase, story: Story) -> Documented:
    """A story's part, by the coverage.json or else by its own phase's record."""
    known = after if seen is None or phase is here.roadmap.current else _recorded(here, phase, seen)
    paths = {*story.modules, *(test.split("::")[0] for test in story.tests)}
    return pr_summary.document(phase, story, known.detail, {p for p in paths if (here.located.project / p).exists()})


def _warnings(context: Context, here: Here, coverage: str, after: _After, diffs: Sequence[FileDiff]) -> Iterator[str]:
    if after.at_head:
        yield "HEAD was measured, and the work tree is not HEAD: what is not committed is left out"
    elif here.repository and (new := git.untracked(here.repository, here.roadmap.source)):
        yield f"{many(len(new), 'new file')} left out, since git does not know them, such as {new[0]}: git add -N"
    if coverage:
        names = [diff.new for diff in diffs if diff.new]
        late = files.newer(here.located.project, names, context.folder / coverage)
        if late:
            yield f"{coverage} is older than {many(len(late), 'changed file')}, such as {late[0]}: it may be stale"
    yield from here.records.notes
