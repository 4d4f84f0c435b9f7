"""Whether a repository's CI files are what the config gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from coverage_roadmap.core.ci import handmade
from coverage_roadmap.errors import UsageError


class State(StrEnum):
    """How a file stands to the config."""

    TRUE = "as the config gives it"
    ABSENT = "absent"
    STALE = "the config gives it otherwise"
    EDITED = "edited by hand"
    LEFT = "not wanted any more"


class File(Struct, frozen=True):
    """A CI file: as it is and as it is to be; None where it is not, or is not to be."""

    path: str
    state: State
    before: str | None
    after: str | None


def judge(path: str, wanted: str, present: str | None) -> File:
    """Hold a file against what the config gives.

    Args:
        path: from the repository's top.
        wanted: what the config gives, sealed.
        present: the file's text; None where there is none.

    Raises:
        UsageError: the file is not ours, another config's, or has CRLF; its markers are broken, or a hand-made part has
            no room.
    """
    if present is None:
        return File(path, State.ABSENT, None, wanted)
    if not handmade.is_ours(present):
        raise UsageError("is in the way: it is not ours", where=path, next_step="move it to another name")
    if present.partition("\n")[0].endswith("\r"):
        mend = "convert it, and keep it so: eol=lf in .gitattributes"
        raise UsageError("has CRLF at its lines' ends, and is written with LF", where=path, next_step=mend)
    if not handmade.same_config(present, wanted):
        told = f"is another config's: {present.partition(':')[0].removeprefix('# ')}"
        raise UsageError(told, where=path, next_step="move one of the configs to another folder, or delete the file")
    edited = handmade.is_edited(present, path)
    after = handmade.filled(wanted, handmade.parts(present, path), path)
    if edited:
        return File(path, State.EDITED, present, after)
    return File(path, State.TRUE if after == present else State.STALE, present, after)


def left(path: str, first_line: str, present: str) -> list[File]:
    """A file that the config no longer gives, where it is one that this config gave.

    Args:
        path: from the repository's top.
        first_line: how this config's files begin.
        present: the file's text.
    """
    if present.partition("\n")[0] != first_line:
        return []
    if handmade.parts(present, path):
        told = "is not wanted any more, and holds a hand-made part"
        raise UsageError(told, where=path, next_step="move that, then delete the file")
    return [File(path, State.EDITED if handmade.is_edited(present, path) else State.LEFT, present, None)]


def gathered(wanted: Sequence[tuple[str, str]], present: Mapping[str, str]) -> list[File]:
    """All files of a config: those that it gives, then those that it gave once.

    Args:
        wanted: paths from the repository's top, with what the config gives.
        present: every CI file that is there, by path.
    """
    made = [judge(path, text, present.get(path)) for path, text in wanted]
    first_line = wanted[0][1].partition("\n")[0]
    others = sorted(present.keys() - {path for path, _ in wanted})
    return [*made, *(file for path in others for file in left(path, first_line, present[path]))]
