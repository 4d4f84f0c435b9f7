"""What a bump looks like: its evidence, its sites, its diffs."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.core.bump import Bump
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.render import figures
from coverage_roadmap.render.edits import edits
from coverage_roadmap.render.page import Facts, Grid, Items, Section, Tone, Word


def sections(value: Bump, written: str) -> list[Section]:
    """The evidence of a bump, and whether it is written; its sites; its diffs."""
    rows: list[list[str | Word]] = [
        [one.where, show_threshold(one.value), show_threshold(value.to)] for edit in value.edits for one in edit.sites
    ]
    rows += [[one.where, show_threshold(one.value), Word("unchanged")] for one in value.unchanged]
    facts = Facts([("evidence", f"{value.evidence.totals.ratio} % in {value.evidence.id}"), ("written", written)])
    shown = [Section("", [facts]), Section("", [Grid(["site", ">before", ">after"], rows)])]
    if value.unclear:
        untouched = [(Word("unclear", Tone.UNSURE), f"{one.where}: {one.reason}") for one in value.unclear]
        shown.append(Section("not touched", [Items(untouched)]))
    return [*shown, *edits(list(value.edits))]


def data(value: Bump) -> dict[str, Any]:
    """A bump."""
    return {
        "to": figures.threshold(value.to),
        "evidence": value.evidence.id,
        "sites": [
            {
                "file": one.file,
                "line": one.line,
                "before": figures.threshold(one.value),
                "after": figures.threshold(value.to),
            }
            for edit in value.edits
            for one in edit.sites
        ],
        "unchanged": [{"file": one.file, "line": one.line} for one in value.unchanged],
        "unclear": [{"file": one.file, "line": one.line, "reason": one.reason} for one in value.unclear],
    }
