"""Matches as the API and the tasks see them: stored rows, imports and league tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from src.core.exceptions import NotFoundError, ValidationError
from src.core.logger import get_logger
from src.database.repositories import MatchRepository
from src.services.data_processing import clean_matches
from src.services.league_table import build_table, zone_of
from src.utilities.dates import parse_utc, season_of, to_iso, week_window
from src.utilities.iterables import group_by

MAX_WINDOW_DAYS = 62

logger = get_logger(__name__)


class MatchService:
    """Reads and imports matches."""

    def __init__(self, matches: MatchRepository) -> None:
        self._matches = matches

    def import_frame(self, frame: pd.DataFrame, league: str) -> dict[str, int]:
        """Clean a table of matches of one league and store it; return the counts."""
        cleaned, report = clean_matches(frame)
        rows = [self._to_row(record, league) for record in cleaned.to_dict(orient="records")]
        stored = self._matches.upsert_many(rows)
        logger.info("imported %d of %d matches of %s", stored, report.rows_in, league)
        return {"stored": stored, "duplicates": report.duplicates, "invalid": report.invalid}

    @staticmethod
    def _to_row(record: dict[str, Any], league: str) -> dict[str, Any]:
        """Turn a cleaned record into a row of the matches table."""
        kickoff = record["kickoff"].to_pydatetime()
        goals = {side: None if pd.isna(record[side]) else int(record[side]) for side in ("home_goals", "away_goals")}
        finished = all(value is not None for value in goals.values())
        return {
            "id": int(record["id"]),
            "league": league,
            "season": season_of(kickoff.date()),
            "kickoff": to_iso(kickoff),
            "home_team": str(record["home_team"]),
            "away_team": str(record["away_team"]),
            "status": "finished" if finished else "scheduled",
            **goals,
        }

    def window(self, first: date, last: date, league: str | None = None) -> list[dict[str, Any]]:
        """Return the matches of a span of days, which may not be longer than two months."""
        if last < first:
            raise ValidationError("the last day comes before the first", field="to")
        if (last - first).days > MAX_WINDOW_DAYS:
            raise ValidationError(f"at most {MAX_WINDOW_DAYS} days at once", field="to")
        return self._matches.between(first, last, league)

    def round_of(self, day: date, league: str) -> dict[str, list[dict[str, Any]]]:
        """Return the matches of the week that a day falls in, grouped by day."""
        monday, sunday = week_window(day)
        return group_by(self._matches.between(monday, sunday, league), lambda match: match["kickoff"][:10])

    def table(self, league: str, season: str) -> list[dict[str, Any]]:
        """Return the league table with positions and zones."""
        standings = build_table(self._matches.season_results(league, season))
        if not standings:
            raise NotFoundError(f"there are no results of {league} in {season}", league=league, season=season)
        size = len(standings)
        return [
            {"position": position, "zone": zone_of(position, size), **standing.as_dict()}
            for position, standing in enumerate(standings, start=1)
        ]

    def upcoming(self, now: datetime, hours: int) -> list[int]:
        """Return the ids of the scheduled matches that kick off within the next hours."""
        limit = now + timedelta(hours=hours)
        rows = self._matches.between(now.date(), limit.date())
        return [row["id"] for row in rows if row["status"] == "scheduled" and now <= parse_utc(row["kickoff"]) <= limit]
