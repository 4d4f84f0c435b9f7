"""Probabilities and predictions."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from src.core.exceptions import ModelError
from src.models.types import BatchResult, MatchPrediction, Outcome, Probabilities

EVEN = Probabilities(1 / 3, 1 / 3, 1 / 3)
SURE = Probabilities(1.0, 0.0, 0.0)
HOME = Probabilities(0.6, 0.3, 0.1)


@pytest.mark.parametrize(("score", "outcome"), [((2, 1), "home"), ((0, 0), "draw"), ((0, 3), "away")])
def test_score_means_an_outcome(score, outcome):
    assert Outcome.of_score(*score) == outcome


@pytest.mark.parametrize("values", [(0.5, 0.3, 0.3), (1.2, -0.1, -0.1), (float("nan"), 0.5, 0.5), (0.0, 0.0, 0.0)])
def test_what_is_no_distribution_is_refused(values):
    with pytest.raises(ModelError):
        Probabilities(*values)


def test_weights_are_normalised():
    assert Probabilities.normalised([2, 1, 1]) == Probabilities(0.5, 0.25, 0.25)
    for bad in ([1, 1], [0, 0, 0], [1, -1, 1], [float("inf"), 1, 1]):
        with pytest.raises(ModelError):
            Probabilities.normalised(bad)


def test_favourite_and_entropy():
    assert Probabilities(0.2, 0.3, 0.5).favourite is Outcome.AWAY
    assert EVEN.favourite is Outcome.HOME
    assert SURE.entropy == 0
    assert EVEN.entropy == pytest.approx(math.log2(3))


def test_prediction_speaks_for_its_favourite():
    prediction = MatchPrediction(1, HOME, "7", datetime(2024, 3, 1, tzinfo=UTC))
    assert (prediction.outcome, prediction.confidence) == (Outcome.HOME, 0.6)
    assert BatchResult({1: prediction}).complete
    assert not BatchResult(failures={1: "no"}).complete
