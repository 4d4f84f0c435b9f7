"""How the history is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.history import History
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.text import many
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Facts, Grid, Page, Section


def page(value: History) -> Page:
    """For people."""
    facts: list[tuple[str, str]] = [("branch", value.branch), ("records", f"{len(value.records)} of {value.count}")]
    if value.unpublished is None and value.remote and not value.tracked:
        facts.append(("published", "unknown: invoke history.push fetches what the remote has"))
    elif value.unpublished is None:
        facts.append(("published", "nothing to publish: no branch of ours is here"))
    else:
        push = "invoke history.push" if value.remote else "the repository has no remote, and the history stays here"
        left = f"no, {many(value.unpublished, 'commit')} to go: {push}"
        facts.append(("published", left if value.unpublished else "yes"))
    rows = [[one.id, str(one.totals.ratio), _kind(one), _tests(one)] for one in value.records]
    grid = [Section("", [Grid(["record", ">total", "kind", "tests"], rows)])] if rows else []
    return Page("History", [Section("", [Facts(facts)]), *grid, *views.notes(value.notes)])


def _kind(record: Summary) -> str:
    return "evidence" if record.evidence else record.kind


def _tests(record: Summary) -> str:
    tests = record.outcomes
    wrong = len(tests.failed) + len(tests.errors)
    return f"{tests.passed} passed" + (f", {wrong} failed" if wrong else "")


def data(value: History) -> dict[str, Any]:
    """For machines."""
    return {
        "branch": value.branch,
        "count": value.count,
        "unpublished": value.unpublished,
        "records": [views.record_data(one) for one in value.records],
        "notes": list(value.notes),
    }
