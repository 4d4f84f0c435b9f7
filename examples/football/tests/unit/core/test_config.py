"""Settings: parsing, checking and caching."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from src.core.config import Settings, get_settings, load_settings
from src.core.exceptions import ConfigurationError


def test_defaults_are_good_for_a_laptop():
    settings = load_settings({})
    assert settings == Settings()
    assert settings.environment == "development"
    assert not settings.is_production


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("FOOTBALL_LOG_LEVEL", " DEBUG ", "log_level", "DEBUG"),
        ("FOOTBALL_LOG_JSON", "Yes", "log_json", True),
        ("FOOTBALL_LOG_JSON", "0", "log_json", False),
        ("FOOTBALL_KAFKA_BATCH_SIZE", "25", "kafka_batch_size", 25),
        ("FOOTBALL_ANOMALY_Z_THRESHOLD", "2.5", "anomaly_z_threshold", 2.5),
        ("FOOTBALL_KAFKA_TOPICS", "a, b,,c ", "kafka_topics", ("a", "b", "c")),
        ("FOOTBALL_DATA_LAKE_PATH", "/srv/lake", "data_lake_path", Path("/srv/lake")),
    ],
)
def test_values_are_read_by_the_type_of_their_field(variable, text, name, value):
    assert getattr(load_settings({variable: text, "UNRELATED": "x"}), name) == value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("FOOTBALL_LOG_JSON", "perhaps"),
        ("FOOTBALL_KAFKA_BATCH_SIZE", "1.5"),
        ("FOOTBALL_ANOMALY_Z_THRESHOLD", "three"),
    ],
)
def test_unreadable_value_names_its_variable(variable, text):
    with pytest.raises(ConfigurationError, match=f"{variable} cannot be read") as caught:
        load_settings({variable: text})
    assert caught.value.context == {"variable": variable}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"environment": "staging"}, "environment must be one of"),
        ({"log_level": "LOUD"}, "log_level must be one of"),
        ({"environment": "production"}, "api_token is required"),
        ({"model_cache_seconds": 0}, "model_cache_seconds must be positive"),
        ({"task_max_retries": -1}, "task_max_retries must not be negative"),
        ({"quality_completeness_min": 1.2}, "quality_completeness_min must be within"),
        ({"prediction_stale_seconds": 10}, "must not be below prediction_cache_seconds"),
        ({"kafka_topics": ()}, "at least one topic"),
    ],
)
def test_senseless_values_are_refused(values, message):
    with pytest.raises(ConfigurationError, match=message):
        Settings(**values)


def test_production_with_a_token_is_fine_and_the_token_stays_out_of_the_text():
    settings = Settings(environment="production", api_token="s3cret")
    assert settings.is_production
    assert "s3cret" not in repr(settings)


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        Settings().log_level = "DEBUG"


def test_process_settings_are_read_once(monkeypatch):
    monkeypatch.setenv("FOOTBALL_MODEL_NAME", "first")
    get_settings.cache_clear()
    try:
        assert get_settings().model_name == "first"
        monkeypatch.setenv("FOOTBALL_MODEL_NAME", "second")
        assert get_settings().model_name == "first"
    finally:
        get_settings.cache_clear()
