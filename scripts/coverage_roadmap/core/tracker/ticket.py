"""Tickets: what a tracker holds of cards, found by hidden markers and never by titles.

A ticket's body is a person's text. Our block stands in it between markers (`core.body`) that name the card, and its
last line keeps, hidden, what we did to the ticket: so what we put there is told apart from what people did.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from coverage_roadmap.core import body
from coverage_roadmap.core.board.card import Column
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import UsageError

CARD, STANDUP, PHASE = "card", "standup", "phase"
ARCHIVED = "Archived"
"""The column of what was taken off a board of the tracker's, and cannot be moved."""
_MARK = regex(r"<!-- coverage-roadmap: ((?:card|standup) [!-=?-~]+) -->")
_KEPT = regex(r"<!-- coverage-roadmap: kept (\{[^<>]*\}) -->")
_ABOUT = regex(r"<!-- coverage-roadmap: (done|week [0-9]{4}-W[0-9]{2}) -->")
_PHASE = regex(r"<!-- coverage-roadmap: (phase [!-=?-~]+) -->")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/")
LONGEST_LABEL = 50
"""What GitHub takes. Characters."""
_LONGEST_TITLE = 200


class Comment(Struct, frozen=True):
    """A comment of ours."""

    number: int
    mark: str
    """What its hidden marker names: `done`, or a week."""
    body: str


class Ticket(Struct, frozen=True):
    """A ticket whose body has one of our markers."""

    marks: tuple[str, ...]
    """What its markers name, in their order; more than one is a mistake of a person's."""
    number: int
    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    """Its title."""
    is_open: bool = True
    column: str = ""
    """Where it stands on the tracker's own board; empty where it is on none."""
    url: str = ""
    pinned: bool = False
    comments: tuple[Comment, ...] = ()
    """Ours, as far as they were asked for."""

    @property
    def mark(self) -> str:
        """What it is found by."""
        return self.marks[0]

    @property
    def told(self) -> str:
        """How it is named to people."""
        return f"#{self.number}" if self.number else key_of(self.mark)

    @property
    def kept(self) -> Kept:
        """What we did to it."""
        return kept(self.body, self.mark)


class Kept(Struct, frozen=True, omit_defaults=True):
    """What we did to a ticket, as its body keeps it."""

    opened: bool = False
    """Whether it was us who opened it."""
    title: str = ""
    labels: tuple[str, ...] = ()
    assignee: str = ""
    milestone: str = ""
    column: str = ""
    on: str = ""
    """Where the column was set: labels, or the name of a board."""
    closed: bool = False
    """Whether it was us who closed it, and nobody has reopened it since."""
    told: str = ""
    """Which comment was made: `known` or `unknown`, as the delta was."""
    pinned: bool = False


class Milestone(Struct, frozen=True):
    """A milestone of the tracker."""

    title: str
    mark: str = ""
    """What our marker in its description names; empty for a person's."""
    number: int = 0


class Held(Struct, frozen=True):
    """What a tracker holds, as far as it concerns us."""

    tickets: tuple[Ticket, ...] = ()
    """By number, so that the oldest comes first."""
    labels: frozenset[str] | None = frozenset()
    """All labels that there are; None where none needs to be made."""
    milestones: tuple[Milestone, ...] | None = ()
    """Likewise."""
    assignable: frozenset[str] | None = None
    """Who of those asked about may be assigned; None where anybody may."""
    board: str = ""
    """The name of the tracker's own board; empty where columns are labels."""
    notes: tuple[str, ...] = ()


def mark_of(kind: str, key: str, place: str = "") -> str:
    """What a marker names.

    Args:
        kind: `card`, `standup` or `phase`.
        key: the card's, or the phase's name.
        place: the project's folder in the repository, since two projects may have stories of one name.
    """
    inside = f"{_quoted(place.strip('/'))}:" if place.strip("/") else ""
    return f"{kind} {inside}{_quoted(key)}"


def key_of(mark: str) -> str:
    """The card's key that a mark names; empty where it is no card's."""
    kind, _, named = mark.partition(" ")
    if kind != CARD:
        return ""
    quoted = named.rpartition(":")[2].encode()
    return re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), quoted).decode("utf-8", "replace")


def is_at(mark: str, place: str) -> bool:
    """Whether a mark is of the project in this folder of the repository."""
    return mark.partition(" ")[2].rpartition(":")[0] == _quoted(place.strip("/"))


def _quoted(text: str) -> str:
    return "".join(chr(b) if b in _PLAIN else f"%{b:02X}" for b in text.encode("utf-8", "surrogateescape"))


def marks_in(text: str) -> tuple[str, ...]:
    """What our markers in a body name, each once."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def about_of(text: str) -> str:
    """What the marker of a comment names; empty where it has none of ours."""
    found = _ABOUT.search(text)
    return found[1] if found else ""


def phase_text(mark: str) -> str:
    """The description of a phase's milestone."""
    return body.markers(mark)[0]


def phase_of(text: str) -> str:
    """What our marker in a milestone's description names; empty where it has none."""
    found = _PHASE.search(text)
    return found[1] if found else ""


def kept(text: str, mark: str) -> Kept:
    """What we did to the ticket of this body, by the block of this mark; nothing where that cannot be read."""
    begin, end = body.markers(mark)
    found = _KEPT.search(text.partition(begin)[2].partition(end)[0])
    try:
        return msgspec.json.decode(found[1].encode("utf-8", "replace"), type=Kept) if found else Kept()
    except msgspec.DecodeError:
        return Kept()


def written(text: str, mark: str, block: str, state: Kept) -> str | None:
    """The body with our block in it; all else of it stays. None where a person broke the markers.

    Args:
        text: the body, which may hold the block under another mark.
        mark: what the markers are to name.
        block: Markdown with a line end at its end.
        state: what is kept in it.
    """
    for old in marks_in(text)[:1]:
        for before, after in zip(body.markers(old), body.markers(mark), strict=True):
            text = text.replace(before, after)
    hidden = msgspec.json.encode(state).decode().replace("<", "\\u003c").replace(">", "\\u003e")
    return placed(text, mark, f"{block.rstrip()}\n\n<!-- coverage-roadmap: kept {hidden} -->\n")


def placed(text: str, mark: str, block: str) -> str | None:
    """A body or a comment with a block of ours in it. None where a person broke the markers, or left no room."""
    try:
        whole = body.place(text, block, mark, mark)
    except UsageError:
        return None
    return whole if len(whole) <= body.LIMIT else None


def label(text: str) -> str:
    """A label as a tracker takes it: what is too long is cut, and stays apart from others that begin alike."""
    text = " ".join(plain(text).split())
    if len(text) <= LONGEST_LABEL:
        return text
    return f"{text[: LONGEST_LABEL - 7]}-{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"


def title(text: str) -> str:
    """A title as a tracker takes it: one line, not too long."""
    tidy = " ".join(plain(text).split())
    return tidy if len(tidy) <= _LONGEST_TITLE else f"{tidy[:_LONGEST_TITLE]}..."


def column_label(column: str) -> str:
    """The label that stands for a column where a tracker has no board of its own."""
    return f"board:{column.lower().replace(' ', '-')}"


COLUMN_LABELS = {column_label(column): str(column) for column in Column}


def has(labels: Iterable[str], wanted: str) -> bool:
    """Whether a label is among others; a tracker takes no notice of capitals."""
    return wanted.casefold() in {one.casefold() for one in labels}


def stands(ticket: Ticket, board: str) -> str:
    """The column that a ticket is in; empty where it is in none.

    Of two column labels the one counts that we did not put there.
    """
    if board:
        return ticket.column
    found = [column for name, column in COLUMN_LABELS.items() if has(ticket.labels, name)]
    return next((one for one in found if one != ticket.kept.column), next(iter(found), ""))


def oldest(tickets: Sequence[Ticket]) -> dict[str, Ticket]:
    """The ticket of each mark: of several the oldest."""
    found: dict[str, Ticket] = {}
    for ticket in sorted(tickets, key=lambda one: one.number):
        for mark in ticket.marks:
            found.setdefault(mark, ticket)
    return found
