"""CI's files in a repository: read as what anybody may have put there, written whole."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from coverage_roadmap.adapters import files
from coverage_roadmap.core.ci.marking import HEAD
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError, UsageError

LARGEST = 2**20
"""No workflow is larger. Bytes."""


def read(top: Path, wanted: Collection[str]) -> dict[str, str]:
    """Whatever stands where a file of ours is wanted, and the other files of ours beside, by path from the top.

    Raises:
        UsageError: one that is wanted is a link, no plain file, or no UTF-8.
        RecordError: one that is wanted cannot be read, or is larger than a workflow is.
    """
    found = {name: text for name in wanted if (text := _text(top, name)) is not None}
    folders = {(top / name).parent for name in wanted}
    for path in sorted(path for folder in folders for path in folder.glob("*.yml")):
        name = path.relative_to(top).as_posix()
        if name not in found:
            try:
                text = _text(top, name)
            except (UsageError, RecordError):
                continue  # another's, and no concern of ours
            if text and text.startswith(HEAD):
                found[name] = text
    return found


def _text(top: Path, name: str) -> str | None:
    """A file's text; None where there is none."""
    path = top
    for part in Path(name).parts:
        path = path / part
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RecordError(f"cannot be looked at: {error.strerror}", where=name) from error
        if stat.S_ISLNK(mode):
            link = path.relative_to(top).as_posix()
            raise UsageError("is a link, which CI may not follow", where=plain(link), next_step="put a real one there")
    if not stat.S_ISREG(mode):
        raise UsageError("is no plain file", where=name, next_step="move it away")
    try:
        return files.read_bounded(path, LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"is no UTF-8: {error.reason}", where=name, next_step="mend it, or move it away") from error


def write(top: Path, texts: Mapping[str, str | None]) -> None:
    """Write files by path from the repository's top; None deletes one.

    Raises:
        ToolError: one is read-only, and none was written; or one cannot be written.
    """
    for name in texts:
        files.refuse_read_only(top / name, name, f"chmod u+w {shlex.quote(name)}, and run again")
    for name, text in texts.items():
        path = top / name
        try:
            if text is None:
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.refused(error, path) from error
        files.write_whole(path, text.encode())


def absent(folder: Path, names: Sequence[str]) -> list[str]:
    """Those of some names that lead to nothing from a folder."""
    return [name for name in names if not os.path.exists(folder / name)]  # noqa: PTH110 - Path refuses what is too long


def nearest_noxfile(folder: Path, top: Path) -> Path | None:
    """The nearest folder upwards, within the repository, that has a noxfile; None where none has."""
    for place in [folder, *folder.parents]:
        if (place / "noxfile.py").is_file():
            return place
        if place == top:
            return None
    return None
