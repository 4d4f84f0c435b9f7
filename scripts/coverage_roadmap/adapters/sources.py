"""The project's sources at a revision or as they lie there, counted; what was counted once is remembered."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from coverage_roadmap.adapters import files, git, measured_tree, settings_files
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core import hidden, settings, statements
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.scope import Snapshot
from coverage_roadmap.core.settings import Settings
from coverage_roadmap.core.statements import Lines, Unparsed
from coverage_roadmap.errors import RecordError

LARGEST = 8 * 2**20
"""A larger source is not counted. Bytes."""
_TOGETHER = 64 * 2**20
"""How much is read of git at once. Bytes."""
_TELLING = (".py", ".pyw", "pyvenv.cfg")
"""How the files end that tell what there is to measure."""
Counted = Lines | Unparsed
Read = Callable[[Sequence[str]], Iterator[tuple[str, bytes | Unparsed]]]
"""Takes keys of contents, gives each with its content, or why it cannot be had."""


def count(
    memory: Memory, keys: Iterable[str], exclude: Sequence[str], read: Read, partial: Sequence[str] = ()
) -> dict[str, Counted]:
    """What counts in each content: recalled, else read and counted, once.

    Args:
        memory: what was counted before.
        keys: a name of each content that no other content has.
        exclude: the exclusion patterns.
        read: reads the contents that are not known.
        partial: the patterns that ask for no second branch.
    """

    def make(cold: Sequence[str]) -> Iterator[tuple[str, Counted, bool]]:
        for key, data in read(cold):
            if isinstance(data, Unparsed):
                yield key, data, False
            else:
                yield key, statements.count_bytes(data, exclude, partial), True

    return memory.made(Counted, (tuple(exclude), tuple(partial)), keys, make)


def present(
    project: Path,
    repository: git.Repository | None,
    roadmap: Roadmap,
    memory: Memory,
) -> Snapshot:
    """The scope as it lies in the work tree, ignored files and tools' folders left out.

    Args:
        project: the project's folder.
        repository: its repository; None outside of git.
        roadmap: what it measures, and its words and variables for pytest.
        memory: what was counted before.

    Raises:
        ToolError: git failed.
    """
    if repository is None:
        blobs: dict[str, str] = {}
        listed = list(measured_tree.walk(project, ["."]))
    else:
        blobs, changed = git.blobs_now(repository, ["."])
        listed = list(blobs)
        for path in changed:
            blobs.pop(path, None)
    python = _python(path for path in listed if path.endswith(_TELLING) and _is_regular(f"{project}/{path}"))
    resolved = _resolve(settings_files.now(project, roadmap, repository, []), roadmap, repository)
    root = project.resolve()
    measured = settings.measured(resolved, python, root.as_posix())
    contents: dict[str, bytes | Unparsed] = {}
    aside = hidden.aside(roadmap.waivers, python, measured, resolved, root.as_posix())
    keys = {path: blobs.get(path) or _lying(project / path, contents) for path in (*measured, *aside)}

    def read(cold: Sequence[str]) -> Iterator[tuple[str, bytes | Unparsed]]:
        yield from ((key, contents[key]) for key in cold if key in contents)
        if repository is not None:
            yield from _of_git(repository, [key for key in cold if key not in contents])

    return _snapshot(resolved, keys, python, root, memory, read, aside)


def at(repository: git.Repository, commit: str, roadmap: Roadmap, memory: Memory) -> Snapshot:
    """The scope as committed; see `present`.

    Raises:
        ToolError: git failed, or the commit is not in this clone.
    """
    blobs = git.files_at(repository, commit)
    python = _python(blobs)
    resolved = _resolve(settings_files.at(repository, commit, roadmap), roadmap, repository)
    root = repository.project.resolve()
    keys = {path: blobs[path] for path in settings.measured(resolved, python, root.as_posix())}
    return _snapshot(resolved, keys, python, root, memory, lambda cold: _of_git(repository, cold))


def _snapshot(
    resolved: Settings,
    keys: Mapping[str, str],
    python: frozenset[str],
    root: Path,
    memory: Memory,
    read: Read,
    aside: frozenset[str] = frozenset(),
) -> Snapshot:
    counted = count(memory, keys.values(), resolved.exclude, read, resolved.partial)
    files = {path: counted[key] for path, key in keys.items() if path not in aside}
    left = {path: counted[keys[path]] for path in aside}
    return Snapshot(resolved, files, python, root.as_posix(), settings.loose(resolved, files, python), left)


def _python(paths: Iterable[str]) -> frozenset[str]:
    """The project's own Python files: neither a tool's nor an environment's."""
    every = [os.path.normpath(path) for path in paths if path.endswith(_TELLING)]
    environments = {path.rpartition("/")[0] for path in every if path.endswith("pyvenv.cfg")}
    return frozenset(
        path
        for path in every
        if path.endswith((".py", ".pyw"))
        and measured_tree.counts(path)
        and not (environments and any(settings.under(path, folder) for folder in environments))
    )


def _is_regular(path: str) -> bool:
    """Whether a file lies there itself; a symbolic link is measured where it leads."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _resolve(texts: Mapping[str, str], roadmap: Roadmap, repository: git.Repository | None) -> Settings:
    places = settings_files.homes(roadmap, repository)
    return settings.resolve(texts, roadmap.source, roadmap.pytest_args, roadmap.env, places)


def _lying(path: Path, contents: dict[str, bytes | Unparsed]) -> str:
    """A name of what lies in a file; adds its content."""
    try:
        data = files.read_bounded(path, LARGEST)
    except RecordError as error:
        key = f"unread:{path}"
        contents[key] = Unparsed(0, error.what)
    else:
        key = hashlib.sha256(data).hexdigest()
        contents[key] = data
    return key


def _of_git(repository: git.Repository, blobs: Sequence[str]) -> Iterator[tuple[str, bytes | Unparsed]]:
    """Contents that git has, so many at once as are no burden."""
    batch: list[str] = []
    room = _TOGETHER
    for blob, size in zip(blobs, git.blob_sizes(repository, blobs) if blobs else (), strict=True):
        if size > LARGEST:
            yield blob, Unparsed(0, f"is larger than {LARGEST // 2**20} MiB")
            continue
        if size > room:
            yield from zip(batch, git.read_blobs(repository, batch), strict=True)
            batch, room = [], _TOGETHER
        batch.append(blob)
        room -= size
    yield from zip(batch, git.read_blobs(repository, batch), strict=True)
