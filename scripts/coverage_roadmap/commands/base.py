"""The commit that a change is compared with, and the config there."""

from __future__ import annotations

import contextlib

from msgspec import Struct

from coverage_roadmap.adapters import config_file, git, no_git
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.branch import short
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import ConfigError, UsageError

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
    branch = default_branch(here)
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


def default_branch(here: Here) -> str | None:
    """The default branch as a revision; None where it cannot be told.

    A config on another branch does not choose what it is compared with: the config on the branch that git takes for the
    default says which one is.
    """
    return here.once(_default_branch)


def no_default(here: Here) -> str:
    """Why there is no default branch."""
    return "no default branch to look at" if here.repository else no_git.reason()


def _default_branch(here: Here) -> str | None:
    if here.repository is None:
        return None
    configured = here.roadmap.default_branch
    if configured and (usual := git.default_branch(here.repository, "")):
        with contextlib.suppress(ConfigError):
            settled = config_file.at(here.repository, usual, here.located.file)
            configured = settled.default_branch if settled else configured
    return git.default_branch(here.repository, configured)


def roadmap_at(here: Here, repository: git.Repository, commit: str) -> Roadmap:
    """The config at a commit; the present one where there was none, or none that can be read."""
    try:
        return config_file.at(repository, commit, here.located.file) or here.roadmap
    except ConfigError:
        return here.roadmap
