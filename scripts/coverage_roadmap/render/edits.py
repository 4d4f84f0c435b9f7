"""What edits look like: unified diffs."""

from __future__ import annotations

from coverage_roadmap.core.bump import Edit
from coverage_roadmap.render.page import Section, Source


def edits(values: list[Edit]) -> list[Section]:
    """Unified diffs."""
    return [Section("", [Source(value.diff(), "diff")]) for value in values]
