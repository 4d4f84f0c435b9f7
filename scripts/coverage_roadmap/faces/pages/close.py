"""How the closing of a phase is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.close import Closing
from coverage_roadmap.render import views
from coverage_roadmap.render.edits import edits
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Closing) -> Page:
    """For people."""
    head = Facts([("evidence", value.evidence.id), ("written", views.written(value.applied))])
    return Page(f"Close {value.phase.name}", [Section("", [head]), *edits([value.edit])])


def data(value: Closing) -> dict[str, Any]:
    """For machines."""
    return {"phase": value.phase.name, "record": value.evidence.id, "written": value.applied}
