"""How a pull request's summary is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.pr_summary import Summarised
from coverage_roadmap.render import pr_summary
from coverage_roadmap.render.page import Cell, Facts, Page, Section, Word


def page(value: Summarised) -> Page:
    """For people: the summary, and what was done with it."""
    shown = pr_summary.page(value.summary)
    rows: list[tuple[str | Word, Cell]] = [("written", name) for name in value.written]
    if value.recorded:
        rows.append(("recorded", f"{', '.join(value.recorded.stories)} at {value.recorded.commit[:8]}"))
    return Page(shown.title, [*shown.sections, *([Section("", [Facts(rows)])] if rows else [])])


def data(value: Summarised) -> dict[str, Any]:
    """For machines."""
    recorded = {"id": value.recorded.id, "stories": list(value.recorded.stories)} if value.recorded else None
    return {**pr_summary.data(value.summary), "written": list(value.written), "recorded": recorded}
