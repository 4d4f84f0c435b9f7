"""The operators' endpoints: health, metrics, and starting work by hand."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from src.api.http import Request, Response, Router
from src.core.config import Settings
from src.core.exceptions import ValidationError
from src.database.manager import DatabaseManager
from src.monitoring.metrics import ServiceMetrics
from src.services.reporting import ReportService
from src.tasks.data_collection_tasks import collect_fixtures, collect_odds, collect_scores, overdue_sources
from src.utilities.validation import as_int, one_of, require

TASKS = {"fixtures": collect_fixtures, "odds": collect_odds, "scores": collect_scores}


class AdminHandlers:
    """What needs the operators' token, and the two endpoints that machines poll."""

    def __init__(
        self, settings: Settings, database: DatabaseManager, metrics: ServiceMetrics, reports: ReportService
    ) -> None:
        self._settings = settings
        self._database = database
        self._metrics = metrics
        self._reports = reports

    def register(self, router: Router) -> None:
        """Add the routes."""
        router.add("GET", "/health", self.health)
        router.add("GET", "/metrics", self.metrics)
        router.add("POST", "/admin/collect", self.guarded(self.collect))
        router.add("GET", "/admin/report", self.guarded(self.report))

    def guarded(self, handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """Let a request through only with the operators' token; without a token set, nobody gets through."""

        def check(request: Request) -> Response:
            expected = f"Bearer {self._settings.api_token}"
            given = request.headers.get("authorization", "")
            if not self._settings.api_token or not hmac.compare_digest(given.encode(), expected.encode()):
                return Response.json({"error": {"code": "unauthorized", "message": "a token is needed"}}, 401)
            return handler(request)

        return check

    def health(self, request: Request) -> Response:
        """Answer ``GET /health``: 503 when the database is down, overdue sources only degrade."""
        database = self._database.health()
        if database["status"] != "up":
            return Response.json({"status": "down", "database": database}, 503)
        overdue = overdue_sources(self._database, self._settings.quality_freshness_hours)
        return Response.json({"status": "degraded" if overdue else "up", "database": database, "overdue": overdue})

    def metrics(self, request: Request) -> Response:
        """Answer ``GET /metrics`` for Prometheus."""
        return Response.text(self._metrics.render(), "text/plain; version=0.0.4; charset=utf-8")

    def collect(self, request: Request) -> Response:
        """Answer ``POST /admin/collect`` with ``{"source": "fixtures", "days": 3}`` by queueing the task."""
        payload = request.json()
        source = one_of(require(payload, "source"), "source", tuple(TASKS))
        if source != "fixtures" and "days" in payload:
            raise ValidationError("days goes with fixtures only", field="days")
        arguments = {"days": as_int(payload["days"], "days", low=1, high=60)} if "days" in payload else {}
        queued = TASKS[source].apply_async(kwargs=arguments)
        return Response.json({"source": source, "task_id": str(queued.id)}, 202)

    def report(self, request: Request) -> Response:
        """Answer ``GET /admin/report`` with the weekly text."""
        return Response.text(self._reports.weekly_text())
