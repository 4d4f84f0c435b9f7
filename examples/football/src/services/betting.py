"""Value bets: where the model and the market disagree, and how much that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.core.exceptions import ValidationError
from src.models.types import Outcome, Probabilities


@dataclass(frozen=True, slots=True)
class ValueBet:
    """A bet with a positive expectation by the model's reckoning."""

    match_id: int
    outcome: Outcome
    bookmaker: str
    odds: float
    probability: float
    stake: float

    @property
    def expected_value(self) -> float:
        """The expected profit for each unit staked."""
        return self.probability * self.odds - 1.0


def kelly_fraction(probability: float, odds: float, *, fraction: float = 0.25, cap: float = 0.05) -> float:
    """Return the share of the bank to stake: a fraction of Kelly's, at most ``cap``, never below 0."""
    if odds <= 1.0:
        raise ValidationError("decimal odds are above 1", field="odds", value=odds)
    if not 0.0 <= probability <= 1.0:
        raise ValidationError("a probability is within [0, 1]", field="probability", value=probability)
    full = (probability * odds - 1.0) / (odds - 1.0)
    return min(max(full * fraction, 0.0), cap)


def best_quotes(quotes: Iterable[Mapping[str, Any]]) -> dict[Outcome, tuple[str, float]]:
    """Return the highest odds for each outcome and the bookmaker that offers them."""
    best: dict[Outcome, tuple[str, float]] = {}
    for quote in quotes:
        for outcome in Outcome:
            odds = float(quote[outcome.value])
            if outcome not in best or odds > best[outcome][1]:
                best[outcome] = (quote["bookmaker"], odds)
    return best


def overround(quotes: Mapping[Outcome, tuple[str, float]]) -> float:
    """Return the margin that is left when each outcome is taken at its best odds; below 0 is a sure win."""
    return sum(1.0 / odds for _, odds in quotes.values()) - 1.0


def find_value(
    match_id: int, probabilities: Probabilities, quotes: Iterable[Mapping[str, Any]], *, min_edge: float = 0.05
) -> list[ValueBet]:
    """Return the bets on a match whose expected value is at least ``min_edge``, the best first."""
    bets = []
    for outcome, (bookmaker, odds) in best_quotes(quotes).items():
        probability = probabilities.of(outcome)
        bet = ValueBet(match_id, outcome, bookmaker, odds, probability, kelly_fraction(probability, odds))
        if bet.expected_value >= min_edge:
            bets.append(bet)
    return sorted(bets, key=lambda bet: -bet.expected_value)


def limit_exposure(bets: Sequence[ValueBet], bank: float, *, max_share: float = 0.2) -> list[tuple[ValueBet, float]]:
    """Turn shares into amounts; all of them shrink alike when together they would exceed ``max_share`` of the bank."""
    if bank < 0:
        raise ValidationError("the bank cannot be negative", field="bank", value=bank)
    total = sum(bet.stake for bet in bets)
    scale = min(1.0, max_share / total) if total else 0.0
    return [(bet, round(bet.stake * scale * bank, 2)) for bet in bets]


def settle(bets: Iterable[tuple[ValueBet, float]], results: Mapping[int, Outcome]) -> dict[str, float]:
    """Return the turnover, the profit and the yield of the bets whose matches have ended."""
    turnover = profit = 0.0
    for bet, amount in bets:
        outcome = results.get(bet.match_id)
        if outcome is None:
            continue
        turnover += amount
        profit += amount * (bet.odds - 1.0) if outcome == bet.outcome else -amount
    return {"turnover": turnover, "profit": profit, "yield": profit / turnover if turnover else 0.0}
