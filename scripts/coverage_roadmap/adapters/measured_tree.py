"""The measured tree of a project: as it lies there, and as it is committed at HEAD."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import files, git, requirements, settings_files
from coverage_roadmap.core import tree
from coverage_roadmap.core.baseline import FILE
from coverage_roadmap.core.measurement import Tree
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import RecordError

_KEPT_OUT = frozenset(
    {".git", "__pycache__", ".coverage-roadmap", ".nox", ".tox", ".venv", "node_modules"}
    | {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
)
"""Folders of tools, which a run may change whether git ignores them or not."""


class Seen(Struct, frozen=True):
    """The measured tree now, at HEAD (None outside of git), and which files differ between the two."""

    now: Tree
    head: Tree | None
    dirty: tuple[str, ...]


def look(roadmap: Roadmap, project: Path, repository: git.Repository | None) -> Seen:
    """Hash all that a measurement rests on."""
    parts = _parts(roadmap)
    every = sorted({path for paths in parts.values() for path in paths})
    texts_now = _settings_now(project, roadmap, repository)
    if repository is None:
        blobs = {path: _hash(project / path) for path in walk(project, every)}
        needed = requirements.closure(roadmap.requirements, lambda path: requirements.read(project / path))
        return Seen(_tree(roadmap, parts, blobs, texts_now, needed), None, ())
    needed = _needed(repository, roadmap, None)
    told = settings_files.held(repository, texts_now)
    blobs, changed = git.blobs_now(repository, [*every, *needed, *tree.SETTINGS_FILES, *told])
    dirty = tuple(path for path in changed if counts(path))
    now = _tree(roadmap, parts, blobs, texts_now, needed)
    if repository.head is None:
        return Seen(now, None, dirty)
    if not dirty and {*needed, *texts_now} <= blobs.keys():
        return Seen(now, now, ())
    return Seen(now, at(roadmap, repository, repository.head), dirty)


def at(roadmap: Roadmap, repository: git.Repository, commit: str) -> Tree:
    """The measured tree as committed, by a config."""
    parts = _parts(roadmap)
    blobs = git.blobs_at(repository, commit, sorted({path for paths in parts.values() for path in paths}))
    texts = settings_files.at(repository, commit, roadmap)
    return _tree(roadmap, parts, blobs, texts, _needed(repository, roadmap, commit))


def _needed(repository: git.Repository, roadmap: Roadmap, commit: str | None) -> dict[str, str]:
    """The requirements files with all that they include in the repository, as they lie there or as committed."""
    whole = replace(repository, project=repository.top, prefix="")

    def read(path: str) -> str | None:
        if path.startswith(("..", "/")):
            return None
        return git.contents_at(whole, commit, [path]).get(path) if commit else requirements.read(whole.top / path)

    found = requirements.closure([f"{repository.prefix}{path}" for path in roadmap.requirements], read)
    return {os.path.relpath(path, repository.prefix or "."): text for path, text in found.items()}


def _parts(roadmap: Roadmap) -> dict[str, list[str]]:
    conftests = [_join(folder, "conftest.py") for folder in tree.conftest_folders(roadmap.tests)]
    return {
        "source": [os.path.normpath(path) for path in roadmap.source],
        "tests": [*(os.path.normpath(path) for path in roadmap.tests), *conftests],
        "setup": ["setup.py"] if roadmap.install else [],
    }


def counts(path: str) -> bool:
    """Whether a file can be part of what is measured: no tool's cache, and not the baseline that is made of it."""
    return not path.endswith((".pyc", ".pyo")) and path != FILE and _KEPT_OUT.isdisjoint(path.split("/")[:-1])


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _tree(
    roadmap: Roadmap,
    parts: Mapping[str, Sequence[str]],
    blobs: Mapping[str, str],
    texts: Mapping[str, str],
    needed: Mapping[str, str],
) -> Tree:
    """Join the hashes: `blobs` of files, `texts` of settings files, and `needed`, the requirements files' texts."""
    counted = {path: blob for path, blob in blobs.items() if counts(path) and path not in texts}
    inside = {
        part: {p: b for p, b in counted.items() if any(p == r or r == "." or p.startswith(f"{r}/") for r in paths)}
        for part, paths in parts.items()
    }
    metadata = tree.metadata(texts) if roadmap.install else {}
    return Tree(
        source=tree.hash_of(inside["source"]),
        tests=tree.hash_of(inside["tests"]),
        requirements=tree.hash_of({**needed, **metadata, **inside["setup"]}),
        settings=tree.settings_hash(texts, _keys(roadmap)),
    )


def _keys(roadmap: Roadmap) -> dict[str, Any]:
    return {
        "source": roadmap.source,
        "env": roadmap.env,
        "pytest-args": roadmap.pytest_args,
        "install": roadmap.install,
        "test-timeout": roadmap.test_timeout,
    }


def _settings_now(project: Path, roadmap: Roadmap, repository: git.Repository | None) -> dict[str, str]:
    lost: list[RecordError] = []
    texts = settings_files.now(project, roadmap, repository, lost)
    if lost:
        raise lost[0]
    return texts


def walk(project: Path, paths: Sequence[str]) -> Iterator[str]:
    """All files below `paths`, outside of git: names in the project."""
    for path in paths:
        if (project / path).is_file():
            yield path
        for folder, folders, names in os.walk(project / path):
            folders[:] = [name for name in folders if name not in _KEPT_OUT]
            yield from (os.path.relpath(Path(folder) / name, project) for name in names)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with files.opened(path) as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError:
        return "unreadable"
    return digest.hexdigest()
