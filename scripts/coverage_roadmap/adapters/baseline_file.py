"""The baseline's file: as it lies in the project, as it is committed, and as a merge hands it over."""

from __future__ import annotations

import shlex
from pathlib import Path

from coverage_roadmap.adapters import files, git
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.core.baseline import FILE, Baseline, Identity
from coverage_roadmap.core.baseline_text import decode
from coverage_roadmap.errors import RecordError

LARGEST = 64 * 2**20
"""A baseline of 20,000 files has 4 MiB. Bytes."""
DRIVER = "coverage-roadmap"
"""The merge driver's name in git's settings."""
_SETTING = f"merge.{DRIVER}.driver"
_COMMAND = f"{DRIVER} baseline --merge %O %A %B"


def present(project: Path) -> bytes | None:
    """What lies in the project; None where nothing does.

    Raises:
        RecordError: it cannot be read.
    """
    path = project / FILE
    return files.read_bounded(path, LARGEST) if path.exists() else None


def committed(repository: git.Repository, commit: str | None = None) -> Baseline | None:
    """The baseline as committed, by default at HEAD; None where there is none.

    Raises:
        RecordError: it cannot be read.
    """
    commit = commit or repository.head
    blobs = git.blobs_at(repository, commit, [FILE]) if commit else {}
    if FILE not in blobs:
        return None
    where = f"{'HEAD' if commit == repository.head else (commit or '')[:8]}:{FILE}"
    data = git.read_blobs(repository, [blobs[FILE]])[0]
    if len(data) > LARGEST:
        raise RecordError(f"is larger than {LARGEST // 2**20} MiB, which none of ours is", where=where)
    return decode(data, where)


def side(path: Path, name: str) -> Baseline | None:
    """One side of a merge, called `name` in messages; None where it is empty, as git hands over what was not there.

    Raises:
        RecordError: it is missing, or cannot be read.
    """
    data = files.read_bounded(path, LARGEST)
    return decode(data, name) if data.strip() else None


def write(path: Path, data: bytes) -> None:
    """Write a baseline whole; links are followed, and its mode is kept.

    Raises:
        ToolError: it cannot be written.
    """
    real = path.resolve()
    files.write_whole(real, data, mode=real.stat().st_mode & 0o7777 if real.exists() else 0o644)


def driver_commands(repository: git.Repository) -> list[str]:
    """What is still to be run so that git merges baselines with us; empty where it does."""
    lacking = []
    if git.attribute(repository, "merge", FILE) != DRIVER:
        lacking.append(f"echo '{FILE} merge={DRIVER}' >> {shlex.quote(str(repository.top / '.gitattributes'))}")
    if not git.setting(repository, _SETTING):
        lacking.append(f'git config {_SETTING} "{_COMMAND}"')
    return lacking


def identity(located: Located, repository: git.Repository) -> Identity:
    """Which project a baseline is of, as it says itself."""
    file, top = located.file, repository.top
    config = file.relative_to(top).as_posix() if file.is_relative_to(top) else file.name
    return Identity(repository.prefix.rstrip("/") or ".", config)
