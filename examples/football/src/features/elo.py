"""Elo ratings of teams, with home advantage and a weight for the margin of victory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EloConfig:
    """The constants of the rating."""

    start: float = 1500.0
    k: float = 20.0
    home_advantage: float = 65.0
    regression: float = 0.25
    scale: float = 400.0


class EloRatings:
    """Ratings that follow results in the order in which they are given."""

    def __init__(self, config: EloConfig | None = None) -> None:
        self.config = config or EloConfig()
        self._ratings: dict[str, float] = {}
        self._season: str | None = None

    def rating(self, team: str) -> float:
        """Return a team's rating; one without matches has the start value."""
        return self._ratings.get(team, self.config.start)

    def expected(self, home: str, away: str) -> float:
        """Return the share of the points that the home team is expected to take, between 0 and 1."""
        gap = self.rating(home) + self.config.home_advantage - self.rating(away)
        return 1.0 / (1.0 + 10.0 ** (-gap / self.config.scale))

    def record(self, home: str, away: str, home_goals: int, away_goals: int) -> float:
        """Take in a result and return the points that went from the away to the home team."""
        if home_goals < 0 or away_goals < 0:
            raise ValueError("goals cannot be negative")
        margin = home_goals - away_goals
        actual = 0.5 if margin == 0 else float(margin > 0)
        change = self.config.k * self._margin_weight(margin) * (actual - self.expected(home, away))
        self._ratings[home] = self.rating(home) + change
        self._ratings[away] = self.rating(away) - change
        return change

    @staticmethod
    def _margin_weight(margin: int) -> float:
        """Weigh a clear win more, with less and less for each further goal."""
        return 1.0 if abs(margin) <= 1 else 1.0 + math.log(abs(margin))

    def start_season(self, season: str) -> None:
        """Pull all ratings towards the start value when a new season begins."""
        if self._season is not None and season != self._season:
            keep = 1.0 - self.config.regression
            for team, rating in self._ratings.items():
                self._ratings[team] = self.config.start + keep * (rating - self.config.start)
        self._season = season

    def run(self, matches: Iterable[Mapping[str, Any]]) -> EloRatings:
        """Take in finished matches, the oldest first, and return self."""
        for match in matches:
            self.start_season(match["season"])
            self.record(match["home_team"], match["away_team"], match["home_goals"], match["away_goals"])
        return self

    def table(self) -> list[tuple[str, float]]:
        """Return all rated teams, the best first."""
        return sorted(self._ratings.items(), key=lambda item: (-item[1], item[0]))
