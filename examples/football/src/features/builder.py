"""Puts the calculators together into the vector that the model is trained on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from src.core.exceptions import FeatureStoreError
from src.core.logger import get_logger
from src.database.repositories import MatchRepository, OddsRepository
from src.features import calculators
from src.features.elo import EloRatings
from src.features.feature_store import FeatureStore
from src.utilities.dates import parse_utc, utc_now

FEATURE_NAMES = (
    "elo_difference",
    "home_form",
    "away_form",
    "home_attack",
    "home_defence",
    "away_attack",
    "away_defence",
    "rest_difference",
    "h2h_goal_difference",
    "market_home",
    "market_away",
)

DEFAULT_VECTOR: Mapping[str, float] = {
    "elo_difference": 0.0,
    "home_form": 0.5,
    "away_form": 0.5,
    "home_attack": 1.5,
    "home_defence": 1.2,
    "away_attack": 1.2,
    "away_defence": 1.5,
    "rest_difference": 0.0,
    "h2h_goal_difference": 0.0,
    "market_home": 0.45,
    "market_away": 0.28,
}

HISTORY = 10
MEETINGS = 6

logger = get_logger(__name__)


class FeatureBuilder:
    """Computes the vector of a match from the store, using only what was known before its kick-off."""

    def __init__(self, matches: MatchRepository, odds: OddsRepository, store: FeatureStore) -> None:
        self._matches = matches
        self._odds = odds
        self._store = store

    def build(self, match_id: int) -> dict[str, float]:
        """Compute the vector of one match."""
        match = self._matches.get(match_id)
        kickoff = parse_utc(match["kickoff"])
        home, away = match["home_team"], match["away_team"]
        home_views = self._views(home, kickoff)
        away_views = self._views(away, kickoff)
        ratings = self._ratings(match, kickoff)
        home_attack, home_defence = calculators.goal_means(home_views)
        away_attack, away_defence = calculators.goal_means(away_views)
        meetings = self._matches.head_to_head(kickoff, home, away, MEETINGS)
        market_home, market_away = self._market(match_id)
        return {
            "elo_difference": ratings.rating(home) - ratings.rating(away),
            "home_form": calculators.form(home_views),
            "away_form": calculators.form(away_views),
            "home_attack": home_attack,
            "home_defence": home_defence,
            "away_attack": away_attack,
            "away_defence": away_defence,
            "rest_difference": calculators.rest_days(home_views, kickoff) - calculators.rest_days(away_views, kickoff),
            "h2h_goal_difference": calculators.head_to_head(meetings, home)["goal_difference"],
            "market_home": market_home,
            "market_away": market_away,
        }

    def refresh(self, match_ids: list[int], now: datetime | None = None) -> dict[str, list[int]]:
        """Compute and store the vectors of many matches; one that fails does not stop the others."""
        moment = now or utc_now()
        outcome: dict[str, list[int]] = {"stored": [], "failed": []}
        for match_id in match_ids:
            try:
                self._store.put(match_id, self.build(match_id), moment)
            except FeatureStoreError as error:
                logger.warning("features of match %d were not stored: %s", match_id, error)
                outcome["failed"].append(match_id)
            else:
                outcome["stored"].append(match_id)
        return outcome

    def _views(self, team: str, kickoff: datetime) -> list[calculators.TeamView]:
        rows = self._matches.finished_before(kickoff, team, HISTORY)
        return [calculators.view_from(row, team) for row in rows]

    def _ratings(self, match: Mapping[str, Any], kickoff: datetime) -> EloRatings:
        results = self._matches.season_results(match["league"], match["season"])
        return EloRatings().run(row for row in results if parse_utc(row["kickoff"]) < kickoff)

    def _market(self, match_id: int) -> tuple[float, float]:
        """Return the bookmakers' mean probabilities of a home and an away win, the margin taken out."""
        quotes = self._odds.latest(match_id)
        if not quotes:
            return DEFAULT_VECTOR["market_home"], DEFAULT_VECTOR["market_away"]
        home = away = 0.0
        for quote in quotes:
            book = 1 / quote["home"] + 1 / quote["draw"] + 1 / quote["away"]
            home += 1 / quote["home"] / book
            away += 1 / quote["away"] / book
        return home / len(quotes), away / len(quotes)
