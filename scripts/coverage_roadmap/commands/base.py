"""The commit that a change is compared with."""

from __future__ import annotations

from msgspec import Struct

from coverage_roadmap.adapters import git, no_git
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.branch import short
from coverage_roadmap.errors import UsageError

ORIGIN = "refs/remotes/origin/"


class Base(Struct, frozen=True):
    """The commit that is compared with; None where there is none, with the reason."""

    commit: str | None
    why: str = ""


def base_of(here: Here, since: str) -> Base:
    """The commit to compare with.

    Raises:
        UsageError: there is no such revision.
    """
    repository = here.repository
    if repository is None:
        if since:
            no_git.needed(None, f"--since {since}")
        return Base(None, no_git.reason())
    if since:
        commit = git.resolve(repository.project, since)
        if commit is None:
            fetch = "git fetch --unshallow" if git.is_shallow(repository) else "git fetch, or name a commit"
            raise UsageError("no such revision in this clone", where=f"--since {since}", next_step=fetch)
        return Base(git.merge_base(repository, commit) or commit)
    if repository.head is None:
        return Base(None, "there is no commit yet")
    branch = judging.default_branch(here)
    commit = _left(repository, branch) if branch else None
    if commit:
        return Base(commit)
    lacking = f"HEAD and {branch} have no common commit" if branch else "there is no default branch to compare with"
    wanted = here.roadmap.default_branch or short(branch or "main")
    fetch = f"git fetch --unshallow origin +refs/heads/{wanted}:{ORIGIN}{wanted}"
    return Base(None, f"{lacking} in this shallow clone: {fetch}" if git.is_shallow(repository) else lacking)


def _left(repository: git.Repository, branch: str) -> str | None:
    """The commit at which HEAD left the default branch, as it is here or on its remote, whichever is the later.

    What is committed straight to it did not leave it: then it is where the remote's is.
    """
    remote = git.tracking(repository, branch)
    commit = git.merge_base(repository, *filter(None, (branch, remote)))
    return git.merge_base(repository, remote) if remote and commit == repository.head else commit
