"""From the source's payloads to the service's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from src.core.exceptions import ValidationError
from src.utilities.dates import parse_utc, season_of, to_iso
from src.utilities.iterables import dig
from src.utilities.validation import as_int, require

STATUSES: Mapping[str, str] = {
    "SCHEDULED": "scheduled",
    "TIMED": "scheduled",
    "IN_PLAY": "live",
    "PAUSED": "live",
    "FINISHED": "finished",
    "AWARDED": "finished",
    "POSTPONED": "postponed",
    "CANCELLED": "cancelled",
}

Row = dict[str, Any]
Parser = Callable[[Mapping[str, Any]], Row]


def _moment(payload: Mapping[str, Any], name: str) -> Any:
    try:
        return parse_utc(str(require(payload, name)))
    except ValueError as error:
        raise ValidationError(f"{name} is not a time", field=name, value=payload.get(name)) from error


def _status(payload: Mapping[str, Any]) -> str:
    word = str(require(payload, "status")).upper()
    if word not in STATUSES:
        raise ValidationError(f"unknown status {word}", field="status", value=word)
    return STATUSES[word]


def _goals(payload: Mapping[str, Any], side: str) -> int | None:
    value = dig(payload, f"score.fullTime.{side}")
    return None if value is None else as_int(value, f"score.fullTime.{side}", low=0, high=99)


def parse_fixture(payload: Mapping[str, Any]) -> Row:
    """Turn a match of the source into a row of the matches table."""
    kickoff = _moment(payload, "utcDate")
    home, away = dig(payload, "homeTeam.name"), dig(payload, "awayTeam.name")
    if not home or not away:
        raise ValidationError("a team has no name", field="homeTeam" if not home else "awayTeam")
    if home == away:
        raise ValidationError(f"{home} cannot play itself", field="awayTeam")
    status = _status(payload)
    home_goals, away_goals = _goals(payload, "home"), _goals(payload, "away")
    if status == "finished" and (home_goals is None or away_goals is None):
        raise ValidationError("a finished match has no score", field="score")
    return {
        "id": as_int(require(payload, "id"), "id", low=1),
        "league": str(dig(payload, "competition.code", "unknown")),
        "season": season_of(kickoff.date()),
        "kickoff": to_iso(kickoff),
        "home_team": home,
        "away_team": away,
        "status": status,
        "home_goals": home_goals,
        "away_goals": away_goals,
    }


def parse_score(payload: Mapping[str, Any]) -> Row:
    """Turn a match of the source into a score update."""
    home_goals, away_goals = _goals(payload, "home"), _goals(payload, "away")
    if home_goals is None or away_goals is None:
        raise ValidationError("the score is missing", field="score")
    return {
        "match_id": as_int(require(payload, "id"), "id", low=1),
        "home_goals": home_goals,
        "away_goals": away_goals,
        "finished": _status(payload) == "finished",
    }


def parse_odds(payload: Mapping[str, Any]) -> Row:
    """Turn a bookmaker's quote into a row of the odds table."""
    row: Row = {
        "match_id": as_int(require(payload, "matchId"), "matchId", low=1),
        "bookmaker": str(require(payload, "bookmaker")).strip(),
        "taken_at": to_iso(_moment(payload, "takenAt")),
    }
    for side in ("home", "draw", "away"):
        try:
            odds = float(require(payload, side))
        except (TypeError, ValueError):
            raise ValidationError(f"{side} is not a number", field=side, value=payload[side]) from None
        if not 1.0 < odds <= 1000.0:
            raise ValidationError(f"odds of {odds} cannot be", field=side, value=odds)
        row[side] = odds
    return row


def parse_many(payloads: Iterable[Any], parser: Parser) -> tuple[list[Row], list[str]]:
    """Parse what can be parsed; return the rows, and why the others were refused."""
    rows: list[Row] = []
    refused: list[str] = []
    for index, payload in enumerate(payloads):
        if not isinstance(payload, Mapping):
            refused.append(f"item {index}: not an object")
            continue
        try:
            rows.append(parser(payload))
        except ValidationError as error:
            refused.append(f"item {index}: {error.message}")
    return rows, refused
