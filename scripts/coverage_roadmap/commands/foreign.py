"""Foreign data: refuses files that the coverage data of other machines may not name."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from coverage_roadmap.adapters import artifacts, covered_paths, settings_files
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import settings
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError


def refuse_names(names: Collection[str], config_file: str, here: Here, where: str) -> None:
    """Refuse what no run in one piece would have measured: what a link leads to, and what is outside of `source`.

    What is inside and no Python file is coverage.py's to judge, as it is after a run in one piece.

    Args:
        names: paths in the project.
        config_file: coverage's config file, as pytest-cov was told; empty for its default.
        here: where it is combined.
        where: whose data it is, for errors.

    Raises:
        RecordError: one of them is such a file.
    """
    if links := covered_paths.linked(names, here.located.project):
        raise _refused(links[0], "which a link leads to", where)
    folders = _measured(config_file, here)
    if folders is not None and (outside := covered_paths.outside(names, folders, here.located.project)):
        raise _refused(outside[0], f"which is outside of source: {', '.join(folders)}", where)


def _refused(name: str, why: str, where: str) -> RecordError:
    return RecordError(f"coverage's data names {plain(name)[:200]}, {why}", where=where, next_step=artifacts.AGAIN)


def _measured(config_file: str, here: Here) -> Collection[str] | None:
    """The folders that are measured; None where the settings alone do not tell."""
    words = [*here.roadmap.pytest_args, *([f"--cov-config={config_file}"] if config_file else [])]
    roadmap = replace(here.roadmap, pytest_args=words)
    texts = settings_files.now(here.located.project, roadmap, here.repository, [])
    places = settings_files.homes(roadmap, here.repository)
    found = settings.resolve(texts, roadmap.source, words, roadmap.env, places)
    return None if found.packages or found.plugins or found.problem else found.source
