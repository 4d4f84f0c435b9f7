"""The board as data for machines. The types are the published format: the JSON Schema is made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from coverage_roadmap.core import board
from coverage_roadmap.core.board.prospect import Prospect
from coverage_roadmap.core.board.work import Snippet
from coverage_roadmap.core.branch import Dated
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.render import figures
from coverage_roadmap.render.board import address

Count = Annotated[int, msgspec.Meta(ge=0)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Points = Annotated[float, msgspec.Meta(ge=-100, le=100)]


class Branch(msgspec.Struct, frozen=True):
    """The branch that works on a card."""

    name: str
    url: str | None
    """Where it, or its pull request, can be looked at; null where that is not known."""
    latest: str | None
    """When its newest commit was made, ISO 8601 in UTC; null where that is not known."""


class Module(msgspec.Struct, frozen=True):
    """A module in a branch's own measurement."""

    path: str
    percent: Percent | None
    """Rounded down to two decimals; null where it was not measured, or there is nothing to cover."""
    target: Percent
    """What it is to reach."""


class Measured(msgspec.Struct, frozen=True):
    """What a branch's own measurement says."""

    record: str
    kind: Literal["full", "partial", "timed-out", "failed"]
    passed: Count
    """Tests."""
    modules: list[Module]


class Gain(msgspec.Struct, frozen=True):
    """What it would bring to cover a card's modules."""

    missed: Count
    """Lines, and branches where they are measured."""
    points: Points
    """What the total would rise by, rounded down."""
    changes: Count | None
    """Commits of the period that changed a module, summed; null where that is not known."""
    gain: Annotated[float, msgspec.Meta(ge=0)]
    """By which the Backlog is ranked: the points, each module's times 1 + its changes / the most changes of a file."""


class Delta(msgspec.Struct, frozen=True):
    """What a done story brought to its modules, joined."""

    before: Percent | None
    after: Percent | None
    points: Points | None
    """What their percentage moved by, towards zero; null where that is not known."""
    lines: int | None
    """How many more lines (and branches) are covered; null where that is not known."""
    records: list[str]
    """The two records; none where it is unknown."""
    unknown: str | None
    """Why it is not known; null where it is."""


class Card(msgspec.Struct, frozen=True):
    """A story, or a module that no story holds."""

    key: str
    """The same for as long as the card lives: the story's id, else the module's path."""
    formerly: list[str]
    """Paths that its module had before, the newest first; the same card had these as its key."""
    phase: str
    story: str | None
    """The story's id; null where no story holds the module."""
    modules: list[str]
    column: Literal["Backlog", "In Progress", "Ready for Review", "Done"]
    evidence: list[str]
    """Why it stands there; the first decided."""
    labels: list[str]
    owner: str | None
    """Who has taken it, by the config or the tracker."""
    design: str | None
    """Where its test design is, by the config."""
    suggested: list[str]
    """Owners of its modules by CODEOWNERS; they have not taken it."""
    url: str | None
    """Of its ticket; null without a tracker."""
    branch: Branch | None
    measured: Measured | None
    """The branch's own measurement; null where there is none, or the card is not ready for review."""
    gain: Gain | None
    """Null where a module is not measured."""
    delta: Delta | None
    """Null where the story is not done."""


class Board(msgspec.Struct, frozen=True):
    """The board, as `board --format json` writes it."""

    format: Literal[1]
    """Grows by one when a key goes or means another thing; keys may be added without."""
    record: str | None
    """The record by which the Backlog is ranked; null where there is none."""
    period: str
    """In which changes were counted."""
    cards: list[Card]
    """By column, in each in the roadmap's order; the Backlog by gain, what is unknown last."""
    notes: list[str]
    """What is not known of the whole."""


def data(value: board.Board, home: Forge | None) -> dict[str, Any]:
    """A board; `home` is where its branches can be looked at."""
    cards = [_card(card, home) for card in value.cards]
    made = Board(1, value.figures.record or None, value.figures.period, cards, list(value.notes))
    told: dict[str, Any] = msgspec.to_builtins(made)
    return told


def _card(card: board.Card, home: Forge | None) -> Card:
    return Card(
        key=card.key,
        formerly=list(card.formerly),
        phase=card.phase,
        story=card.story.id if card.story else None,
        modules=list(card.modules),
        column=card.column.value,
        evidence=list(card.evidence),
        labels=list(card.labels),
        owner=card.owner or None,
        design=card.story.design or None if card.story else None,
        suggested=list(card.suggested),
        url=card.url or None,
        branch=_branch(card, home),
        measured=_measured(card.snippet) if card.snippet else None,
        gain=gain(card.prospect) if card.prospect else None,
        delta=_delta(card.delta) if card.delta else None,
    )


def _branch(card: board.Card, home: Forge | None) -> Branch | None:
    url = address(card, home) or None
    if card.branch:
        return Branch(card.branch.name, url, _moment(card.branch.latest))
    return Branch(card.pull.branch, url, None) if card.pull else None


def _moment(value: Dated) -> str | None:
    moment: datetime | None = value.moment
    return moment.isoformat() if moment else None


def _measured(value: Snippet) -> Measured:
    return Measured(value.record, value.kind.value, value.passed, [_module(one) for one in value.modules])


def _module(value: ModuleProgress) -> Module:
    return Module(value.module, _percent(value.ratio), figures.threshold(value.target))


def gain(value: Prospect) -> Gain:
    """What a card would bring."""
    points, weighed = figures.points(value.points) or 0.0, figures.points(value.gain) or 0.0
    return Gain(value.missed, points, value.changes, weighed)


def _delta(value: board.Delta) -> Delta:
    before, after = _percent(value.before), _percent(value.after)
    records = [record for record in value.records if record]
    return Delta(before, after, figures.points(value.points), value.lines, records, value.unknown or None)


def _percent(value: Ratio | None) -> float | None:
    return figures.percent(value.percent) if value else None
