"""The quality reports of the past, in the service's own database."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from src.data.quality.report import QualityReport, trend
from src.database.manager import DatabaseManager

SCHEMA = """
CREATE TABLE IF NOT EXISTS quality_history (
    dataset TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    rows INTEGER NOT NULL,
    score REAL NOT NULL,
    verdict TEXT NOT NULL,
    violations INTEGER NOT NULL,
    anomalies INTEGER NOT NULL,
    PRIMARY KEY (dataset, taken_at)
)
"""
INSERT = """
INSERT OR REPLACE INTO quality_history
VALUES (:dataset, :taken_at, :rows, :score, :verdict, :violations, :anomalies)
"""


@dataclass(frozen=True)
class Regression:
    """A dataset whose newest score fell below what it used to be."""

    dataset: str
    score: float
    usual: float


class QualityHistory:
    """Stores reports and answers how the datasets' scores moved."""

    def __init__(self, database: DatabaseManager) -> None:
        self._database = database
        self._database.execute(SCHEMA)

    def add(self, report: QualityReport) -> None:
        """Store the report; a second one of the same dataset and moment replaces the first."""
        self._database.execute(INSERT, report.to_row())

    def frame(self, dataset: str | None = None) -> pd.DataFrame:
        """All stored rows, oldest first."""
        sql = "SELECT * FROM quality_history"
        if dataset is None:
            rows = self._database.fetch_all(f"{sql} ORDER BY taken_at, dataset")
        else:
            rows = self._database.fetch_all(f"{sql} WHERE dataset = ? ORDER BY taken_at", (dataset,))
        return pd.DataFrame(rows)

    def regressions(self, min_drop: float = 0.05, window: int = 7) -> list[Regression]:
        """The datasets whose newest score is at least `min_drop` below the mean of the runs before."""
        history = self.frame()
        if history.empty:
            return []
        newest = trend(history, window).groupby("dataset").tail(1)
        fallen = newest[newest["drop"] >= min_drop].sort_values("drop", ascending=False)
        return [Regression(row.dataset, float(row.score), float(row.usual)) for row in fallen.itertuples(index=False)]

    def prune(self, before: datetime) -> int:
        """Forget reports older than the moment; returns how many."""
        sql = "DELETE FROM quality_history WHERE taken_at < ?"
        return self._database.execute(sql, (before.isoformat(),))
