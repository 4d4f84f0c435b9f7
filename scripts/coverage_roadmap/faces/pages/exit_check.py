"""How the exit criteria are shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.exit_check import ExitCheck
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Page


def page(value: ExitCheck) -> Page:
    """For people."""
    return Page("Exit check", [views.standing(value.standing), *views.notes(value.notes)])


def data(value: ExitCheck) -> dict[str, Any]:
    """For machines."""
    return {**views.standing_data(value.standing), "notes": list(value.notes)}
