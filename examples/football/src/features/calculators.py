"""Features of one team or one pairing, computed from plain match rows (newest first)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from src.utilities.dates import parse_utc

Match = Mapping[str, Any]

WIN_POINTS = 3
DRAW_POINTS = 1


@dataclass(frozen=True, slots=True)
class TeamView:
    """One match as seen from one of its teams."""

    scored: int
    conceded: int
    at_home: bool
    kickoff: datetime

    @property
    def points(self) -> int:
        """The league points that the team took."""
        if self.scored > self.conceded:
            return WIN_POINTS
        return DRAW_POINTS if self.scored == self.conceded else 0


def view_from(match: Match, team: str) -> TeamView:
    """Look at a finished match from one side."""
    kickoff = parse_utc(match["kickoff"])
    if match["home_team"] == team:
        return TeamView(match["home_goals"], match["away_goals"], True, kickoff)
    if match["away_team"] == team:
        return TeamView(match["away_goals"], match["home_goals"], False, kickoff)
    raise ValueError(f"{team} did not play in match {match['id']}")


def form(views: Sequence[TeamView], *, decay: float = 0.9) -> float:
    """Return the share of points taken, between 0 and 1; each older match weighs ``decay`` times the one after it."""
    if not views:
        return 0.5
    weights = [decay**age for age in range(len(views))]
    taken = sum(weight * view.points for weight, view in zip(weights, views, strict=True))
    return taken / (WIN_POINTS * sum(weights))


def goal_means(views: Sequence[TeamView], *, prior: float = 1.35, prior_weight: float = 2.0) -> tuple[float, float]:
    """Return the mean goals scored and conceded, pulled towards ``prior`` while there are few matches."""
    total = len(views) + prior_weight
    scored = (sum(view.scored for view in views) + prior * prior_weight) / total
    conceded = (sum(view.conceded for view in views) + prior * prior_weight) / total
    return scored, conceded


def rest_days(views: Sequence[TeamView], kickoff: datetime, *, cap: float = 14.0) -> float:
    """Return the days since the last match, at most ``cap``, which is also the answer when there was none."""
    if not views:
        return cap
    days = (kickoff - views[0].kickoff).total_seconds() / 86400.0
    return min(max(days, 0.0), cap)


def streak(views: Sequence[TeamView]) -> int:
    """Return the length of the run of wins (positive) or losses (negative); a draw ends every run."""
    if not views or views[0].points == DRAW_POINTS:
        return 0
    first = views[0].points
    length = 0
    for view in views:
        if view.points != first:
            break
        length += 1
    return length if first == WIN_POINTS else -length


def clean_sheet_share(views: Sequence[TeamView]) -> float:
    """Return the share of matches without a goal against, 0 when there were no matches."""
    if not views:
        return 0.0
    return sum(view.conceded == 0 for view in views) / len(views)


def venue_split(views: Sequence[TeamView]) -> tuple[float, float]:
    """Return the points per match at home and away, 0 for a venue without matches."""
    home = [view.points for view in views if view.at_home]
    away = [view.points for view in views if not view.at_home]
    return _mean(home), _mean(away)


def head_to_head(matches: Sequence[Match], team: str) -> dict[str, float]:
    """Return a team's balance against one opponent: win, draw and loss shares and the mean goal difference."""
    if not matches:
        return {"wins": 0.0, "draws": 0.0, "losses": 0.0, "goal_difference": 0.0, "matches": 0.0}
    views = [view_from(match, team) for match in matches]
    count = len(views)
    return {
        "wins": sum(view.points == WIN_POINTS for view in views) / count,
        "draws": sum(view.points == DRAW_POINTS for view in views) / count,
        "losses": sum(view.points == 0 for view in views) / count,
        "goal_difference": sum(view.scored - view.conceded for view in views) / count,
        "matches": float(count),
    }


def congestion(views: Sequence[TeamView], kickoff: datetime, *, window_days: int = 14) -> int:
    """Return how many matches a team played in the days before a kick-off."""
    return sum(0 <= (kickoff - view.kickoff).days < window_days for view in views)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
