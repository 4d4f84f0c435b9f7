"""Artifacts of shards: written by one job, found and read by another, which takes them for hostile."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from coverage_roadmap.adapters import covered_lines, covered_paths, files, store
from coverage_roadmap.adapters.covered_lines import Ran
from coverage_roadmap.core.artifact import DATA, JOURNAL, JUNIT, MANIFEST, Manifest, Shard, folder_name
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.errors import RecordError, ToolError, UsageError

LARGEST = {MANIFEST: 2**24, JOURNAL: 2**28, JUNIT: 2**28, DATA: 2**29}
"""No such file is larger; a file of coverage's data neither. Bytes."""
MOST_DATA = 256
"""So many processes may have left data in one shard."""
MOST_SEEN = 20_000
"""So many files and folders are looked at below the folders that are given."""
_COPY = regex(r"coverage\.[0-9]{1,4}")
"""The name of a file of coverage's data."""
_OUTSIDE = "outside of the project, so that shards cannot be combined"
AGAIN = "take it away; fetch the artifact anew, or run the shard again"
"""What to do about an artifact that holds what no shard leaves."""


class Artifact(msgspec.Struct, frozen=True):
    """One that was found, with its manifest; its other files are known to be plain and bounded, and no more."""

    folder: Path
    name: str
    """As people know it: its path below the folder that was given."""
    manifest: Manifest
    data: tuple[Path, ...]

    @property
    def journal(self) -> Path:
        """Where its journal lies."""
        return self.folder / JOURNAL

    @property
    def junit(self) -> Path:
        """Where pytest's JUnit XML lies, where there is any."""
        return self.folder / JUNIT


def inside(config_file: str, project: Path) -> str:
    """Coverage's config file from the project; empty for its default.

    Args:
        config_file: as pytest-cov was told.
        project: the project's folder.

    Raises:
        ToolError: it is outside of the project, where no other job has it.
    """
    path = Path(os.path.normpath(project / config_file))
    if not path.is_relative_to(project):
        raise ToolError(f"is {_OUTSIDE}", where=config_file, next_step="put coverage's settings into the project")
    return path.relative_to(project).as_posix() if config_file else ""


def refuse_taken(target: Path) -> None:
    """Refuse a folder that an artifact cannot take the place of; asked before the tests run too.

    Raises:
        ToolError: it holds what is not ours, or no folder can be made there.
    """
    if target.exists() and not (target / MANIFEST).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise ToolError("is in the way: it is no artifact", where=str(target), next_step="name another: --artifact")
    _refuse_no_room(target.parent)


def _refuse_no_room(folder: Path) -> None:
    above = next(path for path in (folder, *folder.parents) if path.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise ToolError("no folder can be made there", where=str(folder), next_step="name another: --artifact")


def refuse_usual(folder: Path, phase: str, shard: Shard) -> None:
    """Refuse where the usual folder of a shard cannot be taken, whichever Python will have measured; asked before the
    tests run, by which that is told.

    Raises:
        ToolError: one of them holds what is not ours, or no folder can be made there.
    """
    for taken in sorted(folder.glob(folder_name(phase, "*", shard))):
        refuse_taken(taken)
    _refuse_no_room(folder)


def leave(target: Path, manifest: Manifest, run: Path, project: Path) -> list[str]:
    """Write an artifact, whole or not at all; an earlier one of ours in its place goes.

    Args:
        target: its folder.
        manifest: what it is of.
        run: the run's folder, with its journal, JUnit XML and data.
        project: the project's folder, which the paths in the data are made relative to.

    Returns:
        Why data of killed processes could not be taken along.

    Raises:
        ToolError: the folder cannot be written, or holds what is not ours.
        RecordError: a file outside of the project was measured.
    """
    refuse_taken(target)
    made = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        (made / DATA).mkdir(parents=True)
        for name in (JOURNAL, JUNIT):
            if (run / name).is_file():
                shutil.copyfile(run / name, made / name)
        lost = list(_copied(sorted((run / DATA).glob(".coverage*")), made / DATA, project))
        told = replace(manifest, lost=tuple(lost), data=len(list((made / DATA).iterdir())))
        files.write_whole(made / MANIFEST, msgspec.json.encode(told))
        shutil.rmtree(target, ignore_errors=True)
        made.replace(target)
    except OSError as error:
        raise files.refused(error, target) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return lost


def _copied(data: Sequence[Path], folder: Path, project: Path) -> Iterator[str]:
    """Copy data with paths from the project. Gives why a file of a killed process could not be."""

    def from_project(name: str) -> str:
        path = Path(os.path.normpath(project / name))
        if not path.is_relative_to(project):
            raise ToolError(
                f"was measured and is {_OUTSIDE}", where=name, next_step="leave it out by coverage's `[run] omit`"
            )
        return path.relative_to(project).as_posix()

    for number, path in enumerate(data, 1):
        copy = folder / f"coverage.{number}"
        shutil.copyfile(path, copy)
        try:
            covered_paths.rewrite(copy, from_project)
        except RecordError as error:
            copy.unlink()
            yield plain(f"{path.name} {error.what}")


def find(folders: Sequence[Path]) -> list[Artifact]:
    """All artifacts below some folders, by their paths.

    Raises:
        UsageError: there is no such folder.
        RecordError: something below is not what a shard leaves; named.
    """
    found: list[Artifact] = []
    seen = 0
    for top in folders:
        if not top.is_dir():
            raise UsageError("no such folder", where=str(top), next_step="name the folder that holds the artifacts")
        for path, folder_names, names in os.walk(top):
            seen += len(folder_names) + len(names)
            if seen > MOST_SEEN:
                told = f"holds more than {MOST_SEEN} files, which no shards leave"
                raise RecordError(told, where=str(top), next_step="name a folder that holds the artifacts alone")
            folder = Path(path)
            _refuse_odd(folder, [*folder_names, *names])
            if MANIFEST in names:
                name = str(folder.relative_to(top)) if folder != top else top.name
                found.append(_read(folder, plain(name), sorted(names)))
                folder_names[:] = []
            elif folder.name == DATA and any(map(_COPY.fullmatch, names)):
                told = f"has lost its {MANIFEST}, without which it cannot be told what it is of"
                raise RecordError(told, where=f"artifact {plain(str(folder.parent))}", next_step=AGAIN)
            folder_names.sort()
    return found


def _refuse_odd(folder: Path, names: Sequence[str]) -> None:
    """Refuse links, devices and the like."""
    for name in names:
        mode = (folder / name).lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            told = "is a link or a device, which no shard leaves"
            raise RecordError(told, where=plain(str(folder / name)), next_step=AGAIN)


def _read(folder: Path, name: str, names: Sequence[str]) -> Artifact:
    """An artifact with its manifest, its files looked at from outside."""
    data = sorted((folder / DATA).iterdir()) if (folder / DATA).is_dir() else []
    _refuse_odd(folder / DATA, [path.name for path in data])
    strange = [one for one in names if one not in (MANIFEST, JOURNAL, JUNIT)]
    strange += [f"{DATA}/{path.name}" for path in data if not (path.name.startswith("coverage.") and path.is_file())]
    strange += [one.name for one in folder.iterdir() if one.is_dir() and one.name != DATA]
    if strange:
        raise _odd(name, f"holds {plain(strange[0])[:200]}, which no shard leaves")
    if len(data) > MOST_DATA:
        raise _odd(name, f"holds more than {MOST_DATA} files of data")
    for one, largest in [(folder / n, LARGEST[n]) for n in names] + [(path, LARGEST[DATA]) for path in data]:
        if one.stat().st_size > largest:
            raise _odd(name, f"{one.name} is larger than {largest // 2**20} MiB")
    content = files.read_bounded(folder / MANIFEST, LARGEST[MANIFEST])
    manifest = store.decode(content, Manifest, f"artifact {name}, {MANIFEST}", next_step=AGAIN)
    if len(data) != manifest.data:
        raise _odd(name, f"holds {many(len(data), 'file')} of coverage's data, and its shard left {manifest.data}")
    return Artifact(folder, name, manifest, tuple(data))


def _odd(name: str, told: str) -> RecordError:
    return RecordError(told, where=f"artifact {name}", next_step=AGAIN)


def examine(artifact: Artifact, known: set[str]) -> Iterator[Ran | None]:
    """What ran, by each of an artifact's data files in turn; None for one whose tables are not those that we know.

    Args:
        artifact: which one.
        known: paths that were found to be in the project before; those found now are added.

    Raises:
        RecordError: one is not what coverage writes; what is odd about it.
    """
    for path in artifact.data:
        try:
            yield covered_lines.examined(path, known)
        except RecordError as error:
            raise _odd(artifact.name, f"{path.name} {error.what}") from error


def take_data(artifact: Artifact, number: int, target: Path, project: Path) -> None:
    """Put an artifact's data, which was examined, where coverage combines it, with the paths of this machine.

    Args:
        artifact: which one.
        number: one that no other artifact of the same combination has.
        target: coverage's data file, beside which the parts are put.
        project: the project's folder.

    Raises:
        ToolError: it cannot be written.
    """
    for part, path in enumerate(artifact.data, 1):
        copy = target.with_name(f"{target.name}.shard.{number}.{part}")
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise files.refused(error, copy) from error
        covered_paths.move(copy, project)
