"""The metrics registry, the task wrapper, and the fan-out to exporters."""

import pytest
from celery.exceptions import Ignore, Retry

from src.monitoring.exporters import FanOut, LogExporter, TextfileExporter
from src.monitoring.metrics import ServiceMetrics, get_metrics, sample_key, timed
from src.monitoring.task_metrics import task_run


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


def test_registries_do_not_share_values(metrics):
    metrics.predictions.labels(model="elo", outcome="ok").inc()
    assert metrics.value("predictions_total", model="elo", outcome="ok") == 1
    assert ServiceMetrics().value("predictions_total", model="elo", outcome="ok") == 0
    assert get_metrics() is get_metrics()


def test_the_snapshot_has_totals_and_no_buckets(metrics):
    metrics.stream_lag.labels(topic="odds", partition="1").set(7)
    metrics.task_seconds.labels(task="t").observe(2.0)
    assert metrics.snapshot() == {
        'football_stream_lag{partition="1",topic="odds"}': 7.0,
        'football_task_seconds_count{task="t"}': 1.0,
        'football_task_seconds_sum{task="t"}': 2.0,
    }
    assert sample_key("plain", {}) == "plain"


def test_time_is_observed_even_if_the_block_fails(metrics):
    with pytest.raises(ValueError, match="no"), timed(metrics.task_seconds, task="t"):
        raise ValueError("no")
    assert metrics.value("task_seconds_count", task="t") == 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(None, "success"), (Retry(), "retry"), (Ignore(), "ignored"), (OSError(), "failure")],
)
def test_task_outcomes(metrics, error, outcome):
    def body():
        with task_run("t", metrics):
            if error is not None:
                raise error

    if error is None:
        body()
    else:
        with pytest.raises(type(error)):
            body()
    assert metrics.value("tasks_total", task="t", outcome=outcome) == 1


def test_one_broken_exporter_does_not_silence_the_others(metrics, tmp_path):
    (tmp_path / "file").write_text("")
    metrics.stream_lag.labels(topic="odds", partition="1").set(7)
    broken = TextfileExporter(tmp_path / "file" / "football.prom")
    fan = FanOut([broken, LogExporter()])
    assert fan.export(metrics) == 2  # the lag, and the count of the failure
    assert list(fan.failures) == ["textfile"]
