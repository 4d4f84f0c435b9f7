"""How a comparison is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.diff import Diff
from coverage_roadmap.render import diff, diff_data, views
from coverage_roadmap.render.page import Page


def page(value: Diff) -> Page:
    """For people."""
    return Page("Coverage diff", [*views.gate(value.gate), *diff.sections(value.comparison)])


def data(value: Diff) -> dict[str, Any]:
    """For machines."""
    return diff_data.data(value.comparison, value.gate)
