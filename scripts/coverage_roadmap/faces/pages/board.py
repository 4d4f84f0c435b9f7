"""How the board is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.board import Boarded
from coverage_roadmap.render import board, board_data
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Boarded) -> Page:
    """For people: the board, and where it was written."""
    shown = board.page(value.board, value.home)
    written = [Section("", [Facts([("written", value.written)])])] if value.written else []
    return Page(shown.title, [*shown.sections, *written])


def data(value: Boarded) -> dict[str, Any]:
    """For machines."""
    return board_data.data(value.board, value.home)
