"""Branches that work on stories: when they began and moved last; and when a story without one was first named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct, field

from coverage_roadmap.core.hunk import Hunk, added
from coverage_roadmap.core.regex import regex

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = regex(rb"""\bid\s*=\s*["']([a-z0-9][a-z0-9-]*)["']""")
"""A story's id, as a config writes it."""


class Commit(Struct, frozen=True):
    """A commit."""

    id: str
    parents: tuple[str, ...]
    authored: int | None
    """When, in seconds since 1970; None where it does not say."""


class Dated(Struct, frozen=True):
    """A moment, or why it is unknown."""

    moment: datetime | None
    unknown: str = ""


class Tip(Struct, frozen=True):
    """Where a branch stands."""

    name: str
    """Short, the same for a local and a remote-tracking one."""
    revision: str
    """Its whole name, local or remote-tracking."""
    commit: str
    tree: str
    committed: int
    """When that was committed, in seconds since 1970."""
    published: bool = False
    """Whether the remote named origin has a branch of that name too."""


class Own(Struct, frozen=True):
    """What a branch has of its own."""

    tip: Tip
    base: str | None
    """Where it left the default branch; None where that cannot be told."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What it changed since: by path in the project the hash of its content, empty where it is gone."""
    before: Mapping[str, str] = field(default_factory=dict)
    """The same of these files where it left the default branch, empty where they were not there."""
    untold: str = ""
    """Why it cannot be told; empty where it can."""


class Branch(Struct, frozen=True):
    """A branch of a story."""

    name: str
    revision: str
    """Its whole name, local or remote-tracking."""
    begun: Dated
    """When its first own commit was authored."""
    latest: Dated
    """When its tip was committed."""
    published: bool = False
    """Whether the remote named origin has a branch of that name too."""


def short(revision: str) -> str:
    """The name of a branch, local or origin's, out of its whole name."""
    return revision.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/")


def outside(tip: str, own: Mapping[str, Commit]) -> set[str]:
    """The parents of a branch's own commits that are not its own: with one alone, that is where it left the default
    branch.

    Args:
        tip: the branch's newest commit.
        own: the commits of branches that the default branch has not.
    """
    return {parent for commit in _walked(tip, own) for parent in own[commit].parents if parent not in own}


def lacks(own: Sequence[Hunk], lacking: Sequence[Hunk]) -> bool:
    """Whether a file of the default branch lacks something of what a branch did to it.

    Both are told by the lines of the branch's file, so that what others did to other lines of it does not matter. A
    place where the branch took lines away counts where the default branch's file has lines there.

    Args:
        own: how the branch's file differs from that at which it left the default branch.
        lacking: how it differs from the default branch's present one.
    """
    wanted = {line for first, last in added(lacking) for line in range(first, last + 1)}
    wrote = (line in wanted for first, last in added(own) for line in range(first, last + 1))
    held = {_place(hunk) for hunk in lacking if hunk.old_lines}
    return any(wrote) or any(_place(hunk) in held for hunk in own if hunk.old_lines and not hunk.new_lines)


def _place(hunk: Hunk) -> int:
    """The last line before a change, in the new version."""
    return hunk.new_start - 1 if hunk.new_lines else hunk.new_start


def begun(tip: str, own: Mapping[str, Commit], *, shallow: bool) -> Dated:
    """When the first commit of a branch that is its own was authored: a rebase does not make it younger.

    Args:
        tip: the branch's newest commit.
        own: the commits of branches that the default branch has not.
        shallow: whether the clone lacks older commits.
    """
    if tip not in own:
        return Dated(None, "the branch has no commit of its own")
    seen = _walked(tip, own)
    if shallow and any(not own[commit].parents for commit in seen):
        return Dated(None, "the clone is shallow")
    dates = [date for commit in seen if (date := own[commit].authored) is not None]
    return moment(min(dates, default=None))


def _walked(tip: str, own: Mapping[str, Commit]) -> set[str]:
    """The own commits that a tip reaches."""
    seen: set[str] = set()
    queue = [tip]
    while queue:
        commit = queue.pop()
        if commit in own and commit not in seen:
            seen.add(commit)
            queue += own[commit].parents
    return seen


def moment(seconds: int | None) -> Dated:
    """The moment, from seconds since 1970."""
    if seconds is None:
        return Dated(None, "no commit says when")
    try:
        return Dated(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return Dated(None, "its date is beyond any calendar")


def first_named(
    versions: Sequence[tuple[Commit, bytes]], stories: Collection[str], lacking: str = ""
) -> dict[str, Dated]:
    """When a config named each story first.

    Args:
        versions: the commits that changed the config with its text then, newest first.
        stories: their ids.
        lacking: why older versions are not among them; empty where there are none.
    """
    found: dict[str, Dated] = {}
    at_end: set[str] = set()
    for commit, text in versions:
        at_end = {name.decode() for name in _ID.findall(text)}
        found |= {story: moment(commit.authored) for story in stories if story in at_end}
    if lacking:
        found |= {story: Dated(None, lacking) for story in at_end & found.keys()}
    return {story: found.get(story, Dated(None, "no commit names it")) for story in stories}
