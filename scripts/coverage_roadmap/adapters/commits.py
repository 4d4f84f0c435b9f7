"""What commits changed, for counting: one call of git."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime

from coverage_roadmap.adapters import git
from coverage_roadmap.core.board.changes import Touched

MOST = 5_000
"""So many of the newest commits are looked at."""


def since(repository: git.Repository, revision: str, moment: datetime, paths: Sequence[str]) -> Iterator[list[Touched]]:
    """The files that each commit changed, merges left out, the newest first, renames followed.

    Args:
        repository: the project's.
        revision: where to begin.
        moment: commits before it are left out.
        paths: folders of the project that are looked at.
    """
    words = (
        *("--name-status", "--find-renames=50%", "-l1000", "-z", "--relative", "--no-merges", "--no-show-signature"),
        *("--format=tformat:commit", f"--max-count={MOST}", f"--since={int(moment.timestamp())}"),
    )
    entries = iter(
        os.fsdecode(git.run(repository.project, "log", *words, "--end-of-options", revision, "--", *paths)).split("\0")
    )
    commit: list[Touched] | None = None
    for entry in entries:
        status = entry.lstrip("\n")
        if status == "commit":
            if commit is not None:
                yield commit
            commit = []
        elif status and commit is not None:
            before = next(entries)
            commit.append((before, next(entries) if status.startswith(("R", "C")) else before))
    if commit is not None:
        yield commit
