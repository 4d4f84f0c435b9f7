"""The paths in coverage's data, which jobs in different folders write differently; and whether data can be trusted."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.settings import under
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError

TABLES = {
    "coverage_schema": ("version",),
    "meta": ("key", "value"),
    "file": ("id", "path"),
    "context": ("id", "context"),
    "line_bits": ("file_id", "context_id", "numbits"),
    "arc": ("file_id", "context_id", "fromno", "tono"),
    "tracer": ("file_id", "tracer"),
}
"""Coverage's tables with their columns, since its version 5."""
MOST_FILES = 500_000
LONGEST_PATH = 4096
_INSIDE = regex(r"(?:(?!\.{1,2}(?:/|\Z))[^/\\\0]+(?:/(?!\Z)|\Z))+")


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change each path in a data file.

    Raises:
        RecordError: it is none, or cannot be written.
    """
    with readable(path), contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        rows = file.execute("SELECT id, path FROM file").fetchall()
        file.executemany("UPDATE file SET path = ? WHERE id = ?", [(change(name), number) for number, name in rows])


def read_only(path: Path) -> sqlite3.Connection:
    """Open a data file of another machine: to be read alone, and nothing in it is run or believed."""
    file = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    file.execute("PRAGMA trusted_schema = OFF")
    file.execute("PRAGMA cell_size_check = ON")
    return file


def move(path: Path, folder: Path) -> None:
    """Put all files of a data file, whose paths are from the project, into a project's folder.

    Raises:
        RecordError: it is none, or cannot be written.
    """
    with readable(path), contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("UPDATE file SET path = ? || path", (f"{str(folder).rstrip('/')}/",))


def examine(file: sqlite3.Connection, path: Path, known: set[str]) -> dict[int, str]:
    """Refuse data of another machine that is not what coverage writes, or names a file outside of the project.

    Args:
        file: the data, opened to be read alone; it must hold coverage's own tables and nothing beside.
        path: where it lies, for errors.
        known: paths that were found to be in the project before; those found now are added.

    Returns:
        The files in it, by number.

    Raises:
        RecordError: it is damaged, or holds anything else.
        sqlite3.Error: it is no such data.
    """
    _tables(file, path)
    if file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise RecordError("is damaged", where=str(path))
    return _paths(file, path, known)


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what SQLite makes of a file that is no coverage data into words.

    Raises:
        RecordError: it is none.
    """
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise RecordError(f"is no coverage data: {plain(str(error))}", where=str(path)) from error


def _tables(file: sqlite3.Connection, path: Path) -> None:
    for kind, name, table, text in file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        known = TABLES.get(str(table))
        own = kind == "index" and text is None and known is not None
        said = str(text).lstrip().upper()  # a check is computed, however long that takes, when the file is looked at
        if kind == "table" and known is not None and said.startswith("CREATE TABLE") and "CHECK" not in said:
            columns = file.execute(f"PRAGMA table_xinfo({name})").fetchall() if name == table else []
            own = tuple(column[1] for column in columns if column[6] == 0) == known and len(columns) == len(known)
        if not own:
            raise RecordError(f"holds {plain(f'{kind} {name}')[:100]}, which coverage does not write", where=str(path))


def _paths(file: sqlite3.Connection, path: Path, known: set[str]) -> dict[int, str]:
    names: dict[int, str] = dict(file.execute("SELECT id, path FROM file LIMIT ?", (MOST_FILES + 1,)))
    for name in set(names.values()) - known:
        if not isinstance(name, str) or len(name) > LONGEST_PATH:
            raise RecordError("names more files, or longer ones, than any project has", where=str(path))
        if not is_inside(name):
            told = plain(name)[:200]
            raise RecordError(f"names {told}, which is no path in the project", where=str(path))
        known.add(name)
    if len(names) > MOST_FILES:
        raise RecordError("names more files, or longer ones, than any project has", where=str(path))
    return names


def is_inside(name: str) -> bool:
    """Whether a path can lie in the project and nowhere else, and is written in the one way."""
    return bool(_INSIDE.fullmatch(name))


def is_straight(folder: str, known: dict[str, bool]) -> bool:
    """Whether no symbolic link is on the way to a folder; what was found is kept in `known`."""
    if folder not in known:
        known[folder] = os.path.realpath(folder) == folder
    return known[folder]


def outside(names: Iterable[str], folders: Iterable[str], project: Path) -> list[str]:
    """Those of some paths in the project that lie in none of some folders of it, which coverage follows links to."""
    real = [os.path.relpath(os.path.realpath(project / folder), project) for folder in folders]
    return sorted(name for name in names if not any(under(name, folder) for folder in real))


def linked(names: Iterable[str], project: Path) -> list[str]:
    """Those of some paths in the project that a symbolic link leads to: coverage writes where it leads, so that what is
    named by both would count twice."""
    known: dict[str, bool] = {}
    paths = ((name, f"{project}/{name}") for name in sorted(names))
    return [n for n, path in paths if os.path.islink(path) or not is_straight(path.rpartition("/")[0], known)]  # noqa: PTH114 - for many, Path takes longer
