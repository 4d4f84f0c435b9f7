"""How a waiver that was written is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.waive import Waived
from coverage_roadmap.render import views
from coverage_roadmap.render.edits import edits
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Waived) -> Page:
    """For people."""
    head = Facts([("until", f"{value.until}"), ("written", views.written(value.applied))])
    return Page(f"Waive {value.what}", [Section("", [head]), *edits([value.edit])])


def data(value: Waived) -> dict[str, Any]:
    """For machines."""
    return {"what": value.what, "until": f"{value.until}", "written": value.applied}
