"""Branches that work on stories: when they began and moved last; and when a story without one was first named."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(rb"""\bid\s*=\s*["']([a-z0-9][a-z0-9-]*)["']""")
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


class Branch(Struct, frozen=True):
    """A branch of a story."""

    name: str
    revision: str
    """Its whole name, local or remote-tracking."""
    begun: Dated
    """When its first own commit was authored."""
    latest: Dated
    """When its tip was committed."""


def begun(tip: str, own: Mapping[str, Commit], *, shallow: bool) -> Dated:
    """When the first commit of a branch that is its own was authored: a rebase does not make it younger.

    Args:
        tip: the branch's newest commit.
        own: the commits of branches that the default branch has not.
        shallow: whether the clone lacks older commits.
    """
    if tip not in own:
        return Dated(None, "the branch has no commit of its own")
    seen: set[str] = set()
    queue = [tip]
    while queue:
        commit = queue.pop()
        if commit in own and commit not in seen:
            seen.add(commit)
            queue += own[commit].parents
    if shallow and any(not own[commit].parents for commit in seen):
        return Dated(None, "the clone is shallow")
    dates = [date for commit in seen if (date := own[commit].authored) is not None]
    return moment(min(dates, default=None))


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
