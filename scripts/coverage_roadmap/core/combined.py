"""What became of shards that were combined: the canonical leg's report, and how the other legs differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.percent import points_between
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import ExitCode


class Combined(Struct, frozen=True):
    """All that was combined."""

    judged: Sequence[Report]
    """The canonical leg's, one for each phase."""
    others: Sequence[Report]
    """The other legs', whose tests must pass."""
    notes: Sequence[str] = ()
    gated: bool = True
    """Whether the canonical leg is to be judged: where it left nothing, that is a failure."""

    @property
    def exit_code(self) -> ExitCode:
        """The gravest."""
        lacking = [ExitCode.NOT_MET] if self.gated and not self.judged else []
        return max([*lacking, *(report.exit_code for report in (*self.judged, *self.others))], default=ExitCode.DONE)

    def beside(self, other: Report) -> Fraction | None:
        """Points of another leg above the canonical leg's total; None where unknown, or where their modes differ."""
        summary = other.measurement.summary
        for report in self.judged:
            first = report.measurement.summary
            if (first.phase, first.scope.branch) == (summary.phase, summary.scope.branch):
                return points_between(first.totals.ratio, summary.totals.ratio)
        return None
