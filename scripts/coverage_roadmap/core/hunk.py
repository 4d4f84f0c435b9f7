"""What changed between two versions, line by line: read from what `git diff -U0` prints, and the lines that stayed.

The text is foreign: file names in it may hold any sign. Lines are counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from coverage_roadmap.core.regex import regex

_MARK = regex(
    rb"^(?:diff --git (?P<names>.*)"
    rb"|@@ -(?P<old>\d+)(?:,(?P<gone>\d+))? \+(?P<new>\d+)(?:,(?P<come>\d+))? @@.*"
    rb"|rename from (?P<source>.*)|rename to (?P<target>.*)"
    rb"|(?P<fate>new file|deleted file) mode (?P<fated>\d+)"
    rb"|index [0-9a-f]+\.\.[0-9a-f]+ (?P<mode>\d+)"
    rb"|(?P<binary>Binary files ).*)$",
    re.MULTILINE,
)
"""What tells something. Without context each line of content begins with `+`, `-` or a backslash, and so is none."""
_ESCAPED = regex(rb"\\([0-7]{3}|.)", re.DOTALL)
_SIGNS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_NO_TEXT = {b"120000", b"160000"}
"""The modes of symbolic links and of submodules."""


class Hunk(Struct, frozen=True):
    """Lines that were replaced: so many from `old_start` on by so many from `new_start` on.

    Where there are none on a side, its start is the line before, 0 for the top.
    """

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int


class FileDiff(Struct, frozen=True):
    """One file that differs. Without hunks its mode or its name changed, or it is no text."""

    old: str | None
    """Its path before; None where it is new."""
    new: str | None
    """Its path after; None where it is gone."""
    hunks: Sequence[Hunk] = ()
    """In the order of the lines."""
    binary: bool = False
    """Whether git takes it for no text and shows no lines."""


class Kept(Struct, frozen=True):
    """Lines that stayed: from `first` to `last` of the old version, both ends in; the new number is `shift` more."""

    first: int
    last: int
    shift: int


def parse(diff: bytes) -> list[FileDiff]:
    """Read what git prints with `-U0 --no-color -M --src-prefix=a/ --dst-prefix=b/`, whatever the files hold.

    Links and submodules are there without hunks, since what git shows of them is no text of theirs.
    """
    found: list[_Reading] = []
    for mark in _MARK.finditer(diff):
        if mark["names"] is not None:
            found.append(_Reading.of(mark["names"]))
        elif found:
            found[-1].take(mark)
    return [one.done() for one in found]


class _Reading(Struct):
    """A file whose lines are being read."""

    old: str | None
    new: str | None
    hunks: list[Hunk]
    binary: bool = False
    text: bool = True

    @classmethod
    def of(cls, names: bytes) -> _Reading:
        """Both names of the first line are one where no `rename` follows: then each takes half of it."""
        name = _name(names[: len(names) // 2])[2:]
        return cls(name, name, [])

    def take(self, mark: re.Match[bytes]) -> None:
        """One more line of it."""
        if mark["old"] is not None:
            counts = (int(mark["old"]), _count(mark["gone"]), int(mark["new"]), _count(mark["come"]))
            self.hunks.append(Hunk(*counts))
        elif mark["source"] is not None:
            self.old = _name(mark["source"])
        elif mark["target"] is not None:
            self.new = _name(mark["target"])
        elif mark["binary"]:
            self.binary = True
        else:
            self.text = self.text and (mark["fated"] or mark["mode"]) not in _NO_TEXT
            if mark["fate"] == b"new file":
                self.old = None
            elif mark["fate"]:
                self.new = None

    def done(self) -> FileDiff:
        return FileDiff(self.old, self.new, tuple(self.hunks) if self.text else (), self.binary)


def _count(told: bytes | None) -> int:
    return 1 if told is None else int(told)


def _name(raw: bytes) -> str:
    """A file's name, out of C's quotes where git put it in them."""
    if raw.startswith(b'"'):
        raw = _ESCAPED.sub(_sign, raw[1:-1])
    return raw.decode("utf-8", "surrogateescape")


def _sign(escaped: re.Match[bytes]) -> bytes:
    told = escaped[1]
    return bytes([int(told, 8) & 255]) if len(told) == 3 else _SIGNS.get(told, told)


def kept(hunks: Sequence[Hunk], last: int) -> Iterator[Kept]:
    """The old version's lines that stayed, up to its line `last`, in ranges; whatever is between them is gone."""
    first, shift = 1, 0
    for hunk in hunks:
        gone = hunk.old_start if hunk.old_lines else hunk.old_start + 1
        end = min(gone - 1, last)
        if first <= end:
            yield Kept(first, end, shift)
        first, shift = gone + hunk.old_lines, shift + hunk.new_lines - hunk.old_lines
    if first <= last:
        yield Kept(first, last, shift)


def added(hunks: Sequence[Hunk]) -> list[tuple[int, int]]:
    """The new version's lines that are new or other than before, in ranges with both ends in."""
    return [(hunk.new_start, hunk.new_start + hunk.new_lines - 1) for hunk in hunks if hunk.new_lines]


def removed(hunks: Sequence[Hunk]) -> list[tuple[int, int]]:
    """The old version's lines that are gone or other now, in ranges with both ends in."""
    return [(hunk.old_start, hunk.old_start + hunk.old_lines - 1) for hunk in hunks if hunk.old_lines]
