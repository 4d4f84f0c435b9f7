"""`mirror`: makes the team's tracker show the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import boarding, mirroring, tracking
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import home_of, look, since_of
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.core.tracker.operation import Operation
from coverage_roadmap.errors import ExitCode


class Mirrored(Struct, frozen=True):
    """What is to be done, and what the tracker would not do."""

    tracker: str
    plan: Plan
    applied: bool
    refused: Sequence[tuple[Operation, str]] = ()

    @property
    def exit_code(self) -> ExitCode:
        """Whether the tracker refused something."""
        return ExitCode.TRACKER if self.refused else ExitCode.DONE


def mirror(
    context: Context, *, apply: Annotated[bool, "carry the operations out; without it they are only shown"] = False
) -> Mirrored:
    """Mirror the board to the team's tracker: show what is to be done, or do it.

    Example: invoke mirror --apply
    """
    here = look(context)
    tracker = tracking.needed(context, here)
    known = tracking.ask(here, tracker)
    board = boarding.whole(here, since_of(boarding.PERIOD, context.clock.now()), known.tracked)
    home = home_of(context, here.repository) if here.repository else None
    plan = mirroring.plan(here, board, tracker, home)
    refused = tracking.carry_out(context, tracker, plan.operations) if apply else []
    return Mirrored(tracker.name, plan, apply, refused)
