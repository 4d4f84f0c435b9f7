"""Figures from coverage's data, made by the coverage.py that measured, and remembered file by file.

Coverage.py parses every source anew for each report, which takes longer than all that we do beside it. So what it said
of a file is remembered, under a hash of everything that it was told about it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter as Counted
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import counter, covered_lines, covered_paths
from coverage_roadmap.adapters.counter import Counter
from coverage_roadmap.adapters.coverage_settings import Settings
from coverage_roadmap.adapters.covered_lines import Ran
from coverage_roadmap.adapters.files import NO_FILE
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core.measurement import FORMAT, FileFigures, Scope
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError

_BLOCK = 2**20
Said = tuple[str, FileFigures] | None
"""What coverage.py said of a file, by its own name for it; None where its settings leave the file out."""


class Figures(Struct, frozen=True):
    """The measured files by their path in the project, and the scope."""

    files: dict[str, FileFigures]
    scope: Scope
    lost: tuple[str, ...] = ()
    """Data files that killed processes left and that cannot be read, in coverage.py's words."""
    python: str = ""
    """The Python that counted, such as 3.11."""
    coverage: str = ""
    """The version of coverage.py that counted."""


class Place(Struct, frozen=True):
    """Where it is counted."""

    project: Path
    source: Sequence[str]
    """The folders that were measured."""
    folder: Path
    """The run's, with `data/.coverage` in it."""
    memory: Memory

    @property
    def data(self) -> Path:
        """Coverage's data file."""
        return self.folder / "data" / ".coverage"


def read(python: str, place: Place, config_file: str, env: Mapping[str, str]) -> Figures | None:
    """The figures of the data in a run's folder; None where nothing was measured.

    Args:
        python: the interpreter that measured.
        place: the run's folder, whose data is read, with what killed processes left beside it.
        config_file: coverage's config file, as pytest-cov was told; empty for its default.
        env: the run's environment variables.

    Raises:
        RecordError: the data or a source cannot be read.
        ToolError: the interpreter cannot be started.
    """
    parts = sorted(place.data.parent.glob(f"{place.data.name}.*"))
    if not (parts or place.data.exists()):
        return None
    with counter.started(python, config_file, place.source, place.project, env, place.memory) as counting:
        try:
            lost = counting.combine(place.data, parts) if parts else ()
            ran = covered_lines.read(place.data)
            return count(counting, place, hashed(ran, place.project) if ran else None, lost)
        except RecordError as error:
            raise _located(error, place) from error


def _located(error: RecordError, place: Place) -> RecordError:
    start = "" if error.what.startswith(("coverage data", "are no")) else "coverage data cannot be read: "
    return RecordError(f"{start}{error.what}", where=str(place.data.parent), next_step="run the phase again")


class Hashed(Struct, frozen=True):
    """What ran, and by the name of each file that can be read a hash of its content and of what ran in it."""

    ran: Ran
    keys: dict[str, str]


def hashed(ran: Ran, project: Path) -> Hashed:
    """Look at the files in which something ran.

    Passed over is one that a plugin of coverage's tells of, one that is named twice, and one that is reached by a
    symbolic link: its figures rest on what ran in the file that the link leads to.

    Raises:
        RecordError: one is no regular file.
    """
    keys, start = {}, f"{project}/"
    paths = {name: os.path.join(start, name) for name in ran.lines}  # noqa: PTH118 - paths take longer than the files
    times = Counted(paths.values())
    straight: dict[str, bool] = {}
    for name in ran.lines.keys() - ran.traced:
        path = paths[name]
        folder = path.rpartition("/")[0]
        try:
            sole = times[path] == 1 and covered_paths.is_straight(folder, straight)
            content = _content(path) if sole else None
        except (OSError, ValueError):
            content = None
        if content is None:
            _refuse_no_file(path)
            continue  # coverage.py says what it makes of it
        told = (name.removeprefix(start).encode("utf-8", "surrogateescape"), ran.told(name), content)
        keys[name] = hashlib.sha256(b"%d %d\n%b%b%b" % (len(told[0]), len(told[1]), *told)).hexdigest()
    return Hashed(ran, keys)


def _content(path: str) -> bytes:
    """The bytes of a file, which is no link; a third of the time that a file object takes, for many.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(NO_FILE)
        content = os.read(file, _BLOCK)
        while len(content) % _BLOCK == 0 and (more := os.read(file, _BLOCK)):
            content += more
    finally:
        os.close(file)
    return content


def _refuse_no_file(path: str) -> None:
    """Refuse what is there and is no regular file, also where links lead to it: coverage.py would wait for its end.

    Raises:
        RecordError: it is a pipe, a socket or a device.
    """
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):  # noqa: PTH110, PTH112, PTH113
        told = f"coverage data names {plain(path)[:200]}, and {NO_FILE}"
        raise RecordError(f"{told}: take it out of source, or omit it in coverage's settings")


def named(name: str, settings: Settings, project: Path) -> str:
    """What a file is called in a data file that coverage.py reads here."""
    return name if settings.relative or name.startswith("/") else f"{project}/{name}"


def count(counting: Counter, place: Place, seen: Hashed | None, lost: Sequence[str] = ()) -> Figures | None:
    """The figures of what ran, which stands in the place's data file; None where there is nothing to count.

    Args:
        counting: who counts.
        place: where.
        seen: what ran; None where coverage.py alone can read it, so that nothing is remembered.
        lost: what is missing in it, in coverage.py's words.

    Raises:
        RecordError: a source cannot be read, or coverage.py refuses its settings.
    """
    settings = counting.settings
    report = place.folder / "figures.json"
    if seen is None or settings.beyond:
        said = counting.report(place.data, None, report)
        found, branch = said.files, said.branch
    else:
        found, branch = _remembered(counting, place, seen, report), bool(seen.ran.branch)
    if not found:
        return None
    start = f"{place.project}/"
    figures = {name.removeprefix(start): found[name] for name in sorted(found)}
    scope = Scope(tuple(place.source), settings.include, settings.omit, settings.exclude, branch, len(figures))
    return Figures(figures, scope, tuple(lost), settings.python, settings.coverage)


def _remembered(counting: Counter, place: Place, seen: Hashed, report: Path) -> dict[str, FileFigures]:
    """What coverage.py says of each file, asked only for what it was not asked before, by its own names."""
    settings = counting.settings
    by_key = {key: name for name, key in seen.keys.items()}
    never = [name for name in seen.ran.lines if name not in seen.keys]
    found: dict[str, FileFigures] = {}

    def make(keys: Sequence[str]) -> Iterator[tuple[str, Said, bool]]:
        asked = {os.path.join(place.project, by_key[key]): key for key in keys}  # noqa: PTH118
        names = [named(name, settings, place.project) for name in (*(by_key[key] for key in keys), *never)]
        files = counting.report(place.data, names, report).files if names else {}
        lines = {by_key[key]: seen.ran.lines[by_key[key]] for key in keys}
        still = hashed(replace(seen.ran, lines=lines), place.project).keys  # one may have been written to meanwhile
        for told, figures in files.items():
            if key := asked.pop(os.path.join(place.project, told), ""):  # noqa: PTH118
                yield key, (told, figures), still.get(by_key[key]) == key
            else:
                found[told] = figures
        unasked = {os.path.join(place.project, name) for name in never}  # noqa: PTH118
        known = all(os.path.join(place.project, told) in unasked for told in found)  # noqa: PTH118
        for key in asked.values():
            yield (
                key,
                None,
                known and still.get(by_key[key]) == key,
            )  # of files that it calls by names of its own, we cannot say that they are left out

    deciding = (settings.deciding, settings.coverage, seen.ran.branch, str(place.project), FORMAT)
    said = place.memory.made(Said, deciding, by_key, make)
    return {**found, **dict(one for one in said.values() if one)}
