"""Gathers what the board is made of, beside the stories' cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from coverage_roadmap.adapters import codeowners, commits, git
from coverage_roadmap.commands import evidence
from coverage_roadmap.commands.base import default_branch
from coverage_roadmap.commands.carding import LOOKED_AT, stories_cards
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import board as core
from coverage_roadmap.core.board import Board, Card, Column, Delta, Figures, Tracked
from coverage_roadmap.core.board.changes import Changes, count
from coverage_roadmap.core.board.delta import began, delta
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.text import many

PERIOD = "90d"
"""In which changes are counted, unless said otherwise."""


def whole(here: Here, period: Period, tracked: Mapping[str, Tracked], notes: Sequence[str] = ()) -> Board:
    """The whole board.

    Args:
        here: the config, the repository and the records.
        period: in which changes of files are counted.
        tracked: what a tracker knows, by the cards' keys; empty without one.
        notes: what is said beside, of the tracker.

    Raises:
        ToolError: git failed.
    """
    own = stories_cards(here, tracked)
    figures, cut = _figures(here, period)
    every = [*own.cards, *core.loose(here.roadmap, here.roadmap.current, figures, tracked)]
    stories = {story.id: (phase, story) for phase, story in here.roadmap.stories()}
    deltas = {card.key: _delta(here, *stories[card.key]) for card in every if card.column is Column.DONE}
    suggested, unread = _suggested(here, every)
    bad = here.records.notes
    return core.assemble(every, figures, deltas, suggested, [*notes, *own.notes, *cut, *unread, *bad])


def _figures(here: Here, period: Period) -> tuple[Figures, list[str]]:
    """What the Backlog is ranked by, and what is said beside."""
    phase = here.roadmap.current
    own = evidence.of_own_selection(here.roadmap, phase, here.records)
    record = next((one for one in own if one.whole), None)
    detail = here.detail(record) if record else None
    changes, cut = _changes(here, here.repository, period) if here.repository else (None, [])
    known = Figures(None, changes=changes, period=period.words)
    if record is None:
        return replace(known, lacking=f"no full run of {phase.name} on the canonical leg is recorded"), cut
    if detail is None:
        return replace(known, lacking=f"the per-file part of {record.id} cannot be read"), cut
    return replace(known, files=detail.files, record=record.id), cut


def _changes(here: Here, repository: git.Repository, period: Period) -> tuple[Changes | None, list[str]]:
    """How often files changed on the default branch, else on what is checked out."""
    start = default_branch(here) or repository.head
    if start is None:
        return None, []
    if git.is_shallow(repository):
        return None, ["how often files change is unknown in this shallow clone: git fetch --unshallow"]
    walked = list(commits.since(repository, start, period.since, here.roadmap.source))
    cut = [f"changes are those of the newest {many(commits.MOST, 'commit')} alone"]
    return count(walked), cut if len(walked) >= commits.MOST else []


def _suggested(here: Here, cards: Sequence[Card]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Who owns the modules of open cards by CODEOWNERS; and what is wrong with that file."""
    start = default_branch(here) or (here.repository.head if here.repository else None)
    if here.repository is None or start is None:
        return {}, []
    paths = {module for card in cards if card.column is not Column.DONE for module in card.modules}
    found, wrong = codeowners.suggest(here.repository, start, sorted(paths))
    return found, [wrong] if wrong else []


def _delta(here: Here, phase: Phase, story: Story) -> Delta:
    """What a done story brought: its phase's last evidence beside the last one in which none of its tests passed, else
    beside phase zero, which runs no story's tests."""
    every = list(islice(evidence.of(here, phase), LOOKED_AT))
    after = every[0] if every else None
    if after is None:
        return delta(story, None, None)
    alike = [one for one in every if one.scope.branch == after.scope.branch]
    before = _before(here, story, alike) or evidence.newest_zero(here.roadmap, here.records, after)
    return delta(story, _read(here, before), _read(here, after))


def _before(here: Here, story: Story, records: Sequence[Summary]) -> Summary | None:
    """The newest of the records from before the story's tests passed, found in few steps; None where there is none."""
    low, high = 0, len(records)
    while low < high:
        middle = (low + high) // 2
        detail = here.detail(records[middle])
        if detail and began(story, detail):
            low = middle + 1
        else:
            high = middle
    return records[low] if low < len(records) else None


def _read(here: Here, record: Summary | None) -> tuple[str, Detail] | None:
    detail = here.detail(record) if record else None
    return (record.id, detail) if record and detail else None
