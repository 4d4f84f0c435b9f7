"""The report of a phase run: what is judged, in the order in which it is shown, and the one next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.measurement import FileFigures, Kind, Measurement, Summary
from coverage_roadmap.core.percent import points_between, show_threshold
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.text import many
from coverage_roadmap.core.verdict import Verdict
from coverage_roadmap.errors import ExitCode


class Share(Struct, frozen=True):
    """What a run was that is one of several shards."""

    shard: Shard
    whole: int
    """The tests that all shards together run."""
    artifact: str
    """Where that lies which they are combined from."""


class Report(Struct, frozen=True):
    """All that a phase run shows, and the exit code that it comes to."""

    measurement: Measurement
    heading: str
    gate: Decimal | None
    """The coverage below which the run fails, in percent; None where there is no gate."""
    zero: Summary | None
    """Phase zero's newest full record."""
    modules: Sequence[ModuleProgress]
    hidden: Sequence[ModuleProgress]
    """Stories' modules that are absent or omitted."""
    criteria: Sequence[Verdict]
    towards_exit: str
    """The command that would help most towards the phase's exit; empty where none is known."""
    notes: Sequence[str]
    """What is said and does not fail the run."""
    record: str
    """Where the record lies."""
    interrupted: bool = False
    history_error: str = ""
    """Why the record is not on the history branch; empty where it is, or need not be."""
    share: Share | None = None
    """Where the run is one of several: nothing is judged but its tests."""

    @property
    def gate_met(self) -> bool:
        """Whether the unrounded total reaches the gate; true where there is none."""
        return self.gate is None or self.measurement.summary.totals.ratio.meets(self.gate)

    @property
    def above_zero(self) -> Fraction | None:
        """Points above phase zero; None where that is not known."""
        return points_between(self.zero.totals.ratio if self.zero else None, self.measurement.summary.totals.ratio)

    @property
    def idle(self) -> bool:
        """Whether there are more shards than tests, so that this one had none to run."""
        return bool(self.share and self.share.whole and not self.measurement.summary.outcomes.collected)

    @property
    def exit_code(self) -> ExitCode:
        """By the table of exit codes; the graver one first."""
        summary = self.measurement.summary
        tests = summary.outcomes
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if summary.kind is Kind.TIMED_OUT:
            return ExitCode.TIME_LIMIT
        if summary.kind is Kind.FAILED or self.history_error:
            return ExitCode.TOOL
        broken = tests.failed or tests.errors or tests.not_imported or tests.flaky
        if self.share:
            fails = broken or not self.share.whole or (summary.provenance.exit_status != 0 and not self.idle)
            return ExitCode.NOT_MET if fails else ExitCode.DONE
        nothing = not tests.collected or not summary.totals.ratio.total
        below = not self.gate_met or (self.gate is not None and summary.kind is not Kind.FULL)
        if broken or nothing or self.hidden or below or summary.provenance.exit_status != 0:
            return ExitCode.NOT_MET
        return ExitCode.DONE

    def next_step(self) -> str:
        """The one step that would help most."""
        summary = self.measurement.summary
        if self.share:
            done = f"combine it with the others: nox -s combine -- {self.share.artifact.rpartition('/')[0]}"
            return done if self.idle else _mend(self.measurement, counted=False) or done
        whole = f"run it whole: nox -s {summary.phase}" if summary.kind is Kind.PARTIAL else ""
        for step in (_mend(self.measurement), _uncover(self.hidden), self._climb(), whole, self.towards_exit):
            if step:
                return step
        return "all that a run can show is met"

    def _climb(self) -> str:
        short = [module for module in self.modules if module.lacks]
        if self.gate is not None and not self.gate_met:
            lacks = self.measurement.summary.totals.ratio.lacks(self.gate)
            best = max(short, key=lambda m: m.lacks, default=None) or _most_missed(self.measurement.detail.files)
            where = f"; {_where(best)}" if best else ""
            return f"cover {many(lacks, 'more line')} to reach {show_threshold(self.gate)}{where}"
        if short:
            best = max(short, key=lambda m: m.lacks)
            return f"cover {many(best.lacks, 'more line')} for {best.story}; {_where(best)}"
        return ""


def _mend(measurement: Measurement, *, counted: bool = True) -> str:
    summary, tests = measurement.summary, measurement.summary.outcomes
    if tests.not_imported:
        return f"mend {tests.not_imported[0].id}, which does not import"
    if broken := [*tests.failed, *tests.errors]:
        first = max(broken, key=lambda failure: measurement.detail.tests.seconds.get(failure.id, 0.0))
        return f"mend {first.id}" + (f" and {len(broken) - 1} more" if len(broken) > 1 else "")
    if summary.kind is Kind.TIMED_OUT:
        held = f"see what held {tests.not_run[0]}, or " if tests.not_run else ""
        return f"{held}raise timeout in the config"
    if summary.kind is Kind.FAILED:
        return "read pytest's own words above, then run it again"
    if not tests.collected:
        return "no test was collected: look at tests and exclude in the config"
    if counted and not summary.totals.ratio.total:
        return "nothing was measured: look at source in the config"
    if tests.flaky:
        return f"make {tests.flaky[0]} steady: it passed only when run again"
    if summary.provenance.exit_status:
        return f"read pytest's own words above: it ended with exit status {summary.provenance.exit_status}"
    return ""


def _uncover(hidden: Sequence[ModuleProgress]) -> str:
    if not hidden:
        return ""
    first = hidden[0]
    if first.presence is Presence.ABSENT:
        return f"{first.module} does not exist: mend story {first.story} in the config"
    return f"{first.module} is not measured: take it out of omit, or mend source"


def _where(module: ModuleProgress | tuple[str, FileFigures]) -> str:
    name, lines = (
        (module.module, module.missing_lines)
        if isinstance(module, ModuleProgress)
        else (module[0], module[1].missing_lines)
    )
    widest = max(lines, key=lambda span: span[1] - span[0], default=None)
    return f"{name} misses most at lines {widest[0]}-{widest[1]}" if widest else name


def _most_missed(files: Mapping[str, FileFigures]) -> tuple[str, FileFigures] | None:
    return max(files.items(), key=lambda item: item[1].counts.ratio.missed, default=None)
