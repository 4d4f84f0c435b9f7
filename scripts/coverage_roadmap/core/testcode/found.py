"""What reading test code gives: tests, helpers, and the places where a test cannot fail."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

import msgspec


class Trouble(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why a file cannot be read as Python."""

    line: int
    """From 1; 0 where it is about the whole file."""
    reason: str


class Place(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """One place in a file."""

    line: int
    """From 1."""
    text: str
    """What stands there, its first line, short."""


class Leaning(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far a function asserts by itself, and on whose assertions outside its file it leans."""

    asserts: bool = False
    """It, or what it uses in its own file, can fail."""
    leans: tuple[str, ...] = ()
    """Keys of helpers of other files; it asserts where one of them is known to assert."""
    doubts: tuple[str, ...] = ()
    """Keys of what may well be a helper; it asserts unless each of them is known not to."""

    def holds(self, known: Mapping[str, bool]) -> bool:
        """Whether it asserts, given which helpers do."""
        return (
            self.asserts
            or any(known.get(key, False) for key in self.leans)
            or any(known.get(key, True) for key in self.doubts)
        )


class Helper(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A function, class, method or fixture that tests may use.

    Its key is `<path>::<name>` for its own file; for others `<module>.<name>`, `@self.<name>` for a method, or
    `@fixture.<name>`, where the module is its last part alone.
    """

    key: str
    leaning: Leaning


class TestFunction(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One test."""

    __test__: ClassVar[bool] = False  # pytest is not to take it for a class of tests
    name: str
    """As in a node id: `TestX::test_y`."""
    line: int
    leaning: Leaning = Leaning()
    hollow: tuple[Place, ...] = ()
    """Assertions that can never fail."""
    idle: tuple[Place, ...] = ()
    """Things compared with themselves, and what is hollow in inner functions: told only where nothing else asserts."""
    swallowed: tuple[Place, ...] = ()
    """Assertions whose failure ends in silence."""
    muted: tuple[Place, ...] = ()
    """Calls whose exception ends in silence: to be told only where nothing else asserts."""
    skipped: str = ""
    """Why it never runs; empty where it does, or does under a condition."""

    @property
    def asserts(self) -> bool:
        """Whether it asserts as far as its own file tells."""
        return self.leaning.asserts


class TestFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of tests, or of helpers for tests."""

    __test__: ClassVar[bool] = False
    path: str
    broken: Trouble | None = None
    tests: tuple[TestFunction, ...] = ()
    helpers: tuple[Helper, ...] = ()


class Kind(StrEnum):
    """What there is to complain of."""

    BROKEN = "broken"
    NO_ASSERTION = "no-assertion"
    HOLLOW = "hollow"
    SWALLOWED = "swallowed"
    SKIPPED = "skipped"


class Complaint(msgspec.Struct, frozen=True):
    """One thing that is wrong with a test, or with a file of tests."""

    path: str
    line: int
    """From 1; 0 where it is about the whole file."""
    kind: Kind
    text: str
