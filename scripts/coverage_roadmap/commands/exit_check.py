"""`exit-check`: whether a phase's exit criteria are all met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import evidence, judging
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.verdict import Answer
from coverage_roadmap.errors import ExitCode


class ExitCheck(Struct, frozen=True):
    """A phase, judged for its exit."""

    standing: PhaseStanding
    notes: Sequence[str] = ()
    """Records that cannot be read."""

    @property
    def exit_code(self) -> ExitCode:
        """Done only where all criteria are met; unknown is not met."""
        return ExitCode.DONE if self.standing.answer is Answer.MET else ExitCode.NOT_MET


def exit_check(context: Context, *, phase: Annotated[str, "the phase; by default the running one"] = "") -> ExitCheck:
    """Judge a phase's exit criteria; unknown is not met.

    Example: invoke exit-check --phase phase3
    """
    here = look(context)
    chosen = here.phase(phase)
    standing = judging.standing(here, chosen, evidence.head_tree(here))
    return ExitCheck(standing, here.records.notes)
