"""How CI's workflows are shown."""

from __future__ import annotations

import difflib
from typing import Any

from coverage_roadmap.commands.ci import Workflows
from coverage_roadmap.core.ci.drift import File, State
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Cell, Facts, Page, Section, Source, Tone, Word


def page(value: Workflows) -> Page:
    """For people: how each file stands to the config, and how it differs."""
    rows: list[tuple[str | Word, Cell]] = [(file.path, _said(value, file)) for file in value.files]
    if value.child:
        rows.append(("written", value.child))
    drifted = [] if value.written else value.drifted
    diffs = [Section(file.path, [Source(_diff(file), "diff")]) for file in drifted]
    step = [Section("", [Facts([("next", Word(value.next_step, Tone.STRONG))])])] if value.next_step else []
    head = [Section("", [Facts([*rows])])] if rows else []
    return Page("CI workflows", [*head, *diffs, *views.notes(value.notes), *step])


def data(value: Workflows) -> dict[str, Any]:
    """For machines."""
    files = [{"path": file.path, "state": file.state.name.lower(), "diff": _diff(file) or None} for file in value.files]
    return {"files": files, "written": value.written, "child": value.child or None, "notes": list(value.notes)}


def _said(value: Workflows, file: File) -> Word:
    if file.state is State.TRUE:
        return Word(file.state, Tone.GOOD)
    if value.written:
        return Word("deleted" if file.after is None else "written", Tone.GOOD)
    return Word(file.state, Tone.BAD if value.checked else Tone.UNSURE)


def _diff(file: File) -> str:
    """What writing it would change."""
    names = f"a/{file.path}", f"b/{file.path}"
    before, after = ((text or "").splitlines(keepends=True) for text in (file.before, file.after))
    return "".join(difflib.unified_diff(before, after, *names))
