"""The durable history: an orphan branch of the project's git repository.

Written by `git fast-import`, which makes objects and moves the one ref, and nothing else: work tree, index and HEAD
stay as they are. The ref is moved only if nobody else moved it since; else we try again on top of theirs.

Read month by month, from the newest: the local branch and the remote-tracking ones as one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

import msgspec

from coverage_roadmap.adapters import git, remotes
from coverage_roadmap.core.history import (
    DETAIL,
    DOCUMENTED,
    MARKER,
    SUMMARY,
    Blobs,
    base_of,
    folder_of,
    is_month,
    records,
)
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.errors import ToolError

TRIES = 200
"""So often others may be quicker: more than fifty writers of three records each."""
_REFUSALS = 4
"""So often git may refuse while the branch stays where it is: another writer may hold its lock."""
_ASKED = 100
"""Of so many paths at most git is asked by name."""
_IDENTITY = b"coverage-roadmap <coverage-roadmap@localhost>"


class Change(msgspec.Struct, frozen=True):
    """One commit on the branch."""

    message: str
    add: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    """Contents of files, by path on the branch."""
    put: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Blobs that git has already, by path on the branch."""
    remove: tuple[str, ...] = ()
    """Paths of files that go."""
    merge: str | None = None
    """A further commit that it comes after."""


def append(repository: git.Repository, branch: str, summary: Summary, detail: Detail, *, now: int) -> str:
    """Put a record on the local history branch. Returns the commit.

    Args:
        repository: the project's.
        branch: the branch's name.
        summary: the record.
        detail: its files and tests.
        now: seconds since 1970, for the commit.

    Raises:
        ToolError: the branch is not ours or is checked out, or git refused.
    """
    base = base_of(repository.prefix, summary.id)
    files = {f"{base}{SUMMARY}": msgspec.json.encode(summary), f"{base}{DETAIL}": msgspec.json.encode(detail)}
    message = f"{summary.phase} {summary.totals.ratio} % ({summary.kind})\n\nRecord: {summary.id}\n"
    return write(repository, branch, files, message, now=now)


def write(repository: git.Repository, branch: str, files: Mapping[str, bytes], message: str, *, now: int) -> str:
    """Put files on the local history branch; `files` by their path on it. Returns the commit.

    Raises:
        ToolError: the branch is not ours or is checked out, or git refused.
    """
    return change(repository, branch, lambda _: Change(message, add=files), now=now)


def change(repository: git.Repository, branch: str, make: Callable[[str | None], Change], *, now: int) -> str:
    """Put a commit on the local history branch, made anew on each tip that others were quicker to move it to.

    Args:
        repository: the project's.
        branch: the branch's name.
        make: gives the change on top of a tip; None where there is no branch yet.
        now: seconds since 1970, for the commit.

    Returns the commit.

    Raises:
        ToolError: the branch is not ours or is checked out, or git refused.
    """
    ref = f"refs/heads/{branch}"
    _refuse_checked_out(repository, ref)
    refused = 0
    for attempt in range(TRIES):
        tip = git.resolve(repository.project, ref)
        if tip:
            refuse_foreign(repository, branch, tip)
        wanted = make(tip)
        stream = _stream(ref, tip, wanted, now)
        try:
            git.run(repository.top, "fast-import", "--quiet", "--date-format=raw", stdin=stream)
        except ToolError:
            refused += git.resolve(repository.project, ref) == tip
            if refused == _REFUSALS or attempt == TRIES - 1:
                raise
            import random  # only for who has to try again

            time.sleep(random.uniform(0, 0.05))  # noqa: S311 - so that writers fall out of step
        if written := _holds(repository, ref, wanted):
            return written
    raise ToolError(
        f"branch {branch} was moved by others {TRIES} times", where="git fast-import", next_step="run again"
    )


def advance(repository: git.Repository, branch: str, old: str | None, new: str) -> None:
    """Move the local branch on to a commit after it, unless somebody else moved it meanwhile.

    Raises:
        ToolError: the branch is checked out, or git refused.
    """
    ref = f"refs/heads/{branch}"
    _refuse_checked_out(repository, ref)
    try:
        git.run(repository.top, "update-ref", ref, new, old or "0" * len(new))
    except ToolError:
        if git.resolve(repository.project, ref) == old:
            raise


def is_ours(repository: git.Repository, tip: str) -> bool:
    """Whether a branch's tip has our marker."""
    return bool(git.run(repository.top, "ls-tree", tip, "--", MARKER))


def refuse_foreign(repository: git.Repository, branch: str, tip: str) -> None:
    """Refuse a branch that is not ours.

    Raises:
        ToolError: its tip lacks our marker.
    """
    if not is_ours(repository, tip):
        raise ToolError(
            f"branch {branch} exists and is no coverage history",
            where="git",
            next_step="name another in [tool.coverage-roadmap.history] branch",
        )


def _holds(repository: git.Repository, ref: str, wanted: Change) -> str | None:
    """The branch's tip, where the change is in it."""
    tip = git.resolve(repository.project, ref)
    if tip is None or (wanted.merge and not git.is_ancestor(repository.project, wanted.merge, tip)):
        return None
    kept, gone = {*wanted.add, *wanted.put}, set(wanted.remove)
    named = [*kept, *gone] if len(kept) + len(gone) <= _ASKED else []
    there = git.tree_files(repository, tip, paths=named, below=True).keys()
    return tip if kept <= there and there.isdisjoint(gone) else None


def _refuse_checked_out(repository: git.Repository, ref: str) -> None:
    worktrees = git.run(repository.top, "worktree", "list", "--porcelain").decode("utf-8", "replace")
    if f"branch {ref}\n" in worktrees:
        raise ToolError(
            f"{ref.removeprefix('refs/heads/')} is checked out in a work tree, which would look changed",
            where="git",
            next_step="check out another branch there",
        )


def _stream(ref: str, tip: str | None, wanted: Change, now: int) -> bytes:
    """The words that fast-import reads: one commit."""
    message, add = wanted.message.encode("utf-8", "replace"), dict(wanted.add)
    parts = [b"feature done\n", b"commit %s\n" % ref.encode(), b"committer %s %d +0000\n" % (_IDENTITY, now)]
    parts += [b"data %d\n" % len(message), message, b"\n"]
    if tip:
        parts.append(b"from %s\n" % tip.encode())
    else:
        add = {MARKER: b"Written by coverage-roadmap; one folder for each project.\n", **add}
    if wanted.merge:
        parts.append(b"merge %s\n" % wanted.merge.encode())
    for path, data in add.items():
        parts += [b"M 100644 inline %s\n" % _quoted(path), b"data %d\n" % len(data), data, b"\n"]
    parts += [b"M 100644 %s %s\n" % (blob.encode(), _quoted(path)) for path, blob in wanted.put.items()]
    parts += [b"D %s\n" % _quoted(path) for path in wanted.remove]
    return b"".join([*parts, b"done\n"])


def _quoted(path: str) -> bytes:
    """A path as fast-import takes any: in quotes, with the few signs escaped that would end them."""
    raw = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + raw + b'"'


class History(msgspec.Struct, frozen=True):
    """The history of one project: where its months lie in the local branch and in the remote-tracking ones."""

    repository: git.Repository
    branch: str
    months: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The months, newest first, each with its folder's tree objects."""
    documented: tuple[str, ...] = ()
    """Tree objects of the folder of what pull requests documented."""
    foreign: tuple[str, ...] = ()
    """Branches of that name that are not ours."""

    def records(self, month: str) -> dict[str, Blobs]:
        """The records of a month, by id."""
        found: dict[str, Blobs] = {}
        for tree in reversed(self.months.get(month, ())):  # of two of one id the local branch's is taken
            found.update(records(month, git.tree_files(self.repository, tree)))
        return found

    def documents(self) -> dict[str, str]:
        """The blobs of what pull requests documented, by file name."""
        return {name: blob for tree in self.documented for name, blob in git.tree_files(self.repository, tree).items()}


def find(repository: git.Repository, branch: str, *, remote: bool = True) -> History:
    """The history, local and, where `remote`, remote-tracking. A branch that is not ours counts as none."""
    months: dict[str, dict[str, None]] = {}
    documented: dict[str, None] = {}
    folder = folder_of(repository.prefix)
    foreign: list[str] = []
    by_commit: dict[str, str] = {}
    for revision, commit in remotes.tips(repository, branch, tracked=remote).items():
        by_commit.setdefault(commit, revision)
    for tip, revision in by_commit.items():
        children, folders = git.tree_children(repository, tip, [MARKER, f"{folder}/"])
        if MARKER not in children:
            foreign.append(revision)
        else:
            for path, tree in folders.items():
                name = path.removeprefix(f"{folder}/")
                if is_month(name):
                    months.setdefault(name, {})[tree] = None
                elif name == DOCUMENTED:
                    documented[tree] = None
    newest_first = {month: tuple(months[month]) for month in sorted(months, reverse=True)}
    return History(repository, branch, newest_first, tuple(documented), tuple(foreign))
