"""Settings: read from the environment once, checked, and then never changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from src.core.exceptions import ConfigurationError

PREFIX = "FOOTBALL_"
ENVIRONMENTS = ("development", "testing", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every knob of the service.

    Each field is read from the environment variable ``FOOTBALL_<FIELD NAME>``; the default is good for a laptop.
    """

    environment: str = "development"
    log_level: str = "INFO"
    log_json: bool = False

    database_path: str = "football.db"
    database_timeout_seconds: float = 5.0

    mlflow_tracking_uri: str = "file:./mlruns"
    model_name: str = "football_match_predictor"
    model_alias: str = "champion"
    model_cache_seconds: float = 3600.0
    prediction_cache_seconds: float = 1800.0
    prediction_stale_seconds: float = 21600.0
    prediction_batch_limit: int = 200

    api_base_url: str = "https://api.football-data.example/v4"
    api_token: str = field(default="", repr=False)
    api_timeout_seconds: float = 10.0
    api_requests_per_minute: int = 60

    kafka_bootstrap_servers: str = "localhost:9092"
    kafka_group_id: str = "football-service"
    kafka_topics: tuple[str, ...] = ("matches", "odds", "scores")
    kafka_dead_letter_topic: str = "football-dead-letters"
    kafka_poll_seconds: float = 1.0
    kafka_batch_size: int = 100

    data_lake_path: Path = Path("data_lake")
    data_lake_retention_days: int = 365

    quality_freshness_hours: float = 24.0
    quality_completeness_min: float = 0.95
    anomaly_z_threshold: float = 3.0
    anomaly_iqr_factor: float = 1.5

    celery_broker_url: str = "memory://"
    celery_result_backend: str = "cache+memory://"
    task_max_retries: int = 3
    task_retry_base_seconds: float = 2.0

    def __post_init__(self) -> None:
        """Refuse values that could only fail later and elsewhere."""
        if self.environment not in ENVIRONMENTS:
            raise ConfigurationError(f"environment must be one of {ENVIRONMENTS}", value=self.environment)
        if self.log_level not in LOG_LEVELS:
            raise ConfigurationError(f"log_level must be one of {LOG_LEVELS}", value=self.log_level)
        if self.environment == "production" and not self.api_token:
            raise ConfigurationError("api_token is required in production")
        for name in _POSITIVE:
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"{name} must be positive", value=getattr(self, name))
        if self.task_max_retries < 0:
            raise ConfigurationError("task_max_retries must not be negative", value=self.task_max_retries)
        if not 0 < self.quality_completeness_min <= 1:
            raise ConfigurationError(
                "quality_completeness_min must be within (0, 1]", value=self.quality_completeness_min
            )
        if self.prediction_stale_seconds < self.prediction_cache_seconds:
            raise ConfigurationError("prediction_stale_seconds must not be below prediction_cache_seconds")
        if not self.kafka_topics:
            raise ConfigurationError("kafka_topics must name at least one topic")

    @property
    def is_production(self) -> bool:
        """Whether this is the live service."""
        return self.environment == "production"


_POSITIVE = (
    "database_timeout_seconds",
    "model_cache_seconds",
    "prediction_cache_seconds",
    "prediction_batch_limit",
    "api_timeout_seconds",
    "api_requests_per_minute",
    "kafka_poll_seconds",
    "kafka_batch_size",
    "data_lake_retention_days",
    "quality_freshness_hours",
    "anomaly_z_threshold",
    "anomaly_iqr_factor",
    "task_retry_base_seconds",
)


def _parse_bool(text: str) -> bool:
    """Read the usual spellings of yes and no."""
    lowered = text.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"not a yes or no: {text!r}")


def _parse_names(text: str) -> tuple[str, ...]:
    """Split a comma-separated list, dropping blanks."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


_PARSERS: dict[str, Callable[[str], Any]] = {
    "bool": _parse_bool,
    "int": int,
    "float": float,
    "str": str.strip,
    "Path": Path,
    "tuple[str, ...]": _parse_names,
}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Build settings from a mapping; a value that does not parse names its variable in the error."""
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        variable = PREFIX + spec.name.upper()
        raw = environ.get(variable)
        if raw is None:
            continue
        try:
            values[spec.name] = _PARSERS[str(spec.type)](raw)
        except ValueError as error:
            raise ConfigurationError(f"{variable} cannot be read: {error}", variable=variable) from error
    return Settings(**values)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the process's settings, read from the environment on first use (``cache_clear()`` forgets them)."""
    return load_settings(os.environ)
