"""How the roadmap's status is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.status import Status
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Status) -> Page:
    """For people."""
    notes = views.notes(value.notes)
    if not value.story:
        return Page("Roadmap", [*(views.standing(one) for one in value.phases), *notes])
    record = value.measured_in
    told = f"{record.id} ({record.kind})" if record else "unknown: no run is recorded"
    modules = [Section("", [views.modules(list(value.modules))])] if value.modules else []
    return Page(f"Story {value.story}", [Section("", [Facts([("measured in", told)])]), *modules, *notes])


def data(value: Status) -> dict[str, Any]:
    """For machines."""
    if not value.story:
        return {"phases": [views.standing_data(one) for one in value.phases], "notes": list(value.notes)}
    record = value.measured_in.id if value.measured_in else None
    modules = [views.module_data(module) for module in value.modules]
    return {"story": value.story, "record": record, "modules": modules, "notes": list(value.notes)}
