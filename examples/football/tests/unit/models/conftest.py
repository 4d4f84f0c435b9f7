"""What the tests of the prediction service share: a clock that only moves when told, a model and a service maker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from unittest.mock import MagicMock

import numpy as np
import pytest

from src.core.config import Settings
from src.features.builder import FEATURE_NAMES
from src.models.prediction_service import PredictionService
from src.monitoring.metrics import ServiceMetrics

NOW = datetime(2024, 3, 2, 12, 0, tzinfo=UTC)


class FakeClock:
    """Monotonic seconds under the test's control."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


@pytest.fixture
def settings() -> Settings:
    return Settings(
        model_cache_seconds=100.0,
        prediction_cache_seconds=50.0,
        prediction_stale_seconds=500.0,
        prediction_batch_limit=3,
    )


@pytest.fixture
def model() -> MagicMock:
    """A model that always sees the home team ahead."""
    model = MagicMock(name="model")
    model.predict.return_value = np.array([[0.5, 0.3, 0.2]])
    return model


@pytest.fixture
def features() -> MagicMock:
    """A feature store that has a full vector for every match: 0.0, 1.0, 2.0, and so on."""
    store = MagicMock(name="FeatureStore")
    store.get.side_effect = lambda match_id: {name: float(index) for index, name in enumerate(FEATURE_NAMES)}
    return store


@pytest.fixture
def loader(model: MagicMock) -> MagicMock:
    return MagicMock(name="loader", return_value=model)


@pytest.fixture
def make_service(
    mock_mlflow_client: MagicMock,
    mock_db_manager: MagicMock,
    features: MagicMock,
    loader: MagicMock,
    metrics: ServiceMetrics,
    settings: Settings,
    clock: FakeClock,
) -> Callable[..., PredictionService]:
    """Return a maker of services over the fixtures; keyword arguments replace single parts."""

    def make(**parts: object) -> PredictionService:
        arguments: dict[str, object] = {
            "client": mock_mlflow_client,
            "features": features,
            "database": mock_db_manager,
            "settings": settings,
            "loader": loader,
            "metrics": metrics,
            "clock": clock,
            "now": lambda: NOW,
        }
        return PredictionService(**(arguments | parts))

    return make


@pytest.fixture
def service(make_service: Callable[..., PredictionService]) -> PredictionService:
    return make_service()
