"""The messages on the service's topics: their contract, and their way from and to bytes.

Every message is a JSON object `{"type": ..., "version": ..., "data": {...}}`. A reader accepts the
versions that it knows and ignores fields that it does not.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from src.core.exceptions import StreamingError


class MessageError(StreamingError):
    """A message that breaks the contract; `reason` is short enough for a metric's label."""

    code = "message_error"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}", reason=reason)
        self.reason = reason


@dataclass(frozen=True)
class MatchAnnounced:
    """A fixture is planned, or its plan changed."""

    match_id: int
    league: str
    home_team: str
    away_team: str
    kickoff: datetime


@dataclass(frozen=True)
class ScoreChanged:
    """The score of a running match at a minute of play."""

    match_id: int
    minute: int
    home_goals: int
    away_goals: int
    occurred_at: datetime


@dataclass(frozen=True)
class OddsQuoted:
    """A bookmaker's decimal odds on a match."""

    match_id: int
    bookmaker: str
    home: float
    draw: float
    away: float
    taken_at: datetime


Message = MatchAnnounced | ScoreChanged | OddsQuoted


@dataclass(frozen=True)
class Envelope:
    """A decoded message with the place that it came from."""

    topic: str
    partition: int
    offset: int
    message: Message

    @property
    def id(self) -> tuple[str, int, int]:
        """The same for a message that is delivered twice."""
        return (self.topic, self.partition, self.offset)


def _field(data: Mapping[str, Any], name: str) -> Any:
    if data.get(name) is None:
        raise MessageError("missing-field", name)
    return data[name]


def _text(data: Mapping[str, Any], name: str) -> str:
    value = _field(data, name)
    if not isinstance(value, str) or not value.strip():
        raise MessageError("bad-field", f"{name} must be a text, not {value!r}")
    return value.strip()


def _count(data: Mapping[str, Any], name: str) -> int:
    value = _field(data, name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MessageError("bad-field", f"{name} must be a whole number, not {value!r}")
    return value


def _odds(data: Mapping[str, Any], name: str) -> float:
    value = _field(data, name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 1:
        raise MessageError("bad-field", f"{name} must be decimal odds above 1, not {value!r}")
    return float(value)


def _moment(data: Mapping[str, Any], name: str) -> datetime:
    value = _text(data, name)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise MessageError("bad-field", f"{name} must be an ISO time, not {value!r}") from error
    if moment.tzinfo is None:
        raise MessageError("bad-field", f"{name} needs a time zone: {value!r}")
    return moment.astimezone(UTC)


def _match(data: Mapping[str, Any]) -> MatchAnnounced:
    home, away = _text(data, "home_team"), _text(data, "away_team")
    if home == away:
        raise MessageError("bad-field", f"{home} cannot play itself")
    kickoff = _moment(data, "kickoff")
    return MatchAnnounced(_count(data, "match_id"), _text(data, "league"), home, away, kickoff)


def _score(data: Mapping[str, Any]) -> ScoreChanged:
    return ScoreChanged(
        match_id=_count(data, "match_id"),
        minute=_count(data, "minute"),
        home_goals=_count(data, "home_goals"),
        away_goals=_count(data, "away_goals"),
        occurred_at=_moment(data, "occurred_at"),
    )


def _quote(data: Mapping[str, Any]) -> OddsQuoted:
    return OddsQuoted(
        match_id=_count(data, "match_id"),
        bookmaker=_text(data, "bookmaker"),
        home=_odds(data, "home"),
        draw=_odds(data, "draw"),
        away=_odds(data, "away"),
        taken_at=_moment(data, "taken_at"),
    )


READERS: dict[tuple[str, int], Callable[[Mapping[str, Any]], Message]] = {
    ("match", 1): _match,
    ("score", 1): _score,
    ("odds", 1): _quote,
}
TYPES: dict[type, tuple[str, int]] = {
    MatchAnnounced: ("match", 1),
    ScoreChanged: ("score", 1),
    OddsQuoted: ("odds", 1),
}


def decode(payload: bytes | None) -> Message:
    """Read a message, or raise a `MessageError` that says what is wrong with it."""
    if not payload:
        raise MessageError("empty", "the message has no value")
    try:
        content = json.loads(payload)
    except ValueError as error:
        raise MessageError("not-json", str(error)) from error
    if not isinstance(content, dict) or not isinstance(content.get("data"), dict):
        raise MessageError("bad-shape", "an object with type, version and data is wanted")
    reader = READERS.get((content.get("type"), content.get("version", 1)))
    if reader is None:
        raise MessageError("unknown-type", f"{content.get('type')!r} version {content.get('version')!r}")
    return reader(content["data"])


def encode(message: Message) -> bytes:
    """The bytes that `decode` reads back as an equal message."""
    name, version = TYPES[type(message)]
    data = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(message).items()}
    return json.dumps({"type": name, "version": version, "data": data}).encode("utf-8")
