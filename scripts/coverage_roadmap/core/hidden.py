"""How much a part of the scope hides, so that a waiver of it can be held to what it was written for."""

from __future__ import annotations

from collections.abc import Iterable

from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.scope import Snapshot
from coverage_roadmap.core.settings import under
from coverage_roadmap.core.statements import Unparsed
from coverage_roadmap.core.waiver import SETTINGS, covers, part_of_scope


def aside(waivers: Iterable[Waiver], present: Iterable[str], measured: Iterable[str]) -> frozenset[str]:
    """The files that are there, are not measured, and belong to a part of the scope that is waived."""
    parts = [part for waiver in waivers if (part := part_of_scope(waiver.what))]
    left = set(present).difference(measured) if parts else set()
    return frozenset(path for path in left if any(_holds(part, path) for part in parts))


def by_waiver(waivers: Iterable[Waiver], snapshot: Snapshot) -> dict[str, int]:
    """What each waiver's part of the scope hides now, by its `what`; without those of which it cannot be told."""
    told = {waiver.what: count(part_of_scope(waiver.what) or "", snapshot) for waiver in waivers}
    return {what: hidden for what, hidden in told.items() if hidden is not None}


def count(part: str, snapshot: Snapshot) -> int | None:
    """How many statements a part of the scope hides; a line of which no second branch is asked counts as one.

    Args:
        part: as a waiver names it.
        snapshot: the scope, with the files aside that the part takes in.

    Returns:
        None where it cannot be told: it is a setting whose worth depends on the tests, or a file does not parse.
    """
    word, _, value = part.partition(" ")
    if not part or word in set(SETTINGS) - {"exclude", "source"}:
        return None
    hidden = 0
    for path, lines in {**snapshot.files, **snapshot.aside}.items():
        if word == "exclude":
            if not isinstance(lines, Unparsed):
                patterns = [" ".join(pattern.split()) for pattern in snapshot.settings.exclude]
                hidden += sum(len(one.marks) for one in lines.exclusions if patterns[one.pattern] == value)
        elif _holds(part, path):
            if isinstance(lines, Unparsed):
                return None
            hidden += lines.hidden + (lines.statements if path in snapshot.aside else 0)
            hidden += len(lines.partial) if snapshot.settings.branch else 0
    return hidden


def _holds(part: str, path: str) -> bool:
    """Whether a file belongs to a part of the scope: a path, a pattern of paths, or a folder of `source`."""
    word, _, folder = part.partition(" ")
    return under(path, folder) if word == "source" else covers(part, path)
