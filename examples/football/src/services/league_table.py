"""League tables from results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from src.features.calculators import TeamView, view_from


@dataclass(slots=True)
class Standing:
    """One line of the table."""

    team: str
    played: int = 0
    won: int = 0
    drawn: int = 0
    lost: int = 0
    scored: int = 0
    conceded: int = 0
    points: int = 0
    recent: list[str] = field(default_factory=list)

    @property
    def goal_difference(self) -> int:
        """Goals scored minus goals conceded."""
        return self.scored - self.conceded

    def add(self, view: TeamView) -> None:
        """Take in one match."""
        self.played += 1
        self.scored += view.scored
        self.conceded += view.conceded
        self.points += view.points
        if view.scored > view.conceded:
            self.won += 1
            letter = "W"
        elif view.scored == view.conceded:
            self.drawn += 1
            letter = "D"
        else:
            self.lost += 1
            letter = "L"
        self.recent = [*self.recent, letter][-5:]

    def as_dict(self) -> dict[str, Any]:
        """Return the line in the shape of the API."""
        return {
            "team": self.team,
            "played": self.played,
            "won": self.won,
            "drawn": self.drawn,
            "lost": self.lost,
            "goals": f"{self.scored}:{self.conceded}",
            "goal_difference": self.goal_difference,
            "points": self.points,
            "form": "".join(self.recent),
        }


def build_table(matches: Iterable[Mapping[str, Any]], *, deductions: Mapping[str, int] | None = None) -> list[Standing]:
    """Build the table of finished matches (oldest first): by points, goal difference, goals scored, then name."""
    standings: dict[str, Standing] = {}
    for match in matches:
        for team in (match["home_team"], match["away_team"]):
            standings.setdefault(team, Standing(team)).add(view_from(match, team))
    for team, points in (deductions or {}).items():
        if team not in standings:
            raise ValueError(f"points are deducted from {team}, which did not play")
        standings[team].points -= points
    return sorted(standings.values(), key=lambda line: (-line.points, -line.goal_difference, -line.scored, line.team))


def zone_of(position: int, size: int, *, promoted: int = 4, relegated: int = 3) -> str:
    """Name the zone of a position, counted from 1."""
    if not 1 <= position <= size:
        raise ValueError(f"position {position} is not within 1 to {size}")
    if position <= promoted:
        return "europe"
    return "relegation" if position > size - relegated else "midfield"


def title_is_decided(table: Sequence[Standing], matches_each: int) -> bool:
    """Whether the leader can no longer be caught on points."""
    if len(table) < 2:
        return bool(table)
    leader = table[0]
    reachable = max(line.points + 3 * (matches_each - line.played) for line in table[1:])
    return leader.points > reachable
