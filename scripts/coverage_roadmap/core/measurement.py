"""A measurement: one recorded run, with its figures, test outcomes, provenance, measured tree and kind.

The types are what a record's JSON holds. Decoding checks every type and bound that stands here, since a record may come
from another machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from coverage_roadmap.core.percent import Ratio

FORMAT = 0
"""The version of the record's JSON."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**40)]
Name = Annotated[str, msgspec.Meta(max_length=4096)]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40,64}\Z")]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**8)]


class Kind(StrEnum):
    """How much of the selection a measurement speaks for."""

    FULL = "full"
    PARTIAL = "partial"
    TIMED_OUT = "timed-out"
    FAILED = "failed"


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Statements and branches, as coverage.py counts them. `branches` is 0 where none are measured."""

    statements: Count = 0
    missing: Count = 0
    excluded: Count = 0
    branches: Count = 0
    missing_branches: Count = 0

    def __post_init__(self) -> None:
        """Refuse counts that no measurement can give, in a record of another machine too.

        Raises:
            ValueError: more is missing than there is.
        """
        if self.missing > self.statements or self.missing_branches > self.branches:
            raise ValueError("more is missing than there is")

    @property
    def ratio(self) -> Ratio:
        """Covered lines and branches of all of them: what coverage.py's own percentage rests on."""
        return Ratio(
            self.statements - self.missing + self.branches - self.missing_branches, self.statements + self.branches
        )

    def __add__(self, other: Counts) -> Counts:
        """Join the counts of two files."""
        return Counts(
            self.statements + other.statements,
            self.missing + other.missing,
            self.excluded + other.excluded,
            self.branches + other.branches,
            self.missing_branches + other.missing_branches,
        )


class FileFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """One measured file: its counts, and where it is covered and where not. Stored as a list, which is half as long."""

    counts: Counts
    missing_lines: tuple[tuple[int, int], ...] = ()
    """Ranges of lines, both ends in."""
    covered_lines: tuple[tuple[int, int], ...] = ()
    """Ranges of lines, both ends in; a line between two of them may be no statement."""
    missing_arcs: tuple[tuple[int, int], ...] = ()
    """Branches that were not taken: from line, to line (negative: out of the block that starts there)."""
    covered_arcs: tuple[tuple[int, int], ...] = ()
    """Branches that were taken."""


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured, as coverage.py resolved it."""

    source: tuple[Name, ...] = ()
    include: tuple[Name, ...] = ()
    omit: tuple[Name, ...] = ()
    exclude: tuple[Name, ...] = ()
    branch: bool = False
    files: Count = 0


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test that did not pass, or a file that did not import, with the last line of the reason."""

    id: Name
    when: Name
    reason: Name = ""


class FileTests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the tests of one test file."""

    collected: Count = 0
    passed: Count = 0
    skipped: Count = 0

    def __post_init__(self) -> None:
        """Refuse counts that no run can give.

        Raises:
            ValueError: more passed or were skipped than were collected.
        """
        if self.passed + self.skipped > self.collected:
            raise ValueError("more tests have an outcome than were collected")


class Outcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the tests that the selection collected."""

    collected: Count = 0
    passed: Count = 0
    failed: tuple[Failure, ...] = ()
    errors: tuple[Failure, ...] = ()
    """Failures in set-up or tear-down."""
    not_imported: tuple[Failure, ...] = ()
    skipped: Count = 0
    xfailed: Count = 0
    xpassed: Count = 0
    deselected: Count = 0
    flaky: tuple[Name, ...] = ()
    """Failed first and passed when run again; they do not count as passed."""
    not_run: tuple[Name, ...] = ()

    @property
    def green(self) -> bool:
        """Whether something ran, and nothing failed, errored or was flaky."""
        return bool(self.passed) and not (self.failed or self.errors or self.not_imported or self.flaky)


class Tests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of each test and each test file, apart from the outcomes since it grows with the suite."""

    seconds: dict[Name, Seconds] = {}
    """How long each test took, set-up and tear-down included."""
    files: dict[Name, FileTests] = {}
    """What became of each test file's tests; a file in which nothing was collected is not there."""


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The measured tree: a hash for each part, so that a difference says where it is."""

    source: Name = ""
    tests: Name = ""
    requirements: Name = ""
    settings: Name = ""

    def differs_in(self, other: Tree) -> list[str]:
        """The parts that are not the same."""
        return [part for part in self.__struct_fields__ if getattr(self, part) != getattr(other, part)]


class Leg(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Python of the matrix, as it ran."""

    python: Name
    implementation: Name = "cpython"
    canonical: bool = True


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a measurement comes from."""

    started: Name
    """UTC, ISO 8601."""
    seconds: Seconds
    """Pytest's time, from its start to its end."""
    leg: Leg
    config: Name
    """The config file, relative to the git root, else its name."""
    arguments: tuple[Name, ...] = ()
    """What was given by hand."""
    overridden: tuple[Name, ...] = ()
    """Options of the project's own addopts that a phase run overrides."""
    workers: Count = 1
    core: Name = ""
    """What measured: ctrace, sysmon or pytrace."""
    exit_status: int | None = None
    """Pytest's; negative: the signal that ended it."""
    commit: Hash | None = None
    branch: Name | None = None
    dirty: tuple[Name, ...] = ()
    """Files of the project that differ from the commit; at most 50 are named."""
    head: Tree | None = None
    """The measured tree as committed at HEAD; None outside of git."""
    versions: dict[Name, Name] = {}
    platform: Name = ""
    cpus: Count = 1
    ci: bool = False
    shards: Count = 1
    """How many shards it was combined from, whose times `seconds` sums up; 1 for a run in one piece."""

    def __post_init__(self) -> None:
        """Refuse a start that is no moment.

        Raises:
            ValueError: it is no ISO 8601 with an offset.
        """
        if datetime.fromisoformat(self.started).tzinfo is None:
            raise ValueError(f"{self.started} has no offset from UTC")


class Summary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record less its detail: all that a trend reads."""

    format: Annotated[int, msgspec.Meta(ge=0, le=0)]
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}T[0-9]{12}Z-[a-z0-9_]{1,40}-[0-9a-f]{8}\Z")]
    phase: Name
    selection: Name
    kind: Kind
    reasons: tuple[Name, ...]
    """Why the kind is not full."""
    totals: Counts
    scope: Scope
    outcomes: Outcomes
    tree: Tree
    provenance: Provenance

    @property
    def whole(self) -> bool:
        """A full measurement of the canonical leg."""
        return self.kind is Kind.FULL and self.provenance.leg.canonical

    @property
    def evidence(self) -> bool:
        """A full measurement of the canonical leg whose measured tree equalled HEAD's when it was made."""
        return self.whole and self.provenance.head == self.tree

    @property
    def why_no_evidence(self) -> str:
        """The first reason why it is not evidence; empty where it is."""
        if self.kind is not Kind.FULL:
            return f"the run is {self.kind}: {', '.join(self.reasons)}" if self.reasons else f"the run is {self.kind}"
        if not self.provenance.leg.canonical:
            return f"Python {self.provenance.leg.python} is not the canonical leg"
        if self.provenance.head is None:
            return "there is no commit to compare with"
        parts = self.tree.differs_in(self.provenance.head)
        return f"{' and '.join(parts)} differ from the commit" if parts else ""


class Detail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a record that grows with the project: its files and tests."""

    format: Annotated[int, msgspec.Meta(ge=0, le=0)]
    files: dict[Name, FileFigures]
    tests: Tests = Tests()


class Measurement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole record."""

    summary: Summary
    detail: Detail


def total(counts: Iterable[Counts]) -> Counts:
    """The sum over files; number by number, since a project's may be many."""
    statements = missing = excluded = branches = missing_branches = 0
    for one in counts:
        statements += one.statements
        missing += one.missing
        excluded += one.excluded
        branches += one.branches
        missing_branches += one.missing_branches
    return Counts(statements, missing, excluded, branches, missing_branches)


def ranges(lines: list[int]) -> tuple[tuple[int, int], ...]:
    """Join line numbers to ranges, both ends in: [1, 2, 3, 7] gives (1, 3), (7, 7)."""
    joined: list[tuple[int, int]] = []
    for line in sorted(lines):
        if joined and line == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], line)
        else:
            joined.append((line, line))
    return tuple(joined)
