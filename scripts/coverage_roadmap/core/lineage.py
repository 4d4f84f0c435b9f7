"""What became of each file's text between two commits: new, gone, renamed, other in some lines, or not to be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from coverage_roadmap.core.hunk import FileDiff, Hunk


class Lineage(Struct, frozen=True):
    """A file that stands in none of these is the same at both commits."""

    hunks: Mapping[tuple[str, str], Sequence[Hunk]]
    """By the path before and the one after, where the file is there at both."""
    renamed: Mapping[str, str]
    """The old path by the new one."""
    added: frozenset[str]
    deleted: frozenset[str]
    untold: frozenset[str]
    """Files whose text was not the commit's when they were measured, or that git takes for no text."""

    def was_there(self, path: str) -> bool:
        """Whether a file of the later commit was there at the earlier one too, by whatever name."""
        return path not in self.added and path not in self.untold

    def is_there(self, path: str) -> bool:
        """Whether a file of the earlier commit is there at the later one too, by whatever name."""
        return path not in self.deleted and path not in self.untold

    def hunks_of(self, old: str, new: str) -> Sequence[Hunk] | None:
        """How a file's text differs; empty where it is the same, None where it cannot be told."""
        if self.untold.isdisjoint((old, new)) and (old, new) in self.hunks:
            return self.hunks[old, new]
        return () if old == new and self.settled(old) else None

    def settled(self, path: str) -> bool:
        """Whether the path names one file at both commits, with the same text."""
        return (
            (path, path) not in self.hunks
            and path not in self.renamed
            and path not in self.renamed.values()
            and path not in self.added | self.deleted | self.untold
        )


def between(diffs: Sequence[FileDiff], dirty: Collection[str]) -> Lineage:
    """Of what git says of two commits, and the files that either measurement found not as committed."""
    both = [(one.old, one.new, one) for one in diffs if one.old is not None and one.new is not None]
    return Lineage(
        {(old, new): one.hunks for old, new, one in both},
        {new: old for old, new, _ in both if new != old},
        frozenset(one.new for one in diffs if one.old is None and one.new is not None),
        frozenset(one.old for one in diffs if one.new is None and one.old is not None),
        frozenset(dirty) | {new for _, new, one in both if one.binary},
    )
