"""coverage.json files, as coverage.py writes them: hostile until read with types and bounds.

Each file's part stays the bytes that it is, and is read as far as it is asked for: the counts of all, the lines of
those that differ from another report's. A second report is laid beside the first, and what both hold is read once.
"""

from __future__ import annotations

import codecs
import contextlib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.adapters.coverage_counts import Numbers
from coverage_roadmap.core import lines
from coverage_roadmap.core.comparison import Side
from coverage_roadmap.core.lines import Lines
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.errors import RecordError

LARGEST = 2**29
"""Bytes. 40,000 files with branches are no more; with contexts a report may be, and they tell a diff nothing."""
AGAIN = "write it anew with: coverage json"
FORMATS = (2, 3)
"""What coverage.py writes since 5.x (2) and since 7.4 (3)."""
Raw = msgspec.Raw


_Line = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class _Meta(msgspec.Struct):
    format: int = 1
    version: str = ""
    branch_coverage: bool = False


class _File(msgspec.Struct):
    summary: Numbers


class _Places(msgspec.Struct):
    executed_lines: frozenset[_Line] = frozenset()
    missing_lines: frozenset[_Line] = frozenset()
    executed_branches: list[tuple[int, int]] = []
    missing_branches: list[tuple[int, int]] = []


class _Report(msgspec.Struct):
    meta: _Meta
    files: dict[str, Raw]


_REPORT = msgspec.json.Decoder(_Report)
_FILE = msgspec.json.Decoder(_File)
_SUMMARY = msgspec.json.Decoder(Numbers)
_SUMMARIES = msgspec.json.Decoder(list[Numbers])
_PLACES = msgspec.json.Decoder(_Places)
_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Report(msgspec.Struct, frozen=True):
    """A coverage.json: the counts of its files, and their bytes."""

    label: str
    version: str
    branch: bool
    counts: Mapping[str, Counts]
    raw: Mapping[str, Raw]

    def lines(self, name: str) -> Lines | None:
        """A file's lines; None where they do not come to its counts.

        Raises:
            RecordError: they are of the wrong type.
        """
        try:
            told = _places(bytes(self.raw[name]))
        except _REFUSED as error:
            raise _none(error, self.label, name) from error
        return lines.lines(
            self.counts[name], told.executed_lines, told.missing_lines, told.executed_branches, told.missing_branches
        )

    def alike(self, raw: Mapping[str, Raw]) -> set[str]:
        """The files that are the same in a report that was read beside this one."""
        return {name for name, one in raw.items() if self.raw.get(name) is one}

    def side(self) -> Side:
        """One side of a comparison."""
        return Side(self.label, self.counts, self.branch, self.lines, coverage=self.version)


def read(path: Path, label: str, beside: Report | None = None) -> Report:
    """Read a report; what is the same in `beside` is taken from there.

    Raises:
        RecordError: it is no coverage.json, of an unknown format, too large, or its counts are impossible.
    """
    laid = _laid_beside(path, beside.raw) if beside else None
    report = laid or _whole(path, label)
    if report.meta.format not in FORMATS:
        raise RecordError(f"is of format {report.meta.format}, which we do not know", where=label, next_step=AGAIN)
    raw = _shared(report.files, beside.raw) if beside and not laid else report.files
    same = beside.alike(raw) if beside else frozenset()
    new = _counts({name: one for name, one in raw.items() if name not in same} if same else raw, label)
    counts = {name: beside.counts[name] if name in same else new[name] for name in raw} if beside else new
    return Report(label, report.meta.version, report.meta.branch_coverage, counts, raw)


def _whole(path: Path, label: str) -> _Report:
    try:
        return _REPORT.decode(files.read_bounded(path, LARGEST).removeprefix(codecs.BOM_UTF8))
    except RecordError as error:
        raise RecordError(error.what, where=label, next_step=f"{AGAIN}, without contexts") from error
    except _REFUSED as error:
        raise _none(error, label) from error


def _none(error: Exception, label: str, name: str = "") -> RecordError:
    where = f" in {name}" if name else ""
    return RecordError(f"is no coverage.json: {error}{where}", where=label, next_step=AGAIN)


_REGIONS = b', "functions": {'
"""Where coverage begins to tell of a file's functions and classes; what stands before it is whole without them."""


def _places(raw: bytes) -> _Places:
    regions = raw.find(_REGIONS)
    if regions > 0:
        with contextlib.suppress(*_REFUSED):
            return _PLACES.decode(raw[:regions] + b"}")
    return _PLACES.decode(raw)


_BEGINS, _SUMMED = b'{"executed_lines": [', b'], "summary": {'
"""How coverage begins a file's part: the summary can be read from it without what follows."""


def _cut(raw: Raw) -> bytes:
    """The summary as coverage lays it out; empty where it is laid out otherwise.

    The part is known to be JSON, in which no string holds a bare quote: so where no other object begins before it, what
    looks like the summary is it.
    """
    whole = bytes(raw)
    at = whole.find(b"]")
    if not (whole.startswith(_BEGINS) and whole.startswith(_SUMMED, at)) or whole.find(b"{", 1, at) > 0:
        return b""
    return whole[at + len(_SUMMED) - 1 : whole.find(b"}", at) + 1]


def _counts(parts: Mapping[str, Raw], label: str) -> dict[str, Counts]:
    """The counts of each file; of all at once, where each is laid out as coverage does and is possible."""
    cuts = list(map(_cut, parts.values()))
    with contextlib.suppress(*_REFUSED, ValueError):
        told = _SUMMARIES.decode(b"[%b]" % b",".join(cuts))
        if len(told) == len(cuts):  # each has one brace that closes, so that none can stand for two
            return {name: one.counts() for name, one in zip(parts, told, strict=True)}
    return {name: _count(name, raw, cut, label) for (name, raw), cut in zip(parts.items(), cuts, strict=True)}


def _count(name: str, raw: Raw, cut: bytes, label: str) -> Counts:
    try:
        return _summary(raw, cut).counts()
    except _REFUSED as error:
        raise _none(error, label, name) from error
    except ValueError as error:
        raise RecordError(f"has impossible counts for {name}: {error}", where=label, next_step=AGAIN) from error


def _summary(raw: Raw, cut: bytes) -> Numbers:
    try:
        return _SUMMARY.decode(cut)
    except _REFUSED:
        return _FILE.decode(bytes(raw)).summary


_OPENING = b'"files": {'
_BLOCK = 2**16
"""So much is read at once: the system hands a larger piece out anew each time. Bytes."""
_MORE = b', "'
"""What stands between two members."""
_WITHIN = 2**16
"""So far on the next file that is known is looked for. Bytes."""
_NEXT = 4
"""So many of the files that are known are looked for."""


def _laid_beside(path: Path, known: Mapping[str, Raw]) -> _Report | None:
    """Read a report along one that is known: what has the same bytes is compared and not kept.

    What stands where a value begins, and is a whole object, is that value; so the report is read as its grammar has it.
    None where it is laid out otherwise than coverage does, or is to be refused.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return _Walk(file, size, known).report() if size <= LARGEST else None
    except (*_REFUSED, OSError):
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

    def report(self) -> _Report | None:
        """All of it; what is neither known nor between two that are is read as a whole, with the end."""
        self._have(_BLOCK)
        opening = self.data.find(_OPENING)
        if opening < 0:
            return None
        self.at = opening + len(_OPENING)
        meta = _REPORT.decode(self.data[: self.at] + b"}}").meta
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
        return _Report(meta, self.found)

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
            key, (name, raw) = self.keys[number], parts[number]
            value = at + len(key)
            known = bytes(raw)
            end = value + len(known)
            if len(data) < end + len(_MORE):
                self.at = at
                self._have(len(key) + len(known) + len(_MORE))
                at, value, end = 0, len(key), len(key) + len(known)
            there = data.startswith(key, at) and data.startswith(known, value) and data.startswith(_MORE, end)
            if not there:
                break
            self.found[name] = raw
            number += 1
            at = end + 2
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
        self.found |= _shared(members, self.known)


def _shared(members: Mapping[str, Raw], known: Mapping[str, Raw]) -> dict[str, Raw]:
    """The members, those that are known as what is known."""
    return {name: there if (there := known.get(name)) and _same(there, raw) else raw for name, raw in members.items()}


def _same(one: Raw, other: Raw) -> bool:
    return len(memoryview(one)) == len(memoryview(other)) and bytes(one) == bytes(other)
