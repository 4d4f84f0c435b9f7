"""What the waivers of the scope hide now."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from coverage_roadmap.adapters import sources
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import hidden, waiver
from coverage_roadmap.core.roadmap import Waiver


def hidden_now(context: Context, here: Here, waivers: Iterable[Waiver]) -> dict[str, int]:
    """How many statements each waiver's part of the scope hides in the work tree, by its `what`, where it can be told.

    Raises:
        ToolError: git failed.
    """
    of_scope = [one for one in waivers if waiver.part_of_scope(one.what)]
    if not of_scope:
        return {}
    memory = Memory(here.located.project, context.clock)
    roadmap = structs.replace(here.roadmap, waivers=of_scope)
    return hidden.by_waiver(of_scope, sources.present(here.located.project, here.repository, roadmap, memory))
