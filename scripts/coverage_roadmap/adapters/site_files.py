"""The files in which a threshold may stand: the project's own, and those of CI at the git root."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import config_file, files, git
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.errors import RecordError

NAMES = frozenset(
    {
        *("pytest.ini", "pytest.toml", ".pytest.ini", ".pytest.toml", "setup.cfg", "tox.ini", "pyproject.toml"),
        *(".coveragerc", ".coveragerc.toml", "Makefile", "makefile", "GNUmakefile", "noxfile.py", "tasks.py"),
        *(".pre-commit-config.yaml", ".gitlab-ci.yml", "codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml"),
    }
)
AT_ROOT = frozenset(
    {"Makefile", "makefile", "GNUmakefile", ".pre-commit-config.yaml", ".gitlab-ci.yml"}
    | {"codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml"}
)
WORKFLOWS = ".github/workflows/"
OWN_HOME = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})
"""A folder below the project that holds one of these is a project of its own."""


class SiteFiles(Struct, frozen=True):
    """The texts, by their paths from the project, and what could not be read."""

    texts: dict[str, str]
    outside: frozenset[str]
    """Those that lie at the git root and not in the project: a site there must name the project."""
    unreadable: tuple[RecordError, ...] = ()


def present(located: Located, repository: git.Repository | None, ignore: Iterable[str] = ()) -> SiteFiles:
    """The files as they lie there. `ignore` has patterns of paths from the project."""
    project = located.project
    top = repository.top if repository else project
    workflows = top / WORKFLOWS
    root = [*AT_ROOT, *(WORKFLOWS + path.name for path in (workflows.iterdir() if workflows.is_dir() else ()))]
    names, outside = _chosen(located, top, _listed(project, repository), root, ignore)
    texts: dict[str, str] = {}
    unreadable = []
    for name in names:
        if (project / name).is_file():
            try:
                texts[name] = files.read_exact(project / name)
            except RecordError as error:
                unreadable.append(error)
    return SiteFiles(texts, outside.intersection(texts), tuple(unreadable))


def at(located: Located, repository: git.Repository, commit: str, ignore: Iterable[str] = ()) -> SiteFiles:
    """The files as committed.

    Raises:
        ToolError: git failed.
    """
    whole = replace(repository, project=repository.top, prefix="")
    committed = git.files_at(whole, commit)
    own = [name.removeprefix(repository.prefix) for name in committed if name.startswith(repository.prefix)]
    names, outside = _chosen(located, repository.top, own, committed, ignore)
    by_top = {posixpath.normpath(f"{repository.prefix}{name}"): name for name in names}
    blobs = {path: committed[path] for path in by_top if path in committed}
    contents = git.read_blobs(repository, list(blobs.values()))
    texts = {
        by_top[path]: content.decode("utf-8", "surrogateescape")
        for path, content in zip(blobs, contents, strict=True)
        if len(content) <= files.LARGEST_TEXT
    }
    return SiteFiles(texts, outside.intersection(texts))


def _chosen(
    located: Located, top: Path, listed: Iterable[str], root: Iterable[str], ignore: Iterable[str]
) -> tuple[list[str], frozenset[str]]:
    """The names of the files, from the project; and which of them lie at the git root alone.

    Args:
        located: the config.
        top: the git root.
        listed: the project's files.
        root: files at the git root.
        ignore: patterns of names that are left out.
    """
    project = located.project
    listed = list(listed)
    own = list(_of_project(listed, _other_projects(project, listed)))
    ci = [_from(project, top / name) for name in sorted(root) if _is_of_ci(name)]
    config = _from(project, located.file)
    names = [n for n in dict.fromkeys([*own, *ci, config]) if not any(fnmatchcase(n, pattern) for pattern in ignore)]
    return names, frozenset(ci) - {config} if top != project else frozenset()


def own_names(located: Located, repository: git.Repository | None) -> frozenset[str]:
    """How a step of CI may name this project: by its folder or its config, from the git root."""
    top = repository.top if repository else located.project
    paths = (located.project, located.file)
    return frozenset(_from(top, path) for path in paths if path.is_relative_to(top))


def _from(project: Path, path: Path) -> str:
    return PurePosixPath(os.path.relpath(path, project)).as_posix()


def _listed(project: Path, repository: git.Repository | None) -> list[str]:
    """The project's files that git knows or would add; without git those at its top."""
    if repository is not None:
        return git.listed(repository)
    return sorted(entry.name for entry in project.iterdir() if entry.is_file())


def _other_projects(project: Path, listed: Iterable[str]) -> set[str]:
    """The folders below ours that another roadmap's config names as its project."""
    found = set()
    for name in listed:
        if _last(name) == "pyproject.toml":
            other = config_file.project_of(project / name)
            if other and other != project and other.is_relative_to(project):
                found.add(other.relative_to(project).as_posix())
    return found


def _of_project(listed: Iterable[str], others: set[str]) -> Iterator[str]:
    """Less those of nested projects. Names are looked at as text: a project may have many."""
    names = [name for name in listed if (last := _last(name)) in NAMES or last in OWN_HOME or last.endswith(".sh")]
    nested = others | {posixpath.dirname(name) for name in names if _last(name) in OWN_HOME and "/" in name}
    for name in names:
        last = _last(name)
        if nested.isdisjoint(_above(name)) and (last in NAMES or last not in OWN_HOME | {".sh"}):
            yield name


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _above(name: str) -> Iterator[str]:
    """The folders that hold a file, from the nearest."""
    while name := posixpath.dirname(name):
        yield name


def _is_of_ci(name: str) -> bool:
    """Whether a file at the git root may hold a gate of CI."""
    folder, _, last = name.rpartition("/")
    return name in AT_ROOT or (f"{folder}/" == WORKFLOWS and last.endswith((".yml", ".yaml")))
