"""How one record is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.history_show import Shown
from coverage_roadmap.errors import NotMetError
from coverage_roadmap.render import cobertura as xml
from coverage_roadmap.render import figures, views
from coverage_roadmap.render.page import Facts, Grid, Page, Section


def page(value: Shown) -> Page:
    """For people: where it comes from, then the files with the most missed first."""
    one, where = value.summary, value.summary.provenance
    facts: list[tuple[str, str]] = [
        ("total", views.total(one)),
        ("run", f"{one.kind}, {one.why_no_evidence or 'evidence'}; Python {where.leg.python}, {where.seconds:.1f} s"),
        ("commit", f"{where.commit or 'none'}" + (f" on {where.branch}" if where.branch else "")),
        ("started", where.started),
        ("tests", f"{one.outcomes.passed} passed of {one.outcomes.collected}"),
        *(("failed", f"{failure.id}: {failure.reason}") for failure in (*one.outcomes.failed, *one.outcomes.errors)),
    ]
    sections = [Section("", [Facts(facts)])]
    if value.detail is None:
        sections.append(Section("", [Facts([("files", "unknown: its detail cannot be read")])]))
    else:
        files = sorted(value.detail.files.items(), key=lambda item: (-item[1].counts.ratio.missed, item[0]))
        rows = [[path, str(f.counts.ratio), f"{f.counts.ratio.missed}"] for path, f in files]
        sections.append(Section("files", [Grid(["file", ">covered", ">missed"], rows)]))
    return Page(f"Record {one.id}", [*sections, *views.notes(value.notes)])


def data(value: Shown) -> dict[str, Any]:
    """For machines."""
    files = value.detail.files if value.detail else None
    return {
        **views.record_data(value.summary),
        "files": {path: figures.counts(file.counts) for path, file in files.items()} if files is not None else None,
        "notes": list(value.notes),
    }


def cobertura(value: Shown) -> str:
    """For CI providers that show coverage beside changed lines.

    Raises:
        NotMetError: the record's lines cannot be had.
    """
    if value.detail is None:
        raise NotMetError("its detail cannot be read", where=value.summary.id, next_step="run the phase again")
    return xml.report(value.summary, value.detail, value.prefix)
