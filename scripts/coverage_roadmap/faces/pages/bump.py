"""How a raised threshold is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.bump import Bumped
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.render import bump, views
from coverage_roadmap.render.page import Page


def page(value: Bumped) -> Page:
    """For people."""
    done = "yes, and committed" if value.committed else views.written(value.applied)
    written = done if value.bump.edits else "nothing: each site demands it already"
    return Page(f"Bump the threshold to {show_threshold(value.bump.to)}", [*bump.sections(value.bump, written)])


def data(value: Bumped) -> dict[str, Any]:
    """For machines."""
    return {**bump.data(value.bump), "written": value.applied and bool(value.bump.edits)}
