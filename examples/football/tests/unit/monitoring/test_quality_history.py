"""Stored quality reports and the regressions that they show."""

from datetime import UTC, datetime, timedelta

import pytest

from src.data.quality.anomaly_detector import AnomalyReport
from src.data.quality.report import QualityReport
from src.data.quality.rules import Severity, Violation
from src.database.manager import DatabaseManager
from src.monitoring.quality_history import QualityHistory, Regression

START = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture
def history():
    database = DatabaseManager()
    yield QualityHistory(database)
    database.close()


def add(history: QualityHistory, dataset: str, day: int, broken: int) -> None:
    """A report over ten rows, of which `broken` break a rule badly."""
    violations = (Violation("range", "goals", broken, Severity.HIGH, ""),) if broken else ()
    taken_at = START + timedelta(days=day)
    history.add(QualityReport(dataset, taken_at, 10, violations, AnomalyReport(10)))


def test_reports_are_kept_in_order(history):
    for day in (2, 0, 1):
        add(history, "odds", day, broken=day)
    add(history, "matches", 0, broken=0)
    assert list(history.frame("odds")["score"]) == [1.0, 0.9, 0.8]
    assert len(history.frame()) == 4


def test_a_fallen_score_is_a_regression(history):
    for day, broken in enumerate([0, 1, 2, 5]):
        add(history, "odds", day, broken)
        add(history, "matches", day, 1)
    (found,) = history.regressions()
    assert found == Regression("odds", 0.5, pytest.approx(0.9))
    assert history.regressions(min_drop=0.41) == []


def test_a_first_report_is_no_regression(history):
    assert history.regressions() == []
    add(history, "odds", 0, broken=9)
    assert history.regressions() == []
