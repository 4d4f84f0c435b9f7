"""Entries: cards as they are to stand in a tracker."""

from __future__ import annotations

from msgspec import Struct

from coverage_roadmap.core.board.card import Column
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.ticket import Milestone

_LOGIN = regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")


class Entry(Struct, frozen=True):
    """A card as it is to stand in a tracker."""

    mark: str
    title: str
    block: str
    """Our part of the body: Markdown with a line end at its end."""
    column: Column
    labels: tuple[str, ...] = ()
    phase: Milestone | None = None
    owner: str = ""
    """The story's."""
    formerly: tuple[str, ...] = ()
    """The marks that the card had before."""
    measured: bool = True
    """Whether the modules' coverage is known."""
    comment: str = ""
    """What is said when it is done: Markdown with a line end at its end."""
    known: bool = False
    """Whether that holds the delta."""
    gone: bool = False
    """Whether the board has no such card any more: no ticket is opened for it."""

    @property
    def key(self) -> str:
        """The card's."""
        return tickets.key_of(self.mark)


def login(owner: str) -> str:
    """An owner as a user of a tracker; empty where the name can be none."""
    name = owner.removeprefix("@")
    return name if _LOGIN.fullmatch(name) else ""
