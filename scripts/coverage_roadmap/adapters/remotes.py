"""Remotes, and where a branch of one name stands: here, and as each of them had it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from coverage_roadmap.adapters import git
from coverage_roadmap.errors import ToolError

_LOCAL, _TRACKED = "refs/heads/", "refs/remotes/"
_USUAL = "origin"
_TOLD = "--format=%(refname)%00%(objectname)%00%(objecttype)"


def names(repository: git.Repository) -> list[str]:
    """The names of the repository's remotes."""
    return git.run(repository.top, "remote").decode("utf-8", "replace").split()


def usual(there: Sequence[str]) -> str | None:
    """The remote that is meant where none is named: origin, or the only one; None where that cannot be told."""
    return _USUAL if _USUAL in there else there[0] if len(there) == 1 else None


def unfetched(repository: git.Repository, remote: str, branches: Sequence[str]) -> list[str]:
    """Those branches of a remote that `git fetch` does not bring to where they are looked for, if they are there."""
    from coverage_roadmap.core.refspec import fetches  # only doctor asks

    try:
        told = git.run(repository.top, "config", "--get-all", f"remote.{remote}.fetch").decode("utf-8", "replace")
    except ToolError:  # none is set
        told = ""
    refspecs = told.splitlines()
    return [one for one in branches if not fetches(refspecs, f"{_LOCAL}{one}", f"{_TRACKED}{remote}/{one}")]


def tips(repository: git.Repository, branch: str, *, local: bool = True, tracked: bool = True) -> dict[str, str]:
    """Commits by the branch's whole name: of the local one first, then of the remote-tracking ones.

    A remote's name may hold a slash, and a branch's too: only what is a remote's name counts as one.
    """
    places = [*([_LOCAL] if local else []), *([f"{_TRACKED}**/"] if tracked else [])]
    told = git.run(repository.project, "for-each-ref", _TOLD, *(f"{place}{branch}" for place in places)).splitlines()
    found: dict[str, str] = {}
    for line in told:
        revision, commit, kind = os.fsdecode(line).split("\0")
        if kind == "commit" and (revision == f"{_LOCAL}{branch}" or _remote(revision, branch)):
            found[revision] = commit
    deep = {revision for revision in found if "/" in _remote(revision, branch)}
    known = set(names(repository)) if deep else set()
    return {one: commit for one, commit in found.items() if one not in deep or _remote(one, branch) in known}


def places(repository: git.Repository, revisions: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The remote, empty for a local branch, and the short name of branches, by their whole names.

    Both may hold a slash. Git is asked for the remotes' names where one other than origin may have such a name; what is
    no remote's any more is taken to have none.
    """
    found = {one: _parted(one) for one in revisions}
    if any("/" in name and remote not in ("", _USUAL) for remote, name in found.values()):
        for remote in sorted((one for one in names(repository) if "/" in one), key=len):
            begin = f"{_TRACKED}{remote}/"
            found |= {one: (remote, one.removeprefix(begin)) for one in revisions if one.startswith(begin)}
    return found


def _parted(revision: str) -> tuple[str, str]:
    if revision.startswith(_LOCAL):
        return "", revision.removeprefix(_LOCAL)
    remote, _, name = revision.removeprefix(_TRACKED).partition("/")
    return remote, name


def _remote(revision: str, branch: str) -> str:
    """The remote's name in the whole name of its branch; empty where it is none."""
    end = f"/{branch}"
    fits = revision.startswith(_TRACKED) and revision.endswith(end)
    return revision.removeprefix(_TRACKED).removesuffix(end) if fits else ""
