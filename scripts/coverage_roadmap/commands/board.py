"""`board`: each story's column, by evidence from records, git and the config."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import files
from coverage_roadmap.commands import boarding, tracking
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import home_of, look, since_of
from coverage_roadmap.core import body
from coverage_roadmap.core.board import Board
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.errors import ExitCode
from coverage_roadmap.render import board as pages

KIND = "board"
"""Of our block in a text."""


class Boarded(Struct, frozen=True):
    """The board, where its branches can be looked at, and where it was written."""

    board: Board
    home: Forge | None = None
    written: str = ""
    exit_code: ExitCode = ExitCode.DONE


def board(
    context: Context,
    *,
    since: Annotated[
        str, f"from when on the changes of files are counted: an age or a date (by default {boarding.PERIOD})"
    ] = boarding.PERIOD,
    write: Annotated[str, "a text file: the board is put between its markers, other text is kept"] = "",
) -> Boarded:
    """Show the board: each story in its column, with the evidence for it.

    Example: invoke board --write docs/board.md
    """
    period = since_of(since, context.clock.now())
    here = look(context)
    told = tracking.told(context, here)
    found = boarding.whole(here, period, told.tracked, told.notes)
    home = home_of(context, here.repository) if here.repository else None
    if write:
        block = pages.block(found, home)
        files.rewrite(context.folder / write, write, lambda text: body.place(text, block, write, KIND), top=here.top)
    return Boarded(found, home, write)
