"""Foreign data: refuses what the artifacts of other machines may not name, settings and measured files."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from coverage_roadmap.adapters import artifacts, covered_paths, settings_files
from coverage_roadmap.adapters.artifacts import Artifact
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import pytest_settings, settings
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError

_DEFAULT = ".coveragerc"
"""What pytest-cov names where nobody names another."""


def refuse_settings(own: Sequence[Artifact], here: Here, every: Sequence[Artifact]) -> None:
    """Coverage's config file must be the project's own, since coverage loads the plugins that it names, and the one
    that the project's settings name, since it is counted by; unless a person named another, which makes a run partial.

    Args:
        own: the artifacts of a set.
        here: where they are combined.
        every: all artifacts that were found, of other sets too.

    Raises:
        RecordError: it is not.
    """
    foreign = [artifact.folder.resolve() for artifact in every]
    project, words = here.located.project, here.roadmap.pytest_args
    texts = settings_files.now(project, here.roadmap, here.repository, [])
    pytest = pytest_settings.find(texts, settings_files.homes(here.roadmap, here.repository), words)
    named = os.path.normpath(settings.named_file(pytest, words) or _DEFAULT)
    for artifact in own:
        name = artifact.manifest.config_file
        path = (project / name).resolve()
        inside = covered_paths.is_inside(name) and path.is_relative_to(project)
        if name and (not inside or any(path.is_relative_to(folder) for folder in foreign)):
            raise _odd(artifact, f"names {plain(name)[:200]} as coverage's settings, which are not the project's")
        by_hand = artifact.manifest.record.provenance.arguments
        if name and project / name != project / named and not any("--cov-config" in word for word in by_hand):
            raise _odd(
                artifact, f"names {plain(name)[:200]} as coverage's settings, and not {named}, as the project does"
            )


def _odd(artifact: Artifact, told: str) -> RecordError:
    mend = "fetch the artifacts of this project's own run"
    return RecordError(told, where=f"artifact {artifact.name}", next_step=mend)


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
