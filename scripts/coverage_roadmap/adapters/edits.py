"""Writes edits of people's files: all of them or none, and each file whole whatever happens in between.

What is to be written is put down first, in the project's cache: where a kill leaves some files written and others not,
the next command that edits finishes what was begun.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.errors import RecordError, ToolError, UsageError

JOURNAL = "edits.json"
LARGEST = 2**28


class _Begun(msgspec.Struct, forbid_unknown_fields=True):
    """What was to be written: bytes that are not UTF-8 stand as escapes, which JSON can hold."""

    file: str
    before: str
    after: str


def write_all(cache: Store, edits: Mapping[Path, Edit], top: Path) -> None:
    """Write every edit, or none: what was written before a failure is put back.

    Links are followed as far as `top` reaches, the repository's or else the project's folder; each file keeps its mode.

    Raises:
        UsageError: a link leads further.
        ToolError: a file changed meanwhile, or cannot be written.
    """
    for path, edit in edits.items():
        files.destination(path, edit.file, top)
        if _now(path) != edit.before:
            raise ToolError("changed while we looked at it", where=str(path), next_step="run it again")
    if not edits:
        return
    cache.open()
    journal = cache.root / JOURNAL
    begun = [_Begun(_escaped(str(path)), _escaped(e.before), _escaped(e.after)) for path, e in edits.items()]
    files.write_whole(journal, msgspec.json.encode(begun))
    done: list[tuple[Path, Edit]] = []
    try:
        for path, edit in edits.items():
            _write(path, edit.after)
            done.append((path, edit))
    except ToolError:
        for path, edit in done:
            with contextlib.suppress(ToolError):
                _write(path, edit.before)
        raise
    finally:
        journal.unlink(missing_ok=True)


def finish(cache: Store, top: Path) -> list[Path]:
    """Write what a killed command had begun to write and did not. Returns the files.

    Nothing outside of `top` is written: a journal may come with a clone, from a stranger. Where a file is neither as it
    was nor as it was to be, a person has gone on from there: then nothing is written.

    Raises:
        ToolError: a file cannot be written.
    """
    journal = cache.root / JOURNAL
    if not journal.exists():
        return []
    try:
        begun = msgspec.json.decode(files.read_bounded(journal, LARGEST), type=list[_Begun])
    except (msgspec.DecodeError, RecordError):
        begun = []  # torn before anything was written: the journal is written whole, and first
    wanted = [(Path(_unescaped(one.file)), _unescaped(one.before), _unescaped(one.after)) for one in begun]
    left = []
    ours = all(_is_within(path, top) for path, _, _ in wanted)
    if ours and all(_now(path) in (before, after) for path, before, after in wanted):
        left = [(path, after) for path, before, after in wanted if _now(path) != after]
        for path, after in left:
            _write(path, after)
    journal.unlink()
    return [path for path, _ in left]


def _is_within(path: Path, top: Path) -> bool:
    with contextlib.suppress(UsageError):
        files.destination(path, str(path), top, anywhere=False)
        return True
    return False


def _escaped(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _unescaped(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def _now(path: Path) -> str | None:
    try:
        return files.read_exact(path)
    except RecordError:
        return None


def _write(path: Path, text: str) -> None:
    real = path.resolve()
    files.write_whole(real, text.encode("utf-8", "surrogateescape"), mode=real.stat().st_mode & 0o7777)
