"""How CI's matrix is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.matrix import Matrix
from coverage_roadmap.core.matrix import strategy
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Grid, Page, Section


def page(value: Matrix) -> Page:
    """For people."""
    rows = [[j.session, j.python, "yes" if j.canonical else "no", str(j.shard)] for j in value.jobs]
    grid = Section("", [Grid(["session", "python", "canonical", "shard"], rows)])
    return Page("CI matrix", [grid, *views.notes(value.notes)])


def data(value: Matrix) -> dict[str, Any]:
    """For machines: what GitHub's `strategy.matrix` takes."""
    return {**strategy(value.jobs), "notes": value.notes}
