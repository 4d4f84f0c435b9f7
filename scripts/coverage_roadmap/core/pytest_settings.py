"""Pytest's settings: which file it takes them from, and what that file says.

Pytest looks in the folder that its tests have in common, and then in each folder above it; the first file that holds
settings of its wins whole, so that one beside the tests takes the place of the project's.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from coverage_roadmap.core import settings_text

Homes = Sequence[Sequence[str]]
"""Folders of the project in the order in which pytest looks into them; a later group where an earlier gave nothing."""
HERE: Homes = (("",),)
"""The project's folder alone."""
_FILES: tuple[tuple[str, tuple[tuple[str, ...], ...], bool], ...] = (
    ("pytest.toml", (("pytest",),), True),
    (".pytest.toml", (("pytest",),), True),
    ("pytest.ini", (("pytest",),), True),
    (".pytest.ini", (("pytest",),), True),
    ("pyproject.toml", (("tool", "pytest", "ini_options"), ("tool", "pytest")), False),
    ("tox.ini", (("pytest",),), False),
    ("setup.cfg", (("tool:pytest",),), False),
)
"""Where pytest looks: file, the tables that hold its settings, and whether it is pytest's own."""
_NAMING = ("-c", "--config-file")


class PytestSettings(Struct, frozen=True):
    """What one file says to pytest."""

    file: str = ""
    """Its path from the project; empty where no file does."""
    table: Mapping[str, Any] = field(default_factory=dict)

    @property
    def addopts(self) -> list[str]:
        """The words that are put before those of the command line; none where they cannot be read."""
        return split(self.table.get("addopts"))


def homes(tests: Iterable[str], above: int = 0) -> Homes:
    """Where pytest looks for its settings when it is told to run these tests.

    Args:
        tests: paths and node ids in the project.
        above: how many folders above the project's are looked into.
    """
    folders = list(dict.fromkeys(_folder(test) for test in tests)) or [""]
    common = posixpath.commonpath(folders) if len(folders) > 1 else folders[0]
    groups = [[*_upwards(common), *(posixpath.join(*[".."] * up) for up in range(1, above + 1))]]
    return groups + [list(_upwards(folder)) for folder in folders if folder != common]


def files(places: Homes) -> list[str]:
    """The files that may hold pytest's settings there."""
    return [posixpath.join(home, name) for home in dict.fromkeys(h for g in places for h in g) for name, *_ in _FILES]


def named(words: Sequence[str]) -> str | None:
    """The settings file that pytest is told to take by its command line; None without one."""
    given = [settings_text.option(words, name) for name in _NAMING]
    joined = [word[2:] for word in words if word.startswith("-c") and len(word) > 2]
    return next((posixpath.normpath(one) for one in (*given, *joined) if one), None)


def find(texts: Mapping[str, str], places: Homes = HERE, words: Sequence[str] = ()) -> PytestSettings:
    """Pytest's settings, out of the file from which it takes them; empty where it cannot be read.

    Args:
        texts: the settings files that exist, by their paths from the project, whole.
        places: where pytest looks.
        words: of its command line.
    """
    if one := named(words):
        return PytestSettings(one, (one in texts and _held(one, texts[one])) or {})
    for group in places:
        for path in files([group]):
            if path in texts and (table := _held(path, texts[path])) is not None:
                return PytestSettings(path, table)
        if any(posixpath.join(home, "pyproject.toml") in texts for home in group):
            break
    return PytestSettings()


def shadowed(texts: Mapping[str, str], places: Homes = HERE, words: Sequence[str] = ()) -> dict[str, str]:
    """The files whose settings pytest does not read, since another's go before them: each with that other."""
    taken = find(texts, places, words).file
    others = (path for path in files(places) if taken and path != taken and path in texts)
    return {path: taken for path in others if _held(path, texts[path])}


def split(value: Any) -> list[str]:
    """The words of one of pytest's settings: a list, or a text as a shell takes it; none where it is neither."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    try:
        return shlex.split(value) if isinstance(value, str) else []
    except ValueError:
        return []


def _held(path: str, text: str) -> dict[str, Any] | None:
    """The settings that a file holds, empty where it cannot be read; None where pytest looks further."""
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2]
    likest = {"toml": "pyproject.toml", "cfg": "setup.cfg"}.get(ending, "tox.ini")
    known = {one: (tables, own) for one, tables, own in _FILES}
    tables, own = known.get(name) or known[likest]
    try:
        every = settings_text.read_toml(text) if ending == "toml" else settings_text.read_ini(text, strict=False)
    except ValueError:
        return {}
    found = [table for keys in tables if (table := settings_text.below(every, keys))]
    return found[0] if found else {} if own else None


def _folder(test: str) -> str:
    path = posixpath.normpath(test.split("::")[0])
    path = posixpath.dirname(path) if path.endswith(".py") else path
    return "" if path == "." else path


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
