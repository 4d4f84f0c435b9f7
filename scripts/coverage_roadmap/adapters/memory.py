"""What was made of a content once is remembered, so that a warm command parses nothing again."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from coverage_roadmap import __version__
from coverage_roadmap.adapters.clock import Clock
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.errors import RoadmapError

T = TypeVar("T")
KEPT = 30
"""How long what nothing asked for is remembered. Days."""
_BATCH = 500


class Memory:
    """What was made of contents, by their hashes and by all that decides what is made of them.

    It lies in the project's `.coverage-roadmap/`. Where that cannot be read or written, it lasts as long as we do.
    """

    def __init__(self, project: Path, clock: Clock) -> None:
        """Take the memory of a project."""
        self.store = Store(project)
        self.path = self.store.root / "made.sqlite"
        self.today = clock.now().toordinal()
        self.known: dict[str, Any] = {}

    def made(
        self,
        kind: Any,
        told: object,
        keys: Iterable[str],
        make: Callable[[Sequence[str]], Iterator[tuple[str, T, bool]]],
    ) -> dict[str, T]:
        """What is made of each content: recalled, else made, once, and remembered.

        Args:
            kind: the type of what is made.
            told: all that decides what is made, beside the content, our version and the Python's.
            keys: a name of each content that no other content has.
            make: makes what is not known; gives each with its key, and whether it is to be remembered.
        """
        mark = self._mark(kind, told)
        wanted = {key: f"{mark}:{key}" for key in keys}
        self._recall(kind, [name for name in wanted.values() if name not in self.known])
        new = []
        for key, value, keep in make([key for key, name in wanted.items() if name not in self.known]):
            self.known[wanted[key]] = value
            new += [wanted[key]] if keep else []
        self._keep(new)
        return {key: self.known[name] for key, name in wanted.items()}

    def recall(self, kind: Any, key: str) -> Any:
        """What was remembered of the last under this key; None where nothing is."""
        name = f"{self._mark(kind, None)}:{key}"
        self._recall(kind, [name] if name not in self.known else [])
        return self.known.get(name)

    def remember(self, value: Any, key: str) -> None:
        """Remember a value under a key, in place of what was there."""
        name = f"{self._mark(type(value), None)}:{key}"
        self.known[name] = value
        self._keep([name])

    def _mark(self, kind: Any, told: object) -> str:
        deciding = repr((__version__, sys.implementation.name, sys.version_info[:2], str(kind), told))
        return hashlib.sha256(deciding.encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def _recall(self, kind: Any, names: Sequence[str]) -> None:
        if not names or not self.path.exists():
            return
        decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(kind)
        with contextlib.suppress(sqlite3.Error), self._opened() as file:
            for start in range(0, len(names), _BATCH):
                some = names[start : start + _BATCH]
                asked = f"key IN ({','.join('?' * len(some))})"
                rows = file.execute(f"SELECT key, entry, day FROM made WHERE {asked}", some).fetchall()  # noqa: S608
                for name, entry, _ in rows:
                    with contextlib.suppress(msgspec.DecodeError, TypeError):
                        self.known[name] = decoder.decode(entry)
                earlier = [(self.today, name) for name, _, day in rows if day != self.today]
                file.executemany("UPDATE made SET day = ? WHERE key = ?", earlier)

    def _keep(self, names: Sequence[str]) -> None:
        """Remember what was made anew, and forget what nothing asked for in a while."""
        if not names:
            return
        rows = [(name, msgspec.msgpack.encode(self.known[name]), self.today) for name in names]
        try:
            self.store.open()
            with self._opened() as file:
                file.execute("CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, entry BLOB, day INTEGER)")
                file.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?)", rows)
                file.execute("DELETE FROM made WHERE day < ?", (self.today - KEPT,))
        except (RoadmapError, sqlite3.OperationalError):
            pass  # a folder that cannot be written, or another process for too long
        except sqlite3.DatabaseError:  # no such file as ours: the next one begins anew
            with contextlib.suppress(OSError):
                self.path.unlink()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as file, file:
            file.execute("PRAGMA synchronous = OFF")
            yield file
