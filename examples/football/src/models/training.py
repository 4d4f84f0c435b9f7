"""Training: a softmax regression on the feature vectors, its validation and its registration with MLflow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from src.core.exceptions import ModelError
from src.core.logger import get_logger
from src.models.baseline import PoissonModel
from src.models.evaluation import skill, summary
from src.models.types import Outcome, Probabilities

logger = get_logger(__name__)

CLASSES = (Outcome.HOME, Outcome.DRAW, Outcome.AWAY)


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """The knobs of the optimiser."""

    learning_rate: float = 0.3
    iterations: int = 400
    l2: float = 0.01
    tolerance: float = 1e-7


class SoftmaxModel:
    """Multinomial logistic regression on standardised features, fitted by gradient descent."""

    def __init__(self, feature_names: Sequence[str], config: TrainingConfig | None = None) -> None:
        self.feature_names = list(feature_names)
        self.config = config or TrainingConfig()
        self.weights: np.ndarray | None = None
        self._mean = np.zeros(len(self.feature_names))
        self._scale = np.ones(len(self.feature_names))
        self.losses: list[float] = []

    def fit(self, frame: pd.DataFrame, outcomes: Sequence[Outcome]) -> SoftmaxModel:
        """Fit the weights; stops early when the loss no longer falls."""
        if len(frame) != len(outcomes) or frame.empty:
            raise ModelError("training needs as many outcomes as rows, and at least one")
        raw = frame[self.feature_names].to_numpy(dtype=float)
        self._mean = raw.mean(axis=0)
        self._scale = np.where(raw.std(axis=0) > 0, raw.std(axis=0), 1.0)
        design = self._design(raw)
        target = np.array([[float(each == outcome) for each in CLASSES] for outcome in outcomes])
        self.weights = np.zeros((design.shape[1], len(CLASSES)))
        self.losses = []
        for _ in range(self.config.iterations):
            chances = self._softmax(design @ self.weights)
            self.losses.append(float(-(target * np.log(chances + 1e-12)).sum(axis=1).mean()))
            if len(self.losses) > 1 and self.losses[-2] - self.losses[-1] < self.config.tolerance:
                break
            gradient = design.T @ (chances - target) / len(design) + self.config.l2 * self.weights
            self.weights = self.weights - self.config.learning_rate * gradient
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Return one row of three chances for each row of features."""
        if self.weights is None:
            raise ModelError("the model has not been trained")
        missing = [name for name in self.feature_names if name not in frame.columns]
        if missing:
            raise ModelError(f"features are missing: {', '.join(missing)}")
        return self._softmax(self._design(frame[self.feature_names].to_numpy(dtype=float)) @ self.weights)

    def _design(self, raw: np.ndarray) -> np.ndarray:
        scaled = (raw - self._mean) / self._scale
        return np.hstack([np.ones((len(scaled), 1)), scaled])

    @staticmethod
    def _softmax(scores: np.ndarray) -> np.ndarray:
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def split_by_time(
    frame: pd.DataFrame, *, column: str = "kickoff", share: float = 0.8
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split into an older part to train on and a newer one to validate on; a random split would leak the future."""
    if not 0 < share < 1:
        raise ValueError("share must be between 0 and 1")
    ordered = frame.sort_values(column, kind="stable")
    cut = int(len(ordered) * share)
    return ordered.iloc[:cut], ordered.iloc[cut:]


def evaluate(model: Any, frame: pd.DataFrame, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of a model on rows that it has not seen."""
    pairs = [
        (Probabilities.normalised(list(row)), outcome)
        for row, outcome in zip(model.predict(frame), outcomes, strict=True)
    ]
    return summary(pairs)


class ModelPublisher:
    """Records a training run with MLflow and moves the alias when the new model is better than the one it names."""

    def __init__(self, client: Any, model_name: str, alias: str, *, min_gain: float = 0.002) -> None:
        self._client = client
        self._model_name = model_name
        self._alias = alias
        self._min_gain = min_gain

    def champion_loss(self) -> float | None:
        """Return the log loss that the present champion was recorded with, None when there is no champion."""
        try:
            version = self._client.get_model_version_by_alias(self._model_name, self._alias)
            run = self._client.get_run(version.run_id)
        except Exception as error:  # the client raises whatever its backend raises
            logger.warning("no champion of %s: %s", self._model_name, error)
            return None
        return run.data.metrics.get("log_loss")

    def should_promote(self, figures: dict[str, float]) -> bool:
        """Whether the new figures beat the champion's by more than noise."""
        champion = self.champion_loss()
        return champion is None or champion - figures["log_loss"] > self._min_gain

    def publish(self, run_id: str, artifact_uri: str, figures: dict[str, float]) -> str:
        """Log the figures, register a version and promote it if it earned that; return the version."""
        for name, value in figures.items():
            self._client.log_metric(run_id, name, value)
        promote = self.should_promote(figures)
        version = self._client.create_model_version(self._model_name, artifact_uri, run_id).version
        if promote:
            self._client.set_registered_model_alias(self._model_name, self._alias, version)
            logger.info("%s version %s is the new %s", self._model_name, version, self._alias)
        return version


def train_candidate(
    frame: pd.DataFrame, feature_names: Sequence[str], config: TrainingConfig | None = None
) -> tuple[SoftmaxModel, dict[str, float]]:
    """Train on the older matches of a table and judge on the newer ones, against the Poisson baseline.

    The table holds the features, ``kickoff`` and ``outcome``. The figures are those of :func:`evaluate` and
    ``skill``, the share of the baseline's log loss that the model saves.
    """
    older, newer = split_by_time(frame)
    model = SoftmaxModel(feature_names, config).fit(older, [Outcome(value) for value in older["outcome"]])
    outcomes = [Outcome(value) for value in newer["outcome"]]
    figures = evaluate(model, newer, outcomes)
    reference = evaluate(PoissonModel(), newer, outcomes)
    figures["skill"] = round(skill(figures["log_loss"], reference["log_loss"]), 4)
    logger.info("candidate: log loss %.4f, baseline %.4f", figures["log_loss"], reference["log_loss"])
    return model, figures
