"""A diff as data for machines. The types are the published format: the JSON Schema is made of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec

from coverage_roadmap.core import comparison, movement
from coverage_roadmap.core.comparison import Comparison, FileChange
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.verdict import Verdict
from coverage_roadmap.render import figures

Count = Annotated[int, msgspec.Meta(ge=0)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Points = Annotated[float, msgspec.Meta(ge=-100, le=100)]
Exact = Annotated[str, msgspec.Meta(pattern="^-?[0-9]+(/[0-9]+)?$")]
Spans = list[tuple[int, int]]


class Figures(msgspec.Struct, frozen=True):
    """Counts, lines and branches apart; branches are 0 where none are measured."""

    statements: Count
    missing: Count
    branches: Count
    missing_branches: Count
    percent: Percent | None
    """Of lines and branches, rounded down to two decimals; null where there is nothing to cover."""
    line_percent: Percent | None
    """Of lines alone."""
    branch_percent: Percent | None
    """Of branches alone."""


class Side(msgspec.Struct, frozen=True):
    """One of the two measurements."""

    label: str
    """A record's id, or the name of a coverage.json."""
    totals: Figures
    python: str | None
    """The Python that measured; null where it is not known."""
    coverage: str | None
    """The version of coverage.py; null where it is not known."""
    kind: str | None
    """full, partial, timed-out or failed; null where it is not known."""


class File(msgspec.Struct, frozen=True):
    """A file that is not the same on both sides."""

    path: str
    was: str | None
    """Its path before, where it was renamed."""
    status: Literal["changed", "renamed", "added", "removed", "measured now", "not measured now"]
    before: Figures | None
    after: Figures | None
    points: Points | None
    """What its percentage moved by, towards zero; null where a side has none."""
    newly_covered: Spans
    """Unchanged lines that are covered now: ranges of line numbers after, both ends in."""
    newly_missed: Spans
    """Unchanged lines that are missed now: ranges of line numbers after, both ends in."""
    new_missed: Spans
    """New lines that are missed: ranges of line numbers after, both ends in."""
    lines_matched: bool
    """Whether its lines before and after could be set beside each other."""


class Package(msgspec.Struct, frozen=True):
    """A folder of which the sum of its own files is not the same on both sides."""

    path: str
    before: Figures | None
    after: Figures | None
    points: Points | None
    """What its percentage moved by, towards zero; null where a side has none."""


class Lines(msgspec.Struct, frozen=True):
    """Lines, and branches where they are measured."""

    covered: Count
    total: Count


class Part(msgspec.Struct, frozen=True):
    """One reason why the total moved, applied after those before it."""

    part: Literal[
        "new code",
        "changed files whose lines cannot be matched",
        "unchanged lines newly covered",
        "unchanged lines newly missed",
        "scope changed",
        "removed code",
    ]
    came: Lines
    """What is counted now; an unchanged line that is covered now went as missed and came as covered."""
    gone: Lines
    """What was counted before."""
    points: Points
    """What the total moved by, towards zero."""
    exact: Exact
    """The same as a whole fraction: these add up to the total's."""
    then: Percent
    """The total after this part, rounded down."""


class Gate(msgspec.Struct, frozen=True):
    """Whether no file fell below dip_below, or is new and below."""

    question: str
    answer: Literal["met", "not met", "unknown"]
    """All but met exit with 1."""
    reason: str


class Diff(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """The difference of two measurements, as `diff --format json` writes it."""

    format: Literal[1]
    """Grows by one when a key goes or means another thing; keys may be added without."""
    from_: Side
    to: Side
    points: Points | None
    """What the total moved by, towards zero; null where a side has nothing to cover."""
    exact: Exact | None
    """The same as a whole fraction."""
    parts: list[Part]
    """Why the total moved; they add up exactly."""
    packages: list[Package]
    files: list[File]
    """Those that are not the same, the greatest move first."""
    dip_below: Percent
    dipped: list[str]
    """Files that have fallen below dip_below now."""
    new_below: list[str]
    """Files without a percentage before that are below."""
    still_below: list[str]
    """Files that were below, and are."""
    warnings: list[str]
    """What makes the two not comparable, or is not known of them."""
    gate: Gate | None
    """What --fail-on-dip came to; null where it was not asked."""


def data(value: Comparison, gate: Verdict | None = None) -> dict[str, Any]:
    """A diff."""
    old, new = value.totals
    made = Diff(
        1,
        _side(value.before, old),
        _side(value.after, new),
        figures.points(value.points),
        None if value.points is None else str(value.points),
        [_part(step) for step in value.steps],
        [Package(*_sides(one)) for one in value.packages],
        [_file(one) for one in value.changes],
        figures.threshold(value.below),
        [one.path for one in value.dipped],
        [one.path for one in value.new_below],
        [one.path for one in value.still_below],
        list(value.warnings),
        Gate(gate.question, gate.answer.value, gate.reason) if gate else None,
    )
    told: dict[str, Any] = msgspec.to_builtins(made)
    return told


def _side(value: comparison.Side, totals: Counts) -> Side:
    return Side(value.label, _figures(totals), value.python, value.coverage or None, value.kind)


def _figures(value: Counts) -> Figures:
    lines = Ratio(value.statements - value.missing, value.statements)
    branches = Ratio(value.branches - value.missing_branches, value.branches)
    percents = (figures.percent(one.percent) for one in (value.ratio, lines, branches))
    return Figures(value.statements, value.missing, value.branches, value.missing_branches, *percents)


def _sides(value: FileChange) -> tuple[str, Figures | None, Figures | None, float | None]:
    before, after = (_figures(one) if one else None for one in (value.before, value.after))
    return value.path, before, after, figures.points(value.points)


def _file(value: FileChange) -> File:
    path, before, after, points = _sides(value)
    moved = value.moved
    covered, missed, new = (list(one) for one in (moved.newly_covered, moved.newly_missed, moved.new_missed))
    matched = movement.Part.UNMATCHED not in moved.changes
    return File(path, value.was or None, value.status.value, before, after, points, covered, missed, new, matched)


def _part(value: movement.Step) -> Part:
    came, gone = (Lines(one.covered, one.total) for one in (value.change.came, value.change.gone))
    points = figures.points(value.points) or 0.0
    then = figures.percent(value.then) or 0.0
    return Part(value.part.value, came, gone, points, str(Fraction(value.points)), then)
