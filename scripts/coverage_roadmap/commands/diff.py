"""`diff`: two measurements beside each other."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import config_file
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.sides import pair
from coverage_roadmap.core.comparison import Comparison, compare, dip_gate
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.errors import ExitCode


class Diff(Struct, frozen=True):
    """The comparison."""

    comparison: Comparison
    gate: Verdict | None = None
    """Whether no file fell below the bound; None where it was not asked."""

    @property
    def exit_code(self) -> ExitCode:
        """1 where the gate is not met, or cannot be told."""
        return ExitCode.DONE if self.gate is None or self.gate.answer is Answer.MET else ExitCode.NOT_MET


def diff(
    context: Context,
    *,
    from_: Annotated[
        str, "a coverage.json, an age such as 7d, a date such as 2026-11-19, a record's id, or a commit (by default 7d)"
    ] = "",
    to: Annotated[str, "the same (by default the newest full record)"] = "",
    phase: Annotated[str, "the phase whose records are looked at, by default the running one"] = "",
    fail_on_dip: Annotated[
        bool, "exit with 1 where a file fell below dip-below, is new and below, or it is unknown"
    ] = False,
) -> Diff:
    """Compare two measurements: totals, files, dips, and why the total moved.

    Example: invoke diff --from 7d --format md
    """
    located = config_file.load(context.environ, context.folder)
    two = pair(context, located, from_, to, phase)
    found = compare(two.before, two.after, located.roadmap.dip_below, two.lineage, two.alike, two.notes)
    return Diff(found, dip_gate(found) if fail_on_dip else None)
