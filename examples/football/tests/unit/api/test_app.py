"""The wired service, called through WSGI over an in-memory database."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest

from src.api.app import WsgiApp, build_router
from src.core.config import Settings
from src.database.manager import DatabaseManager
from src.database.schema import migrate
from src.features.builder import DEFAULT_VECTOR
from src.features.feature_store import FeatureStore
from src.models.prediction_service import PredictionService
from src.monitoring.metrics import ServiceMetrics
from src.utilities.dates import utc_now


@pytest.fixture
def database():
    manager = DatabaseManager()
    migrate(manager)
    yield manager
    manager.close()


@pytest.fixture
def predictions(database, mock_mlflow_client):
    """A prediction service whose model always sees the home team ahead."""
    return PredictionService(
        client=mock_mlflow_client,
        features=FeatureStore(database),
        database=database,
        settings=Settings(),
        loader=lambda uri: SimpleNamespace(predict=lambda frame: np.array([[0.5, 0.3, 0.2]])),
        metrics=ServiceMetrics(),
    )


@pytest.fixture
def call(database, predictions):
    """A function that calls the application and returns status and decoded body."""
    router = build_router(Settings(api_token="letmein"), database, predictions, ServiceMetrics())
    app = WsgiApp(router)

    def run(method, target, body=b"", **headers):
        path, _, query = target.partition("?")
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO(body)}
        environ |= {"CONTENT_LENGTH": str(len(body))} | {f"HTTP_{name}": value for name, value in headers.items()}
        seen = []
        answer = b"".join(app(environ, lambda status, fields: seen.append((status, dict(fields)))))
        status, fields = seen[0]
        assert fields["Content-Length"] == str(len(answer))
        text = answer.decode()
        return status, json.loads(text) if fields["Content-Type"] == "application/json" else text

    return run


def test_prediction_is_made_and_remembered(call, database):
    FeatureStore(database).put(1, DEFAULT_VECTOR, utc_now())
    status, body = call("GET", "/predictions/1")
    assert status == "200 OK"
    assert (body["outcome"], body["confidence"], body["model_version"]) == ("home", 0.5, "7")
    history = call("GET", "/predictions/1/history")[1]
    assert [row["model_version"] for row in history["predictions"]] == ["7"]


def test_health_is_degraded_until_something_was_collected(call):
    status, body = call("GET", "/health")
    assert status == "200 OK"
    assert (body["status"], body["overdue"]) == ("degraded", ["fixtures", "odds", "scores"])


def test_metrics_are_text(call):
    status, body = call("GET", "/metrics")
    assert status == "200 OK"
    assert "# TYPE football_predictions_total counter" in body


@pytest.mark.parametrize("headers", [{}, {"AUTHORIZATION": "Bearer wrong"}])
def test_operators_need_the_token(call, headers):
    assert call("GET", "/admin/report", **headers)[0] == "401 Unauthorized"


def test_report_with_nothing_to_say(call):
    status, body = call("GET", "/admin/report", AUTHORIZATION="Bearer letmein")
    assert (status, body) == ("200 OK", "No predictions were settled this week.\n")
