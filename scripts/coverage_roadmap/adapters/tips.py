"""Where branches stand: here, and in the remote-tracking ones of every remote."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

from coverage_roadmap.adapters import git

_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"
_TOLD = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(committerdate:unix)"


@dataclass(frozen=True, slots=True)
class Tip:
    """One branch of a name, as it was last seen."""

    name: str
    """Short, without the remote's."""
    revision: str
    """The whole name."""
    commit: str
    committed: int
    """When its newest commit was. Seconds since 1970."""

    @property
    def is_local(self) -> bool:
        """Whether it is a branch of this clone, and not a remote's."""
        return self.revision.startswith(_LOCAL)

    @property
    def remote(self) -> str:
        """The remote's name; empty of a local branch."""
        return "" if self.is_local else self.revision.removeprefix(_REMOTE)[: -len(self.name) - 1]


def remotes(repository: git.Repository) -> list[str]:
    """The names of the repository's remotes."""
    return git.run(repository.top, "remote").decode("utf-8", "replace").split()


def tips(repository: git.Repository, names: Collection[str], *, remote: bool = True) -> list[Tip]:
    """The branches of these names: the local ones first, then, where `remote`, the remote-tracking ones.

    A remote's name may hold a slash, and a branch's too: only what is a remote's name counts as one.
    """
    if not names:
        return []
    places = [_LOCAL, *([f"{_REMOTE}**/"] if remote else [])]
    wanted = [f"{place}{name}" for place in places for name in names]
    found = git.run(repository.project, "for-each-ref", _TOLD, *wanted).splitlines()
    told = [tip for line in found for name in names if (tip := _tip(os.fsdecode(line), name))]
    deep = any("/" in tip.remote for tip in told)
    known = set(remotes(repository)) if deep else set()
    return [tip for tip in told if "/" not in tip.remote or tip.remote in known]


def _tip(line: str, name: str) -> Tip | None:
    revision, commit, kind, committed = line.split("\0")
    fits = revision == f"{_LOCAL}{name}" or (revision.startswith(_REMOTE) and revision.endswith(f"/{name}"))
    return Tip(name, revision, commit, int(committed)) if fits and kind == "commit" and committed else None
