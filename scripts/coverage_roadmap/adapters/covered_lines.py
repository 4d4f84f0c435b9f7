"""What ran, file by file: read from coverage's data files, joined, and written as one of them.

Lines are bitmaps there, which are joined as whole numbers by set operations. Coverage.py's own `combine` is asked where
data holds more than that: contexts, or files that a plugin of its traced.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.adapters.covered_paths import examine, read_only, readable
from coverage_roadmap.errors import RecordError

SCHEMA = 7
"""The version of coverage's tables that we read, which all of its releases since 5.0 write."""
LARGEST_BITS = 2**17
"""The lines of one file; a million of them. Bytes."""
_LAST = 8 * LARGEST_BITS
"""A branch leads from and to no later line, and no larger number that stands for a block."""
MOST_BRANCHES = 5_000_000
"""So many branches are taken at most in all files of a project, those of some four million lines."""
_ODD = "holds lines that no file has"
_TOO_MANY = "holds more branches than any project has"
_MODES = {(): None, ("0",): False, ("1",): True}
"""What coverage tells of whether it measured branches, and what that says."""
_TABLES = """
CREATE TABLE coverage_schema (version integer);
CREATE TABLE meta (key text, value text, unique (key));
CREATE TABLE file (id integer primary key, path text, unique (path));
CREATE TABLE context (id integer primary key, context text, unique (context));
CREATE TABLE line_bits (file_id integer, context_id integer, numbits blob,
    foreign key (file_id) references file (id), foreign key (context_id) references context (id),
    unique (file_id, context_id));
CREATE TABLE arc (file_id integer, context_id integer, fromno integer, tono integer,
    foreign key (file_id) references file (id), foreign key (context_id) references context (id),
    unique (file_id, context_id, fromno, tono));
CREATE TABLE tracer (file_id integer primary key, tracer text, foreign key (file_id) references file (id));
"""


class Ran(msgspec.Struct):
    """What ran in the files that were measured, whatever the context."""

    branch: bool | None
    """Whether branches were measured; None where nothing was."""
    lines: dict[str, int]
    """By file: bit n stands for line n. Each measured file is in it."""
    arcs: dict[str, set[tuple[int, int]]]
    """By file, where branches were measured: from line, to line."""
    traced: frozenset[str] = frozenset()
    """Files whose lines a plugin of coverage's told."""
    contexts: bool = False
    """Whether it is told by context."""

    @property
    def plain(self) -> bool:
        """Whether it holds no more than what stands here."""
        return not (self.traced or self.contexts)

    def told(self, name: str) -> bytes:
        """What ran in a file: the same bytes for the same lines and branches, and other ones for others."""
        lines = self.lines[name]
        return repr((lines, sorted(self.arcs.get(name, ())))).encode() if self.branch else _bits(lines)


def read(path: Path) -> Ran | None:
    """What ran, by a data file of ours; None where its tables are not those that we know, so that coverage has to say.

    Raises:
        RecordError: it is damaged, or is none.
    """
    with readable(path), contextlib.closing(sqlite3.connect(path)) as file:
        return _read(file, dict(file.execute("SELECT id, path FROM file")), math.inf) if _known(file) else None


def examined(path: Path, known: set[str], most: int = MOST_BRANCHES) -> Ran | None:
    """The same by a data file of another machine, which is held for hostile.

    Args:
        path: the data file.
        known: paths that were found to be in the project before; those found now are added.
        most: so many branches may be in it.

    Raises:
        RecordError: it is not what coverage writes, holds more than any project has, or names a file outside of it.
    """
    with readable(path), contextlib.closing(read_only(path)) as file:
        names = examine(file, path, known)
        return _read(file, names, most) if _known(file) else None


def _known(file: sqlite3.Connection) -> bool:
    try:
        return file.execute("SELECT version FROM coverage_schema").fetchall() == [(SCHEMA,)]
    except sqlite3.OperationalError:  # no such table: a killed process may leave an empty file
        return False


def _read(file: sqlite3.Connection, names: Mapping[int, str], most: float) -> Ran:
    ran = Ran(_branch(file), dict.fromkeys(names.values(), 0), {})
    lines = ran.lines
    for number, bits in file.execute("SELECT file_id, numbits FROM line_bits"):
        if type(bits) is not bytes or len(bits) > LARGEST_BITS or number not in names:
            raise RecordError(_ODD)
        lines[names[number]] |= int.from_bytes(bits, "little")
    last, arcs, room = None, set[tuple[int, int]](), most
    for number, start, end in file.execute("SELECT file_id, fromno, tono FROM arc"):
        if number != last:
            if number not in names:
                raise RecordError(_ODD)
            room -= len(arcs)
            last, arcs = number, ran.arcs.setdefault(names[number], set())
            room += len(arcs)
        if type(start) is not int or type(end) is not int or not (-_LAST <= start <= _LAST and -_LAST <= end <= _LAST):
            raise RecordError(_ODD)
        arcs.add((start, end))
        if len(arcs) > room:
            raise RecordError(_TOO_MANY)
    if (ran.branch is not False and any(lines.values())) or (ran.arcs and not ran.branch):
        raise RecordError("holds lines beside branches, or either without saying which it measured")
    traced = file.execute("SELECT path, tracer FROM file, tracer WHERE file.id = file_id AND tracer <> ''").fetchall()
    if any(type(tracer) is not str for _, tracer in traced):
        raise RecordError("holds a plugin's name that is no text")
    ran.traced = frozenset(name for name, _ in traced)
    ran.contexts = file.execute("SELECT count(*) FROM context WHERE context <> ''").fetchone() != (0,)
    return ran


def _branch(file: sqlite3.Connection) -> bool | None:
    told = tuple(value for (value,) in file.execute("SELECT value FROM meta WHERE key = 'has_arcs' LIMIT 2"))
    if told not in _MODES:
        raise RecordError("does not say whether branches were measured")
    return _MODES[told]


def joined(parts: Iterable[Ran | None], where: str = "", most: int = MOST_BRANCHES) -> Ran | None:
    """All that ran in several; None where coverage has to say what that comes to: it may refuse it.

    Args:
        parts: what ran in each; all of them are walked in any case, and just one is held at a time.
        where: what they are of, for errors.
        most: so many branches may be in them.

    Raises:
        RecordError: they hold more branches than any project has.
    """
    whole, known, room = Ran(None, {}, {}), True, most
    for part in parts:
        told = part is not None and part.plain and (part.branch is None or whole.branch in (None, part.branch))
        known = known and told
        if part is None or not known:
            continue
        whole.branch = whole.branch if part.branch is None else part.branch
        for name, bits in part.lines.items():
            whole.lines[name] = whole.lines.get(name, 0) | bits
        for name, arcs in part.arcs.items():
            held = whole.arcs.setdefault(name, set())
            room += len(held)
            held.update(arcs)
            room -= len(held)
            if room < 0:
                raise RecordError(_TOO_MANY, where=where)
    return whole if known else None


def write(ran: Ran, path: Path, coverage: str, called: Callable[[str], str]) -> None:
    """Write what ran as a new data file of coverage's.

    Args:
        ran: what ran; it must be plain.
        path: the file.
        coverage: the version of coverage that is to read it.
        called: what a file is to be called in it.

    Raises:
        ToolError: it cannot be written.
    """
    numbered = list(enumerate(ran.lines, 1))
    lines = [(n, _bits(ran.lines[name])) for n, name in numbered if ran.lines[name]]
    arcs = [(n, start, end) for n, name in numbered for start, end in sorted(ran.arcs.get(name, ()))]
    try:
        with contextlib.closing(sqlite3.connect(path)) as file, file:
            file.execute("PRAGMA synchronous = OFF")
            file.execute("PRAGMA journal_mode = OFF")
            file.executescript(_TABLES)
            file.execute("INSERT INTO coverage_schema VALUES (?)", (SCHEMA,))
            told = [("version", coverage)] + ([] if ran.branch is None else [("has_arcs", str(int(ran.branch)))])
            file.executemany("INSERT INTO meta VALUES (?, ?)", told)
            file.executemany("INSERT INTO file VALUES (?, ?)", [(n, called(name)) for n, name in numbered])
            file.execute("INSERT INTO context VALUES (1, '')")
            file.executemany("INSERT INTO line_bits VALUES (?, 1, ?)", lines)
            file.executemany("INSERT INTO arc VALUES (?, 1, ?, ?)", arcs)
    except sqlite3.Error as error:
        raise files.refused(OSError(str(error)), path) from error


def _bits(lines: int) -> bytes:
    return lines.to_bytes((lines.bit_length() + 7) // 8, "little")
