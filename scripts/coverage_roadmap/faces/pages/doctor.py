"""How the doctor's findings are shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.doctor import Checkup
from coverage_roadmap.render import checkup
from coverage_roadmap.render.edits import edits
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Checkup) -> Page:
    """For people."""
    shown = checkup.sections(list(value.findings))
    if value.edit is None:
        return Page("Doctor", shown)
    fixed = "yes" if value.applied else "no, --fix writes it"
    return Page(
        "Doctor", [*shown, Section("missing requirements", [Facts([("written", fixed)])]), *edits([value.edit])]
    )


def data(value: Checkup) -> dict[str, Any]:
    """For machines."""
    found = [{"area": f.area, "answer": f.answer, "text": f.text, "mend": f.mend} for f in value.findings]
    return {"findings": found, "written": value.applied}
