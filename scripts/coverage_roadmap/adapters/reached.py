"""What the default branch reaches."""

from __future__ import annotations

from msgspec import Struct, field

from coverage_roadmap.adapters import git
from coverage_roadmap.core.branch import short
from coverage_roadmap.core.regex import regex

_COMMIT = regex(r"[0-9a-f]{40,64}")
"""A record of another machine may hold any text."""


class Reached(Struct, frozen=True):
    """The commits that the default branch reaches, local or remote-tracking; asked one by one, as far as is needed."""

    repository: git.Repository
    tips: tuple[str, ...]
    known: dict[str, bool] = field(default_factory=dict)

    def __contains__(self, commit: object) -> bool:
        """Whether it is there and reached."""
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            return False
        if commit not in self.known:
            self.known[commit] = any(git.is_ancestor(self.repository.project, commit, tip) for tip in self.tips)
        return self.known[commit]


def reached(repository: git.Repository, branch: str) -> Reached:
    """What the default branch reaches; `branch` as `default_branch` names it."""
    name = short(branch)
    tips = git.references(repository, "%(objectname)", f"refs/heads/{name}", f"refs/remotes/origin/{name}")
    return Reached(repository, tuple(dict.fromkeys(tips.values())))
