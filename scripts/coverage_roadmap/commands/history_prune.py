"""`history.prune`: thins the old part of the history branch."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import git, no_git, remotes
from coverage_roadmap.adapters import history as branches
from coverage_roadmap.adapters.history import History
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core import age
from coverage_roadmap.core.history import DETAIL, LEAST_KEPT, SUMMARY, Thinning, base_of, thin
from coverage_roadmap.errors import ExitCode, NotMetError, UsageError


class Pruned(Struct, frozen=True):
    """What goes from the local history branch, and what stays for which reason."""

    branch: str
    thinning: Thinning
    applied: bool
    exit_code: ExitCode = ExitCode.DONE


def history_prune(
    context: Context,
    *,
    keep: Annotated[str, "how long every record stays, such as 365d; 30d at least"],
    dry_run: Annotated[bool, "show what would go, and change nothing"] = False,
) -> Pruned:
    """Thin the old part of the history, by rules; `history.push` publishes that.

    Example: invoke history.prune --keep 365d --dry-run
    """
    try:
        kept = age.parse(keep)
    except ValueError as error:
        raise UsageError(str(error), where=f"--keep {keep}") from error
    if kept < LEAST_KEPT:
        raise UsageError(f"keep at least {LEAST_KEPT.days}d", where=f"--keep {keep}")
    here = look(context)
    repository = no_git.needed(here.repository, "history.prune")
    branch = here.roadmap.history.branch
    _refuse_elsewhere(repository, branch)
    local = branches.find(repository, branch, remote=False)
    thinning = _thinned(here, local, context.clock.now(), kept)
    applied = bool(thinning.gone) and not dry_run
    if applied:
        ends = [base_of(repository.prefix, record_id) for record_id in thinning.gone]
        paths = tuple(f"{end}{name}" for end in ends for name in (SUMMARY, DETAIL))
        message = f"Thin {len(ends)} records that are older than {keep}\n"
        now = int(context.clock.now().timestamp())
        branches.change(repository, branch, lambda _: branches.Change(message, remove=paths), now=now)
    return Pruned(branch, thinning, applied)


def _refuse_elsewhere(repository: git.Repository, branch: str) -> None:
    """Refuse to find nothing to do in a branch that is not ours, or is not here but on a remote."""
    tip = git.resolve(repository.project, f"refs/heads/{branch}")
    if tip:
        branches.refuse_foreign(repository, branch, tip)
    elif remotes.tips(repository, branch, local=False):
        fetch = "invoke history.push, which fetches it"
        raise NotMetError(f"branch {branch} is on a remote, and not here", where="history.prune", next_step=fetch)


def _thinned(here: Here, local: History, now: datetime, keep: timedelta) -> Thinning:
    """What the rules leave of the local branch."""
    ids = [record_id for month in local.months for record_id in local.records(month)]
    closed = {phase.closed.record for phase in here.roadmap.phases if phase.closed}
    read = {record.id: record for record in here.records.summaries(ids)}
    return thin(ids, read, keep=keep, now=now, closed=closed)
