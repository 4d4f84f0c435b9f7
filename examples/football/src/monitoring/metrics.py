"""The service's Prometheus metrics, declared in one place.

Every component takes a `ServiceMetrics` and falls back to the process-wide one, so that tests and
one-off jobs can count into a registry of their own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class ServiceMetrics:
    """All metrics of the service, bound to one registry."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry if registry is not None else CollectorRegistry()
        self.predictions = self._counter("predictions", "Predictions made", "model", "outcome")
        self.prediction_seconds = self._histogram("prediction_seconds", "Time to predict", "model")
        self.cache_events = self._counter("cache_events", "Cache lookups", "cache", "result")
        self.tasks = self._counter("tasks", "Finished task runs", "task", "outcome")
        self.task_retries = self._counter("task_retries", "Retries asked for", "task")
        self.task_seconds = self._histogram("task_seconds", "Time a task run took", "task")
        self.collected_rows = self._counter("collected_rows", "Rows collected", "source")
        self.quality_score = self._gauge("quality_score", "Share of sound cells", "dataset")
        self.dataset_age = self._gauge("dataset_age_seconds", "Age of newest row", "dataset")
        self.anomalies = self._counter("anomalies", "Anomalies found", "dataset", "kind")
        self.violations = self._counter("violations", "Broken quality rules", "dataset", "rule")
        self.feature_drift = self._gauge("feature_drift", "Population stability", "feature")
        self.export_errors = self._counter("export_errors", "Failed metric exports", "exporter")
        self.stream_messages = self._counter("stream_messages", "Messages", "topic", "outcome")
        self.stream_lag = self._gauge("stream_lag", "Messages behind", "topic", "partition")
        self.lake_rows = self._counter("lake_rows", "Rows written to the lake", "dataset")
        self.lake_files = self._gauge("lake_files", "Live files in the lake", "dataset")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"football_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"football_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, *labels: str) -> Histogram:
        return Histogram(f"football_{name}", text, labels, registry=self.registry, buckets=LATENCY_BUCKETS)

    def value(self, name: str, **labels: str) -> float:
        """The present value of one sample, 0.0 if it was never touched."""
        return self.registry.get_sample_value(f"football_{name}", labels) or 0.0

    def render(self) -> str:
        """The registry in Prometheus's text format."""
        return generate_latest(self.registry).decode("utf-8")

    def snapshot(self) -> dict[str, float]:
        """Every sample by its full name, e.g. `football_stream_lag{partition="0",topic="odds"}`.

        Histogram buckets and creation times are left out: alert rules look at totals.
        """
        samples: dict[str, float] = {}
        for family in self.registry.collect():
            for sample in family.samples:
                if sample.name.endswith(("_bucket", "_created")):
                    continue
                samples[sample_key(sample.name, sample.labels)] = sample.value
        return samples


def sample_key(name: str, labels: dict[str, str]) -> str:
    """The name of a sample with its labels in alphabetical order."""
    if not labels:
        return name
    inner = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inner}}}"


@contextmanager
def timed(histogram: Histogram, **labels: str) -> Iterator[None]:
    """Observe how long the block took, whether or not it raised."""
    started = time.perf_counter()
    try:
        yield
    finally:
        histogram.labels(**labels).observe(time.perf_counter() - started)


@lru_cache(maxsize=1)
def get_metrics() -> ServiceMetrics:
    """The metrics of this process."""
    return ServiceMetrics()
