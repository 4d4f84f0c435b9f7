"""The weekly report on how the predictions did, as text and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from src.database.repositories import PredictionRepository
from src.models.evaluation import Pair, summary
from src.models.types import Outcome, Probabilities
from src.utilities.iterables import group_by

_CSV_FIELDS = ("match_id", "model_version", "home", "draw", "away", "predicted", "actual", "correct")


@dataclass(frozen=True, slots=True)
class VersionReport:
    """The figures of one model version."""

    version: str
    figures: Mapping[str, float]

    def line(self) -> str:
        """Return the figures as one line of text."""
        return (
            f"{self.version:>8}  {self.figures['matches']:>5.0f}  {self.figures['accuracy']:>7.1%}"
            f"  {self.figures['log_loss']:>7.3f}  {self.figures['rps']:>6.3f}"
        )


def pair_of(row: Mapping[str, Any]) -> Pair:
    """Turn a stored prediction into what the evaluation takes."""
    probabilities = Probabilities.normalised([row["home"], row["draw"], row["away"]])
    return probabilities, Outcome.of_score(row["home_goals"], row["away_goals"])


class ReportService:
    """Builds reports from the predictions of finished matches."""

    def __init__(self, predictions: PredictionRepository) -> None:
        self._predictions = predictions

    def by_version(self, rows: Iterable[Mapping[str, Any]]) -> list[VersionReport]:
        """Return the figures of each model version, the best log loss first."""
        groups = group_by(rows, lambda row: str(row["model_version"]))
        reports = [VersionReport(version, summary([pair_of(row) for row in each])) for version, each in groups.items()]
        return sorted(reports, key=lambda report: report.figures["log_loss"])

    def weekly_text(self) -> str:
        """Return the report on everything that was not verified yet."""
        rows = self._predictions.unverified()
        if not rows:
            return "No predictions were settled this week.\n"
        lines = [f"{'version':>8}  {'count':>5}  {'right':>7}  {'logloss':>7}  {'rps':>6}"]
        lines += [report.line() for report in self.by_version(rows)]
        misses = self.worst_misses(rows)
        if misses:
            lines += ["", "Biggest surprises:"]
            lines += [f"  match {row['match_id']}: {chance:.0%} for what happened" for row, chance in misses]
        return "\n".join(lines) + "\n"

    @staticmethod
    def worst_misses(
        rows: Sequence[Mapping[str, Any]], *, count: int = 3, below: float = 0.25
    ) -> list[tuple[Mapping[str, Any], float]]:
        """Return the predictions that gave what then happened the smallest chance."""
        scored = []
        for row in rows:
            probabilities, outcome = pair_of(row)
            scored.append((row, probabilities.of(outcome)))
        unlikely = [entry for entry in scored if entry[1] < below]
        return sorted(unlikely, key=lambda entry: entry[1])[:count]

    @staticmethod
    def to_csv(rows: Iterable[Mapping[str, Any]]) -> str:
        """Return the predictions as CSV with a header."""
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, fieldnames=_CSV_FIELDS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            probabilities, outcome = pair_of(row)
            predicted = probabilities.favourite
            writer.writerow(
                {**row, "predicted": predicted.value, "actual": outcome.value, "correct": int(predicted == outcome)}
            )
        return buffer.getvalue()
