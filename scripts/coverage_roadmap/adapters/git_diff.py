"""What git says that changed, line by line, whatever a person's own diff settings are."""

from __future__ import annotations

import os
from collections.abc import Sequence

from coverage_roadmap.adapters import git
from coverage_roadmap.core.hunk import FileDiff, parse

_WORDS = (
    *("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--relative"),
    *(
        "--unified=0",
        "--inter-hunk-context=0",
        "--find-renames=50%",
        "-l1000",
        "--diff-algorithm=default",
        "--indent-heuristic",
    ),
    *("--submodule=short", "--ignore-submodules=dirty", "-O/dev/null", "--no-color-moved", "--ws-error-highlight=none"),
)


def between(repository: git.Repository, before: str, after: str | None, paths: Sequence[str] = ()) -> list[FileDiff]:
    """The project's files that differ between two commits, renames followed; paths are from the project.

    Args:
        repository: the project's.
        before: a commit.
        after: another; None for the work tree, in which files that git does not know yet are left out.
        paths: files in the project, where not all are asked for.

    Raises:
        ToolError: git failed, or there is no such commit.
    """
    found = _asked(repository, before, after, paths=paths)
    hidden = {name for one in found if one.binary for name in (one.old, one.new) if name and name.endswith(".py")}
    if not hidden:
        return found
    # an attribute, or a null in a string, does not make Python's source other than text
    again = _asked(repository, before, after, "--text", paths=sorted(hidden))
    whole = {(one.old, one.new): one for one in again}
    return [whole.get((one.old, one.new), one) for one in found]


def _asked(
    repository: git.Repository, before: str, after: str | None, *words: str, paths: Sequence[str] = ()
) -> list[FileDiff]:
    revisions = [before, *([after] if after else [])]
    told = git.run(repository.project, "diff", *_WORDS, *words, "--end-of-options", *revisions, "--", *paths)
    return parse(told)


def changed_since(repository: git.Repository, commit: str) -> set[str]:
    """The files of the project that differ from a commit now, untracked ones too: paths in the project."""
    diff = git.run(repository.project, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", ".")
    new = git.run(repository.project, "ls-files", "-z", "--others", "--exclude-standard")
    return {os.fsdecode(entry) for entry in (*git.entries(diff), *git.entries(new))}


def renames_since(repository: git.Repository, path: str) -> dict[str, str]:
    """From old path to new one, the files that were renamed since the commit that last changed `path`; all from the
    project. Empty where no commit of this clone did."""
    if repository.head is None:
        return {}
    last = git.run(repository.project, "log", "-1", "--format=%H", repository.head, "--", path).decode().strip()
    if not last:
        return {}
    return renames(repository, last, repository.head)


def renames(repository: git.Repository, before: str, after: str | None) -> dict[str, str]:
    """The files of the project that were renamed between two commits: the new path by the old one.

    Without `after` the work tree is meant; there a new file is known to be an old one only once git knows of it.
    """
    words = ("diff", "--name-status", "--find-renames", "--diff-filter=R", "--relative", "-z", before)
    out = git.run(repository.project, *words, *([after] if after else []), "--")
    told = [os.fsdecode(entry) for entry in git.entries(out)]
    return dict(zip(told[1::3], told[2::3], strict=True))
