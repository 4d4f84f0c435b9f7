"""Is the service fit to serve? Named checks, run one after another, with one verdict."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from src.core.exceptions import FootballError
from src.data.storage.data_lake_storage import DataLakeStorage
from src.database.manager import DatabaseManager
from src.monitoring.metrics import ServiceMetrics


class Health(IntEnum):
    """Ordered, so that `max` gives the worst."""

    OK = 0
    DEGRADED = 1
    DOWN = 2


@dataclass(frozen=True)
class CheckResult:
    """What one check said, and how long it took."""

    name: str
    health: Health
    detail: str
    seconds: float = 0.0


Check = Callable[[], tuple[Health, str]]


def run_checks(checks: Mapping[str, Check], clock: Callable[[], float] = time.perf_counter) -> list[CheckResult]:
    """Run every check. One that raises an error of ours, or of the system, counts as down."""
    results = []
    for name, check in checks.items():
        started = clock()
        try:
            health, detail = check()
        except (FootballError, OSError) as error:
            health, detail = Health.DOWN, f"{type(error).__name__}: {error}"
        results.append(CheckResult(name, health, detail, clock() - started))
    return results


def overall(results: list[CheckResult]) -> Health:
    """The worst of the results; a service without checks is fine."""
    return max((result.health for result in results), default=Health.OK)


def database_check(database: DatabaseManager) -> Check:
    """The database answers a query."""

    def check() -> tuple[Health, str]:
        rows = database.fetch_all("SELECT 1 AS alive")
        return (Health.OK, "answers") if rows else (Health.DOWN, "no answer to SELECT 1")

    return check


def lake_check(storage: DataLakeStorage, required: tuple[str, ...] = ()) -> Check:
    """The lake's folder is there and holds the datasets that the service needs."""

    def check() -> tuple[Health, str]:
        if not storage.root.is_dir():
            return Health.DOWN, f"{storage.root} is not a folder"
        absent = sorted(set(required) - set(storage.datasets()))
        if absent:
            return Health.DEGRADED, f"missing datasets: {', '.join(absent)}"
        return Health.OK, f"{len(storage.datasets())} datasets"

    return check


def lag_check(metrics: ServiceMetrics, degraded: float = 1_000, down: float = 100_000) -> Check:
    """The stream consumer keeps up."""

    def check() -> tuple[Health, str]:
        samples = metrics.snapshot().items()
        lag = sum(value for key, value in samples if key.startswith("football_stream_lag"))
        if lag >= down:
            return Health.DOWN, f"{lag:g} messages behind"
        return (Health.DEGRADED if lag >= degraded else Health.OK), f"{lag:g} messages behind"

    return check
