"""`history`: the records that can be had, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import publishing, remotes
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import ExitCode, UsageError

SHOWN = 20
_MOST = 100_000


class History(Struct, frozen=True):
    """Records, newest first."""

    branch: str
    records: Sequence[Summary]
    count: int
    """So many there are in all, of every phase."""
    unpublished: int | None
    """So many commits of the local history branch no remote-tracking one has; None where there is no such branch."""
    notes: Sequence[str] = ()
    remote: bool = True
    """Whether there is a remote to publish to, or to fetch from."""
    tracked: bool = True
    """Whether a remote-tracking branch is here."""
    exit_code: ExitCode = ExitCode.DONE


def history(
    context: Context,
    *,
    phase: Annotated[str, "only this phase's records"] = "",
    last: Annotated[str, f"so many of the newest; by default {SHOWN}"] = f"{SHOWN}",
) -> History:
    """List the records of the history and of the cache, newest first.

    Example: invoke history --phase phase3 --last 50
    """
    if not last.isdecimal() or not 0 < int(last) <= _MOST:
        raise UsageError(f"is no number from 1 to {_MOST}", where=f"--last {last}")
    here = look(context)
    known = [PHASE_ZERO, *(one.name for one in here.roadmap.phases)]
    if phase and phase not in known:
        raise UsageError(nearest(phase, known, "phase"), where=f"--phase {phase}")
    walked = here.records.of(phase) if phase else here.records.all()
    found = list(islice(walked, int(last)))
    branch = here.roadmap.history.branch
    unpublished = publishing.unpublished(here.repository, branch) if here.repository else None
    remote = bool(unpublished != 0 and here.repository and remotes.names(here.repository))
    tracked = bool(remote and here.repository and remotes.tips(here.repository, branch, local=False))
    return History(branch, found, sum(1 for _ in here.records.ids()), unpublished, here.records.notes, remote, tracked)
