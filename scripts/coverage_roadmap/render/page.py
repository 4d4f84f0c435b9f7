"""A page: what a command shows, as blocks that each view lays out in its own way.

Text in it may be foreign: the views make it plain and escape it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from coverage_roadmap.core.regex import regex

_ADDRESS = regex(r"https?://[^/]")


class Tone(StrEnum):
    """What a word says beside its letters; shown as colour where there is colour, and never by colour alone."""

    NONE = ""
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    STRONG = "strong"


class Word(Struct, frozen=True):
    """Text with a tone."""

    text: str
    tone: Tone = Tone.NONE


class Link(Struct, frozen=True):
    """Text that leads to an address where a view can do so; only those of http and https are taken."""

    text: str
    url: str
    tone: Tone = Tone.NONE

    @property
    def leads(self) -> bool:
        """Whether a view may make a link of it."""
        return _ADDRESS.match(self.url) is not None


class Bar(Struct, frozen=True):
    """A percentage, which a view may draw beside its text."""

    text: str
    percent: float
    tone: Tone = Tone.NONE


Cell = str | Word | Link | Bar


class Facts(Struct, frozen=True):
    """Labels with what they say, one line for a fact."""

    rows: Sequence[tuple[str | Word, Cell]]


class Grid(Struct, frozen=True):
    """A table. Columns whose title starts with `>` are numbers; the last column may be words that wrap.

    A row whose other cells are empty is a heading within the table; the first cells below it start with two blanks.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class Items(Struct, frozen=True):
    """A list: each with its mark, such as `[x]` or `met`, and its words."""

    rows: Sequence[tuple[Word, str]]


class Source(Struct, frozen=True):
    """Text that is shown as it is, such as a diff; `language` tells which."""

    text: str
    language: str = ""


Block = Facts | Grid | Items | Source


class Section(Struct, frozen=True):
    """Blocks under a heading; the first section of a page may have none."""

    heading: str
    blocks: Sequence[Block]


class Page(Struct, frozen=True):
    """All that is shown."""

    title: str
    sections: Sequence[Section] = ()


def more(count: int, where: str = "--format json") -> list[Facts]:
    """What stands below a list that was cut: how many more there are, and where; nothing where all are shown."""
    return [Facts([("and", f"{count} more: {where} has all")])] if count > 0 else []
