"""What a dataset consists of: the manifest of its live files, and the journal of a write.

Both are small JSON files that are replaced in one step, so that a reader sees the old or the new
one and never a half.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from src.core.exceptions import StorageError

FORMAT_VERSION = 1


@dataclass(frozen=True)
class FileEntry:
    """One data file: where it is below the dataset's folder, and what it should hold."""

    path: str
    rows: int
    size: int
    checksum: str


@dataclass
class Manifest:
    """The live files of a dataset, by path."""

    files: dict[str, FileEntry] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows in all live files."""
        return sum(entry.rows for entry in self.files.values())

    def add(self, entries: Iterable[FileEntry]) -> None:
        """Take the entries in; an entry replaces the one that has its path."""
        self.files.update((entry.path, entry) for entry in entries)

    def remove(self, paths: Iterable[str]) -> list[FileEntry]:
        """Drop the paths and return the entries that were there."""
        return [self.files.pop(path) for path in list(paths) if path in self.files]

    def save(self, path: Path) -> None:
        """Replace the file in one step."""
        files = [asdict(self.files[name]) for name in sorted(self.files)]
        write_json(path, {"version": FORMAT_VERSION, "files": files})

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """The saved manifest, an empty one where there is none yet."""
        if not path.exists():
            return cls()
        content = read_json(path)
        if content.get("version") != FORMAT_VERSION:
            raise StorageError(f"{path} has an unknown version: {content.get('version')!r}")
        manifest = cls()
        manifest.add(FileEntry(**item) for item in content["files"])
        return manifest


@dataclass(frozen=True)
class Journal:
    """A write in progress: files to bring in, and live files that they replace."""

    batch: str
    added: tuple[FileEntry, ...]
    removed: tuple[str, ...] = ()

    def save(self, folder: Path) -> Path:
        """Write the journal; from here on the write can be completed after a crash."""
        path = folder / f"{self.batch}.json"
        added = [asdict(entry) for entry in self.added]
        write_json(path, {"batch": self.batch, "added": added, "removed": list(self.removed)})
        return path

    @classmethod
    def load(cls, path: Path) -> "Journal":
        """A journal that an interrupted write left behind."""
        content = read_json(path)
        try:
            added = tuple(FileEntry(**item) for item in content["added"])
            return cls(content["batch"], added, tuple(content["removed"]))
        except (KeyError, TypeError) as error:
            raise StorageError(f"{path} is not a journal: {error!r}") from error


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write beside the target, force it to the disk, and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; anything else in it is a `StorageError`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StorageError(f"{path} is damaged: {error}") from error
    if not isinstance(content, dict):
        raise StorageError(f"{path} is damaged: not an object")
    return content


def checksum(path: Path) -> str:
    """The SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
