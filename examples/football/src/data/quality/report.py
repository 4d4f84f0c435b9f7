"""Joins rule violations and anomalies into one judgement on a dataset."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from src.data.quality.anomaly_detector import AnomalyReport
from src.data.quality.rules import Severity, Violation

SEVERITY_WEIGHT = {Severity.LOW: 0.25, Severity.MEDIUM: 0.5, Severity.HIGH: 1.0}


@dataclass(frozen=True)
class QualityReport:
    """The quality of one dataset at one moment."""

    dataset: str
    taken_at: datetime
    rows: int
    violations: tuple[Violation, ...]
    anomalies: AnomalyReport

    @property
    def score(self) -> float:
        """From 1.0 (nothing found) down to 0.0: findings, weighted, as a share of the rows."""
        if not self.rows:
            return 0.0
        broken = sum(v.count * SEVERITY_WEIGHT[v.severity] for v in self.violations)
        strange = sum(SEVERITY_WEIGHT[a.severity] for a in self.anomalies.anomalies)
        return max(0.0, 1.0 - (broken + strange) / self.rows)

    @property
    def worst(self) -> Severity | None:
        """The worst severity of all findings."""
        found = [v.severity for v in self.violations]
        if self.anomalies.worst is not None:
            found.append(self.anomalies.worst)
        return max(found, default=None)

    @property
    def verdict(self) -> str:
        """`empty`, `failed`, `degraded` or `passed`."""
        if not self.rows:
            return "empty"
        if self.worst is Severity.HIGH or self.score < 0.8:
            return "failed"
        return "passed" if self.worst is None else "degraded"

    def to_row(self) -> dict[str, object]:
        """The report as a flat row, as the quality history stores it."""
        return {
            "dataset": self.dataset,
            "taken_at": self.taken_at.isoformat(),
            "rows": self.rows,
            "score": round(self.score, 4),
            "verdict": self.verdict,
            "violations": len(self.violations),
            "anomalies": len(self.anomalies.anomalies),
        }


def trend(history: pd.DataFrame, window: int = 7) -> pd.DataFrame:
    """Each dataset's score beside the mean of its `window` runs before, oldest first.

    `drop` is positive where the score fell below that mean, and null for a dataset's first run.
    """
    ordered = history.sort_values(["dataset", "taken_at"]).reset_index(drop=True)
    scores = ordered.groupby("dataset")["score"]
    usual = scores.transform(lambda part: part.shift(1).rolling(window, min_periods=1).mean())
    return ordered.assign(usual=usual, drop=usual - ordered["score"])
