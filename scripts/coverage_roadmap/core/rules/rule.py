"""What a rule is, and the facts that all rules are asked about."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct, field

from coverage_roadmap.core.baseline import Baseline, renamed
from coverage_roadmap.core.finding import Finding, Severity, State
from coverage_roadmap.core.measurement import Counts, Detail, FileFigures, Summary
from coverage_roadmap.core.parsing import Parsing
from coverage_roadmap.core.roadmap import Phase, Roadmap
from coverage_roadmap.core.scope import Shrunk
from coverage_roadmap.core.sites import Found
from coverage_roadmap.core.testcode import Complaint
from coverage_roadmap.core.verdict import Verdict


class Measured(Struct, frozen=True):
    """The running phase's newest record of the canonical leg, and its files."""

    summary: Summary
    detail: Detail | None
    """None where it cannot be had."""
    stale: str = ""
    """Why it says nothing of HEAD; empty where it does."""

    @property
    def doubt(self) -> str:
        """Why its figures are not those of HEAD; empty where they are."""
        return self.summary.why_no_evidence or self.stale or ("" if self.detail is not None else "its files are lost")


class Fault(Struct, frozen=True):
    """Something that is wrong with the baseline's file."""

    text: str
    line: int = 0
    """From 1; 0 where it is about the whole file."""


class Facts(Struct, frozen=True):
    """All that the rules judge on. What could not be told is None, with the reason beside it."""

    roadmap: Roadmap
    config: str
    """The config file, as it is shown."""
    day: date
    """On which it is asked."""
    found: Found
    """Sites, unclear places and flaws, now."""
    gated: bool = False
    """Whether a command of CI runs a phase with its gate, which takes the threshold from the config."""
    shrunk: Shrunk | None = None
    """What the scope lost since the revision that is compared with."""
    no_scope: str = "nothing to compare the scope with"
    before: Roadmap | None = None
    """The config at the merge base, or at the revision that is compared with."""
    no_before: str = "no revision to compare with"
    baseline: Baseline | None = None
    no_baseline: str = "there is no baseline: invoke baseline"
    baseline_before: Baseline | None = None
    """As it was at the merge base."""
    faults: Sequence[Fault] = ()
    """What is wrong with the baseline that lies there: it cannot be read, or is not what its record gives."""
    existing: Collection[str] = ()
    """The Python files that are there, measured or not."""
    measured: Measured | None = None
    no_measurement: str = "no run of the running phase is recorded here"
    closed: Mapping[str, Verdict] = field(default_factory=dict)
    """For each closed phase, whether its record bears it out."""
    parsing: Parsing | None = None
    """What the Python that measures says of files that ours does not parse; None where it was not asked."""
    complaints: Sequence[Complaint] = ()
    """Of the test code."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """Story modules of open phases that are `absent` or `not measured`, by their paths."""
    scoped: Collection[str] = ()
    """The files that are measured whatever the tests import."""
    scope_file: str = ""
    """The file that holds coverage.py's settings."""
    changed: Collection[str] | None = None
    """The files that changed since the revision that was asked for; None where all are judged."""
    phase: Phase | None = None
    """The running phase."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Files that were renamed since the baseline, from the old path to the new one."""

    @property
    def figures(self) -> Summary | None:
        """The newest measurement, where its figures are those of HEAD: a partial or a stale run proves no fall."""
        return self.measured.summary if self.measured and not self.measured.doubt else None

    @property
    def files(self) -> Mapping[str, FileFigures]:
        """The files of `figures`; empty without it."""
        return self.measured.detail.files if self.measured and self.measured.detail and self.figures else {}

    @property
    def no_figures(self) -> str:
        """Why there are no figures of HEAD."""
        return f"{self.measured.summary.id}: {self.measured.doubt}" if self.measured else self.no_measurement

    @property
    def floors(self) -> dict[str, Counts]:
        """The baseline's floors, those of renamed files under their new path."""
        return renamed(self.baseline.floors, self.renames) if self.baseline else {}

    @property
    def run(self) -> str:
        """The command that measures."""
        return f"nox -s {self.phase.name}" if self.phase else "nox -s with a phase"

    def unparsed(self, file: str, text: str) -> tuple[State, str]:
        """What is to be said of a file that our Python does not parse, of which `text` says so."""
        return self.parsing.judge(file, text) if self.parsing else (State.FOUND, text)

    def judges(self, file: str) -> bool:
        """Whether what stands in this file is judged."""
        return self.changed is None or file in self.changed


class Rule:
    """One rule. Its docstring is its advice: what is wrong about what it finds, and how to mend it."""

    id: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    needs_measurement: ClassVar[bool] = False

    def find(self, facts: Facts) -> Iterable[Finding]:
        """What it finds. A thing that cannot be told is a finding too, and says so."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """The advice's first line."""
        return self.advice.split("\n", 1)[0]

    @property
    def advice(self) -> str:
        """The advice, whole."""
        first, _, rest = (self.__doc__ or "").partition("\n")
        return f"{first}\n{textwrap.dedent(rest)}".strip()
