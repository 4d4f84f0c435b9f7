"""Publishes the history branch, and fetches what others published: nobody's records are lost.

A push is refused by git where somebody was quicker; then theirs is fetched, joined with ours, and pushed again. Nothing
is ever forced.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from msgspec import Struct

from coverage_roadmap.adapters import git, history, remotes
from coverage_roadmap.core.history import joined
from coverage_roadmap.errors import ToolError

TRIES = 300
"""So often others may be quicker: more than fifty writers at once."""
_QUICKER = ("[rejected]", "cannot lock ref", "failed to update ref", "incorrect old value")
"""Words of git where the remote's branch moved, or another writer holds it."""
_LOCKED = 50
"""So often another process of this clone may hold the remote-tracking branch."""
_ANSWER = 45.0
"""A remote that is there answers within this. Seconds."""
_TIMEOUT = 120.0
"""One exchange with a remote. Seconds."""


class Published(Struct, frozen=True):
    """What a push came to."""

    remote: str
    commit: str | None
    """What the remote's branch is at; None where there is nothing to publish."""
    moved: bool
    """Whether the remote's branch was moved."""
    tries: int


def unpublished(repository: git.Repository, branch: str) -> int | None:
    """So many commits of the local branch no remote-tracking one has; None where there is no such branch."""
    local = git.resolve(repository.project, f"refs/heads/{branch}")
    if local is None or not history.is_ours(repository, local):
        return None
    there = remotes.tips(repository, branch, local=False).values()
    return int(git.run(repository.top, "rev-list", "--count", local, "--not", *there))


def fetch(repository: git.Repository, remote: str, branch: str) -> str | None:
    """Bring the remote-tracking branch up to the remote's. Returns its commit; None where the remote has none.

    Raises:
        ToolError: the remote cannot be reached.
    """
    tracking = f"refs/remotes/{remote}/{branch}"
    try:
        listed = git.run(repository.top, "ls-remote", "--", remote, f"refs/heads/{branch}", seconds=_ANSWER).decode()
    except ToolError as error:
        reach = f"see git remote -v, and whether git ls-remote {remote} answers"
        raise ToolError(error.what, where=error.where, next_step=error.next_step or reach) from error
    if not listed.strip():
        if git.resolve(repository.project, tracking):
            git.run(repository.top, "update-ref", "-d", tracking)  # it was deleted there
        return None
    words = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc")
    git.run(repository.top, "fetch", *words, "--", remote, f"+refs/heads/{branch}:{tracking}", seconds=_TIMEOUT)
    return git.resolve(repository.project, tracking)


def push(repository: git.Repository, remote: str, branch: str, *, now: int, say: Callable[[str], None]) -> Published:
    """Publish the local history branch, joined with what the remote has.

    Args:
        repository: the project's.
        remote: the remote's name.
        branch: the branch's name.
        now: seconds since 1970, for a commit that joins.
        say: told where it takes long.

    Raises:
        ToolError: the remote cannot be reached or refuses, or its branch is not ours.
    """
    for attempt in range(1, TRIES + 1):
        theirs = _fetched(repository, remote, branch)
        ours = _join(repository, branch, theirs, now=now)
        if ours is None or ours == theirs:
            return Published(remote, theirs, moved=False, tries=attempt)
        try:
            words = ("--quiet", "--no-verify", "--no-signed", "--porcelain", "--recurse-submodules=no")
            git.run(repository.top, "push", *words, "--", remote, f"{ours}:refs/heads/{branch}", seconds=_TIMEOUT)
        except ToolError as error:
            if attempt == TRIES or not any(word in error.what for word in _QUICKER):
                raise
            if attempt % 20 == 0:
                say(f"{branch}: others were quicker {attempt} times; trying again")
            time.sleep(random.uniform(0, min(2.0, 0.05 * attempt)))  # noqa: S311 - so that writers fall out of step
            continue
        git.run(repository.top, "update-ref", f"refs/remotes/{remote}/{branch}", ours)
        return Published(remote, ours, moved=True, tries=attempt)
    raise ToolError(f"others were quicker {TRIES} times", where=f"git push {remote}", next_step="run again")


def _fetched(repository: git.Repository, remote: str, branch: str) -> str | None:
    """The remote's tip, fetched and found to be ours. Another process of this clone may hold the tracking branch."""
    for attempt in range(_LOCKED):
        try:
            theirs = fetch(repository, remote, branch)
            break
        except ToolError as error:
            if attempt == _LOCKED - 1 or "cannot lock ref" not in error.what:
                raise
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 - so that they fall out of step
    if theirs:
        history.refuse_foreign(repository, f"{remote}/{branch}", theirs)
    return theirs


def _join(repository: git.Repository, branch: str, theirs: str | None, *, now: int) -> str | None:
    """Bring the local branch up to both. Returns its tip; None where there is neither."""
    ours = git.resolve(repository.project, f"refs/heads/{branch}")
    if ours:
        history.refuse_foreign(repository, branch, ours)
    if theirs is None or (ours and git.is_ancestor(repository.project, theirs, ours)):
        return ours
    if ours is None or git.is_ancestor(repository.project, ours, theirs):
        history.advance(repository, branch, ours, theirs)
        return git.resolve(repository.project, f"refs/heads/{branch}")

    def change(tip: str | None) -> history.Change:
        base = git.merge_base_of(repository, tip, theirs) if tip else None
        states = [git.tree_files(repository, one, below=True) if one else {} for one in (base, tip, theirs)]
        wanted = joined(*states)
        return history.Change(
            f"Join what {branch} has here and there\n",
            put={path: blob for path, blob in wanted.items() if states[1].get(path) != blob},
            remove=tuple(states[1].keys() - wanted.keys()),
            merge=theirs,
        )

    return history.change(repository, branch, change, now=now)
