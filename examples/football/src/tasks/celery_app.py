"""The Celery application that all background tasks register with."""

from __future__ import annotations

from celery import Celery
from celery.schedules import crontab

from src.core.config import Settings, get_settings

TASK_MODULES = (
    "src.tasks.data_collection_tasks",
    "src.tasks.monitoring",
    "src.tasks.streaming_tasks",
)

ROUTES = {
    "collection.*": {"queue": "collection"},
    "monitoring.*": {"queue": "monitoring"},
    "streaming.*": {"queue": "streaming"},
}

SCHEDULE = {
    "collect-fixtures-daily": {"task": "collection.collect_fixtures", "schedule": crontab(hour=4, minute=0)},
    "collect-odds-quarter-hourly": {"task": "collection.collect_odds", "schedule": crontab(minute="*/15")},
    "collect-scores-every-two-minutes": {"task": "collection.collect_scores", "schedule": 120.0},
}


def create_app(settings: Settings) -> Celery:
    """Build an application from settings; tasks are imported by the worker, not here."""
    celery = Celery("football", broker=settings.celery_broker_url, backend=settings.celery_result_backend)
    celery.conf.update(
        task_always_eager=False,
        task_acks_late=True,
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        task_routes=ROUTES,
        beat_schedule=SCHEDULE,
        imports=TASK_MODULES,
        timezone="UTC",
        enable_utc=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
    )
    return celery


app = create_app(get_settings())
