"""Queries, one class for each thing that is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from src.core.exceptions import NotFoundError
from src.database.manager import DatabaseManager
from src.utilities.dates import to_iso

_MATCH_COLUMNS = ("id", "league", "season", "kickoff", "home_team", "away_team", "status", "home_goals", "away_goals")


class MatchRepository:
    """Fixtures and results."""

    def __init__(self, database: DatabaseManager) -> None:
        self._database = database

    def upsert_many(self, matches: Iterable[Mapping[str, Any]]) -> int:
        """Insert matches, or overwrite the ones that are there; return how many rows were written."""
        rows = [{column: match.get(column) for column in _MATCH_COLUMNS} for match in matches]
        if not rows:
            return 0
        names = ", ".join(_MATCH_COLUMNS)
        slots = ", ".join(f":{column}" for column in _MATCH_COLUMNS)
        updates = ", ".join(f"{column} = excluded.{column}" for column in _MATCH_COLUMNS[1:])
        sql = f"INSERT INTO matches ({names}) VALUES ({slots}) ON CONFLICT (id) DO UPDATE SET {updates}"
        return self._database.execute_many(sql, rows)

    def get(self, match_id: int) -> dict[str, Any]:
        """Return one match; an unknown id is an error."""
        row = self._database.fetch_one("SELECT * FROM matches WHERE id = ?", (match_id,))
        if row is None:
            raise NotFoundError(f"there is no match {match_id}", match_id=match_id)
        return row

    def between(self, first: date, last: date, league: str | None = None) -> list[dict[str, Any]]:
        """Return the matches that kick off from ``first`` to ``last``, both days included, in order of kick-off."""
        sql = "SELECT * FROM matches WHERE date(kickoff) BETWEEN ? AND ?"
        params: list[Any] = [first.isoformat(), last.isoformat()]
        if league is not None:
            sql += " AND league = ?"
            params.append(league)
        return self._database.fetch_all(sql + " ORDER BY kickoff, id", params)

    def finished_before(self, moment: datetime, team: str, limit: int) -> list[dict[str, Any]]:
        """Return a team's last finished matches before a moment, the newest first."""
        return self._database.fetch_all(
            "SELECT * FROM matches WHERE status = 'finished' AND kickoff < ? AND (home_team = ? OR away_team = ?)"
            " ORDER BY kickoff DESC LIMIT ?",
            (to_iso(moment), team, team, limit),
        )

    def head_to_head(self, moment: datetime, one: str, other: str, limit: int) -> list[dict[str, Any]]:
        """Return the last finished matches of two teams against each other, the newest first."""
        return self._database.fetch_all(
            "SELECT * FROM matches WHERE status = 'finished' AND kickoff < ?"
            " AND ((home_team = ? AND away_team = ?) OR (home_team = ? AND away_team = ?))"
            " ORDER BY kickoff DESC LIMIT ?",
            (to_iso(moment), one, other, other, one, limit),
        )

    def season_results(self, league: str, season: str) -> list[dict[str, Any]]:
        """Return all finished matches of a league's season, the oldest first."""
        return self._database.fetch_all(
            "SELECT * FROM matches WHERE league = ? AND season = ? AND status = 'finished' ORDER BY kickoff, id",
            (league, season),
        )

    def set_score(self, match_id: int, home_goals: int, away_goals: int, *, finished: bool) -> None:
        """Write a score; a match that is not over is ``live``."""
        status = "finished" if finished else "live"
        changed = self._database.execute(
            "UPDATE matches SET home_goals = ?, away_goals = ?, status = ? WHERE id = ?",
            (home_goals, away_goals, status, match_id),
        )
        if changed == 0:
            raise NotFoundError(f"there is no match {match_id}", match_id=match_id)


class OddsRepository:
    """Bookmakers' quotes."""

    def __init__(self, database: DatabaseManager) -> None:
        self._database = database

    def add_many(self, quotes: Iterable[Mapping[str, Any]]) -> int:
        """Store quotes; one that is already there is left alone."""
        return self._database.execute_many(
            "INSERT OR IGNORE INTO odds VALUES (:match_id, :bookmaker, :home, :draw, :away, :taken_at)", list(quotes)
        )

    def latest(self, match_id: int) -> list[dict[str, Any]]:
        """Return each bookmaker's newest quote for a match."""
        return self._database.fetch_all(
            "SELECT bookmaker, home, draw, away, MAX(taken_at) AS taken_at FROM odds WHERE match_id = ?"
            " GROUP BY bookmaker ORDER BY bookmaker",
            (match_id,),
        )

    def movement(self, match_id: int, bookmaker: str) -> dict[str, float] | None:
        """Return how far one bookmaker's quotes moved from its first to its last, or None below two quotes."""
        rows = self._database.fetch_all(
            "SELECT home, draw, away FROM odds WHERE match_id = ? AND bookmaker = ? ORDER BY taken_at",
            (match_id, bookmaker),
        )
        if len(rows) < 2:
            return None
        return {side: rows[-1][side] - rows[0][side] for side in ("home", "draw", "away")}


class PredictionRepository:
    """Predictions and how they turned out."""

    def __init__(self, database: DatabaseManager) -> None:
        self._database = database

    def history(self, match_id: int) -> list[dict[str, Any]]:
        """Return all predictions of a match, the newest first."""
        return self._database.fetch_all(
            "SELECT * FROM predictions WHERE match_id = ? ORDER BY created_at DESC, id DESC", (match_id,)
        )

    def unverified(self) -> list[dict[str, Any]]:
        """Return the predictions of finished matches that nobody has compared with the result yet."""
        return self._database.fetch_all(
            "SELECT p.*, m.home_goals, m.away_goals FROM predictions p JOIN matches m ON m.id = p.match_id"
            " WHERE p.actual IS NULL AND m.status = 'finished' ORDER BY p.id"
        )

    def accuracy_by_version(self) -> dict[str, float]:
        """Return each model version's share of right predictions among the verified ones."""
        rows = self._database.fetch_all(
            "SELECT model_version, AVG(correct) AS accuracy FROM predictions WHERE correct IS NOT NULL"
            " GROUP BY model_version ORDER BY model_version"
        )
        return {row["model_version"]: row["accuracy"] for row in rows}


class CollectionLogRepository:
    """What the collection tasks did."""

    def __init__(self, database: DatabaseManager) -> None:
        self._database = database

    def add(
        self, source: str, status: str, records: int, failures: int, finished_at: datetime, detail: str = ""
    ) -> None:
        """Write one line of the log."""
        self._database.execute(
            "INSERT INTO collection_log (source, status, records, failures, detail, finished_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (source, status, records, failures, detail, to_iso(finished_at)),
        )

    def last_success(self, source: str) -> dict[str, Any] | None:
        """Return the newest line of a source that did not fail."""
        return self._database.fetch_one(
            "SELECT * FROM collection_log WHERE source = ? AND status != 'failed' ORDER BY finished_at DESC LIMIT 1",
            (source,),
        )
