"""The dashboard: the roadmap at one look, of what stand-up, diff and board say and of the trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core import floor
from coverage_roadmap.core.board import Board
from coverage_roadmap.core.comparable import differences
from coverage_roadmap.core.comparison import Comparison
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.core.measurement import Counts, Summary
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.standup import Facts
from coverage_roadmap.core.trend import Trend


class Package(Struct, frozen=True):
    """A folder of measured files."""

    path: str
    counts: Counts
    points: Fraction | None
    """What it moved by in the period; None where that is not known."""


class Dashboard(Struct, frozen=True):
    """All that the dashboard shows."""

    project: str
    """Its name, for people."""
    on: datetime
    facts: Facts
    trend: Trend
    standings: Sequence[PhaseStanding]
    board: Board
    forge: Forge | None = None
    """Where branches can be looked at; None where that is not known."""

    @property
    def current(self) -> PhaseStanding:
        """The running phase, or the last one where all are closed."""
        return self.facts.running or self.standings[-1]

    @property
    def newest(self) -> Summary | None:
        """The record that every figure is of, unless said otherwise: the current phase's newest full one."""
        return self.current.newest

    @property
    def packages(self) -> list[Package]:
        """The folders, those that miss the most first; none where the files of the record are not known."""
        sums = floor.packages({path: figures.counts for path, figures in (self.board.figures.files or {}).items()})
        moved = self._moved
        made = [
            Package(path, counts, None if moved is None else moved.get(path, Fraction(0)))
            for path, counts in sums.items()
        ]
        return sorted(made, key=lambda one: (-one.counts.ratio.missed, one.path))

    @property
    def below(self) -> list[tuple[str, Counts]]:
        """The files below the dip, those that miss the most first."""
        files = self.board.figures.files or {}
        low = [(path, one.counts) for path, one in files.items() if one.counts.ratio.is_below(self.facts.dip_below)]
        return sorted(low, key=lambda one: (-one[1].ratio.missed, one[0]))

    @property
    def week(self) -> Comparison | None:
        """What the period did to the record that is shown; None where that is no other, or none to compare with."""
        week, newest = self.facts.comparison, self.newest
        return week if week and newest and week.after.label == newest.id else None

    @property
    def otherwise(self) -> bool:
        """Whether the record from before the period was measured otherwise, so that no points can be told."""
        return self.week is not None and any(differences(self.week.before, self.week.after))

    @property
    def _moved(self) -> dict[str, Fraction | None] | None:
        """The points of the folders that changed; None where none can be told."""
        if self.week is None or self.otherwise:
            return None
        return {one.path: one.points for one in self.week.packages}
