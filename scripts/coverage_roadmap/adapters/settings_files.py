"""The settings files of pytest and coverage.py on which a run rests, as they lie there and as committed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from coverage_roadmap.adapters import files, git
from coverage_roadmap.core import pytest_settings, settings
from coverage_roadmap.core.pytest_settings import Homes
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.tree import SETTINGS_FILES
from coverage_roadmap.errors import RecordError

Texts = dict[str, str]


def homes(roadmap: Roadmap, repository: git.Repository | None) -> Homes:
    """Where pytest looks for its settings, up to the git root."""
    return pytest_settings.homes(roadmap.tests, repository.prefix.count("/") if repository else 0)


def now(project: Path, roadmap: Roadmap, repository: git.Repository | None, lost: list[RecordError]) -> Texts:
    """The files' texts by their paths from the project; those that cannot be read are added to `lost`."""

    def read(names: Sequence[str]) -> Texts:
        found = {}
        for name in names:
            try:
                if (project / name).is_file():
                    found[name] = files.read_text(project / name)
            except RecordError as error:
                lost.append(error)
            except ValueError:
                continue  # no path at all
        return found

    return _chosen(read, roadmap, homes(roadmap, repository))


def at(repository: git.Repository, commit: str, roadmap: Roadmap) -> Texts:
    """The files' texts as committed, by their paths from the project.

    Raises:
        ToolError: git failed.
    """

    def read(names: Sequence[str]) -> Texts:
        inside = {_relative(repository, name): name for name in names}
        committed = git.contents_at(repository, commit, held(repository, inside))
        return {inside[path]: text for path, text in committed.items()}

    return _chosen(read, roadmap, homes(roadmap, repository))


def held(repository: git.Repository, paths: Iterable[str]) -> list[str]:
    """Those of some paths that lie in the repository, from the project."""
    relative = (_relative(repository, path) for path in paths if "\0" not in path)
    return [path for path in relative if not os.path.normpath(f"{repository.prefix}{path}").startswith("..")]


def _relative(repository: git.Repository, path: str) -> str:
    return os.path.relpath(repository.project / path, repository.project)


def _chosen(read: Callable[[Sequence[str]], Texts], roadmap: Roadmap, places: Homes) -> Texts:
    """The project's own files, the one that pytest takes where it is another, and the one that names coverage's."""
    words = roadmap.pytest_args
    named = pytest_settings.named(words)
    texts = read([*dict.fromkeys([*SETTINGS_FILES, *pytest_settings.files(places), *([named] if named else [])])])
    taken = pytest_settings.find(texts, places, words)
    coverage = settings.named_file(taken, words)
    wanted = {*SETTINGS_FILES, taken.file, coverage}
    if coverage and coverage not in texts:
        texts |= read([coverage])
    return {name: text for name, text in texts.items() if name in wanted}
