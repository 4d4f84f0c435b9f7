"""Changes: how often each file changed, and which names it had, by what git says of commits.

Renames are followed as far back as the commits reach: what changed under an old name counts for the present one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

Touched = tuple[str, str]
"""A file that a commit changed: its path before and after, the same but for a rename."""


class Changes(Struct, frozen=True):
    """By present path."""

    counts: dict[str, int] = field(default_factory=dict)
    """How many commits changed a file; one that none changed is not there."""
    formerly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The paths that a renamed file had before, the newest first."""


def count(commits: Iterable[Sequence[Touched]]) -> Changes:
    """Count.

    Args:
        commits: the files of each, the newest commit first.
    """
    counts: dict[str, int] = {}
    present: dict[str, str] = {}
    former: dict[str, list[str]] = {}
    for commit in commits:
        names = {after: present.get(after, after) for _, after in commit}
        for name in set(names.values()):
            counts[name] = counts.get(name, 0) + 1
        renamed = [(before, after) for before, after in commit if before != after]
        for _, after in renamed:
            present.pop(after, None)  # before this commit that path was another file's, if any
        for before, after in renamed:
            present[before] = names[after]
            former.setdefault(names[after], []).append(before)
    return Changes(counts, {name: tuple(dict.fromkeys(paths)) for name, paths in former.items()})
