"""Scenarios for the anomaly detector: normal data, outliers, and frames with little or nothing in them."""

import logging

import numpy as np
import pandas as pd
import pytest

from src.core.exceptions import DataQualityError
from src.data.quality.anomaly_detector import (
    Anomaly,
    AnomalyDetector,
    AnomalyKind,
    AnomalyReport,
    DetectorConfig,
    without_anomalies,
)
from src.data.quality.rules import Severity


@pytest.fixture
def detector() -> AnomalyDetector:
    return AnomalyDetector()


@pytest.fixture
def normal_matches() -> pd.DataFrame:
    """A plain round of matches: nothing in it should be noticed."""
    goals = [0, 1, 2, 1, 3, 2, 0, 1, 1, 2, 3, 1]
    return pd.DataFrame(
        {
            "home_goals": goals,
            "attendance": [40_000 + 500 * (number % 5) for number in range(12)],
            "league": ["PL"] * 6 + ["BL"] * 6,
            "finished": [True] * 11 + [False],
            "kickoff": pd.date_range("2025-08-01", periods=12, freq="h"),
        }
    )


def kinds(anomalies: list[Anomaly]) -> list[AnomalyKind]:
    return [anomaly.kind for anomaly in anomalies]


# --- normal -------------------------------------------------------------------------------------


def test_normal_matches_raise_nothing(detector, normal_matches):
    report = detector.detect(normal_matches)
    assert report == AnomalyReport(rows=12, anomalies=())
    assert (report.share, report.worst, report.counts()) == (0.0, None, {})


def test_booleans_and_times_are_not_examined_for_values(detector, normal_matches):
    lopsided = normal_matches.assign(
        finished=[False] + [True] * 11,
        kickoff=list(normal_matches["kickoff"][:11]) + [pd.Timestamp("1970-01-01")],
    )
    assert detector.detect(lopsided, ["finished", "kickoff"]).anomalies == ()


def test_only_named_columns_are_examined(detector, normal_matches):
    frame = normal_matches.assign(attendance=[4_000_000] + [40_000 + n for n in range(11)])
    assert detector.detect(frame, ["home_goals"]).anomalies == ()
    assert [a.column for a in detector.detect(frame).anomalies] == ["attendance"]


# --- outliers -----------------------------------------------------------------------------------


def test_one_absurd_score_is_a_severe_outlier(detector):
    goals = pd.Series([0, 1, 2, 1, 3, 2, 0, 1, 99], name="home_goals")
    (found,) = detector.find_outliers(goals)
    assert (found.column, found.kind, found.row, found.value) == ("home_goals", "outlier", 8, 99)
    assert found.score == pytest.approx(0.6745 * 98)  # the median is 1, the deviation 1
    assert found.severity is Severity.HIGH


@pytest.mark.parametrize(
    ("value", "severity"),
    [(6, None), (7, Severity.MEDIUM), (11, Severity.MEDIUM), (12, Severity.HIGH)],
    ids=["just inside", "just outside", "below twice the limit", "beyond twice the limit"],
)
def test_severity_grows_with_the_distance(detector, value, severity):
    goals = pd.Series([0, 1, 2, 1, 3, 2, 0, 1, value], name="goals")
    found = detector.find_outliers(goals)
    assert [a.severity for a in found] == ([severity] if severity else [])


def test_low_values_are_outliers_too(detector):
    attendance = pd.Series([41, 40, 42, 43, 40, 41, 42, -60], index=list("abcdefgh"))
    assert [a.row for a in detector.find_outliers(attendance)] == ["h"]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([5] * 9 + [9], [9]),
        ([5] * 9 + [1], [9]),
        ([5] * 9 + [8], []),
        ([5] * 10, []),
        ([5] * 6 + [7, 7, 7, 14], [9]),
        ([5] * 6 + [7, 7, 7, 13], []),
        ([5] * 6 + [3, 3, 3, -4], [9]),
    ],
    ids=["above", "below", "at the limit", "constant", "spread", "within spread", "below spread"],
)
def test_quartiles_decide_where_most_values_are_equal(detector, values, rows):
    # With the quartiles at 5 and 7 (or 3 and 5) the range is 2, so the limit lies 6 beyond.
    series = pd.Series(values, name="corners")
    assert [a.row for a in detector.find_outliers(series)] == rows


def test_quartile_score_is_the_distance_in_ranges(detector):
    (found,) = detector.find_outliers(pd.Series([5] * 6 + [7, 7, 7, 15], name="corners"))
    assert found.score == pytest.approx(4.0)
    assert found.severity is Severity.MEDIUM


def test_infinite_and_missing_values_are_left_out(detector):
    series = pd.Series([1.0, 2.0, np.inf, 1.5, 2.5, np.nan, -np.inf, 1.2, 2.2, 1.8, 2.1, 90.0])
    assert [a.row for a in detector.find_outliers(series)] == [11]


def test_few_values_are_not_judged():
    series = pd.Series([1, 2, 1, 2, 1, 2, 100], name="goals")
    assert AnomalyDetector().find_outliers(series) == []
    assert [a.row for a in AnomalyDetector(DetectorConfig(min_rows=7)).find_outliers(series)] == [6]


# --- spikes -------------------------------------------------------------------------------------


def test_a_jump_against_the_values_before_is_a_spike(detector):
    odds = pd.Series([2.0, 2.1, 2.0, 2.2, 2.1, 2.6, 2.1, 2.0], name="home")
    (found,) = detector.find_spikes(odds)
    assert (found.kind, found.row, found.value) == (AnomalyKind.SPIKE, 5, 2.6)
    assert found.score == pytest.approx(0.5 / 0.06)
    assert found.severity is Severity.HIGH


def test_a_slow_drift_is_no_spike(detector):
    assert detector.find_spikes(pd.Series(np.linspace(2.0, 4.0, 30))) == []


def test_steady_values_have_no_measure_for_a_spike(detector):
    assert detector.find_spikes(pd.Series([2.0] * 7 + [9.0])) == []


def test_spikes_need_one_value_more_than_the_window():
    values = [2.0, 2.1, 2.0, 2.2, 9.0]
    assert AnomalyDetector().find_spikes(pd.Series(values)) == []
    small = AnomalyDetector(DetectorConfig(spike_window=4))
    assert [a.row for a in small.find_spikes(pd.Series(values))] == [4]


# --- rare categories and gaps -------------------------------------------------------------------


def test_a_misspelt_league_is_rare(detector):
    series = pd.Series(["PL"] * 60 + ["BL"] * 39 + ["Pl"], name="league")
    (found,) = detector.find_rare(series)
    assert found == Anomaly("league", AnomalyKind.RARE, 0.01, Severity.LOW, 99, "Pl")


def test_a_category_at_the_limit_is_not_rare(detector):
    series = pd.Series(["PL"] * 49 + ["BL"], name="league")
    assert detector.find_rare(series) == []


def test_rare_needs_enough_values():
    strict = AnomalyDetector(DetectorConfig(rare_share=0.5, min_rows=4))
    assert strict.find_rare(pd.Series(["PL", "PL", "BL", None])) == []
    assert [a.value for a in strict.find_rare(pd.Series(["PL", "PL", "PL", "BL"]))] == ["BL"]


@pytest.mark.parametrize(
    ("nulls", "severity"),
    [(0, None), (2, None), (3, Severity.MEDIUM), (5, Severity.MEDIUM), (6, Severity.HIGH)],
)
def test_gaps(detector, nulls, severity):
    series = pd.Series([None] * nulls + [1.0] * (10 - nulls), name="home_goals", dtype=float)
    expected = [Anomaly("home_goals", AnomalyKind.GAPS, nulls / 10, severity)] if severity else []
    assert detector.find_gaps(series) == expected


# --- empty and broken frames --------------------------------------------------------------------


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"home_goals": []})], ids=["no columns", "no rows"])
def test_an_empty_frame_has_no_anomalies(detector, frame):
    report = detector.detect(frame)
    assert (report.rows, report.anomalies, report.share) == (0, (), 0.0)


def test_unknown_columns_are_named(detector, normal_matches):
    with pytest.raises(DataQualityError, match="no such columns: shots, saves"):
        detector.detect(normal_matches, ["home_goals", "shots", "saves"])


def test_repeated_index_labels_are_refused(detector):
    with pytest.raises(DataQualityError, match="labels must not repeat"):
        detector.detect(pd.DataFrame({"goals": [1, 2]}, index=[7, 7]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outlier_score": 0.0}, "outlier_score must be positive"),
        ({"iqr_factor": -1.0}, "iqr_factor must be positive"),
        ({"spike_factor": 0}, "spike_factor must be positive"),
        ({"rare_share": 1.0}, "rare_share must be a share"),
        ({"gap_share": -0.1}, "gap_share must be a share"),
        ({"spike_window": 1}, "spike_window must be at least 2"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(DataQualityError, match=message):
        DetectorConfig(**changes)


def test_limits_at_their_bounds_are_accepted():
    config = DetectorConfig(rare_share=0.0, gap_share=0.0, spike_window=2, outlier_score=0.5)
    assert AnomalyDetector(config).config.spike_window == 2


# --- the report ---------------------------------------------------------------------------------


def test_the_report_joins_the_findings_of_all_columns(detector, caplog):
    frame = pd.DataFrame(
        {
            "home_goals": [0, 1, 2, 1, 3, 2, 0, 1, 99, 1],
            "corners": [None] * 4 + [5.0, 4.0, 6.0, 5.0, 3.0, 4.0],
            "league": ["PL"] * 10,
        }
    )
    with caplog.at_level(logging.INFO, logger="football"):
        report = detector.detect(frame)
    assert report.rows == 10
    assert report.counts() == {AnomalyKind.OUTLIER: 1, AnomalyKind.SPIKE: 1, AnomalyKind.GAPS: 1}
    assert report.affected_rows == [8]
    assert report.share == 0.1
    assert report.worst is Severity.HIGH
    assert "found 3 anomalies in 10 rows" in caplog.text


def test_columns_after_a_boolean_one_are_examined(detector):
    frame = pd.DataFrame({"derby": [True] * 9, "goals": [0, 1, 2, 1, 3, 2, 0, 1, 99]})
    assert {a.column for a in detector.detect(frame).anomalies} == {"goals"}


def test_rows_can_be_dropped_by_severity():
    frame = pd.DataFrame({"goals": [1, 2, 3, 4]}, index=list("abcd"))
    report = AnomalyReport(
        4,
        (
            Anomaly("goals", AnomalyKind.OUTLIER, 9.0, Severity.HIGH, "b"),
            Anomaly("goals", AnomalyKind.OUTLIER, 4.0, Severity.MEDIUM, "c"),
            Anomaly("goals", AnomalyKind.GAPS, 0.6, Severity.HIGH),
        ),
    )
    assert list(without_anomalies(frame, report).index) == ["a", "c", "d"]
    assert list(without_anomalies(frame, report, Severity.MEDIUM).index) == ["a", "d"]
