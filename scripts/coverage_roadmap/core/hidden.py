"""How much a part of the scope hides, so that a waiver of it can be held to what it was written for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.scope import Snapshot
from coverage_roadmap.core.settings import Settings, measured, under
from coverage_roadmap.core.statements import Lines, Unparsed
from coverage_roadmap.core.waiver import covers, part_of_scope

_UNTOLD = frozenset({"tests", "branch"})
"""Settings that hide no statement: fewer tests cover less, which raises no figure, and branches are all or none."""


def aside(
    waivers: Iterable[Waiver], present: Iterable[str], counted: Iterable[str], settings: Settings, root: str
) -> frozenset[str]:
    """The files that are there, are not measured, and belong to a part of the scope that is waived.

    Args:
        waivers: the config's.
        present: all Python files of the project.
        counted: those that are measured.
        settings: by which they are.
        root: the project's folder, as patterns are held against it.
    """
    parts = [part for waiver in waivers if (part := part_of_scope(waiver.what))]
    left = set(present).difference(counted) if parts else set()
    held = _held_back(settings, left, root) if any(part.startswith("include ") for part in parts) else frozenset()
    return held | {path for path in left if any(_holds(part, path) for part in parts)}


def _held_back(settings: Settings, left: Iterable[str], root: str) -> frozenset[str]:
    """Those of the files that are not measured which would be without `include`."""
    return frozenset(measured(replace(settings, include=()), left, root)) if settings.include else frozenset()


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
    if not part or word in _UNTOLD:
        return None
    every = {**snapshot.files, **snapshot.aside}
    if word in ("exclude", "partial"):
        settings = snapshot.settings
        patterns = [" ".join(one.split()) for one in (settings.exclude if word == "exclude" else settings.partial)]
        told = [_by_pattern(word, lines, snapshot) for lines in every.values() if isinstance(lines, Lines)]
        return sum(marks for one in told for pattern, marks in one if patterns[pattern] == value)
    back = _held_back(snapshot.settings, snapshot.aside, snapshot.root) if word == "include" else frozenset()
    hidden = 0
    for path, lines in every.items():
        if path in back or _holds(part, path):
            if isinstance(lines, Unparsed):
                return None
            hidden += lines.hidden + (lines.statements if path in snapshot.aside else 0)
            hidden += len(lines.partial) if snapshot.settings.branch else 0
    return hidden


def _by_pattern(word: str, lines: Lines, snapshot: Snapshot) -> Sequence[tuple[int, int]]:
    """What patterns hide in a file: the pattern's place among them, and how much."""
    if word == "exclude":
        return [(one.pattern, len(one.marks)) for one in lines.exclusions]
    return [(one.pattern, 1) for one in lines.partial] if snapshot.settings.branch else []


def _holds(part: str, path: str) -> bool:
    """Whether a file belongs to a part of the scope: a path, a pattern of paths, or a folder of `source`."""
    word, _, folder = part.partition(" ")
    return under(path, folder) if word == "source" else covers(part, path)
