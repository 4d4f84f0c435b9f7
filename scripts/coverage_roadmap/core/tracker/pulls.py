"""Pull requests: which cards they work on, and what a tracker thereby tells the board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from coverage_roadmap.core.board.work import NOTHING, PullRequest, Tracked, touched
from coverage_roadmap.core.roadmap import Story
from coverage_roadmap.core.tracker.ticket import Ticket, is_at, key_of, stands


class Pull(Struct, frozen=True):
    """An open pull request."""

    branch: str
    draft: bool
    url: str
    files: tuple[str, ...]
    """What it adds or changes, from the repository's top."""


class Told(Struct, frozen=True):
    """What a tracker tells board and stand-up."""

    tracked: Mapping[str, Tracked] = field(default_factory=dict)
    """By the cards' keys."""
    columns: Mapping[str, int] | None = None
    """How many open tickets stand in each column; None where that is unknown, or there is no tracker."""
    name: str = ""
    """The tracker's; empty without one."""
    unknown: str = ""
    """Why nothing is known; empty where something is, or there is no tracker."""

    @property
    def notes(self) -> list[str]:
        """What is said beside."""
        return [f"what {self.name} knows is unknown: {self.unknown}"] if self.unknown else []


def told(
    name: str, tickets: Sequence[Ticket], pulls: Sequence[Pull], stories: Sequence[Story], pattern: str, place: str
) -> Told:
    """What a tracker tells.

    Args:
        name: the tracker's.
        tickets: the open ones.
        pulls: the open ones, the newest first.
        stories: the roadmap's.
        pattern: how branches are named that work on a story.
        place: the project's folder in the repository, with a slash at its end, or empty.
    """
    tracked: dict[str, Tracked] = {}
    columns: dict[str, int] = {}
    for ticket in sorted(tickets, key=lambda one: -one.number):  # of several of one card the oldest has the last word
        if is_at(ticket.mark, place) and (key := key_of(ticket.mark)):
            tracked[key] = Tracked(ticket.assignees, url=ticket.url)
            column = stands(ticket, "" if not ticket.column else "own") or "no column"
            columns[column] = columns.get(column, 0) + 1
    for key, pull in _of_cards(pulls, stories, pattern, place):
        before = tracked.get(key, NOTHING)
        if before.pull is None or (before.pull.draft and not pull.draft):
            tracked[key] = replace(before, pull=pull)
    return Told(tracked, columns, name)


def _of_cards(
    pulls: Sequence[Pull], stories: Sequence[Story], pattern: str, place: str
) -> Iterator[tuple[str, PullRequest]]:
    """The pull requests of each card: of stories those that the pattern names come first."""
    held = {module for story in stories for module in story.modules}
    made = [(one, _within(one, place)) for one in pulls]
    for story in stories:
        named = pattern.replace("{story}", story.id)
        yield from ((story.id, pull) for one, pull in made if one.branch == named)
        yield from ((story.id, pull) for _, pull in made if touched(story, pull.files))
    yield from ((path, pull) for _, pull in made for path in pull.files if path.endswith(".py") and path not in held)


def _within(pull: Pull, place: str) -> PullRequest:
    files: Iterable[str] = (path[len(place) :] for path in pull.files if path.startswith(place))
    return PullRequest(pull.branch, pull.draft, pull.url, frozenset(files))
