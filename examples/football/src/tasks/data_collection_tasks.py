"""The tasks that bring in fixtures, scores and odds.

A failure that another try can mend (``retryable`` in the error's context) is retried with the back-off of
:class:`RetryPolicy`, or later if the source asked for that; every other failure ends the task. Either way the run
leaves a line in the collection log and its traces in the metrics.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import Task, group

from src.collectors.client import ApiClient
from src.collectors.parsers import Row
from src.collectors.sources import CollectionResult, FixturesCollector, OddsCollector, ScoresCollector
from src.core.config import get_settings
from src.core.exceptions import CollectionError, DatabaseError, NotFoundError
from src.core.logger import get_logger
from src.database.manager import DatabaseManager
from src.database.repositories import CollectionLogRepository, MatchRepository, OddsRepository
from src.monitoring.metrics import ServiceMetrics, get_metrics, timed
from src.tasks.celery_app import app
from src.tasks.retry import RetryPolicy
from src.utilities.dates import age_hours, parse_utc, utc_now

SOURCES = ("fixtures", "odds", "scores")
ODDS_HORIZON_DAYS = 3
DETAIL_LIMIT = 5

logger = get_logger(__name__)


@dataclass(frozen=True)
class Resources:
    """What a run of a task works with."""

    database: DatabaseManager
    fixtures: FixturesCollector
    scores: ScoresCollector
    odds: OddsCollector
    metrics: ServiceMetrics
    policy: RetryPolicy


def build_resources() -> Resources:
    """Put together what the settings ask for."""
    settings = get_settings()
    client = ApiClient.from_settings(settings)
    return Resources(
        database=DatabaseManager(settings.database_path, timeout_seconds=settings.database_timeout_seconds),
        fixtures=FixturesCollector(client),
        scores=ScoresCollector(client),
        odds=OddsCollector(client),
        metrics=get_metrics(),
        policy=RetryPolicy.from_settings(settings),
    )


def _log_run(resources: Resources, source: str, status: str, records: int, refused: Sequence[str]) -> None:
    """Write to the collection log; a log that cannot be written does not undo what was collected."""
    detail = "; ".join(refused[:DETAIL_LIMIT])
    try:
        CollectionLogRepository(resources.database).add(source, status, records, len(refused), utc_now(), detail)
    except DatabaseError as error:
        logger.error("the collection log was not written: %s", error)


def _retry_or_fail(task: Task, resources: Resources, source: str, error: Exception) -> Exception:
    """Return what the task has to raise: Celery's retry, or the error itself when trying again is no use."""
    context = getattr(error, "context", {})
    attempt = task.request.retries
    retryable = isinstance(error, DatabaseError) or context.get("retryable", False)
    if not retryable or not resources.policy.should_retry(attempt):
        resources.metrics.tasks.labels(task=task.name, outcome="failed").inc()
        _log_run(resources, source, "failed", 0, [str(error)])
        logger.error("%s failed for good after %d retries: %s", task.name, attempt, error)
        return error
    countdown = max(resources.policy.delay(attempt), context.get("retry_after", 0.0))
    resources.metrics.task_retries.labels(task=task.name).inc()
    logger.warning("%s failed, retry %d in %.0f s: %s", task.name, attempt + 1, countdown, error)
    return task.retry(exc=error, countdown=countdown, max_retries=resources.policy.max_retries, throw=False)


def _run(
    task: Task,
    resources: Resources,
    collect: Callable[[], Awaitable[CollectionResult]],
    store: Callable[[list[Row]], int],
    source: str,
) -> dict[str, Any]:
    """Collect, store, log and count; the common course of all collection tasks."""
    try:
        with timed(resources.metrics.task_seconds, task=task.name):
            result = asyncio.run(_awaited(collect))
            stored = store(result.rows)
    except (CollectionError, DatabaseError) as error:
        raise _retry_or_fail(task, resources, source, error) from error
    resources.metrics.tasks.labels(task=task.name, outcome=result.status).inc()
    resources.metrics.collected_rows.labels(source=source).inc(stored)
    _log_run(resources, source, result.status, stored, result.refused)
    if result.refused:
        logger.warning("%s refused %d items, first: %s", source, len(result.refused), result.refused[0])
    return {"source": source, "status": result.status, "stored": stored, "refused": len(result.refused)}


async def _awaited(collect: Callable[[], Awaitable[CollectionResult]]) -> CollectionResult:
    return await collect()


@app.task(bind=True, name="collection.collect_fixtures")
def collect_fixtures(self: Task, days: int = 7) -> dict[str, Any]:
    """Collect the fixtures of the next days."""
    resources = build_resources()
    today = utc_now().date()
    return _run(
        self,
        resources,
        lambda: resources.fixtures.collect(today, days),
        MatchRepository(resources.database).upsert_many,
        FixturesCollector.source,
    )


@app.task(bind=True, name="collection.collect_odds")
def collect_odds(self: Task, match_ids: list[int] | None = None) -> dict[str, Any]:
    """Collect the odds of some matches, by default of the scheduled ones of the next days."""
    resources = build_resources()
    if match_ids is None:
        today = utc_now().date()
        rows = MatchRepository(resources.database).between(today, today + timedelta(days=ODDS_HORIZON_DAYS))
        match_ids = [row["id"] for row in rows if row["status"] == "scheduled"]
    if not match_ids:
        logger.info("there are no matches to collect odds for")
        resources.metrics.tasks.labels(task=self.name, outcome="skipped").inc()
        return {"source": OddsCollector.source, "status": "skipped", "stored": 0, "refused": 0}
    wanted = list(match_ids)
    return _run(
        self,
        resources,
        lambda: resources.odds.collect(wanted),
        OddsRepository(resources.database).add_many,
        OddsCollector.source,
    )


@app.task(bind=True, name="collection.collect_scores")
def collect_scores(self: Task) -> dict[str, Any]:
    """Collect the scores of now; scores of matches that nobody has heard of are passed over."""
    resources = build_resources()
    matches = MatchRepository(resources.database)

    def store(rows: list[Row]) -> int:
        stored = 0
        for row in rows:
            try:
                matches.set_score(row["match_id"], row["home_goals"], row["away_goals"], finished=row["finished"])
            except NotFoundError:
                logger.info("a score came for the unknown match %d", row["match_id"])
            else:
                stored += 1
        return stored

    return _run(self, resources, resources.scores.collect, store, ScoresCollector.source)


@app.task(name="collection.collect_everything")
def collect_everything(days: int = 7) -> str:
    """Start all collections side by side and return the id of the group."""
    started = group(collect_fixtures.s(days), collect_odds.s(), collect_scores.s()).apply_async()
    return str(started.id)


def overdue_sources(database: DatabaseManager, max_age_hours: float) -> list[str]:
    """Return the sources whose last good run is too long ago, or that never had one."""
    log = CollectionLogRepository(database)
    now = utc_now()
    overdue = []
    for source in SOURCES:
        last = log.last_success(source)
        if last is None or age_hours(parse_utc(last["finished_at"]), now) > max_age_hours:
            overdue.append(source)
    return overdue
