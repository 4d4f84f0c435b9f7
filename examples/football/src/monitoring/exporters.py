"""Ways out for the metrics: a text file for the node exporter, a push gateway, the log.

An exporter raises `ExportError` when it cannot deliver. `FanOut` keeps one broken exporter from
silencing the others.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from prometheus_client import CollectorRegistry, push_to_gateway

from src.core.exceptions import FootballError
from src.core.logger import get_logger
from src.monitoring.metrics import ServiceMetrics

logger = get_logger(__name__)


class ExportError(FootballError):
    """Metrics could not be delivered."""

    code = "export_error"


class Exporter(Protocol):
    """Delivers the present state of the metrics."""

    name: str

    def export(self, metrics: ServiceMetrics) -> int:
        """Deliver and return the number of samples."""
        ...


class TextfileExporter:
    """Writes Prometheus's text format for the node exporter to pick up."""

    name = "textfile"

    def __init__(self, path: Path) -> None:
        self.path = path

    def export(self, metrics: ServiceMetrics) -> int:
        """Replace the file in one step: the node exporter must not read half of it."""
        text = metrics.render()
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(text, encoding="utf-8")
            os.replace(temporary, self.path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise ExportError(f"cannot write {self.path}: {error}") from error
        return sum(1 for line in text.splitlines() if line and not line.startswith("#"))


class PushgatewayExporter:
    """Pushes to a Prometheus push gateway, for jobs that end before a scrape."""

    name = "pushgateway"

    def __init__(
        self,
        address: str,
        job: str = "football",
        timeout: float = 5.0,
        push: Callable[..., None] = push_to_gateway,
    ) -> None:
        self.address = address
        self.job = job
        self.timeout = timeout
        self._push = push

    def export(self, metrics: ServiceMetrics) -> int:
        """Push the whole registry; a gateway that does not answer is an `ExportError`."""
        registry: CollectorRegistry = metrics.registry
        try:
            self._push(self.address, job=self.job, registry=registry, timeout=self.timeout)
        except OSError as error:
            raise ExportError(f"push to {self.address} failed: {error}") from error
        return len(metrics.snapshot())


class LogExporter:
    """Writes samples that changed since the last export to the log."""

    name = "log"

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def export(self, metrics: ServiceMetrics) -> int:
        """Log each changed sample and return how many there were."""
        present = metrics.snapshot()
        changed = {key: value for key, value in present.items() if self._last.get(key) != value}
        for key, value in sorted(changed.items()):
            logger.info("metric %s = %g", key, value)
        self._last = present
        return len(changed)


class FanOut:
    """Hands the metrics to several exporters and collects who failed."""

    name = "fan-out"

    def __init__(self, exporters: Sequence[Exporter]) -> None:
        self.exporters = list(exporters)
        self.failures: dict[str, str] = {}

    def export(self, metrics: ServiceMetrics) -> int:
        """The samples that the exporters delivered; raises only if every one of them failed."""
        self.failures = {}
        delivered = 0
        for exporter in self.exporters:
            try:
                delivered += exporter.export(metrics)
            except ExportError as error:
                self.failures[exporter.name] = str(error)
                metrics.export_errors.labels(exporter=exporter.name).inc()
                logger.warning("exporter %s failed: %s", exporter.name, error)
        if self.exporters and len(self.failures) == len(self.exporters):
            raise ExportError("all exporters failed", exporters=sorted(self.failures))
        return delivered


def build_exporter(textfile: Path | None = None, gateway: str | None = None, log: bool = True) -> FanOut:
    """The exporters that a deployment asks for."""
    exporters: list[Exporter] = []
    if textfile is not None:
        exporters.append(TextfileExporter(textfile))
    if gateway:
        exporters.append(PushgatewayExporter(gateway))
    if log:
        exporters.append(LogExporter())
    return FanOut(exporters)
