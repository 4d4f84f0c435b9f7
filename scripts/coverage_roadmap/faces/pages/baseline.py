"""How a baseline is shown: the snapshot of week 0, and what changed in its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coverage_roadmap.commands.baseline import Baselined
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.snapshot import Gap, Snapshot
from coverage_roadmap.core.text import many
from coverage_roadmap.render import figures, views
from coverage_roadmap.render.page import Facts, Grid, Page, Section, Source, Word

_LINES = 30
"""So many lines of the edit are shown."""


def page(value: Baselined) -> Page:
    """For people."""
    written = Section("baseline", [Facts(_file(value)), *_diff(value)])
    if value.snapshot is None:
        return Page("Merged baseline", [written])
    return Page("Baseline Snapshot (Week 0)", [*_snapshot(value.snapshot), written])


def _snapshot(value: Snapshot) -> list[Section]:
    tests = value.evidence.outcomes
    facts = [
        ("threshold", f"{show_threshold(value.threshold)} %, in {', '.join(value.sites) or 'no file'}"),
        ("total", views.total(value.evidence)),
        ("tests", f"{tests.passed} passed, {tests.skipped} skipped, {len(tests.failed) + len(tests.errors)} failed"),
        ("flaky", f"{', '.join(value.flaky) or 'none'}, in {many(value.runs, 'run')} of this measured tree"),
        ("evidence", f"{value.evidence.id} of {value.evidence.phase}"),
    ]
    return [
        Section("", [Facts(facts)]),
        _gaps("primary gaps by package", "package", value.packages),
        _gaps("primary gaps by module", "module", value.modules),
    ]


def _gaps(heading: str, column: str, gaps: Sequence[Gap]) -> Section:
    if not gaps:
        return Section(heading, [Facts([("gaps", "none")])])
    rows: list[list[str | Word]] = [[gap.path, str(gap.counts.ratio), str(gap.counts.ratio.missed)] for gap in gaps]
    return Section(heading, [Grid([column, ">%", ">missed"], rows)])


def _file(value: Baselined) -> list[tuple[str | Word, str | Word]]:
    base = value.baseline
    without = len(base.files) - len(base.floors)
    tests = base.totals.tests
    written = views.written(value.applied) if value.edit.before != value.edit.after else "nothing: it is the same"
    return [
        ("file", value.edit.file),
        ("written", written),
        ("floors", f"{many(len(base.floors), 'file')}, {many(len(base.packages), 'package')}"),
        ("new", f"{many(without, 'file')} below the dip, without a floor yet") if without else ("new", "none waits"),
        ("scope", f"{many(len(base.files), 'file')}, {many(base.totals.pragmas, 'pragma')}"),
        ("not measured", ", ".join(base.unmeasured[:5]) + _more(len(base.unmeasured) - 5) or "none"),
        ("tests", f"{tests.collected} collected in {many(len(base.tests), 'file')}"),
    ]


def _diff(value: Baselined) -> list[Source]:
    """The edit in short: a first baseline has a line for each file."""
    lines = value.edit.diff().splitlines()
    if not lines:
        return []
    rest = [f"... {many(len(lines) - _LINES, 'more line')}"] if len(lines) > _LINES else []
    return [Source("\n".join([*lines[:_LINES], *rest]), "diff")]


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def data(value: Baselined) -> dict[str, Any]:
    """For machines."""
    base, week = value.baseline, value.snapshot
    return {
        "written": value.applied and value.edit.before != value.edit.after,
        "floors": len(base.floors),
        "without_floor": [path for path in base.files if path not in base.floors],
        "unmeasured": list(base.unmeasured),
        "pragmas": base.totals.pragmas,
        "tests": {"collected": base.totals.tests.collected, "passed": base.totals.tests.passed},
        "totals": figures.counts(base.totals.counts),
        "snapshot": {
            "evidence": week.evidence.id,
            "threshold": figures.threshold(week.threshold),
            "sites": list(week.sites),
            "total": figures.ratio(week.evidence.totals.ratio),
            "passed": week.evidence.outcomes.passed,
            "skipped": week.evidence.outcomes.skipped,
            "flaky": list(week.flaky),
            "packages": [_gap(gap) for gap in week.packages],
            "modules": [_gap(gap) for gap in week.modules],
        }
        if week
        else None,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {"path": gap.path, "totals": figures.counts(gap.counts)}
