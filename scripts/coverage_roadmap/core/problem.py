"""Problems of a config: all of them at once, each with its key, its value and what to do."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from coverage_roadmap.core.location import Location, Steps, locate
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import BoardClosed, DocumentedInPr, Roadmap
from coverage_roadmap.core.text import nearest

BUILT_IN = frozenset(
    {"phase0", "tests", "tests_slow", "lint", "types", "build", "readme", "bench", "docs", "combine", "dev", "release"}
)
"""Names of sessions that no phase may take. `phase0` is phase zero."""

_ADVICE = {
    "missing": "add the key",
    "string_pattern_mismatch": "write it in the form {pattern}",
    "string_too_long": "write at most {max_length} characters",
    "string_too_short": "write something",
    "too_short": "give at least one",
    "greater_than_equal": "give at least {ge}",
    "greater_than": "give more than {gt}",
    "less_than_equal": "give at most {le}",
    "decimal_max_places": "give at most {decimal_places} decimals",
    "literal_error": "choose one of {expected}",
    "union_tag_not_found": 'say which one: criterion = "green", for example',
    "string_type": "write text, in quotes",
    "list_type": "write a list: [...]",
    "dict_type": "write a table: {{ ... }}",
    "model_attributes_type": "write a table: {{ ... }}",
    "model_type": "write a table: {{ ... }}",
    "decimal_type": "write a number without quotes",
    "is_instance_of": "write a number without quotes",
    "finite_number": "write a finite number",
    "float_type": "write a number without quotes",
    "int_type": "write a whole number without quotes",
    "date_type": "write a date without quotes: 2026-01-31",
}
_STAND_IN = {"name": "phase", "fail-under": 0}
"""Takes the place of the phases where none can be read, so that the other keys are judged all the same."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the key, the value as written, and what to do."""

    key: str
    value: str
    advice: str

    def __str__(self) -> str:
        """One line: key = value: advice."""
        return f"{self.key} = {self.value}: {self.advice}" if self.value else f"{self.key}: {self.advice}"


def read_roadmap(table: dict[str, Any]) -> tuple[Roadmap | None, list[Problem]]:
    """Make a roadmap of the TOML table, and list every problem of it.

    Where single keys are wrong, the rest is judged without them, so that nobody mends a config in rounds. The roadmap
    may be used only where the list is empty; it is None where nothing could be judged.
    """
    try:
        roadmap, details = _validated(table)
        return roadmap, _unique([*_explain(details, table), *_cross_check(roadmap, _Written.of(table))])
    except RecursionError:
        return None, [Problem("[tool.coverage-roadmap]", "", "its tables are nested too deep to be read: flatten them")]


def _validated(table: dict[str, Any]) -> tuple[Roadmap, list[Any]]:
    """The roadmap that is left when all that is wrong is taken out, and what was wrong."""
    first: list[Any] = []
    rest: dict[str, Any] = table
    while True:
        try:
            return Roadmap.model_validate(rest), first
        except ValidationError as error:
            details = error.errors(include_url=False)
        first = first or details
        rest = copy.deepcopy(rest)
        for detail in details:
            _blank(rest, locate(detail["loc"]).path, missing=detail["type"] == "missing")
        rest = {"phases": [_STAND_IN], **rest} if "phases" not in rest else rest
        rest = _without_blanks(rest)


def _blank(table: Any, path: Steps, *, missing: bool) -> None:
    """Put None, which TOML has not, for the offending key; where a key is missing, for the item that lacks it."""
    *above, last = path[:-1] if missing and len(path) > 1 else path
    here = table
    for step in above:
        here = here[step]
        if here is None:
            return  # gone already, with another problem
    if not missing or len(path) > 1:
        here[last] = None


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(item) for key, item in value.items() if item is not None}
    return [_without_blanks(item) for item in value if item is not None] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class _Written:
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
            yield Problem("phases.name", _show(name), f"{count} phases have this name: each needs its own")
        if name in BUILT_IN:
            yield Problem("phases.name", _show(name), "this is a built-in session's name: choose another")
    for story_id, count in written.ids.items():
        if count > 1:
            yield Problem("phases.stories.id", _show(story_id), f"{count} stories have this id: each needs its own")
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
                yield Problem(f"phases.{phase.name}.exit.stories", _show(story_id), advice)
    yield from _check_paths(roadmap)
    yield from _check_process(roadmap)


def _check_process(roadmap: Roadmap) -> Iterator[Problem]:
    """What no process can be started with."""
    for name, value in roadmap.env.items():
        if not name or "=" in name or "\0" in name + value:
            yield Problem("env", _show(name), "no process takes such a variable: name it without =, and without NUL")
    for key, words in (("pytest-args", roadmap.pytest_args), ("install", roadmap.install)):
        for word in words:
            if "\0" in word:
                yield Problem(key, _show(word), "no process takes an argument with NUL: take it out")


def _check_paths(roadmap: Roadmap) -> Iterator[Problem]:
    paths = [("source", p) for p in roadmap.source] + [("tests", p) for p in roadmap.tests]
    paths += [("exclude", p) for p in roadmap.exclude] + [("requirements", p) for p in roadmap.requirements]
    for phase, story in roadmap.stories():
        paths += [(f"phases.{phase.name}.{story.id}.modules", p) for p in story.modules]
        paths += [(f"phases.{phase.name}.{story.id}.tests", p) for p in story.tests]
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


def _explain(details: list[Any], table: dict[str, Any]) -> Iterator[Problem]:
    """One problem for each key; where each member of a union refuses a value, their advice is joined."""
    at: dict[tuple[Steps, str], list[Any]] = {}
    for detail in details:
        group = detail["type"] if detail["type"] in ("missing", "extra_forbidden") else ""
        at.setdefault((locate(detail["loc"]).path, group), []).append(detail)
    for same in at.values():
        location = locate(same[0]["loc"])
        value = "" if same[0]["type"] == "missing" else _show(same[0]["input"])
        yield Problem(location.show(table), value, ", or ".join(_advice(detail, location) for detail in same))


def _advice(detail: Any, location: Location) -> str:
    context = {str(key): value for key, value in detail.get("ctx", {}).items()}
    if detail["type"] == "extra_forbidden":
        return nearest(str(location.path[-1]), location.known_keys, "key")
    if detail["type"] == "union_tag_invalid":
        return nearest(context["tag"], re.findall("'([^']*)'", context["expected_tags"]), "criterion")
    own = _ADVICE.get(detail["type"])
    return own.format_map(context) if own else detail["msg"][:1].lower() + detail["msg"][1:]


def _show(value: Any) -> str:
    """A value as text, on one line, at most 60 signs."""
    try:
        text = re.sub(r"Decimal\('([^']*)'\)", r"\1", repr(value))
    except ValueError:
        return "a number with thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
