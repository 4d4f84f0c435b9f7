"""The parts of a stand-up: topics, and their items with marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice

from msgspec import Struct, field

from coverage_roadmap.core.text import many

SHOWN = 5
"""So many files or tests of a kind are named."""


About = Mapping[str, str | int | float | None]
"""Names and figures, for machines; None where one is not known."""


class Mark(StrEnum):
    """How an item of the checklist stands."""

    TICKED = "[x]"
    CROSSED = "[!]"
    OPEN = "[ ]"
    UNKNOWN = "[?]"


class Item(Struct, frozen=True):
    """One line of the checklist."""

    mark: Mark
    text: str
    about: About = field(default_factory=dict)
    """What the line says."""


class Topic(Struct, frozen=True):
    """A heading of the checklist with its items."""

    title: str
    items: Sequence[Item]


def first(items: Iterable[Item], noun: str) -> Iterator[Item]:
    """The first items, and how many more there are; these are marked as the last that is shown."""
    rest = iter(items)
    shown = list(islice(rest, SHOWN))
    yield from shown
    if more := sum(1 for _ in rest):
        yield Item(shown[-1].mark, f"and {many(more, f'more {noun}')}")
