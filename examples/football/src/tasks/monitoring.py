"""Tasks that watch the service: quality checks, metric export, alerts, health, housekeeping."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from celery import Task
from celery.schedules import crontab

from src.core.config import get_settings
from src.core.exceptions import ConfigurationError, DatabaseError
from src.core.logger import get_logger
from src.data.quality.anomaly_detector import AnomalyDetector, DetectorConfig
from src.data.storage.data_lake_storage import DataLakeStorage
from src.database.manager import DatabaseManager
from src.monitoring.alerts import DEFAULT_RULES, AlertManager
from src.monitoring.drift import compare_features
from src.monitoring.exporters import ExportError, FanOut, build_exporter
from src.monitoring.health import Health, database_check, lag_check, lake_check, overall, run_checks
from src.monitoring.metrics import get_metrics
from src.monitoring.quality_history import QualityHistory
from src.monitoring.quality_monitor import QualityMonitor
from src.monitoring.task_metrics import task_run
from src.tasks.celery_app import app
from src.tasks.retry import RetryPolicy

logger = get_logger(__name__)

RETRY = RetryPolicy.from_settings(get_settings())

TRAINING_FEATURES = "training_features"
LIVE_FEATURES = "live_features"

SCHEDULE = {
    "quality-hourly": {"task": "monitoring.run_quality_checks", "schedule": crontab(minute=10)},
    "export-every-minute": {"task": "monitoring.export_metrics", "schedule": 60.0},
    "alerts-every-minute": {"task": "monitoring.evaluate_alerts", "schedule": 60.0},
    "health-every-five-minutes": {"task": "monitoring.check_health", "schedule": 300.0},
    "drift-daily": {"task": "monitoring.check_drift", "schedule": crontab(hour=5, minute=0)},
    "prune-weekly": {
        "task": "monitoring.prune_history",
        "schedule": crontab(hour=3, minute=30, day_of_week="sun"),
    },
}
app.conf.beat_schedule = {**app.conf.beat_schedule, **SCHEDULE}


def now() -> datetime:
    """The present moment, in one place so that tests can set it."""
    return datetime.now(UTC)


def open_database() -> DatabaseManager:
    """The service's database."""
    settings = get_settings()
    return DatabaseManager(settings.database_path, timeout_seconds=settings.database_timeout_seconds)


@lru_cache(maxsize=1)
def exporter() -> FanOut:
    """One for the process: the log exporter remembers what it has told."""
    return build_exporter(textfile=get_settings().data_lake_path.parent / "football.prom")


@lru_cache(maxsize=1)
def alert_manager() -> AlertManager:
    """One for the process: alerts depend on the evaluations before."""
    return AlertManager(list(DEFAULT_RULES))


def build_monitor() -> QualityMonitor:
    """A monitor over the service's database, with the limits from the settings."""
    settings = get_settings()
    database = open_database()
    limits = DetectorConfig(outlier_score=settings.anomaly_z_threshold, iqr_factor=settings.anomaly_iqr_factor)
    return QualityMonitor(
        database,
        detector=AnomalyDetector(limits),
        exporter=exporter(),
        history=QualityHistory(database),
        clock=now,
    )


@app.task(bind=True, name="monitoring.run_quality_checks", max_retries=RETRY.max_retries)
def run_quality_checks(self: Task, datasets: list[str] | None = None) -> dict[str, Any]:
    """Check the datasets; those that could not be checked are tried again, and only those."""
    with task_run(self.name):
        try:
            outcome = build_monitor().run(datasets)
        except DatabaseError as error:
            raise self.retry(exc=error, countdown=RETRY.delay(self.request.retries)) from error
        if outcome.errors and RETRY.should_retry(self.request.retries):
            failed = sorted(outcome.errors)
            logger.warning("quality checks failed for %s", ", ".join(failed))
            raise self.retry(args=(), kwargs={"datasets": failed}, countdown=RETRY.delay(self.request.retries))
        return outcome.summary()


@app.task(bind=True, name="monitoring.export_metrics", max_retries=RETRY.max_retries)
def export_metrics(self: Task) -> dict[str, Any]:
    """Hand the metrics to every exporter; tried again only if none of them worked."""
    with task_run(self.name):
        target = exporter()
        try:
            delivered = target.export(get_metrics())
        except ExportError as error:
            raise self.retry(exc=error, countdown=RETRY.delay(self.request.retries)) from error
        return {"delivered": delivered, "failed": sorted(target.failures)}


@app.task(bind=True, name="monitoring.evaluate_alerts")
def evaluate_alerts(self: Task) -> dict[str, Any]:
    """Evaluate the alert rules against the present metrics."""
    with task_run(self.name):
        manager = alert_manager()
        alerts = manager.evaluate(get_metrics().snapshot(), now())
        return {"alerts": [alert.describe() for alert in alerts], "firing": manager.firing}


@app.task(bind=True, name="monitoring.check_health")
def check_health(self: Task) -> dict[str, Any]:
    """Run the health checks; a service that is down is worth an error in the log."""
    with task_run(self.name):
        checks = {
            "database": database_check(open_database()),
            "lake": lake_check(DataLakeStorage(get_settings().data_lake_path)),
            "stream": lag_check(get_metrics()),
        }
        results = run_checks(checks)
        verdict = overall(results)
        if verdict is Health.DOWN:
            down = [result.name for result in results if result.health is Health.DOWN]
            logger.error("service is down: %s", ", ".join(down))
        return {
            "health": verdict.name.lower(),
            "checks": {result.name: result.detail for result in results},
        }


@app.task(bind=True, name="monitoring.check_drift")
def check_drift(self: Task) -> dict[str, str]:
    """How far each feature has moved from the values that the model was trained on.

    Both sides are datasets of the lake; without one of them there is nothing to compare.
    """
    with task_run(self.name):
        storage = DataLakeStorage(get_settings().data_lake_path)
        if not {TRAINING_FEATURES, LIVE_FEATURES} <= set(storage.datasets()):
            return {}
        results = compare_features(storage.read(TRAINING_FEATURES), storage.read(LIVE_FEATURES))
        for result in results:
            get_metrics().feature_drift.labels(feature=result.feature).set(result.index)
        return {result.feature: result.level for result in results}


@app.task(bind=True, name="monitoring.find_regressions")
def find_regressions(self: Task, min_drop: float = 0.05) -> list[str]:
    """Datasets whose quality fell below what it used to be, in words."""
    with task_run(self.name):
        found = QualityHistory(open_database()).regressions(min_drop)
        return [f"{item.dataset}: {item.score:.2f}, usually {item.usual:.2f}" for item in found]


@app.task(bind=True, name="monitoring.prune_history")
def prune_history(self: Task, days: int = 90) -> int:
    """Forget quality reports that are older than `days`; returns how many."""
    if days < 1:
        raise ConfigurationError("at least one day of history must stay", days=days)
    with task_run(self.name):
        removed = QualityHistory(open_database()).prune(now() - timedelta(days=days))
        logger.info("removed %d old quality reports", removed)
        return removed
