"""The quality monitor: what it finds, what it emits, and how it takes a failing exporter."""

import logging
from datetime import UTC, datetime, timedelta
from unittest.mock import MagicMock

import pytest

from src.core.exceptions import DatabaseError, DataQualityError
from src.data.quality.anomaly_detector import AnomalyDetector, DetectorConfig
from src.data.quality.rules import InRange, Required, Severity
from src.database.manager import DatabaseManager
from src.monitoring import quality_monitor
from src.monitoring.exporters import ExportError
from src.monitoring.metrics import ServiceMetrics
from src.monitoring.quality_history import QualityHistory
from src.monitoring.quality_monitor import DEFAULT_SPECS, DatasetSpec, MonitorRun, QualityMonitor

NOW = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
ODDS = DatasetSpec(
    name="odds",
    query="SELECT * FROM odds",
    rules=(Required(("match_id", "home")), InRange("home", 1.01, 500)),
    watched=("home", "not_there"),
    time_column="taken_at",
    max_age=timedelta(hours=2),
)
TEAMS = DatasetSpec(name="teams", query="SELECT * FROM teams")


def odds_rows(count: int = 10, **changes) -> list[dict]:
    """Sound quotes, the newest one an hour old; `changes` go into the last row."""
    rows = [
        {"match_id": number, "home": 2.0 + number % 3 / 10, "taken_at": "2025-09-01T11:00:00+00:00"}
        for number in range(count)
    ]
    rows[-1].update(changes)
    return rows


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


@pytest.fixture
def exporter() -> MagicMock:
    target = MagicMock()
    target.name = "gateway"
    target.export.return_value = 12
    return target


@pytest.fixture
def tables(mock_db_manager) -> dict[str, object]:
    """What the mocked database answers, by table; an exception is raised."""
    content: dict[str, object] = {"odds": odds_rows(), "teams": [{"id": 1}]}

    def fetch_all(sql, params=()):
        answer = content[sql.rpartition(" ")[2]]
        if isinstance(answer, Exception):
            raise answer
        return answer

    mock_db_manager.fetch_all.side_effect = fetch_all
    return content


@pytest.fixture
def monitor(mock_db_manager, tables, metrics, exporter) -> QualityMonitor:
    return QualityMonitor(mock_db_manager, [TEAMS, ODDS], metrics=metrics, exporter=exporter, clock=lambda: NOW)


# --- what it finds ------------------------------------------------------------------------------


def test_sound_data_passes(monitor):
    report = monitor.check("odds")
    assert (report.dataset, report.taken_at, report.rows) == ("odds", NOW, 10)
    assert (report.violations, report.anomalies.anomalies) == ((), ())
    assert (report.verdict, report.score) == ("passed", 1.0)


def test_broken_rules_are_found(monitor, tables):
    tables["odds"] = odds_rows(home=0.5)
    report = monitor.check("odds")
    assert [(v.rule, v.column, v.count) for v in report.violations] == [("range", "home", 1)]


def test_watched_columns_are_searched_for_anomalies(monitor, tables):
    tables["odds"] = odds_rows(home=400.0)
    report = monitor.check("odds")
    assert {(a.column, a.row) for a in report.anomalies.anomalies} == {("home", 9)}
    assert report.verdict == "failed"


def test_unwatched_columns_are_not(monitor, tables):
    tables["odds"] = odds_rows(match_id=10_000_000)
    assert monitor.check("odds").anomalies.anomalies == ()


def test_the_given_detector_is_used(mock_db_manager, tables, metrics):
    tables["odds"] = odds_rows(home=400.0)
    blind = AnomalyDetector(DetectorConfig(min_rows=100, spike_window=50))
    monitor = QualityMonitor(mock_db_manager, [ODDS], blind, metrics, clock=lambda: NOW)
    assert monitor.check("odds").anomalies.anomalies == ()


@pytest.mark.parametrize(
    ("taken_at", "expected"),
    [
        ("2025-09-01T10:00:00+00:00", None),
        ("2025-09-01T09:59:59+00:00", (1, Severity.MEDIUM, "newest row is 2.0 h old")),
        ("2025-08-31T06:00:00Z", (1, Severity.MEDIUM, "newest row is 30.0 h old")),
        ("2025-09-01T12:30:00+02:00", None),
        ("yesterday", (10, Severity.HIGH, "no readable time in taken_at")),
    ],
    ids=["just fresh", "just stale", "a day old", "another zone", "unreadable"],
)
def test_freshness_is_that_of_the_newest_row(monitor, tables, taken_at, expected):
    tables["odds"] = [{**row, "taken_at": taken_at} for row in odds_rows()]
    found = [(v.count, v.severity, v.message) for v in monitor.check("odds").violations]
    assert found == ([expected] if expected else [])


def test_a_dataset_without_a_time_is_never_stale(monitor, metrics):
    assert monitor.check("teams").violations == ()
    assert "football_dataset_age_seconds" not in "".join(metrics.snapshot())


def test_an_empty_table_is_told_as_such(monitor, tables, metrics):
    tables["odds"] = []
    report = monitor.check("odds")
    assert (report.verdict, report.score, report.violations) == ("empty", 0.0, ())
    assert metrics.value("quality_score", dataset="odds") == 0.0


def test_unknown_datasets_are_refused_with_the_known_ones(monitor):
    with pytest.raises(DataQualityError, match="unknown dataset 'shots'; known are odds, teams"):
        monitor.check("shots")


# --- what it emits ------------------------------------------------------------------------------


def test_findings_are_counted(monitor, tables, metrics):
    tables["odds"] = odds_rows(11, home=600.0)
    monitor.check("odds")
    assert metrics.value("violations_total", dataset="odds", rule="range") == 1
    assert metrics.value("anomalies_total", dataset="odds", kind="outlier") == 1
    assert metrics.value("anomalies_total", dataset="odds", kind="spike") == 1
    # one violation of medium and two anomalies of high severity, over 11 rows
    assert metrics.value("quality_score", dataset="odds") == pytest.approx(1 - 2.5 / 11)


def test_counts_add_up_over_runs_and_scores_do_not(monitor, tables, metrics):
    tables["odds"] = odds_rows(home=None)
    monitor.run(["odds"])
    monitor.run(["odds"])
    assert metrics.value("violations_total", dataset="odds", rule="required") == 2
    assert metrics.value("quality_score", dataset="odds") == 0.95


def test_the_age_of_the_newest_row_is_a_metric(monitor, metrics):
    monitor.check("odds")
    assert metrics.value("dataset_age_seconds", dataset="odds") == 3600


def test_a_run_checks_everything_and_exports_once(monitor, metrics, exporter):
    outcome = monitor.run()
    assert list(outcome.reports) == ["odds", "teams"]
    assert (outcome.exported, outcome.export_error, outcome.healthy) == (12, None, True)
    exporter.export.assert_called_once_with(metrics)


def test_a_run_can_be_narrowed(monitor):
    assert list(monitor.run(["teams"]).reports) == ["teams"]
    assert monitor.run([]).reports == {}


def test_reports_go_into_the_history(mock_db_manager, tables, metrics):
    database = DatabaseManager()
    history = QualityHistory(database)
    monitor = QualityMonitor(mock_db_manager, [ODDS], metrics=metrics, history=history, clock=lambda: NOW)
    monitor.run()
    rows = database.fetch_all("SELECT dataset, taken_at, score, verdict FROM quality_history")
    database.close()
    assert [tuple(row.values()) for row in rows] == [("odds", NOW.isoformat(), 1.0, "passed")]


# --- errors -------------------------------------------------------------------------------------


def test_a_table_that_cannot_be_read_does_not_stop_the_others(monitor, tables, metrics, caplog):
    metrics.quality_score.labels(dataset="odds").set(0.9)
    tables["odds"] = DatabaseError("no such table: odds")
    outcome = monitor.run()
    assert outcome.errors == {"odds": "no such table: odds"}
    assert list(outcome.reports) == ["teams"]
    assert not outcome.healthy
    assert metrics.value("quality_score", dataset="odds") == 0.0
    assert "cannot check odds: no such table: odds" in caplog.text


def test_an_unknown_dataset_in_a_run_is_an_error_of_that_dataset(monitor):
    outcome = monitor.run(["shots", "odds"])
    assert list(outcome.errors) == ["shots"]
    assert list(outcome.reports) == ["odds"]


def test_a_failing_exporter_does_not_lose_the_reports(monitor, metrics, exporter, caplog):
    exporter.export.side_effect = ExportError("gateway is down")
    with caplog.at_level(logging.ERROR, logger="football"):
        outcome = monitor.run(["odds"])
    assert outcome.reports["odds"].verdict == "passed"
    assert (outcome.exported, outcome.export_error) == (0, "gateway is down")
    assert not outcome.healthy
    assert metrics.value("export_errors_total", exporter="gateway") == 1
    assert "cannot export the quality metrics: gateway is down" in caplog.text


def test_a_bug_in_an_exporter_is_not_hidden(monitor, exporter):
    exporter.export.side_effect = ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        monitor.run()


def test_without_an_exporter_nothing_is_exported(mock_db_manager, tables, metrics):
    outcome = QualityMonitor(mock_db_manager, [TEAMS], metrics=metrics).run()
    assert (outcome.exported, outcome.export_error, outcome.healthy) == (0, None, True)


# --- the outcome and the defaults ---------------------------------------------------------------


def test_the_summary_can_be_sent_as_json(monitor, tables):
    tables["odds"] = odds_rows(home=400.0)
    tables["teams"] = DatabaseError("locked")
    assert monitor.run().summary() == {
        "healthy": False,
        "scores": {"odds": 0.8},
        "verdicts": {"odds": "failed"},
        "errors": {"teams": "locked"},
        "exported": 12,
        "export_error": None,
    }


def test_a_failed_verdict_alone_is_unhealthy(monitor, tables):
    tables["odds"] = odds_rows(home=400.0)
    outcome = monitor.run(["odds"])
    assert (outcome.errors, outcome.export_error) == ({}, None)
    assert not outcome.healthy
    assert MonitorRun().healthy


def test_the_process_metrics_are_the_default(mock_db_manager, tables, monkeypatch, metrics):
    monkeypatch.setattr(quality_monitor, "get_metrics", lambda: metrics)
    QualityMonitor(mock_db_manager, [TEAMS]).run()
    assert metrics.value("quality_score", dataset="teams") == 1.0


def test_absurd_scores_are_found_by_default(mock_db_manager, metrics):
    goals = [0, 1, 2, 1, 3, 2, 0, 1, 2, 1]
    rows = [{"id": n, "home_goals": g, "away_goals": g} for n, g in enumerate(goals)]
    mock_db_manager.fetch_all.return_value = [*rows, {"id": 10, "home_goals": 99, "away_goals": 88}]
    report = QualityMonitor(mock_db_manager, metrics=metrics).check("matches")
    assert {a.column for a in report.anomalies.anomalies} == {"home_goals", "away_goals"}


def test_default_datasets_and_clock(mock_db_manager, metrics):
    mock_db_manager.fetch_all.return_value = []
    monitor = QualityMonitor(mock_db_manager, DEFAULT_SPECS, metrics=metrics)
    assert monitor.datasets == ["matches", "odds"]
    before = datetime.now(UTC)
    assert before <= monitor.check("matches").taken_at <= datetime.now(UTC)
    mock_db_manager.fetch_all.assert_called_once_with("SELECT * FROM matches")
