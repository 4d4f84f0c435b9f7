"""What is said beside a measurement and fails nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coverage_roadmap.adapters import git, junit, measured_tree, no_git
from coverage_roadmap.core import outcome, selection
from coverage_roadmap.core.measurement import Kind, Outcomes
from coverage_roadmap.core.plan import Plan
from coverage_roadmap.core.text import many, named, plain
from coverage_roadmap.errors import RecordError

if TYPE_CHECKING:
    from coverage_roadmap.adapters.supervision import Ended


def notes_of(
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


def second_witness(path: Path, result: Outcomes, kind: Kind) -> list[str]:
    """Whether pytest's own JUnit XML can be read and names as many tests as had an outcome."""
    if kind in (Kind.FAILED, Kind.TIMED_OUT):
        return []
    try:
        tests = junit.count_tests(path)
    except RecordError as error:
        return [f"JUnit XML: {error} (the figures do not rest on it)"]
    ran = result.collected - len(result.not_run)
    return [f"JUnit XML names {tests} tests, {ran} had an outcome"] if tests < ran else []
