"""The durable history: an orphan branch of the project's git repository.

Written by `git fast-import`, which makes objects and moves the one ref, and nothing else: work tree, index and HEAD
stay as they are. The ref is moved only if nobody else moved it since; else we try again on top of theirs.

One folder for each project path, one for each month in it, two files for each record: the summary, and the per-file
part apart from it, so that a trend reads only summaries.
"""

from __future__ import annotations

import os
import random
import time

import msgspec

from coverage_roadmap.adapters import git, store
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.errors import RecordError, ToolError

MARKER = "coverage-roadmap-history"
TRIES = 200
"""So often others may be quicker: more than fifty writers of three records each."""
_REFUSALS = 4
"""So often git may refuse while the branch stays where it is: another writer may hold its lock."""
_SUMMARY = ".summary.json"
_DETAIL = ".detail.json"
_IDENTITY = b"coverage-roadmap <coverage-roadmap@localhost>"


def folder_of(prefix: str) -> str:
    """The folder of a project on the branch: `prefix` is its path from the repository's top, empty at the top."""
    return f"projects/{prefix.rstrip('/')}" if prefix else "top"


def append(repository: git.Repository, branch: str, summary: Summary, detail: Detail, *, now: int) -> str:
    """Put a record on the local history branch. Returns the commit.

    Args:
        repository: the project's.
        branch: the branch's name.
        summary: the record.
        detail: its per-file part.
        now: seconds since 1970, for the commit.

    Raises:
        ToolError: the branch is not ours or is checked out, or git refused.
    """
    ref = f"refs/heads/{branch}"
    _refuse_checked_out(repository, ref)
    base = f"{folder_of(repository.prefix)}/{summary.id[:4]}-{summary.id[4:6]}/{summary.id}"
    contents = {
        f"{base}{_SUMMARY}": msgspec.json.encode(summary),
        f"{base}{_DETAIL}": msgspec.json.encode(detail),
    }
    refused = 0
    for attempt in range(TRIES):
        tip = git.resolve(repository.project, ref)
        if tip and not git.run(repository.top, "ls-tree", tip, "--", MARKER):
            raise ToolError(
                f"branch {branch} exists and is no coverage history",
                where="git",
                next_step="name another in [tool.coverage-roadmap.history] branch",
            )
        try:
            git.run(
                repository.top,
                "fast-import",
                "--quiet",
                "--date-format=raw",
                stdin=_stream(ref, tip, contents, summary, now),
            )
        except ToolError:
            refused += git.resolve(repository.project, ref) == tip
            if refused == _REFUSALS or attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0, 0.05))  # noqa: S311 - so that writers fall out of step
        if written := _holds(repository, ref, f"{base}{_SUMMARY}"):
            return written
    raise ToolError(
        f"branch {branch} was moved by others {TRIES} times", where="git fast-import", next_step="run again"
    )


def _holds(repository: git.Repository, ref: str, path: str) -> str | None:
    tip = git.resolve(repository.project, ref)
    return tip if tip and git.run(repository.top, "ls-tree", tip, "--", path) else None


def _refuse_checked_out(repository: git.Repository, ref: str) -> None:
    worktrees = git.run(repository.top, "worktree", "list", "--porcelain").decode("utf-8", "replace")
    if f"branch {ref}\n" in worktrees:
        raise ToolError(
            f"{ref.removeprefix('refs/heads/')} is checked out in a work tree, which would look changed",
            where="git",
            next_step="check out another branch there",
        )


def _stream(ref: str, tip: str | None, contents: dict[str, bytes], summary: Summary, now: int) -> bytes:
    """The words that fast-import reads: one commit that adds the files."""
    message = f"{summary.phase} {summary.totals.ratio} % ({summary.kind})\n\nRecord: {summary.id}\n".encode()
    parts = [b"feature done\n", b"commit %s\n" % ref.encode(), b"committer %s %d +0000\n" % (_IDENTITY, now)]
    parts += [b"data %d\n" % len(message), message, b"\n"]
    if tip:
        parts.append(b"from %s\n" % tip.encode())
    else:
        contents = {MARKER: b"Written by coverage-roadmap; one folder for each project.\n", **contents}
    for path, data in contents.items():
        parts += [b"M 100644 inline %s\n" % _quoted(path), b"data %d\n" % len(data), data, b"\n"]
    return b"".join([*parts, b"done\n"])


def _quoted(path: str) -> bytes:
    """A path as fast-import takes any: in quotes, with the few signs escaped that would end them."""
    raw = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + raw + b'"'


def read(repository: git.Repository, branch: str) -> tuple[list[Summary], dict[str, str], list[RecordError]]:
    """The history's summaries of this project, local and remote-tracking.

    Returns the summaries, the blobs of the per-file parts by record id, and what is wrong with those that cannot be
    read. A branch that is not ours counts as no history.
    """
    blobs: dict[str, str] = {}
    for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
        tip = git.resolve(repository.project, ref)
        if tip and git.run(repository.top, "ls-tree", tip, "--", MARKER):
            out = git.run(repository.top, "ls-tree", "-r", "-z", tip, "--", folder_of(repository.prefix))
            blobs.update(_names_and_blobs(out))
    summaries, bad = [], []
    wanted = {name: blob for name, blob in blobs.items() if name.endswith(_SUMMARY)}
    for name, content in zip(wanted, git.read_blobs(repository, list(wanted.values())), strict=True):
        try:
            summaries.append(store.decode(content, Summary, f"{branch}:{name}"))
        except RecordError as error:
            bad.append(error)
    details = {n.rsplit("/", 1)[1].removesuffix(_DETAIL): blob for n, blob in blobs.items() if n.endswith(_DETAIL)}
    return summaries, details, bad


def _names_and_blobs(out: bytes) -> dict[str, str]:
    """Git's listing of a tree: names with blobs."""
    entries = [entry.split(b"\t", 1) for entry in out.split(b"\0") if entry]
    return {os.fsdecode(path): meta.split(b" ")[2].decode() for meta, path in entries if b" blob " in meta}
