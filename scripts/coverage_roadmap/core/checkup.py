"""What the doctor looks at: each with a verdict, and the command that mends it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.verdict import Answer

_NAME = regex(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_VERSION = r"[ \t]*(?:===|[~=!<>]=|[<>])[ \t]*[A-Za-z0-9.*+!-]+"
_COMMENTED = regex(
    rf"[ \t]*#[# \t]*(?P<whole>(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[A-Za-z0-9._, -]*\])?"
    rf"(?:{_VERSION}(?:[ \t]*,{_VERSION})*)?)[ \t]*(?P<end>\r\n|\n|\r|)"
)
"""A line that holds a requirement and nothing else, commented out."""


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    area: str
    answer: Answer
    text: str
    mend: str = ""


def listed(texts: Mapping[str, str]) -> set[str]:
    """The distributions that requirements files name, normalised; a line that is commented out names none."""
    found = set()
    for path, text in texts.items():
        for line in _of_metadata(text) if path.endswith(".toml") else text.splitlines():
            if not line.lstrip().startswith(("#", "-")) and (match := _NAME.match(line)):
                found.add(normal(match[1]))
    return found


def _of_metadata(text: str) -> list[str]:
    """What a pyproject.toml names: dependencies, extras and groups."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    project = _table(table, "project")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(table, "dependency-groups").values()
    return [line for lines in lists if isinstance(lines, list) for line in lines if isinstance(line, str)]


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def normal(name: str) -> str:
    """A distribution's name as the package index compares it; versions and extras behind it fall away."""
    match = _NAME.match(name)
    return re.sub(r"[-_.]+", "-", match[1] if match else name).lower()


def with_requirement(text: str, name: str) -> str:
    """A requirements file with one more line; a line that holds just this requirement, commented out, is brought back.

    Every other line stays as it is, to the byte.
    """
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        match = _COMMENTED.fullmatch(line)
        if match and normal(match["name"]) == normal(name):
            lines[index] = match["whole"] + match["end"]
            return "".join(lines)
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    if lines and (not text.endswith("\n") or text.rstrip("\r\n").endswith("\\")):  # else the last line would go on
        lines.append(newline)
    return "".join([*lines, name + newline])
