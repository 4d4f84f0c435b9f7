"""Quality rules, one by one and together, and the report that joins them with anomalies."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from src.data.quality.anomaly_detector import Anomaly, AnomalyKind, AnomalyReport
from src.data.quality.report import QualityReport
from src.data.quality.rules import (
    MATCH_RULES,
    DifferentColumns,
    InRange,
    OneOf,
    Required,
    Severity,
    UniqueKey,
    Violation,
    check_rules,
)

FRAME = pd.DataFrame(
    {
        "id": [1, 2, 2, 4],
        "home": ["A", "B", "C", None],
        "away": ["B", "B", "D", "E"],
        "goals": [0, 20, 21, None],
        "status": ["live", "finished", "cancelled", "lost"],
    }
)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (Required(("id", "away")), []),
        (Required(("home", "id")), [("home", 1, Severity.MEDIUM)]),
        (Required(("home",), max_null_share=0.25), []),
        (Required(("referee",)), [("referee", 4, Severity.HIGH)]),
        (InRange("goals", 0, 21), []),
        (InRange("goals", 0, 20), [("goals", 1, Severity.MEDIUM)]),
        (InRange("goals", 1, 20, Severity.LOW), [("goals", 2, Severity.LOW)]),
        (InRange("corners", 0, 1), [("corners", 4, Severity.HIGH)]),
        (OneOf("status", frozenset({"live", "finished"})), [("status", 2, Severity.MEDIUM)]),
        (OneOf("home", frozenset({"A", "B", "C"})), []),
        (UniqueKey(("id", "away")), []),
        (UniqueKey(("id",)), [("id", 1, Severity.HIGH)]),
        (DifferentColumns("home", "away"), [("home", 1, Severity.HIGH)]),
    ],
)
def test_rules(rule, found):
    assert [(v.column, v.count, v.severity) for v in rule.check(FRAME)] == found


def test_unknown_values_are_shown():
    (violation,) = OneOf("status", frozenset({"live"})).check(FRAME)
    assert violation.message == "unknown values: cancelled, finished, lost"


def test_the_worst_violations_come_first():
    found = check_rules(FRAME, [InRange("goals", 0, 20), UniqueKey(("id",)), Required(("home",))])
    assert [violation.rule for violation in found] == ["unique", "range", "required"]


def test_a_sound_match_breaks_no_rule():
    match = {
        "id": [1],
        "home_team": ["A"],
        "away_team": ["B"],
        "kickoff": ["2025-09-01T14:00:00Z"],
        "home_goals": [2],
        "away_goals": [0],
        "status": ["finished"],
    }
    assert check_rules(pd.DataFrame(match), MATCH_RULES) == []


def report(rows: int = 10, broken: Severity | None = None, strange: Severity | None = None) -> QualityReport:
    violations = (Violation("range", "goals", 2, broken, ""),) if broken else ()
    anomalies = (Anomaly("goals", AnomalyKind.OUTLIER, 9.0, strange, 0),) if strange else ()
    taken_at = datetime(2025, 9, 1, tzinfo=UTC)
    return QualityReport("odds", taken_at, rows, violations, AnomalyReport(rows, anomalies))


@pytest.mark.parametrize(
    ("made", "score", "verdict"),
    [
        (report(), 1.0, "passed"),
        (report(rows=0), 0.0, "empty"),
        (report(broken=Severity.MEDIUM), 0.9, "degraded"),
        (report(broken=Severity.MEDIUM, strange=Severity.LOW), 0.875, "degraded"),
        (report(strange=Severity.HIGH), 0.9, "failed"),
        (report(rows=4, broken=Severity.MEDIUM), 0.75, "failed"),
        (report(rows=1, broken=Severity.HIGH), 0.0, "failed"),
    ],
)
def test_the_score_and_the_verdict(made, score, verdict):
    assert (made.score, made.verdict) == (pytest.approx(score), verdict)


def test_a_report_becomes_a_flat_row():
    assert report(broken=Severity.LOW).to_row() == {
        "dataset": "odds",
        "taken_at": "2025-09-01T00:00:00+00:00",
        "rows": 10,
        "score": 0.95,
        "verdict": "degraded",
        "violations": 1,
        "anomalies": 0,
    }
