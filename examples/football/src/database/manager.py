"""A thin manager over sqlite3: connections, transactions and rows as dictionaries."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from src.core.exceptions import DatabaseError
from src.core.logger import get_logger

Params = Sequence[Any] | Mapping[str, Any]

logger = get_logger(__name__)


class DatabaseManager:
    """Opens connections to one SQLite file and wraps statements in transactions.

    An in-memory database (``:memory:``) lives in a single connection, which all sessions share; a file gets a
    connection for each session, so that threads do not step on each other.
    """

    def __init__(self, path: str | Path = ":memory:", *, timeout_seconds: float = 5.0) -> None:
        self.path = str(path)
        self.timeout_seconds = timeout_seconds
        self._lock = threading.RLock()
        self._shared: sqlite3.Connection | None = None

    @property
    def in_memory(self) -> bool:
        """Whether the database vanishes with the manager."""
        return self.path == ":memory:"

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=self.timeout_seconds, check_same_thread=False)
        except sqlite3.Error as error:
            raise DatabaseError(f"cannot open {self.path}: {error}", path=self.path) from error
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def session(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection inside a transaction: committed on success, rolled back on any error."""
        if self.in_memory:
            with self._lock:
                if self._shared is None:
                    self._shared = self._connect()
                with self._transaction(self._shared) as connection:
                    yield connection
            return
        connection = self._connect()
        try:
            with self._transaction(connection):
                yield connection
        finally:
            connection.close()

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        try:
            yield connection
        except sqlite3.Error as error:
            connection.rollback()
            logger.error("database statement failed: %s", error)
            raise DatabaseError(str(error), path=self.path) from error
        except BaseException:
            connection.rollback()
            raise
        else:
            connection.commit()

    def fetch_all(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """Run a query and return its rows as dictionaries."""
        with self.session() as connection:
            return [dict(row) for row in connection.execute(sql, params)]

    def fetch_one(self, sql: str, params: Params = ()) -> dict[str, Any] | None:
        """Run a query and return its first row, or None when it has none."""
        with self.session() as connection:
            row = connection.execute(sql, params).fetchone()
        return None if row is None else dict(row)

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self.session() as connection:
            return connection.execute(sql, params).rowcount

    def execute_many(self, sql: str, rows: Iterable[Params]) -> int:
        """Run one statement for each row, all in one transaction, and return how many rows changed."""
        with self.session() as connection:
            return connection.executemany(sql, rows).rowcount

    def execute_script(self, script: str) -> None:
        """Run several statements that take no parameters (schema files)."""
        with self.session() as connection:
            connection.executescript(script)

    def close(self) -> None:
        """Close the shared in-memory connection; a file's connections close with their sessions."""
        with self._lock:
            if self._shared is not None:
                self._shared.close()
                self._shared = None

    def health(self) -> dict[str, Any]:
        """Say whether the database answers, for the health endpoint."""
        try:
            row = self.fetch_one("SELECT sqlite_version() AS version")
        except DatabaseError as error:
            return {"status": "down", "path": self.path, "error": error.message}
        return {"status": "up", "path": self.path, "version": row["version"] if row else None}
