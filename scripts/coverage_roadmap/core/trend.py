"""The trend: how the total moved over the records of a period, in lines of records that are comparable.

Only full runs of the canonical leg count, each of the whole selection of a phase. Records of another selection, scope,
mode, Python or major version of coverage.py make a line of their own: figures that are not comparable are never joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.comparable import differences
from coverage_roadmap.core.measurement import Scope, Summary
from coverage_roadmap.core.percent import Ratio, points_between
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.text import many

MOST = 300
"""So many records of a line are shown; more cannot be told apart on a screen."""
LINES = 4
"""So many lines are shown."""


class How(Struct, frozen=True):
    """How a record was measured, as far as that decides what it can be compared with."""

    selection: str
    python: str
    branch: bool
    scope: Scope
    coverage: str
    """The major version of coverage.py; empty where it is not known."""


class Point(Struct, frozen=True):
    """One record's total."""

    id: str
    at: datetime
    """In UTC."""
    ratio: Ratio
    phase: str
    commit: str | None
    green: bool
    """Whether its tests passed."""


class Line(Struct, frozen=True):
    """Records that are comparable, the earliest first."""

    points: Sequence[Point]
    count: int
    """Of all its records; of more than are shown the first, the last, and the lowest and highest between them are."""
    apart: Sequence[str] = ()
    """What sets it apart from the first line; empty for that one."""

    @property
    def phases(self) -> list[str]:
        """The phases whose runs it is made of, in the order in which they came."""
        return list(dict.fromkeys(point.phase for point in self.points))

    @property
    def moved(self) -> Fraction:
        """Points from its first record to its last."""
        return points_between(self.points[0].ratio, self.points[-1].ratio) or Fraction(0)

    @property
    def told(self) -> str:
        """Which runs it is made of: `4 runs of phase2 until 2026-01-05`."""
        return f"{many(self.count, 'run')} of {', '.join(self.phases)} until {self.points[-1].at:%Y-%m-%d}"


class Trend(Struct, frozen=True):
    """The lines, the one with the newest record first."""

    lines: Sequence[Line] = ()
    left: int = 0
    """How many lines are not shown."""

    @property
    def notes(self) -> list[str]:
        """What is to be said, lest the lines be read as one."""
        apart = [
            f"{self.lines[0].told} and {line.told} are not joined: {'; '.join(line.apart)}"
            for line in self.lines
            if line.apart
        ]
        thin = [
            f"{len(line.points)} of {line.count} records are shown"
            for line in self.lines
            if len(line.points) < line.count
        ]
        return [*thin, *apart, *([f"{many(self.left, 'earlier line')} not shown"] if self.left else [])]


def trend(records: Iterable[Summary], period: Period, phase: str) -> Trend:
    """The trend of a period.

    Args:
        records: every phase's, by id, the newest first; walked until the first id from before the period. A clock that
            is wrong may have told another start, and hides no other record.
        period: from when on.
        phase: the one whose line comes first where it has one; the running one.
    """
    lines: dict[How, list[Point]] = {}
    for record in records:
        if record.id < period.earliest_id:
            break
        if period.holds(record) and record.whole and record.phase != PHASE_ZERO and record.totals.ratio.total:
            lines.setdefault(how(record), []).append(_point(record))
    order = sorted(lines, key=lambda one: all(point.phase != phase for point in lines[one]))
    return Trend([_line(one, order[0], lines) for one in order[:LINES]], max(0, len(order) - LINES))


def how(record: Summary) -> How:
    """How a record was measured; the number of files is not part of it, since code comes and goes."""
    scope = record.scope
    rules = Scope(source=scope.source, include=scope.include, omit=scope.omit, exclude=scope.exclude)
    major = record.provenance.versions.get("coverage", "").partition(".")[0]
    return How(record.selection, record.provenance.leg.python, scope.branch, rules, major)


def _point(record: Summary) -> Point:
    own = record.provenance
    started = datetime.fromisoformat(own.started).astimezone(UTC)
    return Point(record.id, started, record.totals.ratio, record.phase, own.commit, record.outcomes.green)


def _line(one: How, first: How, lines: Mapping[How, Sequence[Point]]) -> Line:
    every = sorted(lines[one], key=lambda point: (point.at, point.id))
    return Line(_thinned(every), len(every), list(differences(one, first)))


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """The ends, and of each stretch between them the lowest and the highest: a short fall is never left out."""
    if len(points) <= MOST:
        return points
    inner, stretches = points[1:-1], MOST // 2 - 1
    kept = [points[0]]
    for number in range(stretches):
        start, end = (at * len(inner) // stretches for at in (number, number + 1))
        by_total = sorted(range(start, end), key=lambda at: inner[at].ratio.percent or 0)
        kept += [inner[at] for at in sorted({by_total[0], by_total[-1]})]
    return [*kept, points[-1]]
