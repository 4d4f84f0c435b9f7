"""Fixtures that several stories share: a stand-in for MLflow's client and one for the database manager."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from src.database.manager import DatabaseManager


@pytest.fixture
def mock_mlflow_client() -> MagicMock:
    """A client of the MLflow registry whose alias points at version 7, trained in run-7."""
    client = MagicMock(name="MlflowClient")
    client.get_model_version_by_alias.return_value = SimpleNamespace(
        name="football_match_predictor", version="7", run_id="run-7", status="READY"
    )
    client.get_run.return_value = SimpleNamespace(
        data=SimpleNamespace(metrics={"accuracy": 0.61, "log_loss": 0.94}, params={"features": "v3"})
    )
    return client


@pytest.fixture
def mock_db_manager() -> MagicMock:
    """A database manager that remembers what it was asked to do and returns no rows until a test says otherwise."""
    manager = MagicMock(name="DatabaseManager", spec=DatabaseManager)
    manager.fetch_all.return_value = []
    manager.fetch_one.return_value = None
    manager.execute.return_value = 1
    manager.execute_many.side_effect = lambda sql, rows: len(list(rows))
    return manager
