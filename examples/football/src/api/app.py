"""The WSGI application and the wiring of the whole service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from src.api.admin import AdminHandlers
from src.api.handlers import MatchHandlers, PredictionHandlers
from src.api.http import Request, Router
from src.core.config import Settings, get_settings
from src.core.logger import configure_logging
from src.database.manager import DatabaseManager
from src.database.repositories import MatchRepository, OddsRepository, PredictionRepository
from src.database.schema import migrate
from src.features.feature_store import FeatureStore
from src.models.prediction_service import PredictionService, make_mlflow_client
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.services.match_service import MatchService
from src.services.reporting import ReportService

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def build_router(
    settings: Settings, database: DatabaseManager, predictions: PredictionService, metrics: ServiceMetrics
) -> Router:
    """Connect all handlers with what they work on."""
    matches = MatchRepository(database)
    history = PredictionRepository(database)
    router = Router()
    MatchHandlers(MatchService(matches), matches).register(router)
    PredictionHandlers(predictions, history, OddsRepository(database)).register(router)
    AdminHandlers(settings, database, metrics, ReportService(history)).register(router)
    return router


class WsgiApp:
    """Translates between WSGI and the router."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        response = self._router.dispatch(self._request(environ))
        start_response(
            response.reason,
            [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))],
        )
        return [response.body]

    @staticmethod
    def _request(environ: dict[str, Any]) -> Request:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        length = environ.get("CONTENT_LENGTH") or "0"
        body = environ["wsgi.input"].read(int(length)) if length.isdigit() and int(length) else b""
        target = environ.get("PATH_INFO", "/")
        if environ.get("QUERY_STRING"):
            target = f"{target}?{environ['QUERY_STRING']}"
        return Request.build(environ["REQUEST_METHOD"], target, body=body, headers=headers)


def create_app(settings: Settings | None = None) -> WsgiApp:
    """Build the application as a server runs it: settings, logging, migrated database, service, routes."""
    chosen = settings or get_settings()
    configure_logging(chosen.log_level, as_json=chosen.log_json)
    database = DatabaseManager(chosen.database_path, timeout_seconds=chosen.database_timeout_seconds)
    migrate(database)
    metrics = get_metrics()
    predictions = PredictionService(
        client=make_mlflow_client(chosen),
        features=FeatureStore(database),
        database=database,
        settings=chosen,
        metrics=metrics,
    )
    return WsgiApp(build_router(chosen, database, predictions, metrics))
