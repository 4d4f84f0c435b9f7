"""Watches the quality of the service's tables and tells it to the outside as metrics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pandas as pd

from src.core.exceptions import DatabaseError, DataQualityError
from src.core.logger import get_logger
from src.data.quality.anomaly_detector import AnomalyDetector
from src.data.quality.report import QualityReport
from src.data.quality.rules import MATCH_RULES, ODDS_RULES, Rule, Severity, Violation, check_rules
from src.database.manager import DatabaseManager
from src.monitoring.exporters import Exporter, ExportError
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.monitoring.quality_history import QualityHistory

logger = get_logger(__name__)


@dataclass(frozen=True)
class DatasetSpec:
    """What a dataset is, and what is demanded of it."""

    name: str
    query: str
    rules: tuple[Rule, ...] = ()
    watched: tuple[str, ...] = ()
    time_column: str | None = None
    max_age: timedelta = timedelta(hours=24)


DEFAULT_SPECS: tuple[DatasetSpec, ...] = (
    DatasetSpec("matches", "SELECT * FROM matches", MATCH_RULES, ("home_goals", "away_goals")),
    DatasetSpec("odds", "SELECT * FROM odds", ODDS_RULES, ("home", "draw", "away"), "taken_at"),
)


@dataclass
class MonitorRun:
    """The outcome of one round: reports and errors by dataset, and whether the export worked."""

    reports: dict[str, QualityReport] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    exported: int = 0
    export_error: str | None = None

    @property
    def healthy(self) -> bool:
        """Whether everything was looked at and nothing failed."""
        verdicts = {report.verdict for report in self.reports.values()}
        return not self.errors and self.export_error is None and "failed" not in verdicts

    def summary(self) -> dict[str, object]:
        """The run in a form that a task can return."""
        return {
            "healthy": self.healthy,
            "scores": {name: round(report.score, 4) for name, report in self.reports.items()},
            "verdicts": {name: report.verdict for name, report in self.reports.items()},
            "errors": dict(self.errors),
            "exported": self.exported,
            "export_error": self.export_error,
        }


class QualityMonitor:
    """Checks datasets, counts what it finds, and hands the metrics to an exporter."""

    def __init__(
        self,
        database: DatabaseManager,
        specs: Sequence[DatasetSpec] = DEFAULT_SPECS,
        detector: AnomalyDetector | None = None,
        metrics: ServiceMetrics | None = None,
        exporter: Exporter | None = None,
        history: QualityHistory | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._specs = {spec.name: spec for spec in specs}
        self._detector = detector or AnomalyDetector()
        self._metrics = metrics or get_metrics()
        self._exporter = exporter
        self._history = history
        self._clock = clock

    @property
    def datasets(self) -> list[str]:
        """The names of the datasets that are watched."""
        return sorted(self._specs)

    def run(self, names: Sequence[str] | None = None) -> MonitorRun:
        """Check the datasets (all, unless named); one that fails does not stop the others."""
        outcome = MonitorRun()
        for name in self.datasets if names is None else names:
            try:
                outcome.reports[name] = self.check(name)
            except (DatabaseError, DataQualityError) as error:
                logger.error("cannot check %s: %s", name, error)
                outcome.errors[name] = str(error)
                self._metrics.quality_score.labels(dataset=name).set(0.0)
        self._export(outcome)
        return outcome

    def check(self, name: str) -> QualityReport:
        """Examine one dataset, count the findings, and remember the report."""
        spec = self._specs.get(name)
        if spec is None:
            known = ", ".join(self.datasets)
            raise DataQualityError(f"unknown dataset {name!r}; known are {known}", dataset=name)
        now = self._clock()
        frame = pd.DataFrame(self._database.fetch_all(spec.query))
        violations = check_rules(frame, spec.rules) if len(frame) else []
        violations += self._stale(spec, frame, now)
        watched = [column for column in spec.watched if column in frame.columns]
        anomalies = self._detector.detect(frame, watched)
        report = QualityReport(name, now, len(frame), tuple(violations), anomalies)
        self._count(report)
        if self._history is not None:
            self._history.add(report)
        return report

    def _stale(self, spec: DatasetSpec, frame: pd.DataFrame, now: datetime) -> list[Violation]:
        """A violation if the newest row is older than the dataset may be."""
        if spec.time_column is None or spec.time_column not in frame.columns:
            return []
        times = pd.to_datetime(frame[spec.time_column], utc=True, errors="coerce", format="ISO8601")
        newest = times.max()
        if pd.isna(newest):
            message = f"no readable time in {spec.time_column}"
            return [Violation("fresh", spec.time_column, len(frame), Severity.HIGH, message)]
        age = now - newest.to_pydatetime()
        self._metrics.dataset_age.labels(dataset=spec.name).set(age.total_seconds())
        if age <= spec.max_age:
            return []
        message = f"newest row is {age.total_seconds() / 3600:.1f} h old"
        return [Violation("fresh", spec.time_column, 1, Severity.MEDIUM, message)]

    def _count(self, report: QualityReport) -> None:
        self._metrics.quality_score.labels(dataset=report.dataset).set(report.score)
        for violation in report.violations:
            labels = {"dataset": report.dataset, "rule": violation.rule}
            self._metrics.violations.labels(**labels).inc(violation.count)
        for kind, count in report.anomalies.counts().items():
            self._metrics.anomalies.labels(dataset=report.dataset, kind=kind.value).inc(count)

    def _export(self, outcome: MonitorRun) -> None:
        """Hand the metrics out; a failure is recorded, for the checks are worth keeping."""
        if self._exporter is None:
            return
        try:
            outcome.exported = self._exporter.export(self._metrics)
        except ExportError as error:
            logger.error("cannot export the quality metrics: %s", error)
            self._metrics.export_errors.labels(exporter=self._exporter.name).inc()
            outcome.export_error = str(error)
