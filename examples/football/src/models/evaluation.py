"""How good predictions were: accuracy, log loss, Brier and ranked probability scores, and calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from src.models.types import Outcome, Probabilities

Pair = tuple[Probabilities, Outcome]

_ORDER = (Outcome.HOME, Outcome.DRAW, Outcome.AWAY)


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The predictions whose chance fell in one range, and how often they came true."""

    low: float
    high: float
    count: int
    predicted: float
    observed: float


def _check(pairs: Sequence[Pair]) -> None:
    if not pairs:
        raise ValueError("there is nothing to evaluate")


def accuracy(pairs: Sequence[Pair]) -> float:
    """Return the share of matches whose favourite came true."""
    _check(pairs)
    return sum(probabilities.favourite == outcome for probabilities, outcome in pairs) / len(pairs)


def log_loss(pairs: Sequence[Pair], *, floor: float = 1e-12) -> float:
    """Return the mean surprise at what happened, in nats."""
    _check(pairs)
    return -sum(math.log(max(probabilities.of(outcome), floor)) for probabilities, outcome in pairs) / len(pairs)


def brier_score(pairs: Sequence[Pair]) -> float:
    """Return the mean squared error over the three outcomes, 0 (perfect) to 2."""
    _check(pairs)
    total = 0.0
    for probabilities, outcome in pairs:
        total += sum((probabilities.of(each) - (each == outcome)) ** 2 for each in _ORDER)
    return total / len(pairs)


def ranked_probability_score(pairs: Sequence[Pair]) -> float:
    """Return the mean ranked probability score, which punishes a home tip more for an away win than for a draw."""
    _check(pairs)
    total = 0.0
    for probabilities, outcome in pairs:
        cumulative = 0.0
        for each in _ORDER[:-1]:
            cumulative += probabilities.of(each) - (each == outcome)
            total += cumulative**2
    return total / (len(pairs) * (len(_ORDER) - 1))


def calibration(pairs: Sequence[Pair], *, bins: int = 10) -> list[CalibrationBin]:
    """Compare stated chances with what came true, over all outcomes; empty bins are left out."""
    _check(pairs)
    if bins < 1:
        raise ValueError("bins must be at least 1")
    collected: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probabilities, outcome in pairs:
        for each in _ORDER:
            chance = probabilities.of(each)
            collected[min(int(chance * bins), bins - 1)].append((chance, each == outcome))
    result = []
    for index, entries in enumerate(collected):
        if entries:
            predicted = sum(chance for chance, _ in entries) / len(entries)
            observed = sum(hit for _, hit in entries) / len(entries)
            result.append(CalibrationBin(index / bins, (index + 1) / bins, len(entries), predicted, observed))
    return result


def calibration_error(pairs: Sequence[Pair], *, bins: int = 10) -> float:
    """Return the mean gap between stated chance and observed share, weighted by how many fell in each bin."""
    found = calibration(pairs, bins=bins)
    total = sum(each.count for each in found)
    return sum(each.count * abs(each.predicted - each.observed) for each in found) / total


def skill(score: float, reference: float) -> float:
    """Return how much better a loss is than a reference's: 1 perfect, 0 no better, negative worse."""
    if reference <= 0:
        raise ValueError("the reference loss must be positive")
    return 1.0 - score / reference


def summary(pairs: Sequence[Pair]) -> dict[str, float]:
    """Return all figures by name, rounded for a report."""
    return {
        "matches": float(len(pairs)),
        "accuracy": round(accuracy(pairs), 4),
        "log_loss": round(log_loss(pairs), 4),
        "brier": round(brier_score(pairs), 4),
        "rps": round(ranked_probability_score(pairs), 4),
        "calibration_error": round(calibration_error(pairs), 4),
    }
