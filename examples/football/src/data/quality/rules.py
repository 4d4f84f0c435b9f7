"""Declarative quality rules for match data.

A rule looks at a whole frame and reports what breaks it. Rules never change the data and never
raise on bad data: a missing column is a violation, not an error.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import pandas as pd


class Severity(IntEnum):
    """How much a finding matters; ordered, so that `max` gives the worst."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True)
class Violation:
    """One broken rule: how many cells or rows of the column break it."""

    rule: str
    column: str
    count: int
    severity: Severity
    message: str


class Rule(Protocol):
    """Anything that can look at a frame and report violations."""

    def check(self, frame: pd.DataFrame) -> list[Violation]: ...


def _missing(rule: str, columns: Iterable[str], frame: pd.DataFrame) -> list[Violation]:
    return [
        Violation(rule, column, len(frame), Severity.HIGH, f"column {column!r} is missing")
        for column in columns
        if column not in frame.columns
    ]


@dataclass(frozen=True)
class Required:
    """The columns exist, and at most `max_null_share` of each is null."""

    columns: tuple[str, ...]
    max_null_share: float = 0.0

    def check(self, frame: pd.DataFrame) -> list[Violation]:
        found = _missing("required", self.columns, frame)
        for column in self.columns:
            if column not in frame.columns or frame.empty:
                continue
            nulls = int(frame[column].isna().sum())
            if nulls / len(frame) > self.max_null_share:
                message = f"{nulls} of {len(frame)} values are null"
                found.append(Violation("required", column, nulls, Severity.MEDIUM, message))
        return found


@dataclass(frozen=True)
class InRange:
    """Every non-null value of the column lies in [low, high]."""

    column: str
    low: float
    high: float
    severity: Severity = Severity.MEDIUM

    def check(self, frame: pd.DataFrame) -> list[Violation]:
        if self.column not in frame.columns:
            return _missing("range", [self.column], frame)
        values = pd.to_numeric(frame[self.column], errors="coerce").dropna()
        outside = int((~values.between(self.low, self.high)).sum())
        if not outside:
            return []
        message = f"{outside} values outside {self.low:g} to {self.high:g}"
        return [Violation("range", self.column, outside, self.severity, message)]


@dataclass(frozen=True)
class OneOf:
    """Every non-null value of the column is one of the allowed ones."""

    column: str
    allowed: frozenset[str]

    def check(self, frame: pd.DataFrame) -> list[Violation]:
        if self.column not in frame.columns:
            return _missing("one-of", [self.column], frame)
        values = frame[self.column].dropna()
        strangers = sorted(set(values) - self.allowed, key=str)
        if not strangers:
            return []
        count = int(values.isin(strangers).sum())
        message = f"unknown values: {', '.join(map(str, strangers[:5]))}"
        return [Violation("one-of", self.column, count, Severity.MEDIUM, message)]


@dataclass(frozen=True)
class UniqueKey:
    """No two rows share the key."""

    columns: tuple[str, ...]

    def check(self, frame: pd.DataFrame) -> list[Violation]:
        absent = _missing("unique", self.columns, frame)
        if absent:
            return absent
        repeated = int(frame.duplicated(list(self.columns)).sum())
        if not repeated:
            return []
        key = "+".join(self.columns)
        return [Violation("unique", key, repeated, Severity.HIGH, f"{repeated} rows repeat {key}")]


@dataclass(frozen=True)
class DifferentColumns:
    """Two columns never hold the same value in one row (a team cannot play itself)."""

    first: str
    second: str

    def check(self, frame: pd.DataFrame) -> list[Violation]:
        absent = _missing("different", (self.first, self.second), frame)
        if absent:
            return absent
        same = int((frame[self.first] == frame[self.second]).sum())
        if not same:
            return []
        message = f"{same} rows have {self.first} equal to {self.second}"
        return [Violation("different", self.first, same, Severity.HIGH, message)]


MATCH_RULES: tuple[Rule, ...] = (
    Required(("id", "home_team", "away_team", "kickoff")),
    UniqueKey(("id",)),
    DifferentColumns("home_team", "away_team"),
    InRange("home_goals", 0, 20),
    InRange("away_goals", 0, 20),
    OneOf("status", frozenset({"scheduled", "live", "finished", "postponed", "cancelled"})),
)

ODDS_RULES: tuple[Rule, ...] = (
    Required(("match_id", "bookmaker", "home", "draw", "away")),
    UniqueKey(("match_id", "bookmaker", "taken_at")),
    InRange("home", 1.01, 500.0),
    InRange("draw", 1.01, 500.0),
    InRange("away", 1.01, 500.0),
)


def check_rules(frame: pd.DataFrame, rules: Sequence[Rule]) -> list[Violation]:
    """All violations, the worst first and in the rules' order among equals."""
    found = [violation for rule in rules for violation in rule.check(frame)]
    return sorted(found, key=lambda violation: -violation.severity)
