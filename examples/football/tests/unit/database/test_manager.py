"""The database manager, over real SQLite."""

from __future__ import annotations

import sqlite3

import pytest

from src.core.exceptions import DatabaseError
from src.database.manager import DatabaseManager


@pytest.fixture(params=["memory", "file"])
def database(request, tmp_path):
    """A manager with one table, in memory and on disk."""
    manager = DatabaseManager(":memory:" if request.param == "memory" else tmp_path / "test.db")
    manager.execute_script("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);")
    yield manager
    manager.close()


def test_rows_come_back_as_dictionaries(database):
    assert database.execute("INSERT INTO t VALUES (?, ?)", (1, "a")) == 1
    assert database.execute("INSERT INTO t VALUES (:id, :name)", {"id": 2, "name": "b"}) == 1
    assert database.fetch_all("SELECT * FROM t ORDER BY id") == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


def test_execute_says_how_many_rows_changed(database):
    assert database.execute_many("INSERT INTO t VALUES (?, ?)", [(n, "x") for n in range(5)]) == 5
    assert database.execute("UPDATE t SET name = 'y' WHERE id < ?", (3,)) == 3
    assert database.execute("DELETE FROM t WHERE id = 99") == 0


def test_first_row_or_none(database):
    database.execute("INSERT INTO t VALUES (1, 'a')")
    assert database.fetch_one("SELECT name FROM t") == {"name": "a"}
    assert database.fetch_one("SELECT name FROM t WHERE id = 2") is None


def test_session_commits_on_success(database):
    with database.session() as connection:
        connection.execute("INSERT INTO t VALUES (1, 'a')")
    assert len(database.fetch_all("SELECT * FROM t")) == 1


@pytest.mark.parametrize("error", [ValueError("mine"), KeyboardInterrupt()])
def test_session_rolls_back_on_any_error_and_passes_it_on(database, error):
    with pytest.raises(type(error)), database.session() as connection:
        connection.execute("INSERT INTO t VALUES (1, 'a')")
        raise error
    assert database.fetch_all("SELECT * FROM t") == []


def test_sqlite_errors_become_database_errors(database):
    with pytest.raises(DatabaseError, match="no such table") as caught:
        database.fetch_all("SELECT * FROM no_such_place")
    assert isinstance(caught.value.__cause__, sqlite3.Error)


def test_failed_batch_writes_none_of_its_rows(database):
    with pytest.raises(DatabaseError, match="UNIQUE"):
        database.execute_many("INSERT INTO t VALUES (?, ?)", [(1, "a"), (1, "b")])
    assert database.fetch_all("SELECT * FROM t") == []


def test_health_of_a_database_that_answers(database):
    assert database.health()["status"] == "up"
    assert database.health()["version"] == sqlite3.sqlite_version


def test_database_that_cannot_be_opened(tmp_path):
    manager = DatabaseManager(tmp_path / "no" / "such" / "folder.db")
    with pytest.raises(DatabaseError, match="cannot open"):
        manager.fetch_all("SELECT 1")
    assert manager.health()["status"] == "down"


def test_memory_is_gone_after_closing():
    manager = DatabaseManager()
    manager.execute("CREATE TABLE t (id INTEGER)")
    manager.close()
    manager.close()
    assert manager.fetch_all("SELECT name FROM sqlite_master") == []
    manager.close()
