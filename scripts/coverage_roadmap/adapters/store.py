"""`.coverage-roadmap/` in the project: raw data and records of the last runs. A cache: it may be deleted any time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.core.measurement import FORMAT, Detail, Summary
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError, ToolError

FOLDER = ".coverage-roadmap"
KEPT = 20
T = TypeVar("T")
LARGEST = 256 * 2**20
"""No record is larger. Bytes."""


class Store(msgspec.Struct, frozen=True):
    """The cache of one project."""

    project: Path

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.project / FOLDER

    @property
    def artifacts(self) -> Path:
        """The usual folder of what shards leave."""
        return self.root / "artifacts"

    def open(self) -> None:
        """Make the folder, with a .gitignore of its own.

        Raises:
            ToolError: it cannot be written, or is a link: it may come from a stranger, and folders in it are deleted.
        """
        for folder in (self.root, self.root / "runs"):
            if folder.is_symlink():
                raise ToolError("is a link, which the cache may not be", where=str(folder), next_step="delete the link")
        try:
            (self.root / "runs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.refused(error, self.root) from error
        if not (self.root / ".gitignore").exists():
            files.write_whole(self.root / ".gitignore", b"*\n")

    def begin(self, run_id: str) -> Path:
        """Make the folder of one run.

        Raises:
            ToolError: it cannot be written.
        """
        folder = self.root / "runs" / run_id
        try:
            (folder / "data").mkdir(parents=True)
        except OSError as error:
            raise files.refused(error, folder) from error
        return folder

    @contextlib.contextmanager
    def begun(self, run_id: str) -> Iterator[Path]:
        """The same, for what can be made anew: where it ends with an error, the folder goes.

        Raises:
            ToolError: it cannot be written.
        """
        folder = self.begin(run_id)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def rename(self, run_id: str, known: str) -> None:
        """Put the folder of a run in the place of another's.

        Raises:
            ToolError: it cannot be written.
        """
        taken = self.root / "runs" / known
        shutil.rmtree(taken, ignore_errors=True)
        try:
            (self.root / "runs" / run_id).rename(taken)
        except OSError as error:
            raise files.refused(error, taken) from error

    def save(self, summary: Summary, detail: Detail) -> Path:
        """Write a record, whole; then forget all but the last runs.

        Raises:
            ToolError: the disk is full, or the folder cannot be written.
        """
        folder = self.root / "runs" / summary.id
        files.write_whole(folder / "detail.json", msgspec.json.encode(detail))
        try:
            files.write_whole(folder / "summary.json", msgspec.json.encode(summary))
        except ToolError:
            (folder / "detail.json").unlink(missing_ok=True)  # a record is whole, or not there
            raise
        self._prune()
        return folder

    def summaries(self) -> tuple[list[Summary], list[RecordError]]:
        """The records, newest first, and what is wrong with those that cannot be read."""
        good, bad = [], []
        for folder in sorted(self._runs(), reverse=True):
            path = folder / "summary.json"
            if path.exists():
                try:
                    good.append(self._read(path, Summary))
                except RecordError as error:
                    bad.append(error)
        return good, bad

    def detail(self, run_id: str) -> Detail:
        """The per-file part of a record.

        Raises:
            RecordError: it is missing, corrupt, or of a newer format.
        """
        return self._read(self.root / "runs" / run_id / "detail.json", Detail)

    def _read(self, path: Path, kind: type[T]) -> T:
        """One of a record's files, which is called by its path in the project: what is said of it may stand in a pull
        request, and no machine's own folders do."""
        name = path.relative_to(self.project).as_posix()
        try:
            content = files.read_bounded(path, LARGEST)
        except RecordError as error:
            raise RecordError(error.what, where=name, next_step=error.next_step) from error
        return decode(content, kind, name)

    def _runs(self) -> list[Path]:
        runs = self.root / "runs"
        return [folder for folder in runs.iterdir() if folder.is_dir()] if runs.is_dir() else []

    def _prune(self) -> None:
        for folder in sorted(self._runs(), reverse=True)[KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self, phase: str, say: Callable[[str], None]) -> Iterator[bool]:
        """Hold the phase's lock. A second run of the same phase says that it waits, waits, and is told that it did.

        Raises:
            ToolError: the lock's file cannot be written.
        """
        path = self.root / f"{phase}.lock"
        try:
            file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644), "wb")
        except OSError as error:
            raise files.refused(error, path) from error
        with file:
            waited = False
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = True
                say(f"{phase}: another run of it is under way; waiting for its end")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield waited


def decode(data: bytes, kind: type[T], where: str, *, next_step: str = "delete its folder; it is a cache") -> T:
    """Read a part of a record, or what else states a format as they do.

    Raises:
        RecordError: it is no JSON, lacks or has too much, breaks a bound, or is of a newer format.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            stated = msgspec.json.decode(data, type=_Stated).newest
            if stated > FORMAT:
                raise RecordError(
                    f"is of format {stated}, newer than ours ({FORMAT}): a newer coverage-roadmap made it",
                    where=where,
                    next_step="update coverage-roadmap here, or make it anew with this one",
                ) from error
        raise RecordError(f"is corrupt: {plain(str(error))[:300]}", where=where, next_step=next_step) from error


class _Stated(msgspec.Struct):
    format: int
    record: _Stated | None = None
    """A manifest holds one."""

    @property
    def newest(self) -> int:
        return max(self.format, self.record.newest if self.record else 0)
