"""Findings of `check`: what is wrong, where, and how to mend it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

FIRM = ("SCOPE", "FLOOR", "EVIDENCE")
"""How the ids of rules begin that no severity switches off: only a waiver permits what they find."""


class Severity(StrEnum):
    """What a finding does to the exit code."""

    ERROR = "error"
    """It fails the check."""
    WARNING = "warning"
    """It is shown."""
    OFF = "off"
    """The rule is not asked."""


class State(StrEnum):
    """How a finding stands."""

    FOUND = "found"
    UNKNOWN = "unknown"
    """It could not be told; it fails only where a measurement was required."""
    WAIVED = "waived"
    """A waiver permits it until a day that has not passed; it is shown in every report."""


class Finding(Struct, frozen=True):
    """One thing that a rule found, or could not tell."""

    file: str
    """Its path in the project; empty where it is about no file."""
    line: int
    """From 1; 0 where it is about the whole file."""
    text: str
    """What it is, in one sentence."""
    mend: str
    """What to do about it."""
    waivable: str = ""
    """What a waiver of it names: a file's path, `threshold`, `scope`, a phase with its criterion. Empty: none fits."""
    state: State = State.FOUND
    before: Fraction | None = None
    """The figure that fell, in percent, as it was; None where it is about no figure."""
    after: Fraction | None = None
    """The figure as it is now, in percent."""


class Judged(Struct, frozen=True):
    """A finding with its rule, as the check counts it."""

    rule: str
    severity: Severity
    finding: Finding

    @property
    def fails(self) -> bool:
        """Whether it fails the check by itself."""
        return self.severity is Severity.ERROR and self.finding.state is State.FOUND

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        found = self.finding
        return f"{found.file}:{found.line}" if found.line else found.file
