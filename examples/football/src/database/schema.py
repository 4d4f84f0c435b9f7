"""The tables, as numbered migrations that are applied once and in order."""

from __future__ import annotations

from dataclasses import dataclass

from src.core.exceptions import DatabaseError
from src.core.logger import get_logger
from src.database.manager import DatabaseManager

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    script: str


MIGRATIONS = (
    Migration(
        1,
        "matches",
        """
        CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, league TEXT NOT NULL);
        CREATE TABLE matches (
            id INTEGER PRIMARY KEY,
            league TEXT NOT NULL,
            season TEXT NOT NULL,
            kickoff TEXT NOT NULL,
            home_team TEXT NOT NULL,
            away_team TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'scheduled',
            home_goals INTEGER,
            away_goals INTEGER
        );
        CREATE INDEX matches_by_kickoff ON matches (kickoff);
        """,
    ),
    Migration(
        2,
        "odds",
        """
        CREATE TABLE odds (
            match_id INTEGER NOT NULL REFERENCES matches (id) ON DELETE CASCADE,
            bookmaker TEXT NOT NULL,
            home REAL NOT NULL,
            draw REAL NOT NULL,
            away REAL NOT NULL,
            taken_at TEXT NOT NULL,
            PRIMARY KEY (match_id, bookmaker, taken_at)
        );
        """,
    ),
    Migration(
        3,
        "predictions",
        """
        CREATE TABLE predictions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            match_id INTEGER NOT NULL,
            model_version TEXT NOT NULL,
            home REAL NOT NULL,
            draw REAL NOT NULL,
            away REAL NOT NULL,
            source TEXT NOT NULL,
            created_at TEXT NOT NULL,
            actual TEXT,
            correct INTEGER
        );
        CREATE INDEX predictions_by_match ON predictions (match_id, created_at);
        """,
    ),
    Migration(
        4,
        "features",
        """
        CREATE TABLE features (
            match_id INTEGER PRIMARY KEY,
            vector TEXT NOT NULL,
            version TEXT NOT NULL,
            computed_at TEXT NOT NULL
        );
        CREATE TABLE collection_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL,
            status TEXT NOT NULL,
            records INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            detail TEXT NOT NULL DEFAULT '',
            finished_at TEXT NOT NULL
        );
        """,
    ),
)


def current_version(database: DatabaseManager) -> int:
    """Return the number of the last migration applied, 0 for an empty database."""
    database.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    row = database.fetch_one("SELECT MAX(version) AS version FROM schema_version")
    return int(row["version"] or 0) if row else 0


def migrate(database: DatabaseManager) -> list[str]:
    """Apply what is missing and return the names of the migrations applied.

    A database that is ahead of this code is refused: an older service must not write into it.
    """
    present = current_version(database)
    newest = MIGRATIONS[-1].version
    if present > newest:
        raise DatabaseError(f"the database is at version {present}, this code knows {newest}", version=present)
    applied = []
    for migration in MIGRATIONS:
        if migration.version <= present:
            continue
        note = f"INSERT INTO schema_version VALUES ({migration.version}, '{migration.name}');"
        database.execute_script(f"BEGIN; {migration.script} {note} COMMIT;")
        logger.info("applied migration %d (%s)", migration.version, migration.name)
        applied.append(migration.name)
    return applied
