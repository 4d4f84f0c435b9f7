"""The text of a baseline: JSON with one line for each file, package and test file, so that git joins and shows it well.

What is read may have been edited by hand, cut short or left in conflict; each of these is said with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from coverage_roadmap.core.baseline import FILE, FORMAT, Baseline, totals_of
from coverage_roadmap.core.floor import packages
from coverage_roadmap.core.regex import regex
from coverage_roadmap.errors import RecordError

_MARKER = regex(rb"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)", re.MULTILINE)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_AGAIN = f"bring back a whole one: git restore --source REVISION -- {FILE}"
_DRIVER = f"let the merge driver join it (invoke doctor tells how to set it up): git checkout -m -- {FILE}"


def encode(baseline: Baseline) -> bytes:
    """The JSON, the same to the byte for the same baseline."""
    plain = msgspec.to_builtins(baseline)
    scope = _block(_pairs(plain["scope"], " " * 4), "{}", " " * 2)
    rows = []
    for key, value in plain.items():
        if key == "scope":
            rows.append(f'  "scope": {scope}')
        elif key in ("files", "packages", "pragmas", "tests"):
            rows.append(f'  "{key}": {_block(_pairs(value, " " * 4), "{}", " " * 2)}')
        elif key in ("evidence", "unmeasured"):
            rows.append(f'  "{key}": {_block((" " * 4 + _line(one) for one in value), "[]", " " * 2)}')
        else:
            rows.append(f'  "{key}": {_line(value)}')
    return (_block(rows, "{}", "") + "\n").encode()


def _pairs(entries: Mapping[str, Any], indent: str) -> Iterator[str]:
    return (f"{indent}{_line(key)}: {_value(value, indent)}" for key, value in entries.items())


def _value(value: Any, indent: str) -> str:
    """A value on one line; a list of words, such as patterns, has a line for each."""
    words = isinstance(value, list | tuple) and any(isinstance(one, str) for one in value)
    return _block((f"{indent}  {_line(one)}" for one in value), "[]", indent) if words else _line(value)


def _block(rows: Iterable[str], ends: str, indent: str) -> str:
    body = ",\n".join(rows)
    return f"{ends[0]}\n{body}\n{indent}{ends[1]}" if body else ends


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def decode(data: bytes, where: str) -> Baseline:
    """Read a baseline.

    Args:
        data: the file's content.
        where: the file, for messages.

    Raises:
        RecordError: it is in conflict, cut short, no baseline, of a newer format, or does not add up.
    """
    if marker := _MARKER.search(data):
        line = data.count(b"\n", 0, marker.start()) + 1
        raise RecordError("has a conflict marker", where=f"{where}:{line}", next_step=_DRIVER)
    try:
        baseline = msgspec.json.decode(data, type=Baseline)
    except _UNREADABLE as error:
        stated = _stated(data)
        if stated > FORMAT:
            what = f"is of format {stated}, made by a newer coverage-roadmap (ours is {FORMAT})"
            raise RecordError(what, where=where, next_step="update coverage-roadmap") from error
        raise RecordError(f"is no whole baseline: {error}", where=where, next_step=_AGAIN) from error
    if wrong := _wrong(baseline, data):
        raise RecordError(f"was edited by hand, or joined as text: {wrong}", where=where, next_step=_DRIVER)
    return baseline


class _Stated(msgspec.Struct):
    format: int


def _stated(data: bytes) -> int:
    """The format that it says it has; -1 where that cannot be told."""
    try:
        return msgspec.json.decode(data, type=_Stated).format
    except _UNREADABLE:
        return -1


def _wrong(baseline: Baseline, data: bytes) -> str:
    """What in it contradicts itself; empty where nothing does."""
    if twice := _twice(data):
        return f"{twice} stands in it twice"
    if baseline.packages != packages(baseline.floors):
        return "the packages are not the sums of their files"
    if baseline.totals != totals_of(baseline.files, baseline.pragmas, baseline.tests):
        return "the totals are not the sums of the files"
    if baseline.scope.files != len(baseline.files):
        return f"it holds {len(baseline.files)} files and says {baseline.scope.files}"
    return ""


def _twice(data: bytes) -> str:
    """A key that stands twice in one table: the reader sees one, the decoder takes the other."""
    found: list[str] = []

    def seen(pairs: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            found.append(next(key for key in keys if keys.count(key) > 1))

    json.loads(data, object_pairs_hook=seen)
    return found[0] if found else ""
