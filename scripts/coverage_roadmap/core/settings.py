"""Coverage.py's settings as they can be told from their texts, and which files they leave to be measured."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from coverage_roadmap.core import pragma, pytest_settings, settings_text
from coverage_roadmap.core.patterns import Matcher
from coverage_roadmap.core.pytest_settings import HERE, Homes, PytestSettings
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.settings_text import Table
from coverage_roadmap.core.statements import DEFAULT_EXCLUDE

DEFAULT_PARTIAL = (r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(branch|BRANCH)",)
"""Where coverage.py asks for no second branch, where the settings do not replace it."""
FILES = {".coveragerc": True, ".coveragerc.toml": True, "setup.cfg": False, "tox.ini": False, "pyproject.toml": False}
"""Where coverage.py looks for its settings, in this order, and whether the file is its own."""
_FOUND_UNRUN = regex(r"[^.#~!$@%^&*()+=,]+\.pyw?")


class Settings(Struct, frozen=True):
    """What coverage.py's settings make of the scope."""

    source: tuple[str, ...]
    """The folders that are measured: the roadmap's, and coverage.py's `source_dirs`."""
    file: str = ""
    """The file that holds coverage.py's settings; empty where none does."""
    include: tuple[str, ...] = ()
    """Where there are any, only the files that fit one are reported."""
    omit: tuple[str, ...] = ()
    """Of measuring and of reporting."""
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    partial: tuple[str, ...] = DEFAULT_PARTIAL
    branch: bool = False
    packages: tuple[str, ...] = ()
    """`source_pkgs`: which files these are only an import tells, so they are only compared as words."""
    plugins: tuple[str, ...] = ()
    """They may measure more than is told here."""
    ignore_errors: bool = False
    """Whether a file that does not parse is left out of the report without a word."""
    namespaces: bool = False
    """Whether files that no test imports count in folders without `__init__.py` too."""
    problem: str = ""
    """Why coverage.py would refuse the file; all that it could have set has its default here."""


def named_file(pytest: PytestSettings, words: Sequence[str]) -> str | None:
    """The file that `--cov-config` names, in pytest's settings or in further `words` for pytest; None without one."""
    named = settings_text.option([*pytest.addopts, *words], "--cov-config")
    return None if named in (None, "", ".coveragerc") else named


def resolve(
    texts: Mapping[str, str],
    source: Sequence[str],
    words: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    places: Homes = HERE,
) -> Settings:
    """Coverage.py's settings for a run of the roadmap's.

    Args:
        texts: the settings files of pytest and coverage.py that exist, by name, whole; also the one of `named_file`.
        source: the folders that the roadmap measures; they take the place of coverage.py's own `source`.
        words: the config's further words for pytest.
        variables: the environment variables that the settings may name.
        places: where pytest looks for its own.
    """
    pytest = pytest_settings.find(texts, places, words)
    named = named_file(pytest, words)
    folders = _tidy(source)
    branch = "--cov-branch" in (*pytest.addopts, *words)
    tried = ((named, True),) if named else tuple((name, own) for name, own in FILES.items() if name in texts)
    for name, own in tried:
        try:
            if name not in texts:
                raise ValueError("is named by --cov-config, and cannot be read")  # noqa: TRY301
            table = settings_text.coverage_table(name, texts[name], own=own, variables=variables or {})
            if own or table.holds:
                return _read(name, table, folders, branch=branch)
        except ValueError as error:
            return Settings(folders, file=name, branch=branch, problem=f"{name}: {error}")
    return Settings(folders, branch=branch)


def _read(name: str, table: Table, source: tuple[str, ...], *, branch: bool) -> Settings:
    """The settings that a file holds.

    Raises:
        ValueError: coverage.py would refuse them.
    """

    def expressions(option: str, also: str, default: tuple[str, ...]) -> tuple[str, ...]:
        first = table.expressions("report", option) if table.has("report", option) else default
        found = (*first, *table.expressions("report", also))
        settings_text.proved(pragma.joined(found), option)  # some can be used alone, and not beside others
        return found

    settings = Settings(
        source=_tidy((*source, *table.words("run", "source_dirs"))),
        file=name,
        include=table.words("report", "include"),
        omit=tuple(dict.fromkeys((*table.words("run", "omit"), *table.words("report", "omit")))),
        exclude=expressions("exclude_lines", "exclude_also", DEFAULT_EXCLUDE),
        partial=expressions("partial_branches", "partial_also", DEFAULT_PARTIAL),
        branch=branch or table.boolean("run", "branch"),
        packages=table.words("run", "source_pkgs"),
        plugins=table.words("run", "plugins"),
        ignore_errors=table.boolean("report", "ignore_errors"),
        namespaces=table.boolean("report", "include_namespace_packages"),
    )
    Matcher((*settings.include, *settings.omit), "/")
    return settings


def _tidy(folders: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(posixpath.normpath(folder) for folder in folders))


def under(path: str, folder: str) -> bool:
    """Whether a path in the project is the folder's, or below it."""
    return path == folder or path.startswith(f"{folder}/") or (folder == "." and not path.startswith(("../", "/")))


def measured(settings: Settings, files: Iterable[str], root: str) -> tuple[str, ...]:
    """Which files are in scope: Python files below `source` that fit an `include`, where there is any, and no `omit`.

    Args:
        settings: from `resolve`, without a problem.
        files: paths in the project.
        root: the project's folder, absolute, without symbolic links.
    """
    include, omit = Matcher(settings.include, root), Matcher(settings.omit, root)
    return tuple(
        path
        for path in files
        if path.endswith((".py", ".pyw"))
        and any(under(path, folder) for folder in settings.source)
        and (not settings.include or include.fits(path))
        and not omit.fits(path)
    )


def loose(settings: Settings, files: Iterable[str], present: frozenset[str]) -> frozenset[str]:
    """Which of the measured `files` count only where a test imports them.

    Coverage.py looks for files that nothing imported only in folders with an `__init__.py`.

    Args:
        settings: from `resolve`.
        files: paths in the project, in scope.
        present: all Python files of the project.
    """
    known: dict[tuple[str, str], bool] = {}

    def found(path: str, source: str) -> bool:
        folder, _, name = path.rpartition("/")
        if (folder, source) not in known:
            known[folder, source] = _looks_into(settings, folder, source, present)
        return known[folder, source] and _FOUND_UNRUN.fullmatch(name) is not None

    return frozenset(
        path for path in files if not any(under(path, one) and found(path, one) for one in settings.source)
    )


def _looks_into(settings: Settings, folder: str, source: str, present: frozenset[str]) -> bool:
    """Whether coverage.py, looking for files below a measured folder, gets into this one below it."""
    while not settings.namespaces and folder not in (source, ""):
        if posixpath.join(folder, "__init__.py") not in present:
            return False
        folder = posixpath.dirname(folder)
    return True
