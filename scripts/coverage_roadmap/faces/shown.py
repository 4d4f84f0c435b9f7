"""How each command's value is shown: as a page, or as data for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from coverage_roadmap.commands.bump import Bumped
from coverage_roadmap.commands.close import Closing
from coverage_roadmap.commands.diff import Diff
from coverage_roadmap.commands.doctor import Checkup
from coverage_roadmap.commands.exit_check import ExitCheck
from coverage_roadmap.commands.matrix import Matrix
from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.commands.status import Status
from coverage_roadmap.core.matrix import strategy
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.report import Report
from coverage_roadmap.faces import edge
from coverage_roadmap.render import markdown, report, screen, views
from coverage_roadmap.render.page import Facts, Grid, Page, Section

FORMATS = ("table", "md", "json")
"""The three views of one value."""


def show(value: Any, form: str) -> None:
    """Print a command's value."""
    if form == "json":
        sys.stdout.write(json.dumps({"format": 0, **data_of(value)}, indent=2, ensure_ascii=True) + "\n")
    elif form == "md":
        sys.stdout.write(markdown.view(page_of(value)))
    else:
        if isinstance(value, Report):
            sys.stdout.write("\n")  # pytest's own words stand above
        screen.show(page_of(value), edge.console())


def page_of(value: Any) -> Page:
    """The page of a command's value."""
    match value:
        case Report():
            return report.page(value)
        case Status():
            return _status(value)
        case ExitCheck():
            return Page("Exit check", [views.standing(value.standing), *_notes(value.notes)])
        case Closing():
            head = Facts([("evidence", value.evidence.id), ("written", _written(value.applied))])
            return Page(f"Close {value.phase.name}", [Section("", [head]), *views.edits([value.edit])])
        case Bumped():
            title = f"Bump the threshold to {show_threshold(value.bump.to)}"
            written = _written(value.applied) if value.bump.edits else "nothing: each site demands it already"
            return Page(title, [*views.bump(value.bump, written)])
        case Diff():
            return Page("Coverage diff", views.comparison(value.comparison))
        case Standup():
            return Page(f"Stand-up of {value.on:%Y-%m-%d}", [views.topic(topic) for topic in value.topics])
        case Checkup():
            shown = views.findings(list(value.findings))
            edits = [value.edit] if value.edit else []
            told = [Section("missing requirements", [Facts([("written", _fixed(value.applied))])])] if edits else []
            return Page("Doctor", [*shown, *told, *views.edits(edits)])
        case Matrix():
            rows = [[j.session, j.python, "yes" if j.canonical else "no"] for j in value.jobs]
            return Page("CI matrix", [Section("", [Grid(["session", "python", "canonical"], rows)])])
    raise TypeError(f"{type(value).__name__} has no page")


def data_of(value: Any) -> dict[str, Any]:
    """The data of a command's value."""
    match value:
        case Report():
            return report.data(value)
        case Status():
            if value.story:
                record = value.measured_in.id if value.measured_in else None
                modules = [views.module_data(module) for module in value.modules]
                return {"story": value.story, "record": record, "modules": modules, "notes": list(value.notes)}
            return {"phases": [views.standing_data(one) for one in value.phases], "notes": list(value.notes)}
        case ExitCheck():
            return {**views.standing_data(value.standing), "notes": list(value.notes)}
        case Closing():
            return {"phase": value.phase.name, "record": value.evidence.id, "written": value.applied}
        case Bumped():
            return {**views.bump_data(value.bump), "written": value.applied and bool(value.bump.edits)}
        case Diff():
            return views.comparison_data(value.comparison)
        case Standup():
            topics = [
                {"title": t.title, "items": [{"mark": i.mark.name.lower(), "text": i.text} for i in t.items]}
                for t in value.topics
            ]
            return {"on": f"{value.on:%Y-%m-%d}", "topics": topics}
        case Checkup():
            found = [{"area": f.area, "answer": f.answer, "text": f.text, "mend": f.mend} for f in value.findings]
            return {"findings": found, "written": value.applied}
        case Matrix():
            return strategy(value.jobs)
    raise TypeError(f"{type(value).__name__} has no data")


def _status(value: Status) -> Page:
    notes = _notes(value.notes)
    if not value.story:
        return Page("Roadmap", [*(views.standing(one) for one in value.phases), *notes])
    record = value.measured_in
    told = f"{record.id} ({record.kind})" if record else "unknown: no run is recorded"
    modules = [Section("", [views.modules(list(value.modules))])] if value.modules else []
    return Page(f"Story {value.story}", [Section("", [Facts([("measured in", told)])]), *modules, *notes])


def _notes(notes: Sequence[str]) -> list[Section]:
    return [Section("", [Facts([("note", note) for note in notes])])] if notes else []


def _fixed(applied: bool) -> str:
    return "yes" if applied else "no, --fix writes it"


def _written(applied: bool) -> str:
    return "yes" if applied else "no, this is a dry run"
