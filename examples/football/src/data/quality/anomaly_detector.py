"""Finds values in match data that do not look like the rest.

Four detectors, each blind to the others: outliers within a column, spikes in a column's order,
rare categories, and columns with too many gaps. All are robust statistics (medians and quartiles),
since football data is full of honest extremes: one 9-0 must not hide a 99-0.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd

from src.core.exceptions import DataQualityError
from src.core.logger import get_logger
from src.data.quality.rules import Severity

logger = get_logger(__name__)

# Makes the median absolute deviation comparable with a standard deviation.
MAD_SCALE = 0.6745


class AnomalyKind(StrEnum):
    """What is strange about a value."""

    OUTLIER = "outlier"
    SPIKE = "spike"
    RARE = "rare"
    GAPS = "gaps"


@dataclass(frozen=True)
class DetectorConfig:
    """The limits beyond which a value counts as an anomaly."""

    outlier_score: float = 3.5
    iqr_factor: float = 3.0
    spike_window: int = 5
    spike_factor: float = 4.0
    rare_share: float = 0.02
    gap_share: float = 0.2
    min_rows: int = 8

    def __post_init__(self) -> None:
        for name in ("outlier_score", "iqr_factor", "spike_factor"):
            if getattr(self, name) <= 0:
                raise DataQualityError(f"{name} must be positive")
        for name in ("rare_share", "gap_share"):
            if not 0 <= getattr(self, name) < 1:
                raise DataQualityError(f"{name} must be a share from 0 to below 1")
        if self.spike_window < 2:
            raise DataQualityError("spike_window must be at least 2")


@dataclass(frozen=True)
class Anomaly:
    """One finding. `row` is the index label, or None if it concerns the whole column."""

    column: str
    kind: AnomalyKind
    score: float
    severity: Severity
    row: Hashable | None = None
    value: object = None


@dataclass(frozen=True)
class AnomalyReport:
    """What a frame's examination found."""

    rows: int
    anomalies: tuple[Anomaly, ...] = field(default_factory=tuple)

    @property
    def affected_rows(self) -> list[Hashable]:
        """Index labels with at least one finding, in order of discovery."""
        return list(dict.fromkeys(a.row for a in self.anomalies if a.row is not None))

    @property
    def share(self) -> float:
        """Affected rows of all rows; 0.0 for an empty frame."""
        return len(self.affected_rows) / self.rows if self.rows else 0.0

    @property
    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((a.severity for a in self.anomalies), default=None)

    def counts(self) -> dict[AnomalyKind, int]:
        """How many findings there are of each kind."""
        return dict(Counter(a.kind for a in self.anomalies))


class AnomalyDetector:
    """Examines frames with one set of limits; holds no state between frames."""

    def __init__(self, config: DetectorConfig | None = None) -> None:
        self.config = config or DetectorConfig()

    def detect(self, frame: pd.DataFrame, columns: Sequence[str] | None = None) -> AnomalyReport:
        """Examine the columns (all, unless named) with every detector that suits their type."""
        names = list(frame.columns) if columns is None else list(columns)
        unknown = [name for name in names if name not in frame.columns]
        if unknown:
            raise DataQualityError(f"no such columns: {', '.join(unknown)}")
        if not frame.index.is_unique:
            raise DataQualityError("findings are told by index label, so labels must not repeat")
        if frame.empty:
            return AnomalyReport(rows=0)
        found: list[Anomaly] = []
        for name in names:
            series = frame[name]
            found += self.find_gaps(series)
            if pd.api.types.is_bool_dtype(series):
                continue
            if pd.api.types.is_numeric_dtype(series):
                found += self.find_outliers(series)
                found += self.find_spikes(series)
            elif not pd.api.types.is_datetime64_any_dtype(series):
                found += self.find_rare(series)
        if found:
            logger.info("found %d anomalies in %d rows", len(found), len(frame))
        return AnomalyReport(rows=len(frame), anomalies=tuple(found))

    def find_outliers(self, series: pd.Series) -> list[Anomaly]:
        """Values far from the column's median, measured in median absolute deviations.

        Where more than half of the values are equal that deviation is zero; the distance from the
        quartiles is the measure then.
        """
        values = self._finite(series)
        if len(values) < self.config.min_rows:
            return []
        distance = (values - values.median()).abs()
        mad = distance.median()
        if mad > 0:
            scores = MAD_SCALE * distance / mad
            limit = self.config.outlier_score
        else:
            scores = self._quartile_scores(values)
            limit = self.config.iqr_factor
        return self._flag(series, scores[scores > limit], AnomalyKind.OUTLIER, limit)

    def find_spikes(self, series: pd.Series) -> list[Anomaly]:
        """Values that jump away from the median of the values just before them."""
        values = self._finite(series)
        window = self.config.spike_window
        if len(values) <= window:
            return []
        before = values.shift(1).rolling(window)
        spread = before.apply(lambda part: np.abs(part - np.median(part)).mean(), raw=True)
        scores = (values - before.median()).abs() / spread.where(spread > 0)
        limit = self.config.spike_factor
        return self._flag(series, scores[scores > limit], AnomalyKind.SPIKE, limit)

    def find_rare(self, series: pd.Series) -> list[Anomaly]:
        """Categories that fewer than `rare_share` of the values have."""
        values = series.dropna()
        if len(values) < self.config.min_rows:
            return []
        shares = values.map(values.value_counts(normalize=True)).astype(float)
        rare = shares[shares < self.config.rare_share]
        return [
            Anomaly(str(series.name), AnomalyKind.RARE, share, Severity.LOW, row, values.loc[row])
            for row, share in rare.items()
        ]

    def find_gaps(self, series: pd.Series) -> list[Anomaly]:
        """One finding if more than `gap_share` of the column is null."""
        share = float(series.isna().mean())
        if share <= self.config.gap_share:
            return []
        severity = Severity.HIGH if share > 0.5 else Severity.MEDIUM
        return [Anomaly(str(series.name), AnomalyKind.GAPS, share, severity)]

    @staticmethod
    def _finite(series: pd.Series) -> pd.Series:
        return series.astype(float).replace([np.inf, -np.inf], np.nan).dropna()

    @staticmethod
    def _quartile_scores(values: pd.Series) -> pd.Series:
        """Distance beyond the nearer quartile, in quartile ranges (or in units if that is zero)."""
        low, high = values.quantile(0.25), values.quantile(0.75)
        spread = (high - low) or 1.0
        beyond = np.maximum(np.maximum(low - values, values - high), 0.0)
        return beyond / spread

    @staticmethod
    def _flag(series: pd.Series, scores: pd.Series, kind: AnomalyKind, limit: float) -> list[Anomaly]:
        """Findings for the scores that were beyond the limit; beyond twice the limit is severe."""
        found = []
        for row, score in scores.items():
            severity = Severity.HIGH if score > 2 * limit else Severity.MEDIUM
            found.append(Anomaly(str(series.name), kind, float(score), severity, row, series.loc[row]))
        return found


def without_anomalies(frame: pd.DataFrame, report: AnomalyReport, at_least: Severity = Severity.HIGH) -> pd.DataFrame:
    """The frame without the rows that have a finding of the severity or worse."""
    bad = {a.row for a in report.anomalies if a.row is not None and a.severity >= at_least}
    return frame.loc[~frame.index.isin(bad)]
