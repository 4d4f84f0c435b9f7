"""The prediction service: loads the champion from MLflow, caches, predicts, and falls back when something is down.

What it falls back to, the best first:

* the registry is down: the model that is still in memory, however old;
* the feature store is down: an expired prediction of the match that is not too old, else a prediction from league
  averages, marked as such;
* the model itself fails: an expired prediction that is not too old, else a ``ModelError``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import pandas as pd

from src.core.config import Settings
from src.core.exceptions import DatabaseError, FeatureStoreError, FootballError, ModelError, ValidationError
from src.core.logger import get_logger
from src.database.manager import DatabaseManager
from src.features.builder import DEFAULT_VECTOR, FEATURE_NAMES
from src.models.types import BatchResult, MatchPrediction, Outcome, Probabilities, Source
from src.monitoring.metrics import ServiceMetrics, get_metrics, timed
from src.utilities.cache import TTLCache
from src.utilities.dates import to_iso, utc_now
from src.utilities.iterables import unique

logger = get_logger(__name__)


class FeatureSource(Protocol):
    """The part of the feature store that predicting needs."""

    def get(self, match_id: int) -> Mapping[str, float]:
        """Return the vector of one match or raise ``FeatureStoreError``."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory, and when it came there."""

    version: str
    model: Any
    loaded_at: float


def make_mlflow_client(settings: Settings) -> Any:
    """Return a client of the registry; MLflow is imported here because that takes seconds."""
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=settings.mlflow_tracking_uri)


def load_from_mlflow(uri: str) -> Any:
    """Fetch a model from the registry."""
    import mlflow.pyfunc

    return mlflow.pyfunc.load_model(uri)


class PredictionService:
    """Predicts matches one by one or in batches, and keeps score of how the predictions turned out."""

    def __init__(
        self,
        *,
        client: Any,
        features: FeatureSource,
        database: DatabaseManager,
        settings: Settings,
        loader: Callable[[str], Any] = load_from_mlflow,
        metrics: ServiceMetrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._features = features
        self._database = database
        self._settings = settings
        self._loader = loader
        self._metrics = metrics or get_metrics()
        self._clock = clock
        self._now = now
        self._loaded: LoadedModel | None = None
        self._cache: TTLCache[MatchPrediction] = TTLCache(settings.prediction_cache_seconds, clock=clock)

    def load_model(self, *, force: bool = False) -> LoadedModel:
        """Return the champion, from memory while it is fresh; a registry that is down leaves the old one in use."""
        held = self._loaded
        if held and not force and self._clock() - held.loaded_at <= self._settings.model_cache_seconds:
            self._metrics.cache_events.labels(cache="model", result="hit").inc()
            return held
        self._metrics.cache_events.labels(cache="model", result="miss").inc()
        try:
            self._loaded = self._fetch(held)
        except ModelError as error:
            if held is None:
                raise
            logger.warning("keeping model version %s: %s", held.version, error)
            self._metrics.cache_events.labels(cache="model", result="stale").inc()
            return held
        return self._loaded

    def _fetch(self, held: LoadedModel | None) -> LoadedModel:
        """Ask the registry for the champion; a version that is in memory already is not loaded again."""
        name, alias = self._settings.model_name, self._settings.model_alias
        try:
            version = str(self._client.get_model_version_by_alias(name, alias).version)
        except Exception as error:  # MLflow passes on the errors of whatever store it talks to
            raise ModelError(f"the registry did not name the {alias} of {name}: {error}", model=name) from error
        if held is not None and held.version == version:
            return replace(held, loaded_at=self._clock())
        try:
            model = self._loader(f"models:/{name}/{version}")
        except Exception as error:  # unpickling a model can raise anything
            raise ModelError(f"version {version} of {name} cannot be loaded: {error}", model=name) from error
        logger.info("loaded %s version %s", name, version)
        return LoadedModel(version, model, self._clock())

    def predict_match(self, match_id: int, *, use_cache: bool = True) -> MatchPrediction:
        """Predict one match; a cached prediction of an older model version is not used."""
        if use_cache:
            cached = self._cache.get(match_id)
            if cached and self._loaded and cached.model_version != self._loaded.version:
                cached = None
            self._metrics.cache_events.labels(cache="prediction", result="hit" if cached else "miss").inc()
            if cached is not None:
                return cached
        try:
            with timed(self._metrics.prediction_seconds, model=self._settings.model_name):
                prediction = self._predict_fresh(match_id)
        except FootballError:
            self._count("failed")
            raise
        self._count(prediction.source.value)
        return prediction

    def _predict_fresh(self, match_id: int) -> MatchPrediction:
        """Predict without looking into the cache first, falling back step by step."""
        source = Source.MODEL
        try:
            vector: Mapping[str, float] = self._features.get(match_id)
        except FeatureStoreError as error:
            logger.warning("no features for match %d: %s", match_id, error)
            stale = self._stale(match_id)
            if stale is not None:
                return stale
            vector, source = DEFAULT_VECTOR, Source.DEFAULT_FEATURES
        try:
            loaded = self.load_model()
            probabilities = self._run(loaded, vector)
        except ModelError as error:
            stale = self._stale(match_id)
            if stale is None:
                raise
            logger.warning("serving match %d from the stale cache: %s", match_id, error)
            return stale
        prediction = MatchPrediction(match_id, probabilities, loaded.version, self._now(), source)
        if source is Source.MODEL:
            self._cache.set(match_id, prediction)
        self._store(prediction)
        return prediction

    def _stale(self, match_id: int) -> MatchPrediction | None:
        """Return an expired prediction, marked with its age, if it is not older than the settings allow."""
        entry = self._cache.get_stale(match_id, self._settings.prediction_stale_seconds)
        if entry is None:
            return None
        self._metrics.cache_events.labels(cache="prediction", result="stale").inc()
        prediction, age = entry
        return replace(prediction, source=Source.STALE_CACHE, age_seconds=age)

    def _run(self, loaded: LoadedModel, vector: Mapping[str, float]) -> Probabilities:
        """Run the model on one vector and check what comes out."""
        missing = [name for name in FEATURE_NAMES if name not in vector]
        if missing:
            raise ModelError(f"features are missing: {', '.join(missing)}", version=loaded.version)
        frame = pd.DataFrame([[vector[name] for name in FEATURE_NAMES]], columns=list(FEATURE_NAMES))
        try:
            weights = np.asarray(loaded.model.predict(frame), dtype=float)
        except Exception as error:  # the model is a black box
            raise ModelError(f"version {loaded.version} failed to predict: {error}") from error
        if weights.shape != (1, 3):
            raise ModelError(f"version {loaded.version} returned the shape {weights.shape}, wanted (1, 3)")
        return Probabilities.normalised(weights[0].tolist())

    def _store(self, prediction: MatchPrediction) -> None:
        """Write a prediction down; a database that is down costs the record, not the answer."""
        chances = prediction.probabilities
        try:
            self._database.execute(
                "INSERT INTO predictions (match_id, model_version, home, draw, away, source, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    prediction.match_id,
                    prediction.model_version,
                    chances.home,
                    chances.draw,
                    chances.away,
                    prediction.source.value,
                    to_iso(prediction.created_at),
                ),
            )
        except DatabaseError as error:
            logger.error("the prediction of match %d was not stored: %s", prediction.match_id, error)

    def _count(self, outcome: str) -> None:
        self._metrics.predictions.labels(model=self._settings.model_name, outcome=outcome).inc()

    def predict_batch(self, match_ids: Iterable[int]) -> BatchResult:
        """Predict many matches; one that fails is reported and does not stop the others."""
        wanted = unique(match_ids)
        limit = self._settings.prediction_batch_limit
        if len(wanted) > limit:
            raise ValidationError(f"a batch holds at most {limit} matches, got {len(wanted)}", field="match_ids")
        result = BatchResult()
        for match_id in wanted:
            try:
                result.predictions[match_id] = self.predict_match(match_id)
            except FootballError as error:
                result.failures[match_id] = error.message
        if result.failures:
            logger.warning("%d of %d predictions failed", len(result.failures), len(wanted))
        return result

    def verify(self, match_id: int, home_goals: int, away_goals: int) -> int:
        """Compare the stored predictions of a match with its result; return how many were right."""
        actual = Outcome.of_score(home_goals, away_goals)
        rows = self._database.fetch_all(
            "SELECT id, home, draw, away FROM predictions WHERE match_id = ? AND actual IS NULL", (match_id,)
        )
        right = 0
        for row in rows:
            correct = Probabilities(row["home"], row["draw"], row["away"]).favourite == actual
            right += correct
            self._database.execute(
                "UPDATE predictions SET actual = ?, correct = ? WHERE id = ?", (actual.value, int(correct), row["id"])
            )
        return right

    def model_info(self) -> dict[str, Any]:
        """Describe the champion with the figures of its training run; figures that cannot be had are left empty."""
        loaded = self.load_model()
        info: dict[str, Any] = {"name": self._settings.model_name, "version": loaded.version, "metrics": {}}
        try:
            version = self._client.get_model_version_by_alias(self._settings.model_name, self._settings.model_alias)
            info["metrics"] = dict(self._client.get_run(version.run_id).data.metrics)
        except Exception as error:  # as above: any store's error
            logger.warning("no figures for version %s: %s", loaded.version, error)
        return info

    def cache_info(self) -> dict[str, float]:
        """Return the size of the prediction cache and how well it does."""
        stats = self._cache.stats()
        return {"size": stats.size, "hit_rate": round(stats.hit_rate, 4), "stale_hits": stats.stale_hits}

    def invalidate(self, match_id: int) -> bool:
        """Forget the cached prediction of a match, as after a change of its line-up."""
        return self._cache.delete(match_id)
