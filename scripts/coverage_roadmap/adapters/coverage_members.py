"""The members of a coverage.json's `files`, each as the bytes that it is; and those of a second report beside them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

LARGEST = 2**29
"""Bytes. 40,000 files with branches are no more; with contexts a report may be, and they tell a diff nothing."""
Raw = msgspec.Raw


class Meta(msgspec.Struct):
    """How a report was made."""

    format: int | None = None
    """None where none is told."""
    version: str = ""
    """Of coverage.py."""
    branch_coverage: bool = False


class Members(msgspec.Struct):
    """A report, of which nothing but its members was read."""

    meta: Meta
    files: dict[str, Raw]


WHOLE = msgspec.json.Decoder(Members)
_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What is raised of bytes that are no such JSON."""

_OPENING = b'"files": {'
_BLOCK = 2**16
"""So much is read at once: the system hands a larger piece out anew each time. Bytes."""
_MORE = b', "'
"""What stands between two members."""
_WITHIN = 2**16
"""So far on the next file that is known is looked for. Bytes."""
_NEXT = 4
"""So many of the files that are known are looked for."""


def laid_beside(path: Path, known: Mapping[str, Raw]) -> Members | None:
    """Read a report along one that is known: what has the same bytes is compared and not kept.

    What stands where a value begins, and is a whole object, is that value; so the report is read as its grammar has it.
    None where it is laid out otherwise than coverage does, or is to be refused.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _Walk(file, size, known).report() if size <= LARGEST else None
    except (*REFUSED, OSError):
        return None


def _keys(names: Collection[str]) -> list[bytes]:
    """Members' names as coverage writes them, each with what stands between it and its value."""
    every = "".join(names)
    if every.isascii() and every.isprintable() and '"' not in every and "\\" not in every:
        return [b'"%b": ' % name.encode() for name in names]
    import json  # which writes them in ASCII, as coverage does, and msgspec does not

    return [b"%b: " % json.dumps(name).encode() for name in names]


class _Walk:
    """The way through the members of `files`."""

    def __init__(self, file: BinaryIO, size: int, known: Mapping[str, Raw]) -> None:
        self.file = file
        self.size = size
        self.data = bytearray()
        """What was read and not passed yet, from `at` on."""
        self.at = 0
        self.known = known
        self.keys = _keys(known)
        self.found: dict[str, Raw] = {}

    def report(self) -> Members | None:
        """All of it; what is neither known nor between two that are is read as a whole, with the end."""
        self._have(_BLOCK)
        opening = self.data.find(_OPENING)
        if opening < 0:
            return None
        self.at = opening + len(_OPENING)
        meta = WHOLE.decode(self.data[: self.at] + b"}}").meta
        number = 0
        parts = list(self.known.items())
        while number < len(parts):
            number = self._same(parts, number)
            if number < len(parts):
                further = self._skip(number)
                if further is None:
                    break
                number = further
        self._rest()
        return Members(meta, self.found)

    def _have(self, size: int) -> None:
        """Read on, so that so many bytes are there from here on, where there are as many."""
        if len(self.data) - self.at < size:
            del self.data[: self.at]
            self.data += self.file.read(max(size, _BLOCK))
            self.at = 0

    def _same(self, parts: Sequence[tuple[str, Raw]], number: int) -> int:
        """Go on along the members that stand here as they are known, each with one more behind it. Returns which is the
        first that does not."""
        data, at = self.data, self.at  # one that grows and shrinks, and is the same all along
        while number < len(parts):
            name, raw = parts[number]
            known = b"".join((self.keys[number], raw, _MORE))
            end = at + len(known)
            if len(data) < end:
                self.at = at
                self._have(len(known))
                at, end = 0, len(known)
            if not data.startswith(known, at):
                break
            self.found[name] = raw
            number += 1
            at = end - 1
        self.at = at
        return number

    def _skip(self, number: int) -> int | None:
        """Read up to the next member that is known, and go on there. Returns which it is; None where none is near."""
        self._have(_WITHIN)
        first = number + self.data.startswith(self.keys[number], self.at)
        for following in range(first, min(first + _NEXT, len(self.keys))):
            key = self.keys[following]
            if self.data.startswith(key, self.at):
                return following
            end = self.data.find(b", " + key, self.at, self.at + _WITHIN)
            if end >= 0:
                self._take(_MEMBERS.decode(b"{%b}" % bytes(self.data[self.at : end])))
                self.at = end + 2
                return following
        return None

    def _rest(self) -> None:
        rest = _MEMBERS.decode(b'{"files": {' + self.data[self.at :] + self.file.read(self.size - self.file.tell() + 1))
        if "meta" in rest:
            raise msgspec.DecodeError("the meta part is told twice")
        self._take(_MEMBERS.decode(rest["files"]))

    def _take(self, members: Mapping[str, Raw]) -> None:
        self.found |= shared(members, self.known)


def shared(members: Mapping[str, Raw], known: Mapping[str, Raw]) -> dict[str, Raw]:
    """The members, those that are known as what is known."""
    return {name: there if (there := known.get(name)) and _equal(there, raw) else raw for name, raw in members.items()}


def _equal(one: Raw, other: Raw) -> bool:
    return len(memoryview(one)) == len(memoryview(other)) and bytes(one) == bytes(other)
