"""How a thinning of the history is shown."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coverage_roadmap.commands.history_prune import Pruned
from coverage_roadmap.core.text import many
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Facts, Grid, Page, Section


def page(value: Pruned) -> Page:
    """For people: how many stay for which reason, and each that goes."""
    kept = Counter(value.thinning.kept.values())
    facts = [
        ("branch", value.branch),
        *(("kept", f"{count}: {why}") for why, count in kept.items()),
        ("gone", many(len(value.thinning.gone), "record")),
        ("written", views.written(value.applied) if value.thinning.gone else "no, there is nothing to do"),
    ]
    gone = [Section("gone", [Grid(["record"], [[one] for one in value.thinning.gone])])] if value.thinning.gone else []
    return Page("History prune", [Section("", [Facts(facts)]), *gone])


def data(value: Pruned) -> dict[str, Any]:
    """For machines."""
    return {
        "branch": value.branch,
        "kept": dict(value.thinning.kept),
        "gone": list(value.thinning.gone),
        "applied": value.applied,
    }
