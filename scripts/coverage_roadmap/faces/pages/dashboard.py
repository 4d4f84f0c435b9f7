"""What is told of a dashboard that was written."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.dashboard import Dashed
from coverage_roadmap.core.trend import Line
from coverage_roadmap.render import figures, views
from coverage_roadmap.render.page import Cell, Facts, Page, Section, Tone, Word


def page(value: Dashed) -> Page:
    """For people: where it is; what it says is to be read there."""
    made = value.dashboard
    total = views.total(made.newest) if made.newest else Word(f"unknown: {made.board.figures.lacking}", Tone.UNSURE)
    facts: list[tuple[str | Word, Cell]] = [("written", value.written), ("total", total)]
    if made.current.next_step:
        facts.append(("next", Word(made.current.next_step, Tone.STRONG)))
    return Page("Dashboard", [Section("", [Facts(facts)]), *views.notes(made.trend.notes)])


def data(value: Dashed) -> dict[str, Any]:
    """For machines: the trend and the packages; the rest is what `status`, `diff`, `standup` and `board` tell."""
    made = value.dashboard
    return {
        "written": value.written,
        "on": f"{made.on:%Y-%m-%d}",
        "record": made.newest.id if made.newest else None,
        "total": figures.ratio(made.newest.totals.ratio) if made.newest else None,
        "trend": [_line(line) for line in made.trend.lines],
        "packages": [
            {"path": one.path, "totals": figures.counts(one.counts), "points": figures.points(one.points)}
            for one in made.packages
        ],
        "below": [{"path": path, "totals": figures.counts(counts)} for path, counts in made.below],
        "notes": [*made.trend.notes, *made.facts.notes],
    }


def _line(line: Line) -> dict[str, Any]:
    points = [
        {
            "record": point.id,
            "at": point.at.isoformat(),
            "total": figures.ratio(point.ratio),
            "phase": point.phase,
            "commit": point.commit,
            "green": point.green,
        }
        for point in line.points
    ]
    return {"apart": list(line.apart), "records": line.count, "points": points}
