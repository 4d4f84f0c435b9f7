"""A page: what a command shows, as blocks that each view lays out in its own way.

Text in it may be foreign: the views make it plain and escape it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """What a word says beside its letters; shown as colour where there is colour, and never by colour alone."""

    NONE = ""
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Word:
    """Text with a tone."""

    text: str
    tone: Tone = Tone.NONE


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an address where a view can do so; only those of http and https are taken."""

    text: str
    url: str
    tone: Tone = Tone.NONE


Cell = str | Word | Link


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what they say, one line for a fact."""

    rows: Sequence[tuple[str | Word, Cell]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Columns whose title starts with `>` are numbers; the last column may be words that wrap.

    A row whose other cells are empty is a heading within the table; the first cells below it start with two blanks.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Items:
    """A list: each with its mark, such as `[x]` or `met`, and its words."""

    rows: Sequence[tuple[Word, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Text that is shown as it is, such as a diff; `language` tells which."""

    text: str
    language: str = ""


Block = Facts | Grid | Items | Source


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading; the first section of a page may have none."""

    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """All that is shown."""

    title: str
    sections: Sequence[Section] = field(default_factory=tuple)
