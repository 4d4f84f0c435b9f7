"""Counts and times task runs, for every Celery task of the service."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery.exceptions import Ignore, Retry

from src.monitoring.metrics import ServiceMetrics, get_metrics, timed


@contextmanager
def task_run(task: str, metrics: ServiceMetrics | None = None) -> Iterator[None]:
    """Around a task's body: its time, and its outcome (`success`, `retry`, `ignored`, `failure`)."""
    target = metrics or get_metrics()
    outcome = "failure"
    try:
        with timed(target.task_seconds, task=task):
            yield
        outcome = "success"
    except Retry:
        outcome = "retry"
        target.task_retries.labels(task=task).inc()
        raise
    except Ignore:
        outcome = "ignored"
        raise
    finally:
        target.tasks.labels(task=task, outcome=outcome).inc()
