"""How the Backlog is shown, ranked."""

from __future__ import annotations

from typing import Any

import msgspec

from coverage_roadmap.commands.targets import Targets
from coverage_roadmap.core.board import Card, Column
from coverage_roadmap.render import board, board_data
from coverage_roadmap.render.page import Page


def page(value: Targets) -> Page:
    """For people."""
    return board.targets(value.board)


def data(value: Targets) -> dict[str, Any]:
    """For machines."""
    whole = value.board
    return {
        "record": whole.figures.record or None,
        "period": whole.figures.period,
        "targets": [_target(card) for card in whole.of(Column.BACKLOG)],
        "notes": list(whole.notes),
    }


def _target(card: Card) -> dict[str, Any]:
    gain = msgspec.to_builtins(board_data.gain(card.prospect)) if card.prospect else None
    story = card.story.id if card.story else None
    return {"key": card.key, "phase": card.phase, "story": story, "modules": list(card.modules), "gain": gain}
