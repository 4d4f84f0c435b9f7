"""The monitoring tasks: what they return, count and retry, with patched exporters."""

import logging
from datetime import UTC, datetime, timedelta
from unittest.mock import MagicMock

import pytest
from celery.exceptions import MaxRetriesExceededError, Retry
from celery.schedules import crontab

from src.core.config import Settings
from src.core.exceptions import ConfigurationError, DatabaseError
from src.data.quality.anomaly_detector import AnomalyReport
from src.data.quality.report import QualityReport
from src.database.manager import DatabaseManager
from src.monitoring.alerts import AlertManager, AlertRule, AlertState
from src.monitoring.drift import DriftResult
from src.monitoring.exporters import ExportError, FanOut
from src.monitoring.health import CheckResult, Health
from src.monitoring.metrics import ServiceMetrics
from src.monitoring.quality_history import QualityHistory
from src.monitoring.quality_monitor import MonitorRun
from src.tasks import monitoring as tasks
from src.tasks.celery_app import app
from src.tasks.retry import RetryPolicy

NOW = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
LAG = AlertRule("behind", "lag", ">", 100, for_evaluations=2)


@pytest.fixture(autouse=True)
def metrics(monkeypatch) -> ServiceMetrics:
    """Metrics of this test alone, for the tasks and for the wrapper that counts their runs."""
    own = ServiceMetrics()
    monkeypatch.setattr("src.monitoring.task_metrics.get_metrics", lambda: own)
    monkeypatch.setattr("src.monitoring.quality_monitor.get_metrics", lambda: own)
    monkeypatch.setattr(tasks, "get_metrics", lambda: own)
    monkeypatch.setattr(tasks, "now", lambda: NOW)
    monkeypatch.setattr(tasks, "RETRY", RetryPolicy(max_retries=3, base_seconds=2.0))
    return own


@pytest.fixture
def settings(monkeypatch, tmp_path) -> Settings:
    own = Settings(database_path=str(tmp_path / "own.db"), data_lake_path=tmp_path / "lake")
    monkeypatch.setattr(tasks, "get_settings", lambda: own)
    return own


@pytest.fixture
def database(monkeypatch):
    manager = DatabaseManager()
    monkeypatch.setattr(tasks, "open_database", lambda: manager)
    yield manager
    manager.close()


@pytest.fixture
def monitor(monkeypatch) -> MagicMock:
    own = MagicMock()
    own.run.return_value = MonitorRun(exported=4)
    monkeypatch.setattr(tasks, "build_monitor", lambda: own)
    return own


def retried(task, monkeypatch, retries: int = 0, **kwargs) -> dict:
    """Run the task as its `retries`-th retry; the arguments with which it asks for the next."""
    asked = {}

    def retry(**options):
        asked.update(options)
        raise Retry()

    monkeypatch.setattr(task, "retry", retry)
    task.push_request(retries=retries)
    try:
        with pytest.raises(Retry):
            task.run(**kwargs)
    finally:
        task.pop_request()
    return asked


# --- quality checks -----------------------------------------------------------------------------


def test_quality_checks_return_the_summary(monitor, metrics):
    result = tasks.run_quality_checks.apply(kwargs={"datasets": ["odds"]}).get()
    assert result == MonitorRun(exported=4).summary()
    monitor.run.assert_called_once_with(["odds"])
    name = "monitoring.run_quality_checks"
    assert metrics.value("tasks_total", task=name, outcome="success") == 1
    assert metrics.value("task_seconds_count", task=name) == 1


@pytest.mark.parametrize(("retries", "countdown"), [(0, 2.0), (1, 4.0), (2, 8.0)])
def test_only_failed_datasets_are_tried_again(monitor, metrics, monkeypatch, caplog, retries, countdown):
    monitor.run.return_value = MonitorRun(errors={"teams": "locked", "odds": "locked"})
    asked = retried(tasks.run_quality_checks, monkeypatch, retries)
    assert asked == {
        "args": (),
        "kwargs": {"datasets": ["odds", "teams"]},
        "countdown": countdown,
    }
    assert "quality checks failed for odds, teams" in caplog.text
    name = "monitoring.run_quality_checks"
    assert metrics.value("tasks_total", task=name, outcome="retry") == 1
    assert metrics.value("task_retries_total", task=name) == 1


def test_after_the_last_retry_the_errors_are_returned(monitor):
    monitor.run.return_value = MonitorRun(errors={"odds": "locked"})
    result = tasks.run_quality_checks.apply(retries=3).get()
    assert result["errors"] == {"odds": "locked"}


def test_a_retry_may_bring_the_dataset_back(monitor):
    monitor.run.side_effect = [MonitorRun(errors={"odds": "locked"}), MonitorRun(exported=9)]
    assert tasks.run_quality_checks.apply().get()["exported"] == 9
    assert [call.args for call in monitor.run.call_args_list] == [(None,), (["odds"],)]


def test_a_database_that_is_down_is_retried(monkeypatch):
    down = DatabaseError("cannot open")
    monkeypatch.setattr(tasks, "build_monitor", MagicMock(side_effect=down))
    asked = retried(tasks.run_quality_checks, monkeypatch, retries=1)
    assert asked == {"exc": down, "countdown": 4.0}


def test_a_database_that_stays_down_fails_the_task(monkeypatch, metrics):
    down = MagicMock(side_effect=DatabaseError("cannot open"))
    monkeypatch.setattr(tasks, "build_monitor", down)
    with pytest.raises(DatabaseError, match="cannot open"):
        tasks.run_quality_checks.apply().get()
    assert down.call_count == 1 + tasks.run_quality_checks.max_retries
    name = "monitoring.run_quality_checks"
    assert metrics.value("tasks_total", task=name, outcome="failure") == 1
    assert metrics.value("tasks_total", task=name, outcome="retry") == down.call_count - 1


def test_the_monitor_is_built_from_the_settings(settings, metrics, monkeypatch):
    monkeypatch.setattr(tasks, "exporter", lambda: FanOut([]))
    database = tasks.open_database()
    assert (database.path, database.timeout_seconds) == (settings.database_path, 5.0)
    database.execute_script(
        "CREATE TABLE matches (id, home_team, away_team, kickoff, status, home_goals, away_goals);"
        "INSERT INTO matches VALUES (1, 'A', 'B', '2025-09-01', 'finished', 1, 0);"
        "CREATE TABLE odds (match_id, bookmaker, home, draw, away, taken_at);"
    )
    outcome = tasks.build_monitor().run()
    assert {name: report.verdict for name, report in outcome.reports.items()} == {
        "matches": "passed",
        "odds": "empty",
    }
    history = QualityHistory(database).frame()
    assert list(history["taken_at"]) == [NOW.isoformat()] * 2


def test_the_monitors_limits_come_from_the_settings(settings, database, monkeypatch):
    monkeypatch.setattr(tasks, "exporter", lambda: FanOut([]))
    build = MagicMock()
    monkeypatch.setattr(tasks, "QualityMonitor", build)
    tasks.build_monitor()
    limits = build.call_args.kwargs["detector"].config
    assert (limits.outlier_score, limits.iqr_factor) == (3.0, 1.5)


# --- export -------------------------------------------------------------------------------------


@pytest.fixture
def exporters(monkeypatch) -> list[MagicMock]:
    """Two patched exporters behind the real fan-out."""
    pair = [MagicMock(), MagicMock()]
    for number, one in enumerate(pair):
        one.name = f"exporter-{number}"
        one.export.return_value = 5
    fan = FanOut(pair)
    monkeypatch.setattr(tasks, "exporter", lambda: fan)
    return pair


def test_metrics_go_to_every_exporter(exporters, metrics):
    assert tasks.export_metrics.apply().get() == {"delivered": 10, "failed": []}
    for one in exporters:
        one.export.assert_called_once_with(metrics)


def test_one_failing_exporter_is_told_but_not_retried(exporters, metrics):
    exporters[0].export.side_effect = ExportError("gone")
    assert tasks.export_metrics.apply().get() == {"delivered": 5, "failed": ["exporter-0"]}
    assert metrics.value("export_errors_total", exporter="exporter-0") == 1


def test_the_export_is_retried_when_all_exporters_fail(exporters, monkeypatch):
    for one in exporters:
        one.export.side_effect = ExportError("gone")
    asked = retried(tasks.export_metrics, monkeypatch, retries=2)
    assert asked["countdown"] == 8.0
    assert "all exporters failed" in str(asked["exc"])


def test_the_exporter_is_kept_and_writes_beside_the_lake(settings, tmp_path, metrics):
    tasks.exporter.cache_clear()
    fan = tasks.exporter()
    assert tasks.exporter() is fan
    tasks.exporter.cache_clear()
    assert [one.name for one in fan.exporters] == ["textfile", "log"]
    assert fan.exporters[0].path == tmp_path / "football.prom"


# --- alerts and health --------------------------------------------------------------------------


def test_alerts_follow_the_metrics(metrics, monkeypatch):
    manager = AlertManager([AlertRule("behind", "football_stream_lag", ">", 100)])
    monkeypatch.setattr(tasks, "alert_manager", lambda: manager)
    assert tasks.evaluate_alerts.apply().get() == {"alerts": [], "firing": []}
    metrics.stream_lag.labels(topic="odds", partition="0").set(500)
    result = tasks.evaluate_alerts.apply().get()
    assert result["firing"] == ["behind"]
    assert result["alerts"] == ['[warning] behind firing: football_stream_lag{partition="0",topic="odds"} = 500']


def test_the_furthest_breach_is_named():
    snapshot = {'lag{topic="a"}': 150.0, 'lag{topic="b"}': 400.0, "lagging": 900.0, "other": 500.0}
    assert LAG.worst_breach(snapshot) == ('lag{topic="b"}', 400.0)
    assert LAG.worst_breach({"lag": 100.0}) is None


@pytest.mark.parametrize("changes", [{"comparison": "=="}, {"for_evaluations": 0}], ids=["comparison", "evaluations"])
def test_rules_that_make_no_sense_are_refused(changes):
    with pytest.raises(ConfigurationError, match="^bad: "):
        AlertRule(**{"name": "bad", "metric": "m", "comparison": ">", "threshold": 1, **changes})


def test_an_alert_needs_breaches_in_a_row():
    manager = AlertManager([LAG])
    breached, fine = {"lag": 500.0}, {"lag": 1.0}
    assert manager.evaluate(breached, NOW) == []
    assert manager.evaluate(fine, NOW) == []
    assert manager.evaluate(breached, NOW) == []
    (alert,) = manager.evaluate(breached, NOW)
    assert (alert.state, alert.value, alert.at) == (AlertState.FIRING, 500.0, NOW)
    assert manager.firing == ["behind"]


def test_a_firing_alert_is_told_again_after_the_cooldown():
    manager = AlertManager([AlertRule("behind", "lag", ">", 100)], timedelta(minutes=10))
    told = [bool(manager.evaluate({"lag": 500.0}, NOW + timedelta(minutes=m))) for m in (0, 9, 10)]
    assert told == [True, False, True]


def test_an_alert_is_resolved_once():
    manager = AlertManager([AlertRule("behind", "lag", ">", 100)])
    manager.evaluate({"lag": 500.0}, NOW)
    (alert,) = manager.evaluate({"lag": 5.0}, NOW)
    assert alert.describe() == "[warning] behind resolved: lag = 100"
    assert manager.evaluate({"lag": 5.0}, NOW) == []
    assert manager.firing == []


def test_the_alert_manager_remembers_between_evaluations():
    tasks.alert_manager.cache_clear()
    manager = tasks.alert_manager()
    assert tasks.alert_manager() is manager
    tasks.alert_manager.cache_clear()
    assert [rule.name for rule in manager.rules][:2] == ["stream-behind", "low-quality"]


@pytest.mark.parametrize(
    ("lake", "stream", "verdict", "messages"),
    [
        (Health.OK, Health.OK, "ok", []),
        (Health.OK, Health.DEGRADED, "degraded", []),
        (Health.DOWN, Health.DEGRADED, "down", ["service is down: lake"]),
        (Health.DOWN, Health.DOWN, "down", ["service is down: lake, stream"]),
    ],
)
def test_health_is_that_of_the_worst_part(settings, database, monkeypatch, caplog, lake, stream, verdict, messages):
    def run(checks):
        assert set(checks) == {"database", "lake", "stream"}
        answers = {"database": Health.OK, "lake": lake, "stream": stream}
        return [CheckResult(name, health, f"{name} was asked") for name, health in answers.items()]

    monkeypatch.setattr(tasks, "run_checks", run)
    with caplog.at_level(logging.ERROR, logger="football"):
        result = tasks.check_health.apply().get()
    assert result["health"] == verdict
    assert result["checks"]["stream"] == "stream was asked"
    assert caplog.messages == messages


@pytest.fixture
def lake(settings, monkeypatch) -> MagicMock:
    """A patched lake; each dataset's frame is the dataset's name."""
    own = MagicMock()
    own.read.side_effect = lambda name: name
    own.datasets.return_value = ["live_features", "odds_windows", "training_features"]
    monkeypatch.setattr(tasks, "DataLakeStorage", lambda path: own)
    return own


def test_drift_is_measured_against_the_training_data(lake, metrics, monkeypatch):
    compare = MagicMock(return_value=[DriftResult("elo", 0.4), DriftResult("form", 0.01)])
    monkeypatch.setattr(tasks, "compare_features", compare)
    assert tasks.check_drift.apply().get() == {"elo": "major", "form": "stable"}
    compare.assert_called_once_with("training_features", "live_features")
    assert metrics.value("feature_drift", feature="elo") == 0.4


@pytest.mark.parametrize("present", [[], ["training_features"], ["live_features"]])
def test_drift_needs_both_sides(lake, present):
    lake.datasets.return_value = present
    assert tasks.check_drift.apply().get() == {}
    lake.read.assert_not_called()


# --- history ------------------------------------------------------------------------------------


def store(database: DatabaseManager, days_ago: int, rows: int = 10) -> None:
    """A report of `odds` with nothing wrong, or an empty one, which scores 0."""
    taken_at = NOW - timedelta(days=days_ago)
    report = QualityReport("odds", taken_at, rows, (), AnomalyReport(rows))
    QualityHistory(database).add(report)


def test_regressions_are_told_in_words(database):
    for days_ago in (3, 2, 1):
        store(database, days_ago)
    assert tasks.find_regressions.apply().get() == []
    store(database, 0, rows=0)
    assert tasks.find_regressions.apply().get() == ["odds: 0.00, usually 1.00"]
    assert tasks.find_regressions.apply(kwargs={"min_drop": 1.01}).get() == []


def test_old_reports_are_removed(database, caplog):
    for days_ago in (0, 89, 90, 91, 400):
        store(database, days_ago)
    with caplog.at_level(logging.INFO, logger="football"):
        assert tasks.prune_history.apply().get() == 2
    assert len(QualityHistory(database).frame()) == 3
    assert "removed 2 old quality reports" in caplog.text
    assert tasks.prune_history.apply(kwargs={"days": 1}).get() == 2


def test_all_of_the_history_cannot_be_removed(database):
    with pytest.raises(ConfigurationError, match="at least one day"):
        tasks.prune_history.apply(kwargs={"days": 0}).get()


# --- registration -------------------------------------------------------------------------------


def test_the_tasks_are_registered_under_their_names():
    assert {name for name in app.tasks if name.startswith("monitoring.")} == {
        "monitoring.run_quality_checks",
        "monitoring.export_metrics",
        "monitoring.evaluate_alerts",
        "monitoring.check_health",
        "monitoring.check_drift",
        "monitoring.find_regressions",
        "monitoring.prune_history",
    }


@pytest.mark.parametrize(
    ("entry", "task", "schedule"),
    [
        ("quality-hourly", "monitoring.run_quality_checks", crontab(minute=10)),
        ("export-every-minute", "monitoring.export_metrics", 60.0),
        ("alerts-every-minute", "monitoring.evaluate_alerts", 60.0),
        ("health-every-five-minutes", "monitoring.check_health", 300.0),
        ("drift-daily", "monitoring.check_drift", crontab(hour=5, minute=0)),
        ("prune-weekly", "monitoring.prune_history", crontab(30, 3, "sun")),
    ],
)
def test_the_schedule(entry, task, schedule):
    assert app.conf.beat_schedule[entry] == {"task": task, "schedule": schedule}
    assert task in app.tasks


def test_the_schedule_of_other_tasks_is_kept():
    assert "collect-odds-quarter-hourly" in app.conf.beat_schedule


def test_retries_end_where_the_settings_say(monkeypatch):
    task = tasks.export_metrics
    assert task.max_retries == Settings().task_max_retries == 3
    task.push_request(retries=3, called_directly=False, is_eager=True)
    try:
        with pytest.raises(MaxRetriesExceededError):
            task.retry()
    finally:
        task.pop_request()
