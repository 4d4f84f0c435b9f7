"""What a prediction is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from src.core.exceptions import ModelError
from src.utilities.dates import to_iso


class Outcome(StrEnum):
    """How a match can end."""

    HOME = "home"
    DRAW = "draw"
    AWAY = "away"

    @classmethod
    def of_score(cls, home_goals: int, away_goals: int) -> Outcome:
        """Return the outcome that a score means."""
        if home_goals == away_goals:
            return cls.DRAW
        return cls.HOME if home_goals > away_goals else cls.AWAY


class Source(StrEnum):
    """Where a prediction came from, the best first."""

    MODEL = "model"
    STALE_CACHE = "stale_cache"
    DEFAULT_FEATURES = "default_features"


@dataclass(frozen=True, slots=True)
class Probabilities:
    """The chances of the three outcomes; they are within [0, 1] and sum to 1."""

    home: float
    draw: float
    away: float

    def __post_init__(self) -> None:
        """Refuse numbers that are no distribution."""
        values = (self.home, self.draw, self.away)
        if not all(math.isfinite(value) and 0.0 <= value <= 1.0 for value in values):
            raise ModelError("a probability is outside [0, 1]", values=values)
        if abs(sum(values) - 1.0) > 1e-6:
            raise ModelError("the probabilities do not sum to 1", values=values)

    @classmethod
    def normalised(cls, weights: Sequence[float]) -> Probabilities:
        """Scale three weights to a distribution."""
        if len(weights) != 3:
            raise ModelError(f"wanted 3 weights, got {len(weights)}")
        total = float(sum(weights))
        if not math.isfinite(total) or total <= 0 or min(weights) < 0:
            raise ModelError("the weights cannot be scaled to probabilities", values=tuple(weights))
        return cls(*(float(weight) / total for weight in weights))

    def of(self, outcome: Outcome) -> float:
        """Return the chance of one outcome."""
        return getattr(self, outcome.value)

    @property
    def favourite(self) -> Outcome:
        """The likeliest outcome; of equal ones the first of home, draw, away."""
        return max(Outcome, key=self.of)

    @property
    def entropy(self) -> float:
        """The uncertainty in bits: 0 is certain, about 1.585 is even."""
        return -sum(p * math.log2(p) for p in (self.home, self.draw, self.away) if p > 0)


@dataclass(frozen=True, slots=True)
class MatchPrediction:
    """The prediction of one match, with its provenance."""

    match_id: int
    probabilities: Probabilities
    model_version: str
    created_at: datetime
    source: Source = Source.MODEL
    age_seconds: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """The outcome that is predicted."""
        return self.probabilities.favourite

    @property
    def confidence(self) -> float:
        """The chance of the predicted outcome."""
        return self.probabilities.of(self.outcome)

    def as_dict(self) -> dict[str, Any]:
        """Return the prediction in the shape of the API."""
        return {
            "match_id": self.match_id,
            "outcome": self.outcome.value,
            "confidence": round(self.confidence, 4),
            "probabilities": {name: round(value, 4) for name, value in asdict(self.probabilities).items()},
            "model_version": self.model_version,
            "source": self.source.value,
            "created_at": to_iso(self.created_at),
            "age_seconds": round(self.age_seconds, 1),
        }


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The predictions of a batch, and why some are missing."""

    predictions: dict[int, MatchPrediction] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every match got its prediction."""
        return not self.failures
