"""Problems of a config: all of them at once, each with its key, its value and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from coverage_roadmap.core.ci import cron
from coverage_roadmap.core.finding import FIRM
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import BoardClosed, DocumentedInPr, Roadmap, build
from coverage_roadmap.core.sieve import Problem, shown, sift
from coverage_roadmap.core.text import nearest

BUILT_IN = frozenset(
    {"phase0", "tests", "tests_slow", "lint", "types", "build", "readme", "bench", "docs", "combine", "dev", "release"}
)
"""Names of sessions that no phase may take. `phase0` is phase zero."""

_STAND_IN = {"name": "phase", "fail-under": 0}
"""Takes the place of the phases where none can be read, so that the other keys are judged all the same."""


def read_roadmap(table: dict[str, Any]) -> tuple[Roadmap | None, list[Problem]]:
    """Make a roadmap of the TOML table, and list every problem of it.

    Where single keys are wrong, the rest is judged without them, so that nobody mends a config in rounds. The roadmap
    may be used only where the list is empty; it is None where nothing could be judged.
    """
    try:
        roadmap, problems = _judged(table)
        return roadmap, _unique([*problems, *_cross_check(roadmap, _Written.of(table))])
    except RecursionError:
        return None, [Problem("[tool.coverage-roadmap]", "", "its tables are nested too deep to be read: flatten them")]


def _judged(table: dict[str, Any]) -> tuple[Roadmap, list[Problem]]:
    """The roadmap that is left when all that is wrong is taken out, and what was wrong."""
    try:
        return build(Roadmap, table), []
    except ValueError:
        sifted, problems = sift(table, Roadmap)
    return build(Roadmap, {"phases": [_STAND_IN], **sifted}), problems


class _Written(Struct, frozen=True):
    """The names that stand in the table, those of phases and stories with other problems too."""

    names: Counter[str]
    ids: Counter[str]
    closed: frozenset[str]

    @classmethod
    def of(cls, table: dict[str, Any]) -> _Written:
        phases = _tables(table, "phases")
        stories = [story for phase in phases for story in _tables(phase, "stories")]
        return cls(
            Counter(phase["name"] for phase in phases if isinstance(phase.get("name"), str)),
            Counter(story["id"] for story in stories if isinstance(story.get("id"), str)),
            frozenset(phase["name"] for phase in phases if "closed" in phase and isinstance(phase.get("name"), str)),
        )


def _tables(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = table.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _cross_check(roadmap: Roadmap, written: _Written) -> Iterator[Problem]:
    """What no key can tell alone: names used twice, falling fail-unders, unknown stories, paths that go outside."""
    for name, count in written.names.items():
        if count > 1:
            yield Problem("phases.name", shown(name), f"{count} phases have this name: each needs its own")
        if name in BUILT_IN:
            yield Problem("phases.name", shown(name), "this is a built-in session's name: choose another")
    for story_id, count in written.ids.items():
        if count > 1:
            yield Problem("phases.stories.id", shown(story_id), f"{count} stories have this id: each needs its own")
    for before, after in zip(roadmap.phases, roadmap.phases[1:], strict=False):
        if after.fail_under < before.fail_under:
            fell = f"falls below {before.name}'s {show_threshold(before.fail_under)}"
            key = f"phases.{after.name}.fail-under"
            yield Problem(key, show_threshold(after.fail_under), f"{fell}: phases climb, so raise or reorder")
        if after.closed and before.name not in written.closed:
            yield Problem(f"phases.{after.name}.closed", "", f"{before.name} before it is not closed: close that first")
    for phase in roadmap.phases:
        named = [story for c in phase.exit if isinstance(c, BoardClosed | DocumentedInPr) for story in c.stories]
        for story_id in named:
            if story_id not in written.ids:
                advice = nearest(story_id, list(written.ids), "story")
                yield Problem(f"phases.{phase.name}.exit.stories", shown(story_id), advice)
    yield from _check_paths(roadmap)
    yield from _check_process(roadmap)
    if roadmap.ci.schedule and (flaw := cron.flaw(roadmap.ci.schedule)):
        yield Problem("ci.schedule", shown(roadmap.ci.schedule), flaw)
    for rule, severity in roadmap.check.severity.items():
        if rule.startswith(FIRM):
            yield Problem(f"check.severity.{rule}", shown(severity), "this rule keeps its severity: write a waiver")


def _check_process(roadmap: Roadmap) -> Iterator[Problem]:
    """What no process can be started with."""
    for name, value in roadmap.env.items():
        if not name or "=" in name or "\0" in name + value:
            yield Problem("env", shown(name), "no process takes such a variable: name it without =, and without NUL")
    for key, words in (("pytest-args", roadmap.pytest_args), ("install", roadmap.install)):
        for word in words:
            if "\0" in word:
                yield Problem(key, shown(word), "no process takes an argument with NUL: take it out")


def _check_paths(roadmap: Roadmap) -> Iterator[Problem]:
    paths = [("source", p) for p in roadmap.source] + [("tests", p) for p in roadmap.tests]
    paths += [("exclude", p) for p in roadmap.exclude] + [("requirements", p) for p in roadmap.requirements]
    for phase, story in roadmap.stories():
        paths += [(f"phases.{phase.name}.{story.id}.modules", p) for p in story.modules]
        paths += [(f"phases.{phase.name}.{story.id}.tests", p) for p in story.tests]
    paths.append(("board.file", roadmap.board.file))
    for phase in roadmap.phases:
        paths += [(f"phases.{phase.name}.exclude", p) for p in phase.exclude]
    for key, path in paths:
        pure = PurePosixPath(path.split("::")[0])
        if not path.strip() or pure.is_absolute() or ".." in pure.parts or any(ord(char) < 32 for char in path):
            yield Problem(key, repr(path), "give a path inside the project, relative to it")
        elif path.startswith("-"):
            yield Problem(
                key, repr(path), "a path that starts with a dash would be taken for an option: write ./ before it"
            )


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
