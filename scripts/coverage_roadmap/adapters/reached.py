"""What the default branch reaches."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from coverage_roadmap.adapters import git
from coverage_roadmap.core.branch import short
from coverage_roadmap.core.regex import regex

_COMMIT = regex(r"[0-9a-f]{40,64}")
"""A record of another machine may hold any text."""


class Reached(Struct, frozen=True, dict=True):
    """The commits that the default branch reaches, local or remote-tracking; asked one by one, as far as is needed."""

    repository: git.Repository
    name: str
    """The branch's short one."""
    known: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def tips(self) -> list[str]:
        """Where the branch is, here and on its remote; git is asked once, and only where there is a record."""
        places = (f"refs/heads/{self.name}", f"refs/remotes/origin/{self.name}")
        return list(dict.fromkeys(git.references(self.repository, "%(objectname)", *places).values()))

    def __contains__(self, commit: object) -> bool:
        """Whether it is there and reached."""
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            return False
        if commit not in self.known:
            self.known[commit] = any(git.is_ancestor(self.repository.project, commit, tip) for tip in self.tips)
        return self.known[commit]


def reached(repository: git.Repository, branch: str) -> Reached:
    """What the default branch reaches; `branch` as `default_branch` names it."""
    return Reached(repository, short(branch))
