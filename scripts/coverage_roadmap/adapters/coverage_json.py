"""coverage.json files, as coverage.py writes them: hostile until read with types and bounds.

Each file's part stays the bytes that it is, and is read as far as it is asked for: the counts of all, the lines of
those that differ from another report's. A second report is laid beside the first, and what both hold is read once.
"""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Annotated

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.adapters.coverage_counts import Numbers
from coverage_roadmap.adapters.coverage_members import LARGEST, REFUSED, WHOLE, Members, Meta, Raw, laid_beside, shared
from coverage_roadmap.core import lines
from coverage_roadmap.core.comparison import Side
from coverage_roadmap.core.lines import Lines
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.errors import RecordError

AGAIN = "write it anew with: coverage json"
FORMATS = (2, 3)
"""What coverage.py writes. Before 7.4 it told no format; what is read here was laid out as it is since 5.0."""


_Line = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class _File(msgspec.Struct):
    summary: Numbers


class _Places(msgspec.Struct):
    executed_lines: frozenset[_Line] = frozenset()
    missing_lines: frozenset[_Line] = frozenset()
    executed_branches: list[tuple[int, int]] = []
    missing_branches: list[tuple[int, int]] = []


_FILE = msgspec.json.Decoder(_File)
_SUMMARY = msgspec.json.Decoder(Numbers)
_SUMMARIES = msgspec.json.Decoder(list[Numbers])
_PLACES = msgspec.json.Decoder(_Places)


class Report(msgspec.Struct, frozen=True):
    """A coverage.json: the counts of its files, and their bytes."""

    label: str
    version: str
    branch: bool
    counts: Mapping[str, Counts]
    raw: Mapping[str, Raw]
    alike: Set[str] = frozenset()
    """The files that are the same in the report that this one was read beside."""

    def lines(self, name: str) -> Lines | None:
        """A file's lines; None where they do not come to its counts.

        Raises:
            RecordError: they are of the wrong type.
        """
        try:
            told = _places(bytes(self.raw[name]))
        except REFUSED as error:
            raise _none(error, self.label, name) from error
        return lines.lines(
            self.counts[name], told.executed_lines, told.missing_lines, told.executed_branches, told.missing_branches
        )

    def side(self) -> Side:
        """One side of a comparison."""
        return Side(self.label, self.counts, self.branch, self.lines, coverage=self.version)


def read(path: Path, label: str, beside: Report | None = None) -> Report:
    """Read a report; what is the same in `beside` is taken from there.

    Raises:
        RecordError: it is no coverage.json, of an unknown format, too large, or its counts are impossible.
    """
    laid = laid_beside(path, beside.raw) if beside else None
    report = laid or _whole(path, label)
    _refuse_unknown(report.meta, label)
    raw = shared(report.files, beside.raw) if beside and not laid else report.files
    same = {name for name, one in raw.items() if beside.raw.get(name) is one} if beside else frozenset[str]()
    new = _counts({name: one for name, one in raw.items() if name not in same} if same else raw, label)
    counts = {name: beside.counts[name] if name in same else new[name] for name in raw} if beside else new
    return Report(label, report.meta.version, report.meta.branch_coverage, counts, raw, same)


def _refuse_unknown(meta: Meta, label: str) -> None:
    if meta.format is None and not meta.version:
        raise RecordError("tells neither its format nor coverage's version", where=label, next_step=AGAIN)
    if meta.format not in (None, *FORMATS):
        raise RecordError(f"is of format {meta.format}, which we do not know", where=label, next_step=AGAIN)


def _whole(path: Path, label: str) -> Members:
    try:
        return WHOLE.decode(files.read_bounded(path, LARGEST).removeprefix(codecs.BOM_UTF8))
    except RecordError as error:
        raise RecordError(error.what, where=label, next_step=f"{AGAIN}, without contexts") from error
    except REFUSED as error:
        raise _none(error, label) from error


def _none(error: Exception, label: str, name: str = "") -> RecordError:
    where = f" in {name}" if name else ""
    return RecordError(f"is no coverage.json: {error}{where}", where=label, next_step=AGAIN)


_REGIONS = b', "functions": {'
"""Where coverage begins to tell of a file's functions and classes; what stands before it is whole without them."""


def _places(raw: bytes) -> _Places:
    regions = raw.find(_REGIONS)
    if regions > 0:
        with contextlib.suppress(*REFUSED):
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
    with contextlib.suppress(*REFUSED, ValueError):
        told = _SUMMARIES.decode(b"[%b]" % b",".join(cuts))
        if len(told) == len(cuts):  # each has one brace that closes, so that none can stand for two
            return {name: one.counts() for name, one in zip(parts, told, strict=True)}
    return {name: _count(name, raw, cut, label) for (name, raw), cut in zip(parts.items(), cuts, strict=True)}


def _count(name: str, raw: Raw, cut: bytes, label: str) -> Counts:
    try:
        return _summary(raw, cut).counts()
    except REFUSED as error:
        raise _none(error, label, name) from error
    except ValueError as error:
        raise RecordError(f"has impossible counts for {name}: {error}", where=label, next_step=AGAIN) from error


def _summary(raw: Raw, cut: bytes) -> Numbers:
    try:
        return _SUMMARY.decode(cut)
    except REFUSED:
        return _FILE.decode(bytes(raw)).summary
