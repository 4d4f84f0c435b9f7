"""A Poisson model of goals: the yardstick that any trained model has to beat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from src.core.exceptions import ModelError
from src.models.types import Probabilities


def poisson_pmf(mean: float, upto: int) -> np.ndarray:
    """Return the chances of 0 to ``upto`` goals."""
    goals = np.arange(upto + 1)
    factorials = np.array([math.factorial(goal) for goal in goals], dtype=float)
    return np.exp(-mean) * mean**goals / factorials


class PoissonModel:
    """Predicts from attack and defence strengths, with a correction of the low scores (Dixon and Coles)."""

    version = "poisson-1"

    def __init__(self, *, max_goals: int = 10, rho: float = -0.08) -> None:
        self.max_goals = max_goals
        self.rho = rho

    def expected_goals(self, features: Mapping[str, float]) -> tuple[float, float]:
        """Return the goals that each side is expected to score."""
        try:
            home = math.sqrt(features["home_attack"] * features["away_defence"])
            away = math.sqrt(features["away_attack"] * features["home_defence"])
        except KeyError as error:
            raise ModelError(f"the baseline needs the feature {error.args[0]}") from error
        except ValueError as error:
            raise ModelError("the baseline needs strengths that are not negative") from error
        return max(home, 0.05), max(away, 0.05)

    def score_matrix(self, home_mean: float, away_mean: float) -> np.ndarray:
        """Return the chance of each score, home goals down and away goals across; the matrix sums to 1."""
        matrix = np.outer(poisson_pmf(home_mean, self.max_goals), poisson_pmf(away_mean, self.max_goals))
        matrix[0, 0] *= 1 - home_mean * away_mean * self.rho
        matrix[0, 1] *= 1 + home_mean * self.rho
        matrix[1, 0] *= 1 + away_mean * self.rho
        matrix[1, 1] *= 1 - self.rho
        return matrix / matrix.sum()

    def predict_one(self, features: Mapping[str, float]) -> Probabilities:
        """Return the chances of the three outcomes of one match."""
        matrix = self.score_matrix(*self.expected_goals(features))
        home = float(np.tril(matrix, -1).sum())
        away = float(np.triu(matrix, 1).sum())
        return Probabilities.normalised([home, float(np.trace(matrix)), away])

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Return one row of three chances for each row of features, as MLflow's models do."""
        rows = [self.predict_one(features) for features in frame.to_dict(orient="records")]
        return np.array([[row.home, row.draw, row.away] for row in rows]).reshape(-1, 3)

    def likeliest_scores(self, features: Mapping[str, float], count: int = 3) -> Sequence[tuple[str, float]]:
        """Return the likeliest exact scores with their chances."""
        matrix = self.score_matrix(*self.expected_goals(features))
        order = np.argsort(matrix, axis=None)[::-1][:count]
        cells = [np.unravel_index(int(index), matrix.shape) for index in order]
        return [(f"{home}-{away}", float(matrix[home, away])) for home, away in cells]
