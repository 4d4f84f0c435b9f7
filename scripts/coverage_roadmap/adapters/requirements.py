"""Requirements files: all that an environment's content follows from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from coverage_roadmap.adapters import files
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import RecordError

_INCLUDED = regex(r"^\s*(?:-r|-c|--requirement|--constraint)[=\s]*(\S+)", re.MULTILINE)
_METADATA = ("pyproject.toml", "setup.py", "setup.cfg")


def texts(project: Path, roadmap: Roadmap) -> dict[str, str]:
    """The requirements files with those that they include, and the metadata that `install` reads: path and text."""
    found = closure(roadmap.requirements, lambda path: read(project / path))
    if roadmap.install:
        found |= {name: files.read_text(project / name) for name in _METADATA if (project / name).is_file()}
    return found


def closure(paths: Sequence[str], read: Callable[[str], str | None]) -> dict[str, str]:
    """The files at `paths` and all that they include, by their paths from the project.

    Args:
        paths: the files to begin with.
        read: gives a file's text; None where it cannot be read, which the installer says better.
    """
    found: dict[str, str] = {}
    queue = [posixpath.normpath(path) for path in paths]
    while queue:
        path = queue.pop()
        if path not in found and (text := read(path)) is not None:
            found[path] = text
            folder = posixpath.dirname(path)
            queue += [posixpath.normpath(posixpath.join(folder, name)) for name in _INCLUDED.findall(text)]
    return found


def read(path: Path) -> str | None:
    """A requirements file's text; None where it cannot be read."""
    try:
        return files.read_text(path)
    except RecordError:
        return None
