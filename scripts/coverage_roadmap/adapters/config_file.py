"""Finds the one config and reads it: the table, and the paths that it names."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import files, git
from coverage_roadmap.core.problem import read_roadmap
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.sieve import Problem
from coverage_roadmap.errors import ConfigError, RecordError

VARIABLE = "COVERAGE_ROADMAP_CONFIG"
TABLE = "tool.coverage-roadmap"


class Located(Struct, frozen=True):
    """A roadmap, the file that it stands in, and the project's folder."""

    roadmap: Roadmap
    file: Path
    project: Path


def locate(environ: Mapping[str, str], folder: Path) -> Path:
    """The config file: what COVERAGE_ROADMAP_CONFIG names, else the nearest pyproject.toml upwards with the table.

    Args:
        environ: the environment variables.
        folder: the caller's folder.

    Raises:
        ConfigError: there is none.
    """
    if named := environ.get(VARIABLE):
        path = folder / named
        if path.is_dir():
            path = path / "pyproject.toml"
        if not path.is_file():
            raise ConfigError(
                "no such file", where=f"{VARIABLE}={named}", next_step="name a pyproject.toml, or unset it"
            )
        return path
    for place in [folder, *folder.parents]:
        path = place / "pyproject.toml"
        if path.is_file() and "coverage-roadmap" in files.read_text(path) and _table(path) is not None:
            return path
    raise ConfigError(
        f"no pyproject.toml with [{TABLE}] here or above",
        where=str(folder),
        next_step=f"add the table, or set {VARIABLE} to the file that has it",
    )


def load(environ: Mapping[str, str], folder: Path) -> Located:
    """The roadmap, with all problems of it and of its paths reported at once.

    Raises:
        ConfigError: no config, or one with problems; the message lists them all.
    """
    file = locate(environ, folder).resolve()
    table = _table(file)
    if table is None:
        raise ConfigError(
            f"has no table [{TABLE}]", where=str(file), next_step="add it; the README has one to start from"
        )
    roadmap = _without_problems(table, file)
    return Located(roadmap, file, (file.parent / roadmap.project).resolve())


def refuse_problems(text: str, file: Path) -> None:
    """Refuse a config's text that is to be written.

    Raises:
        ConfigError: it has problems; the message lists them all.
    """
    table = _table_in(text, file)
    if table is not None:
        _without_problems(table, file)


def at(repository: git.Repository, commit: str, file: Path) -> Roadmap | None:
    """The roadmap as committed; None where there was none. Its paths are not looked for.

    Raises:
        ConfigError: it had problems.
    """
    if not file.is_relative_to(repository.top):
        return None
    whole = replace(repository, project=repository.top, prefix="")
    name = file.relative_to(repository.top).as_posix()
    text = git.contents_at(whole, commit, [name]).get(name)
    table = _table_in(text, file) if text is not None else None
    if table is None:
        return None
    roadmap, problems = read_roadmap(table)
    if problems or roadmap is None:
        raise ConfigError(f"had problems: {problems[0]}", where=str(file))
    return roadmap


def project_of(file: Path) -> Path | None:
    """The folder that a roadmap's config names as its project; None where it holds no roadmap, or cannot be read."""
    try:
        table = _table(file)
    except ConfigError:
        return None
    named = None if table is None else table.get("project", ".")
    return (file.parent / named).resolve() if isinstance(named, str) else None


def _without_problems(table: dict[str, object], file: Path) -> Roadmap:
    roadmap, problems = read_roadmap(table)
    if roadmap is not None:
        problems = [*problems, *_missing_paths(roadmap, file)]
    if problems or roadmap is None:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise ConfigError(f"{count} in [{TABLE}]:{lines}", where=str(file))
    return roadmap


def _table(file: Path) -> dict[str, object] | None:
    try:
        return _table_in(files.read_bounded(file, files.LARGEST_TEXT).decode("utf-8"), file)
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not valid TOML: {error}", where=str(file), next_step="mend the file") from error
    except RecordError as error:
        raise ConfigError(error.what, where=error.where) from error


def _table_in(text: str, file: Path) -> dict[str, object] | None:
    try:
        whole = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:  # a number too long, tables too deep
        raise ConfigError(f"is not valid TOML: {error}", where=str(file), next_step="mend the file") from error
    tool = whole.get("tool")
    table = tool.get("coverage-roadmap") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _missing_paths(roadmap: Roadmap, file: Path) -> list[Problem]:
    project = file.parent / roadmap.project
    if not project.is_dir():
        return [Problem("project", repr(roadmap.project), f"no such folder: {project}")]
    named = [("source", path) for path in roadmap.source] + [("tests", path) for path in roadmap.tests]
    named += [("requirements", path) for path in roadmap.requirements]
    return [
        Problem(key, repr(path), f"no such path in {project}")
        for key, path in named
        if not os.path.lexists(project / path)
    ]
