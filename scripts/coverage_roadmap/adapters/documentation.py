"""What pull requests documented: on the history branch, and whether it came to the default branch."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence

import msgspec

from coverage_roadmap.adapters import git, history, store
from coverage_roadmap.adapters.reached import Reached
from coverage_roadmap.core.documentation import Changed, Documentation, Recorded, squashed
from coverage_roadmap.core.history import DOCUMENTED, folder_of
from coverage_roadmap.errors import RecordError, ToolError

_MOST = 1_000
"""So many documentations are looked at, and so many of the default branch's newest commits."""
_ASKED = 100
"""Of so many it is asked whether they were merged."""
_LARGEST = 2 * 2**20
"""None of ours is larger. Bytes."""


class Documented(msgspec.Struct, frozen=True):
    """What was documented, and what is wrong with what cannot be read of it."""

    recorded: Sequence[Recorded] = ()
    unreadable: Sequence[RecordError] = ()


def write(repository: git.Repository, branch: str, documentation: Documentation, *, now: int) -> None:
    """Put a documentation on the local history branch; nothing where it is there already.

    Raises:
        ToolError: the branch is not ours or is checked out, or git refused.
    """
    name = f"{documentation.id}.json"
    if name in history.find(repository, branch).documents():
        return
    path = f"{folder_of(repository.prefix)}/{DOCUMENTED}/{name}"
    message = f"Documentation of {', '.join(documentation.stories)} at {documentation.commit[:8]}\n"
    history.write(repository, branch, {path: msgspec.json.encode(documentation)}, message, now=now)


def read(kept: history.History, default: Reached | None, wanted: Sequence[Collection[str]]) -> Documented:
    """What was documented, local and remote-tracking.

    Args:
        kept: the history.
        default: what the default branch reaches; None where there is none.
        wanted: the stories of each criterion; whether a documentation was merged is asked only where it names all of
            one, and only until one was.
    """
    found, bad = [], []
    blobs = dict(sorted(kept.documents().items())[:_MOST])
    sizes = git.blob_sizes(kept.repository, list(blobs.values()))
    fitting = {name: blob for (name, blob), size in zip(blobs.items(), sizes, strict=True) if 0 < size <= _LARGEST}
    for name, content in zip(fitting, git.read_blobs(kept.repository, list(fitting.values())), strict=True):
        try:
            found.append(store.decode(content, Documentation, f"{kept.branch}:{DOCUMENTED}/{name}"))
        except RecordError as error:
            bad.append(error)
    recorded, open_ = [], [frozenset(stories) for stories in wanted]
    asked = 0
    for one in found:
        fits = any(stories <= {*one.stories} for stories in open_) and asked < _ASKED
        asked += fits
        told = _recorded(kept.repository, one, default) if fits else Recorded(one.stories, one.commit, merged=False)
        recorded.append(told)
        open_ = [stories for stories in open_ if not (told.merged and stories <= {*one.stories})]
    return Documented(recorded, bad)


def _recorded(repository: git.Repository, one: Documentation, default: Reached | None) -> Recorded:
    if default is None:
        return Recorded(one.stories, one.commit, merged=False, lacking="there is no default branch to look at")
    if one.commit in default:
        return Recorded(one.stories, one.commit, merged=True)
    try:
        merged = any(squashed(one.changed, steps(repository, one.base, tip)) for tip in default.tips)
    except ToolError:
        fetch = "git fetch --unshallow" if git.is_shallow(repository) else "git fetch"
        lacking = f"its base {one.base[:8]} is not in this clone: {fetch}"
        return Recorded(one.stories, one.commit, merged=False, lacking=lacking)
    return Recorded(one.stories, one.commit, merged=merged)


def steps(repository: git.Repository, base: str, tip: str, paths: Sequence[str] = ()) -> Iterator[Changed]:
    """What each of a branch's own commits since `base` changed in the project (at `paths`, where some are named),
    oldest first.

    Raises:
        ToolError: this clone has not both.
    """
    words = (
        "--first-parent",
        "-m",
        "--raw",
        "--no-abbrev",
        "-z",
        "--no-renames",
        "--relative",
        "--format=tformat:commit",
    )
    span = ("--no-show-signature", "--reverse", f"--max-count={_MOST}", "--end-of-options", f"{base}..{tip}")
    entries = iter(os.fsdecode(git.run(repository.project, "log", *words, *span, "--", *paths)).split("\0"))
    step: dict[str, str] = {}
    for entry in entries:
        if entry.lstrip("\n").startswith(":"):
            blob = entry.split(" ")[3]
            step[next(entries)] = blob if blob.strip("0") else ""
        else:
            yield step
            step = {}
    yield step


def changed(repository: git.Repository, base: str, commit: str) -> dict[str, str]:
    """What a commit changed in the project since `base`."""
    words = ("--raw", "--no-abbrev", "-z", "--no-renames", "--relative", "-r")
    told = os.fsdecode(git.run(repository.project, "diff-tree", *words, "--end-of-options", base, commit, "--"))
    entries = iter(told.split("\0"))
    blobs = ((next(entries), entry.split(" ")[3]) for entry in entries if entry)
    return {path: blob if blob.strip("0") else "" for path, blob in blobs}
