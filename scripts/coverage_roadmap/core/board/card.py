"""Cards: what a card says, and in which column it stands, by evidence.

A card's key is the story's id, or, for a module that no story holds, the module's path; no path of a module is an id,
which has neither a point nor a slash. So a story goes on as the same card whatever becomes of its modules. Where git
knows that a module was renamed (`core.board.changes`), its card names the former paths too: whoever kept the card
under one of these finds it again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import PurePosixPath

from msgspec import Struct, field

from coverage_roadmap.core.board.delta import Delta
from coverage_roadmap.core.board.prospect import Prospect
from coverage_roadmap.core.board.work import NOTHING, PullRequest, Snippet, Tracked, Work, brings
from coverage_roadmap.core.branch import Branch
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.roadmap import Closed, Phase, Story
from coverage_roadmap.core.verdict import Answer, Verdict

_NAMED = 3
"""So many branches are named on a card."""
_PHASE = regex(r"phase_?([0-9]+)")


class Column(StrEnum):
    """The columns of the board, from left to right."""

    BACKLOG = "Backlog"
    IN_PROGRESS = "In Progress"
    READY_FOR_REVIEW = "Ready for Review"
    DONE = "Done"


class Card(Struct, frozen=True):
    """A story, or a module that no story holds, with its column and the evidence for it."""

    key: str
    phase: str
    """The story's, or the running one."""
    story: Story | None
    modules: tuple[str, ...]
    column: Column
    evidence: tuple[str, ...]
    """Why it stands there; the first decided."""
    labels: tuple[str, ...]
    owner: str = ""
    """The story's, else the tracker's first assignee."""
    branch: Branch | None = None
    """The one that works on it; of several that which is furthest."""
    pull: PullRequest | None = None
    url: str = ""
    """Where its ticket can be looked at."""
    snippet: Snippet | None = None
    """What the branch's own measurement says."""
    prospect: Prospect | None = None
    """What it would bring to cover its modules; None where that is not looked at, or cannot be told."""
    delta: Delta | None = None
    """What the story brought; None where it is not done."""
    suggested: tuple[str, ...] = ()
    """Owners of its modules by CODEOWNERS."""
    formerly: tuple[str, ...] = ()
    """Paths that its module had before, the newest first."""

    @property
    def reason(self) -> str:
        """What decided."""
        return self.evidence[0]


class Known(Struct, frozen=True):
    """What is known of a story."""

    phase: Phase
    story: Story
    done: Verdict
    """Whether it is done, by its last evidence and the default branch's tip."""
    works: Sequence[Work] = ()
    at_tip: Collection[str] = field(default_factory=frozenset)
    """Which of its tests are at the tip of the default branch."""
    tracked: Tracked = NOTHING


def of_story(known: Known) -> Card:
    """The card of a story, in its column: Done by the verdict, or by the record that closed its phase; else where its
    branches, its pull request and its owner put it. A draft pull request says that it is not ready."""
    phase, story, tracked = known.phase, known.story, known.tracked
    works = sorted(known.works, key=lambda work: _rank(work, known))
    best = works[0] if works else None
    column, evidence = _place(known, works)
    return Card(
        key=story.id,
        phase=phase.name,
        story=story,
        modules=tuple(story.modules),
        column=column,
        evidence=tuple(evidence),
        labels=labels(phase, story.modules),
        owner=_owner(story, tracked),
        branch=best.branch if best and column is not Column.DONE else None,
        pull=tracked.pull,
        url=tracked.url,
        snippet=best.snippet if best and column is Column.READY_FOR_REVIEW else None,
    )


def _owner(story: Story, tracked: Tracked) -> str:
    return story.owner or next(iter(tracked.assignees), "")


def _rank(work: Work, known: Known) -> tuple[bool, bool, float, str]:
    """The furthest branch first: ready, then named by the pattern, then moved last."""
    latest = work.branch.latest.moment
    ready = work.is_ready(known.story, known.at_tip)
    return not ready, not work.fits, -latest.timestamp() if latest else 0.0, work.branch.name


def _place(known: Known, works: Sequence[Work]) -> tuple[Column, list[str]]:
    story, done, pull = known.story, known.done, known.tracked.pull
    if known.phase.closed:
        since = [f"since then: {done.reason}"] if done.answer is Answer.NOT_MET else []
        return Column.DONE, [_closed(known.phase.name, known.phase.closed), *since]
    if done.answer is Answer.MET:
        return Column.DONE, [done.reason]
    draft = pull is not None and pull.draft
    lacks = f"not done: {done.reason}"
    if works and works[0].is_ready(story, known.at_tip) and not draft:
        first = works[0]
        measured = first.snippet.told if first.snippet else f"unknown: {first.unmeasured}"
        told = [f"its tests are on {first.branch.name}", f"coverage there {measured}"]
        return Column.READY_FOR_REVIEW, [*told, *_pulled(pull), *_told(works[1:]), lacks]
    if pull and brings(pull, story, known.at_tip):
        unknown = f"coverage there unknown: {pull.branch} was not measured here"
        return Column.READY_FOR_REVIEW, [f"its tests are in {pull.told}", unknown, *_told(works), lacks]
    if works or pull:
        return Column.IN_PROGRESS, [*_told(works), *_pulled(pull), lacks]
    owner = _owner(story, known.tracked)
    if owner and story.design:
        return Column.IN_PROGRESS, [f"{owner} has a test design", lacks]
    idle = [f"{owner} has it, without a branch or a test design"] if owner else []
    return Column.BACKLOG, [done.reason, *idle]


def _closed(phase: str, closed: Closed) -> str:
    return f"{phase} was closed on {closed.on:%Y-%m-%d} at {closed.commit[:8]} by {closed.record}"


def _pulled(pull: PullRequest | None) -> list[str]:
    return [pull.told] if pull else []


def _told(works: Sequence[Work]) -> list[str]:
    more = len(works) - _NAMED
    return [*(work.told for work in works[:_NAMED]), *([f"so do {more} more"] if more > 0 else [])]


def of_module(path: str, told: str, phase: Phase, tracked: Tracked) -> Card:
    """The card of a module that no story holds.

    Args:
        path: the module.
        told: its figure beside the bound, in words.
        phase: the running one.
        tracked: what a tracker knows of the card.
    """
    pull = tracked.pull
    column = Column.IN_PROGRESS if pull else Column.BACKLOG
    owner = next(iter(tracked.assignees), "")
    return Card(
        key=path,
        phase=phase.name,
        story=None,
        modules=(path,),
        column=column,
        evidence=(*_pulled(pull), told, "no story holds it"),
        labels=labels(phase, [path]),
        owner=owner,
        pull=pull,
        url=tracked.url,
    )


def labels(phase: Phase, modules: Sequence[str]) -> tuple[str, ...]:
    """A card's labels: the phase's, by default `coverage-phase-3` for `phase3`, and for each module such as
    `prediction_service.py` one like `module:prediction-service`."""
    numbered = _PHASE.fullmatch(phase.name)
    usual = f"coverage-phase-{numbered[1]}" if numbered else f"coverage-{phase.name.replace('_', '-')}"
    return tuple(dict.fromkeys([phase.label or usual, *(f"module:{_name(module)}" for module in modules)]))


def _name(module: str) -> str:
    """A package is named by its folder."""
    path = PurePosixPath(module)
    name = path.parent.name if path.stem in ("__init__", "__main__") and path.parent.name else path.stem
    return name.replace("_", "-")
