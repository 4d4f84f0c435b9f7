"""The measured tree of a project: as it lies there, and as it is committed at HEAD."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage_roadmap.adapters import files, git
from coverage_roadmap.core import tree
from coverage_roadmap.core.measurement import Tree
from coverage_roadmap.core.roadmap import Roadmap

_KEPT_OUT = frozenset({".git", "__pycache__", ".coverage-roadmap", ".nox", ".venv", "node_modules"})


@dataclass(frozen=True, slots=True)
class Seen:
    """The measured tree now, at HEAD (None outside of git), and which files differ between the two."""

    now: Tree
    head: Tree | None
    dirty: tuple[str, ...]


def look(roadmap: Roadmap, project: Path, repository: git.Repository | None) -> Seen:
    """Hash all that a measurement rests on."""
    parts = _parts(roadmap)
    every = sorted({path for paths in parts.values() for path in paths})
    if repository is None:
        blobs = {path: _hash(project / path) for path in _walk(project, every)}
        return Seen(_tree(roadmap, parts, blobs, _settings_now(project)), None, ())
    blobs, dirty = git.blobs_now(repository, [*every, *tree.SETTINGS_FILES])
    texts_now = _settings_now(project)
    now = _tree(roadmap, parts, blobs, texts_now)
    if repository.head is None:
        return Seen(now, None, tuple(dirty))
    if not dirty:
        return Seen(now, now, ())
    head_blobs = git.blobs_at(repository, repository.head, every)
    texts = git.contents_at(repository, repository.head, tree.SETTINGS_FILES)
    return Seen(now, _tree(roadmap, parts, head_blobs, texts), tuple(dirty))


def _parts(roadmap: Roadmap) -> dict[str, list[str]]:
    conftests = [_join(folder, "conftest.py") for folder in tree.conftest_folders(roadmap.tests)]
    installs = ["pyproject.toml", "setup.py", "setup.cfg"] if roadmap.install else []
    return {
        "source": [os.path.normpath(path) for path in roadmap.source],
        "tests": [*(os.path.normpath(path) for path in roadmap.tests), *conftests],
        "requirements": [*(os.path.normpath(path) for path in roadmap.requirements), *installs],
    }


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _tree(
    roadmap: Roadmap, parts: Mapping[str, Sequence[str]], blobs: Mapping[str, str], texts: Mapping[str, str]
) -> Tree:
    hashes = {}
    for part, paths in parts.items():
        inside = {p: b for p, b in blobs.items() if any(p == r or r == "." or p.startswith(f"{r}/") for r in paths)}
        hashes[part] = tree.hash_of(inside)
    return Tree(**hashes, settings=tree.settings_hash(texts, _keys(roadmap)))


def _keys(roadmap: Roadmap) -> dict[str, Any]:
    return {
        "source": roadmap.source,
        "env": roadmap.env,
        "pytest-args": roadmap.pytest_args,
        "install": roadmap.install,
        "test-timeout": roadmap.test_timeout,
    }


def _settings_now(project: Path) -> dict[str, str]:
    return {name: files.read_text(project / name) for name in tree.SETTINGS_FILES if (project / name).is_file()}


def _walk(project: Path, paths: Sequence[str]) -> Iterator[str]:
    """All files below `paths`, outside of git: names in the project."""
    for path in paths:
        if (project / path).is_file():
            yield path
        for folder, folders, names in os.walk(project / path):
            folders[:] = [name for name in folders if name not in _KEPT_OUT]
            for name in names:
                if not name.endswith(".pyc"):
                    yield os.path.relpath(Path(folder) / name, project)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    except OSError:
        return "unreadable"
    return digest.hexdigest()
