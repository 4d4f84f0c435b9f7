"""What combined shards look like: the report of the canonical leg, and how the other legs differ from it."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.core.combined import Combined
from coverage_roadmap.core.percent import show_points
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import ExitCode
from coverage_roadmap.render import figures, report, views
from coverage_roadmap.render.page import Cell, Grid, Page, Section, Tone, Word


def page(value: Combined) -> Page:
    """For people: a run's own report, then the other legs."""
    sections: list[Section] = []
    for number, one in enumerate(value.judged):
        shown = report.page(one)
        first, *rest = shown.sections
        sections += [Section(shown.title, first.blocks) if number else first, *rest]
    if value.others:
        columns = ["python", "verdict", ">total", ">points", "tests"]
        sections.append(Section("other legs", [Grid(columns, [_row(value, one) for one in value.others])]))
    for other in value.others:
        if other.exit_code != ExitCode.DONE:
            shown = report.page(other)
            heading = f"{shown.title}, on Python {other.measurement.summary.provenance.leg.python}"
            sections += [Section(heading, shown.sections[-1].blocks)]
    title = report.page(value.judged[0]).title if value.judged else "Combined shards"
    return Page(title, [*sections, *views.notes(_notes(value))])


def _notes(value: Combined) -> list[str]:
    alone = [] if value.judged else ["no artifact is of the canonical leg: no threshold, no history"]
    said = {note for one in value.judged for note in one.notes}
    own = [f"{_leg(one)}: {note}" for one in value.others for note in one.notes if note not in said]
    return [*alone, *value.notes, *own]


def _leg(report_: Report) -> str:
    summary = report_.measurement.summary
    return f"{summary.phase} on {summary.provenance.leg.python}"


def _row(value: Combined, other: Report) -> list[Cell]:
    summary = other.measurement.summary
    points = value.beside(other)
    passed = other.exit_code == ExitCode.DONE
    return [
        _leg(other),
        Word("passed", Tone.GOOD) if passed else Word("failed", Tone.BAD),
        str(summary.totals.ratio),
        "" if points is None else show_points(points),
        report.tests(summary.outcomes),
    ]


def data(value: Combined) -> dict[str, Any]:
    """For machines: a report for each phase, and the other legs' with their points above the canonical one."""
    return {
        "reports": [report.data(one) for one in value.judged],
        "others": [{**report.data(one), "points": figures.points(value.beside(one))} for one in value.others],
        "notes": _notes(value),
        "exit_code": int(value.exit_code),
    }
