"""Files: whole or not at all when written, bounded when read."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from coverage_roadmap.errors import RecordError, ToolError, UsageError

LARGEST_TEXT = 8 * 2**20
"""No settings file is larger. Bytes."""
NO_FILE = "it is a pipe, a socket or a device"
"""Why what lies at a path is not read."""


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` so that a reader sees the old file or the new one, whatever happens in between.

    Raises:
        ToolError: the disk is full, the folder cannot be written, or any other refusal of the system.
    """
    import tempfile  # for who writes; most commands only read

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise refused(error, path) from error


def destination(path: Path, name: str, top: Path, *, anywhere: bool = True) -> Path:
    """Where what is written to a person's file goes. Links are followed as far as the repository reaches: one in it
    may come from a stranger, and so leads nowhere else; and nothing is written into git's own folder, which git obeys.

    Args:
        path: the file, which need not exist.
        name: how it was given, for errors.
        top: the repository's folder, or else the project's.
        anywhere: whether a file outside may be named, as a person may who gives its path.

    Raises:
        UsageError: it leads out of the repository, or into git's own folder.
    """
    real, home = Path(os.path.realpath(path)), Path(os.path.realpath(top))
    inside = real.is_relative_to(home)
    if ".git" in (part.lower() for part in (real.relative_to(home) if inside else real).parts):
        raise UsageError("lies in git's own folder", where=name, next_step="name another file")
    above = Path(os.path.abspath(path)).parents  # noqa: PTH100 - links stay as they are
    if not inside and (not anywhere or any(os.path.realpath(folder) == str(home) for folder in above)):
        raise UsageError("leads out of the repository", where=name, next_step="put a real file there, or name another")
    return real


def rewrite(path: Path, name: str, change: Callable[[str], str], *, top: Path, anywhere: bool = True) -> None:
    """Change a person's text file, or make it; where nothing changes it is left alone. All else of it stays, each byte
    and its mode.

    Args:
        path: the file; what a link leads to is what is written.
        name: how it was given, for errors.
        change: makes the new text of the old one, which is empty where there is no file.
        top: as in `destination`.
        anywhere: as in `destination`.

    Raises:
        UsageError: it is no file, or may not be written; see `destination`.
        RecordError: it is too large to be one.
        ToolError: it is read-only, or cannot be written.
    """
    target = destination(path, name, top, anywhere=anywhere)
    there = target.exists()
    if there and not target.is_file():
        raise UsageError("is no file that can be written", where=name, next_step="name another")
    refuse_read_only(target, name, "make it writable, or name another")
    text = read_exact(target) if there else ""
    new = change(text)
    if new != text:
        write_whole(
            target, new.encode("utf-8", "surrogateescape"), mode=target.stat().st_mode & 0o777 if there else 0o644
        )


def refuse_read_only(path: Path, name: str, next_step: str) -> None:
    """Refuse a file that its owner keeps from being changed; to put another in its place would ask nobody.

    Raises:
        ToolError: it is there, and may not be written.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise ToolError("is read-only", where=name, next_step=next_step)


def refused(error: OSError, path: Path) -> ToolError:
    """The system's refusal to write `path`, in words."""
    reason = error.strerror or str(error)
    mend = "make its folder" if isinstance(error, FileNotFoundError) else "make room, or make the folder writable"
    return ToolError(f"cannot be written: {reason}", where=str(path), next_step=f"{mend}, and run again")


def opened(path: Path) -> BinaryIO:
    """Open a regular file to be read; what lies there instead may keep a reader waiting for ever.

    Raises:
        OSError: it cannot be read, is a folder, or is a pipe, a socket or a device.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    folder = stat.S_ISDIR(mode)
    raise OSError(errno.EISDIR if folder else errno.EINVAL, os.strerror(errno.EISDIR) if folder else NO_FILE, str(path))


def read_bounded(path: Path, largest: int) -> bytes:
    """The content of `path`.

    Raises:
        RecordError: it is larger than `largest` bytes, is no regular file, or cannot be read.
    """
    data = b""
    try:
        with opened(path) as file:
            told = os.fstat(file.fileno()).st_size
            if told <= largest:  # what says that it is larger is not read
                data = file.read(told + 1)
            if told < len(data):  # it grew, or the system makes it as it is read
                data += file.read(largest + 1 - len(data))
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    if max(told, len(data)) > largest:
        raise RecordError(f"is larger than {largest // 2**20} MiB, which none of ours is", where=str(path))
    return data


def read_text(path: Path) -> str:
    """A settings file's text; bytes that are not UTF-8 are replaced, since only known words in it are looked at."""
    return read_bounded(path, LARGEST_TEXT).decode("utf-8", "replace")


def read_exact(path: Path) -> str:
    """A file's text such that it can be written back byte for byte: bytes that are not UTF-8 stand as surrogates."""
    return read_bounded(path, LARGEST_TEXT).decode("utf-8", "surrogateescape")


def newer(folder: Path, names: Iterable[str], than: Path) -> list[str]:
    """Those files of a folder that were written after another file."""
    with contextlib.suppress(OSError):
        written = than.stat().st_mtime
        return [name for name in names if (folder / name).is_file() and (folder / name).stat().st_mtime > written]
    return []


def append_line(path: Path, line: str) -> None:
    """Add a line to a file that others write too.

    Raises:
        ToolError: it cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as error:
        raise refused(error, path) from error
