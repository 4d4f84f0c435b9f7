"""`targets`: what to test next, by what it would bring."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import boarding, tracking
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look, since_of
from coverage_roadmap.core.board import Board
from coverage_roadmap.errors import ExitCode


class Targets(Struct, frozen=True):
    """The board, of which the Backlog is shown."""

    board: Board
    exit_code: ExitCode = ExitCode.DONE


def targets(
    context: Context,
    *,
    since: Annotated[
        str, f"from when on the changes of files are counted: an age or a date (by default {boarding.PERIOD})"
    ] = boarding.PERIOD,
) -> Targets:
    """List what to test next: the Backlog, what would move the total most first.

    Example: invoke targets --since 30d
    """
    period = since_of(since, context.clock.now())
    here = look(context)
    told = tracking.told(context, here)
    return Targets(boarding.whole(here, period, told.tracked, told.notes))
