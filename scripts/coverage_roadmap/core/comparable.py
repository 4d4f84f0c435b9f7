"""Whether two measurements can be compared, and what is to be said before they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from coverage_roadmap.core.measurement import Scope


class Measured(Protocol):
    """What is known of how a side was measured; None, or an empty version, where it is not known."""

    @property
    def branch(self) -> bool:
        """Whether branches are counted."""

    @property
    def selection(self) -> str | None:
        """The hash of the selection of tests."""

    @property
    def python(self) -> str | None:
        """The Python that ran."""

    @property
    def scope(self) -> Scope | None:
        """What was to be measured."""

    @property
    def coverage(self) -> str:
        """The version of coverage.py."""


_PARTS = {
    "source": "source folders",
    "include": "include patterns",
    "omit": "omit patterns",
    "exclude": "exclusion patterns",
}


def differences(before: Measured, after: Measured) -> Iterator[str]:
    """What makes the figures of one side no measure of the other's."""
    if before.branch != after.branch:
        yield "one side counts branches and the other lines: their percentages are not comparable"
    for what, old, new in (
        ("different tests", before.selection, after.selection),
        ("different Pythons", before.python, after.python),
        ("with different major versions of coverage", _major(before), _major(after)),
        *((f"different {words}", _scope(before, part), _scope(after, part)) for part, words in _PARTS.items()),
    ):
        if old is not None and new is not None and old != new:
            yield f"the two measured {what}"


def _scope(side: Measured, part: str) -> tuple[str, ...] | None:
    return getattr(side.scope, part) if side.scope else None


def _major(side: Measured) -> str | None:
    return side.coverage.partition(".")[0] or None
