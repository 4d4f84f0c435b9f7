"""The history branch as it is laid out, and how two of its states are joined and thinned: values in, values out.

One folder for each project path, one for each month in it, two files for each record: the summary, and the detail
apart from it, so that a trend reads only summaries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.regex import regex

MARKER = "coverage-roadmap-history"
"""The file that says whose branch it is."""
DOCUMENTED = "documented"
"""The folder, beside the months, of what pull requests documented."""
SUMMARY = ".summary.json"
DETAIL = ".detail.json"
LEAST_KEPT = timedelta(days=30)
"""No record that is younger is ever thinned out."""
_ID = regex(r"(?P<at>[0-9]{8}T[0-9]{12})Z-(?P<phase>[a-z0-9_]{1,40})-[0-9a-f]{8}")
_MONTH = regex(r"[0-9]{4}-[0-9]{2}")


def folder_of(prefix: str) -> str:
    """The folder of a project on the branch: `prefix` is its path from the repository's top, empty at the top."""
    return f"projects/{prefix.rstrip('/')}" if prefix else "top"


def is_month(name: str) -> bool:
    """Whether a folder is a month's."""
    return bool(_MONTH.fullmatch(name))


def month_of(record_id: str) -> str:
    """The month's folder in which a record lies."""
    return f"{record_id[:4]}-{record_id[4:6]}"


def base_of(prefix: str, record_id: str) -> str:
    """A record's path on the branch, less the ends of its two files."""
    return f"{folder_of(prefix)}/{month_of(record_id)}/{record_id}"


def phase_of(record_id: str) -> str | None:
    """The phase that a record's id names; None where it is no record's id."""
    found = _ID.fullmatch(record_id)
    return found["phase"] if found else None


def began(record_id: str) -> datetime | None:
    """When a record's run began, by its id; None where it is no record's id, or no moment."""
    found = _ID.fullmatch(record_id)
    try:
        return datetime.strptime(found["at"], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


class Blobs(Struct, frozen=True):
    """Where git keeps the two files of a record; None for one that is not there."""

    summary: str | None = None
    detail: str | None = None


def records(month: str, files: Mapping[str, str]) -> dict[str, Blobs]:
    """The records among the files of a month's folder, foreign files left out. Blobs by name in, by record id out."""
    found = {}
    for name in files:
        record_id = name.removesuffix(SUMMARY)
        if record_id != name and phase_of(record_id) and month_of(record_id) == month:
            found[record_id] = Blobs(files[name], files.get(f"{record_id}{DETAIL}"))
    return found


def is_ours(path: str) -> bool:
    """Whether a path on the branch is one that we write: the marker, a record's file, or a documentation."""
    folder, _, name = path.rpartition("/")
    project, _, last = folder.rpartition("/")
    if path == MARKER:
        return True
    if not (project == "top" or project.startswith("projects/")):
        return False
    record_id = name.removesuffix(SUMMARY).removesuffix(DETAIL)
    if record_id != name and phase_of(record_id):
        return last == month_of(record_id)
    return last == DOCUMENTED and name.endswith(".json")


def joined(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """All that either side has, less what one of them took away since their common state.

    Of theirs only files are taken that we write: another could stand where a folder of ours is. Where both have a file
    of one name with different contents, ours stays: a record's id is its own, so that only a hand could have made them.

    Args:
        base: blobs by path of the common state; empty where the two began apart.
        ours: the local branch.
        theirs: the remote's.
    """
    gone = {path for path in base if path not in ours or path not in theirs}
    foreign = {path: blob for path, blob in theirs.items() if is_ours(path)}
    return {path: blob for path, blob in {**foreign, **ours}.items() if path not in gone}


class Why(StrEnum):
    """Why thinning keeps a record."""

    YOUNG = "younger than asked for"
    CLOSED = "a phase was closed on it"
    MONTHLY = "the last evidence of its phase and selection in its month"
    NEWEST = "the newest of its phase"
    UNREAD = "cannot be read"


class Thinning(Struct, frozen=True):
    """What is kept, each with the reason, and what goes; ids, newest first."""

    kept: Mapping[str, Why]
    gone: Sequence[str]


def thin(
    ids: Iterable[str],
    summaries: Mapping[str, Summary],
    *,
    keep: timedelta,
    now: datetime,
    closed: Collection[str] = (),
) -> Thinning:
    """Choose what a history that grew old no longer needs.

    A record stays that is younger than `keep`, that a phase was closed on, that is the newest of its phase, that is the
    last evidence of its phase and selection in its month (so that a trend has a point in each), or that cannot be read.

    Args:
        ids: of all records.
        summaries: those of the older ones that can be read, by id.
        keep: how long every record stays.
        now: the present moment.
        closed: ids of records that phases were closed on.
    """
    kept: dict[str, Why] = {}
    gone: list[str] = []
    phases: set[str | None] = set()
    months: set[tuple[str, str, str]] = set()
    for record_id in sorted(ids, reverse=True):
        at, phase, summary = began(record_id), phase_of(record_id), summaries.get(record_id)
        if at is None or at > now - keep:
            kept[record_id] = Why.YOUNG if at else Why.UNREAD
        elif record_id in closed:
            kept[record_id] = Why.CLOSED
        elif phase not in phases:
            kept[record_id] = Why.NEWEST
        elif summary is None:
            kept[record_id] = Why.UNREAD
        elif summary.evidence and (summary.phase, summary.selection, month_of(record_id)) not in months:
            kept[record_id] = Why.MONTHLY
        else:
            gone.append(record_id)
        phases.add(phase)
        if summary and summary.evidence:
            months.add((summary.phase, summary.selection, month_of(record_id)))
    return Thinning(kept, gone)
