"""What the doctor looks at: each with a verdict, and the command that mends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coverage_roadmap.core.verdict import Answer

_NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    area: str
    answer: Answer
    text: str
    mend: str = ""


def listed(texts: Mapping[str, str]) -> set[str]:
    """The distributions that requirements files name, normalised; a line that is commented out names none."""
    found = set()
    for text in texts.values():
        for line in text.splitlines():
            if not line.lstrip().startswith(("#", "-")) and (match := _NAME.match(line)):
                found.add(normal(match[1]))
    return found


def normal(name: str) -> str:
    """A distribution's name as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def with_requirement(text: str, name: str) -> str:
    """A requirements file with one more line; a line that holds just this name, commented out, is brought back."""
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for index, line in enumerate(lines):
        bare = line.lstrip("# \t").rstrip("\r\n")
        match = _NAME.match(bare)
        if line.lstrip().startswith("#") and match and normal(match[1]) == normal(name) and " " not in bare.strip():
            lines[index] = bare.strip() + newline
            return "".join(lines)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    return "".join([*lines, name + newline])
