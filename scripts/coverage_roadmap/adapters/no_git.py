"""What is said where a project has no repository: it lies in none, or there is no git to find it."""

from __future__ import annotations

from coverage_roadmap.adapters.git import Repository
from coverage_roadmap.errors import ToolError, UsageError

NO_REPOSITORY = "the project is in no git repository"
MISSING = "git is missing"


def reason() -> str:
    """Why `git.find` found no repository."""
    return NO_REPOSITORY if _is_installed() else MISSING


def _is_installed() -> bool:
    import shutil  # only for who has no repository

    return shutil.which("git") is not None


def needed(repository: Repository | None, where: str) -> Repository:
    """The repository, for what cannot be done without one.

    Raises:
        ToolError: git is not installed.
        UsageError: the project lies in no repository.
    """
    if repository is None and not _is_installed():
        raise ToolError(MISSING, where=where, next_step="install git")
    if repository is None:
        raise UsageError(NO_REPOSITORY, where=where, next_step="git init")
    return repository
