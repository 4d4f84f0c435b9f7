"""Problems of a config: all of them at once, each with its key, its value and what to do."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ValidationError

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
    "too_short": "give at least one",
    "greater_than_equal": "give at least {ge}",
    "greater_than": "give more than {gt}",
    "less_than_equal": "give at most {le}",
    "literal_error": "choose one of {expected}",
    "union_tag_invalid": "choose one of {expected_tags}",
    "union_tag_not_found": 'say which one: criterion = "green", for example',
    "string_type": "put it in quotes",
    "list_type": "write a list: [...]",
    "decimal_type": "write a number without quotes",
    "is_instance_of": "write a number without quotes",
    "float_type": "write a number without quotes",
    "int_type": "write a whole number without quotes",
}


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
    is None only where what is left makes none; it may be used only where the list is empty.
    """
    problems: list[Problem] = []
    rest = copy.deepcopy(table)
    for _ in range(8):
        try:
            roadmap = Roadmap.model_validate(rest)
        except ValidationError as error:
            details = error.errors(include_url=False)
            problems += [_explain(detail, table) for detail in details if detail["type"] != "missing" or rest == table]
            dropped = [_drop(rest, _path(detail["loc"], rest)) for detail in reversed(details)]
            if not all(dropped):
                return None, _unique(problems)
        else:
            return roadmap, _unique([*problems, *cross_check(roadmap)])
    return None, _unique(problems)


def cross_check(roadmap: Roadmap) -> Iterator[Problem]:
    """What no key can tell alone: names used twice, falling fail-unders, unknown stories, paths that go outside."""
    names = Counter(phase.name for phase in roadmap.phases)
    ids = Counter(story.id for _, story in roadmap.stories())
    for name, count in names.items():
        if count > 1:
            yield Problem("phases.name", name, f"{count} phases have this name: each needs its own")
        if name in BUILT_IN:
            yield Problem("phases.name", name, "this is a built-in session's name: choose another")
    for story_id, count in ids.items():
        if count > 1:
            yield Problem("phases.stories.id", story_id, f"{count} stories have this id: each needs its own")
    for before, after in zip(roadmap.phases, roadmap.phases[1:], strict=False):
        if after.fail_under < before.fail_under:
            advice = (
                f"falls below {before.name}'s {show_threshold(before.fail_under)}: phases climb, so raise or reorder"
            )
            yield Problem(f"phases.{after.name}.fail-under", show_threshold(after.fail_under), advice)
        if after.closed and not before.closed:
            yield Problem(f"phases.{after.name}.closed", "", f"{before.name} before it is not closed: close that first")
    for phase in roadmap.phases:
        for criterion in phase.exit:
            if isinstance(criterion, BoardClosed | DocumentedInPr):
                for story_id in criterion.stories:
                    if story_id not in ids:
                        yield Problem(
                            f"phases.{phase.name}.exit.stories", story_id, nearest(story_id, list(ids), "story")
                        )
    yield from _check_paths(roadmap)


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


def _explain(detail: Any, table: dict[str, Any]) -> Problem:
    loc = _path(detail["loc"], table)
    key = _show_key(loc, table)
    if detail["type"] == "extra_forbidden":
        return Problem(key, _show(detail["input"]), nearest(str(loc[-1]), _known_keys(loc), "key"))
    if detail["type"] == "missing":
        return Problem(key, "", _ADVICE["missing"])
    advice = _ADVICE.get(detail["type"], "").format_map({str(k): v for k, v in detail.get("ctx", {}).items()})
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return Problem(key, _show(detail["input"]), f"{message}: {advice}" if advice else message)


def _path(loc: tuple[int | str, ...], table: Any) -> tuple[int | str, ...]:
    """The part of pydantic's location that stands in the table (it adds the names of union members)."""
    path: list[int | str] = []
    here = table
    for index, step in enumerate(loc):
        if _holds(here, step):
            here = here[step]
        elif index < len(loc) - 1 or not isinstance(here, dict):
            continue
        path.append(step)
    return tuple(path)


def _holds(here: Any, step: int | str) -> bool:
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _drop(table: Any, path: tuple[int | str, ...]) -> bool:
    """Take the offending key out; where it is a missing key, the item that lacks it. False where nothing can go."""
    for length in range(len(path), 0, -1):
        parent: Any = table
        for step in path[: length - 1]:
            try:
                parent = parent[step]
            except (KeyError, IndexError, TypeError):
                return True  # gone already, with an earlier problem
        last = path[length - 1]
        if isinstance(parent, dict) and last in parent:
            del parent[last]
            return True
        if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            parent[last] = None
            return _compact(table, path[: length - 1])
    return False


def _compact(table: Any, path: tuple[int | str, ...]) -> bool:
    here = table
    for step in path:
        here = here[step]
    here[:] = [item for item in here if item is not None]
    return True


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] | None = Roadmap
    for step in loc[:-1]:
        if isinstance(step, str) and model is not None:
            field = next((f for n, f in model.model_fields.items() if (f.alias or n) == step), None)
            model = _model_in(field.annotation) if field else None
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in getattr(annotation, "__args__", ()) if (found := _model_in(arg))), None)


def _show_key(loc: tuple[int | str, ...], table: Any) -> str:
    parts: list[str] = []
    here = table
    for step in loc:
        here = here[step] if _holds(here, step) else None
        if isinstance(step, int):
            name = here.get("name") or here.get("id") if isinstance(here, dict) else None
            parts.append(name if isinstance(name, str) else f"[{step}]")
        else:
            parts.append(step)
    return ".".join(parts)


def _show(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
