"""Alert rules over metric snapshots, and the manager that turns breaches into alerts.

An alert fires when its rule was breached in enough evaluations in a row, is told once, told again
after a cool-down, and resolved when the value is back.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from src.core.exceptions import ConfigurationError
from src.core.logger import get_logger

logger = get_logger(__name__)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


class AlertState(StrEnum):
    """What a notification says."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class AlertRule:
    """`metric comparison threshold`, for `for_evaluations` evaluations in a row."""

    name: str
    metric: str
    comparison: str
    threshold: float
    for_evaluations: int = 1
    severity: str = "warning"

    def __post_init__(self) -> None:
        if self.comparison not in COMPARISONS:
            choices = ", ".join(COMPARISONS)
            raise ConfigurationError(f"{self.name}: comparison must be one of {choices}")
        if self.for_evaluations < 1:
            raise ConfigurationError(f"{self.name}: for_evaluations must be at least 1")

    def worst_breach(self, snapshot: Mapping[str, float]) -> tuple[str, float] | None:
        """The sample of the metric that breaches the threshold furthest, with its value."""
        breaches = [
            (key, value)
            for key, value in snapshot.items()
            if key.partition("{")[0] == self.metric and COMPARISONS[self.comparison](value, self.threshold)
        ]
        return max(breaches, key=lambda item: abs(item[1] - self.threshold), default=None)


@dataclass(frozen=True)
class Alert:
    """One notification."""

    rule: str
    state: AlertState
    sample: str
    value: float
    severity: str
    at: datetime

    def describe(self) -> str:
        """One line for people."""
        return f"[{self.severity}] {self.rule} {self.state}: {self.sample} = {self.value:g}"


@dataclass
class _Progress:
    breaches: int = 0
    firing: bool = False
    told_at: datetime | None = None
    sample: str = ""


@dataclass
class AlertManager:
    """Remembers, between evaluations, how far each rule has come."""

    rules: list[AlertRule]
    cooldown: timedelta = timedelta(minutes=30)
    _progress: dict[str, _Progress] = field(default_factory=dict)

    def evaluate(self, snapshot: Mapping[str, float], now: datetime) -> list[Alert]:
        """The notifications that this snapshot gives rise to."""
        alerts = []
        for rule in self.rules:
            progress = self._progress.setdefault(rule.name, _Progress())
            breach = rule.worst_breach(snapshot)
            if breach is None:
                alert = self._recovered(rule, progress, now)
            else:
                alert = self._breached(rule, progress, breach, now)
            if alert is not None:
                logger.warning("%s", alert.describe())
                alerts.append(alert)
        return alerts

    @property
    def firing(self) -> list[str]:
        """The names of the rules that fire at present."""
        return sorted(name for name, progress in self._progress.items() if progress.firing)

    def _breached(self, rule: AlertRule, progress: _Progress, breach: tuple[str, float], now: datetime) -> Alert | None:
        progress.breaches += 1
        if progress.breaches < rule.for_evaluations:
            return None
        if progress.told_at is not None and now - progress.told_at < self.cooldown:
            return None
        progress.firing = True
        progress.told_at = now
        progress.sample, value = breach
        return Alert(rule.name, AlertState.FIRING, progress.sample, value, rule.severity, now)

    @staticmethod
    def _recovered(rule: AlertRule, progress: _Progress, now: datetime) -> Alert | None:
        was_firing = progress.firing
        sample = progress.sample
        progress.breaches = 0
        progress.firing = False
        progress.told_at = None
        if not was_firing:
            return None
        return Alert(rule.name, AlertState.RESOLVED, sample, rule.threshold, rule.severity, now)


DEFAULT_RULES: tuple[AlertRule, ...] = (
    AlertRule("stream-behind", "football_stream_lag", ">", 10_000, 3),
    AlertRule("low-quality", "football_quality_score", "<", 0.8, 1, "critical"),
    AlertRule("stale-data", "football_dataset_age_seconds", ">", 48 * 3600.0),
    AlertRule("export-errors", "football_export_errors_total", ">=", 10),
)
