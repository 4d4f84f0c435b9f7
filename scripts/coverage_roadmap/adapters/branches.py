"""Branches and dates of stories, asked of git in few processes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from coverage_roadmap.adapters import git
from coverage_roadmap.adapters.tips import Tip, tips
from coverage_roadmap.core.branch import Branch, Commit, Dated, begun, first_named, moment

LONGEST = 10_000
"""So many own commits of all branches are looked at."""
VERSIONS = 500
"""So many versions of the config are looked at."""
_FORMAT = "%H %at %P"


def named(repository: git.Repository, names: Collection[str], default: str | None) -> dict[str, Branch]:
    """The branches of these names, local or remote-tracking; of the two the one that moved last.

    Args:
        repository: the project's.
        names: the branches' short names.
        default: the default branch's whole name; None where it cannot be told.
    """
    newest = _newest(repository, names)
    if not newest:
        return {}
    own = _own(repository, [tip.commit for tip in newest.values()], default) if default else {}
    shallow = git.is_shallow(repository)
    found = {}
    for name, tip in newest.items():
        began = begun(tip.commit, own, shallow=shallow) if default else Dated(None, "there is no default branch")
        if len(own) >= LONGEST:
            began = Dated(None, f"the branches have more than {LONGEST} commits of their own")
        found[name] = Branch(name, tip.revision, began, moment(tip.committed))
    return found


def _newest(repository: git.Repository, names: Collection[str]) -> dict[str, Tip]:
    """By name the branch that moved last."""
    newest: dict[str, Tip] = {}
    for tip in tips(repository, names):
        if tip.name not in newest or newest[tip.name].committed < tip.committed:
            newest[tip.name] = tip
    return newest


def _own(repository: git.Repository, commits: Sequence[str], default: str) -> Mapping[str, Commit]:
    """What leads to these commits and the default branch has not."""
    asked = "\n".join([*commits, f"^{default}", ""]).encode()
    words = ("rev-list", f"--max-count={LONGEST}", f"--format={_FORMAT}", "--stdin")
    lines = git.run(repository.project, *words, stdin=asked).decode().splitlines()
    found = (_commit(line) for line in lines if not line.startswith("commit "))
    return {commit.id: commit for commit in found}


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
