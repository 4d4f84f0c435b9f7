"""Requirements files: all that an environment's content follows from."""

from __future__ import annotations

import re
from pathlib import Path

from coverage_roadmap.adapters import files
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import RecordError

_INCLUDED = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[=\s]*(\S+)", re.MULTILINE)
_METADATA = ("pyproject.toml", "setup.py", "setup.cfg")


def texts(project: Path, roadmap: Roadmap) -> dict[str, str]:
    """The requirements files with those that they include, and the metadata that `install` reads: path and text."""
    found: dict[str, str] = {}
    queue = [project / path for path in roadmap.requirements]
    while queue:
        path = queue.pop()
        if str(path) not in found:
            try:
                found[str(path)] = files.read_text(path)
            except RecordError:
                continue  # the installer says it better
            queue += [path.parent / name for name in _INCLUDED.findall(found[str(path)])]
    if roadmap.install:
        found |= {name: files.read_text(project / name) for name in _METADATA if (project / name).is_file()}
    return found
