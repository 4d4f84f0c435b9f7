"""Remotes, and where a branch of one name stands: here, and as each of them had it."""

from __future__ import annotations

import os

from coverage_roadmap.adapters import git

_LOCAL, _TRACKED = "refs/heads/", "refs/remotes/"
_TOLD = "--format=%(refname)%00%(objectname)%00%(objecttype)"


def names(repository: git.Repository) -> list[str]:
    """The names of the repository's remotes."""
    return git.run(repository.top, "remote").decode("utf-8", "replace").split()


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


def _remote(revision: str, branch: str) -> str:
    """The remote's name in the whole name of its branch; empty where it is none."""
    end = f"/{branch}"
    fits = revision.startswith(_TRACKED) and revision.endswith(end)
    return revision.removeprefix(_TRACKED).removesuffix(end) if fits else ""
