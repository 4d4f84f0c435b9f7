"""Sites and what stands beside them: the places where a threshold is written, may be written, or gates nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core.regex import regex

_NUMBERS = regex(r"\b[0-9]{1,9}(?:\.[0-9]{1,9})?\b")
Key = tuple[str | int, ...]
Outline = Sequence[tuple[Key, str]]
"""What a file says to its own reader: every value with the keys that lead to it, in order."""


class Site(Struct, frozen=True):
    """One place: file, line (from 1), the value (percent), and where its characters stand in the text."""

    file: str
    line: int
    value: Decimal
    start: int
    end: int
    kind: str = ""
    """What it is: "pytest addopts", "coverage fail_under", "command", "variable", "codecov" or "config"."""
    project: str = ""
    """The folder or the config that its step names, as written there; empty where it names none."""

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Unclear(Struct, frozen=True):
    """A place that is a threshold, or may hold one, and that is not edited: where, why, and what stands there."""

    file: str
    line: int
    reason: str
    text: str = ""
    dead: bool = False
    """Whether CI runs nothing of the file, gates among it."""
    elsewhere: bool = False
    """Whether what it leads to stands in a file that is not looked into."""

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}"

    @property
    def given(self) -> Decimal | None:
        """The number that is given to what stands elsewhere; None where it is no plain one."""
        return Decimal(self.text) if self.elsewhere and _NUMBERS.fullmatch(self.text) else None

    def holds(self, value: Decimal) -> bool:
        """Whether that number stands there, though it is not edited."""
        return any(Decimal(number) == value for number in _NUMBERS.findall(self.text))


class Flaw(Struct, frozen=True):
    """A gate that can never fail: where, what makes it so, and how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}"


class Found(Struct, frozen=True):
    """All that one file holds, each in the order of the file."""

    sites: tuple[Site, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    by_hand: tuple[str, ...] = ()
    """Files of which nothing runs before somebody starts it."""


class Around(Struct, frozen=True):
    """What is known from elsewhere when a file is read."""

    addopts: str = ""
    """The project's own pytest addopts: they may hold the `--cov` or the threshold of a bare `pytest`."""
    sessions: frozenset[str] = frozenset()
    """The nox sessions that are gates: the roadmap's phases."""
    tests: tuple[str, ...] = ()
    """The folders and files of all tests, from the project."""
