"""Branches and dates of stories, asked of git in few processes."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from coverage_roadmap.adapters import git, remotes
from coverage_roadmap.core.branch import Branch, Commit, Dated, Tip, begun, first_named, moment

LONGEST = 10_000
"""So many own commits of all branches are looked at."""
VERSIONS = 500
"""So many versions of the config are looked at."""
_FORMAT = "%H %at %P"


def tips(repository: git.Repository, leaving: Collection[str] = ()) -> list[Tip]:
    """Every branch, local and remote-tracking, the one that moved last first; of two of a name that one alone.

    Args:
        repository: the project's.
        leaving: short names of branches that are left out.
    """
    form = "--format=%(refname)%00%(objectname)%00%(tree)%00%(committerdate:unix)%00%(symref)"
    found: dict[str, Tip] = {}
    published = set[str]()
    told = git.run(repository.project, "for-each-ref", form, "refs/heads/", "refs/remotes/").splitlines()
    rows = [os.fsdecode(line).split("\0") for line in told]
    places = remotes.places(repository, [row[0] for row in rows])
    for revision, commit, tree, committed, symbolic in rows:
        remote, name = places[revision]
        if name in leaving or symbolic or not committed:
            continue
        if remote == "origin":
            published.add(name)
        if name not in found or found[name].committed < int(committed):
            found[name] = Tip(name, revision, commit, tree, int(committed))
    whole = [replace(tip, published=tip.name in published) for tip in found.values()]
    return sorted(whole, key=lambda tip: (-tip.committed, tip.name))


def dated(repository: git.Repository, chosen: Sequence[Tip], default: str | None) -> dict[str, Branch]:
    """Branches with their dates, by name.

    Args:
        repository: the project's.
        chosen: the branches.
        default: the default branch's whole name; None where it cannot be told.
    """
    if not chosen:
        return {}
    own = own_commits(repository, chosen, default) if default else {}
    shallow = git.is_shallow(repository)
    found = {}
    for tip in chosen:
        began = begun(tip.commit, own, shallow=shallow) if default else Dated(None, "there is no default branch")
        if len(own) >= LONGEST:
            began = Dated(None, f"the branches have more than {LONGEST} commits of their own")
        found[tip.name] = Branch(tip.name, tip.revision, began, moment(tip.committed), tip.published)
    return found


def own_commits(repository: git.Repository, chosen: Sequence[Tip], default: str) -> Mapping[str, Commit]:
    """The commits of branches that the default branch has not, the newest `LONGEST` of them."""
    asked = "\n".join([*(tip.commit for tip in chosen), f"^{default}", ""]).encode()
    words = ("rev-list", f"--max-count={LONGEST}", f"--format={_FORMAT}", "--stdin")
    lines = git.run(repository.project, *words, stdin=asked).decode().splitlines()
    commits = (_commit(line) for line in lines if not line.startswith("commit "))
    return {commit.id: commit for commit in commits}


def _commit(line: str) -> Commit:
    ident, authored, *parents = line.split(" ")
    return Commit(
        ident, tuple(filter(None, parents)), int(authored) if authored.isascii() and authored.isdigit() else None
    )


def stories_named(repository: git.Repository, config: Path, stories: Collection[str]) -> dict[str, Dated]:
    """When each story was named first in the config, where it lies now: to follow a file that was moved takes git ten
    times as long."""
    if not stories or repository.head is None or not config.is_relative_to(repository.top):
        return {story: Dated(None, "the config is not in git") for story in stories}
    words = (
        "--raw",
        "--no-renames",
        "--no-abbrev",
        "--no-show-signature",
        f"--max-count={VERSIONS}",
        f"--format={_FORMAT}",
    )
    path = config.relative_to(repository.top).as_posix()
    out = git.run(repository.top, "log", *words, repository.head, "--", path).decode("utf-8", "replace")
    commits: list[Commit] = []
    blobs: list[str] = []
    for line in out.splitlines():
        if line.startswith(":"):
            blobs.append(line.split(" ")[3])
        elif line:
            commits[len(blobs) :] = [_commit(line)]  # one that shows no change of its own, a merge, gives way
    del commits[len(blobs) :]
    texts = _texts(repository, blobs)
    oldest_is_root = bool(commits) and not commits[-1].parents
    lacking = f"older than {VERSIONS} versions of the config" if len(commits) >= VERSIONS else ""
    if oldest_is_root and git.is_shallow(repository):
        lacking = "the clone is shallow"
    return first_named(list(zip(commits, texts, strict=True)), stories, lacking)


def _texts(repository: git.Repository, blobs: Sequence[str]) -> list[bytes]:
    """The contents, in their order; a config that was removed then is empty."""
    there = [blob for blob in dict.fromkeys(blobs) if blob.strip("0")]
    contents = dict(zip(there, git.read_blobs(repository, there), strict=True))
    return [contents.get(blob, b"") for blob in blobs]
