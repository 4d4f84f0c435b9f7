"""What branches have of their own, by content: asked of git in few processes, whatever the number of branches."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from coverage_roadmap.adapters import branches, documentation, git, git_diff
from coverage_roadmap.core.branch import Own, Tip, lacks, outside
from coverage_roadmap.core.documentation import squashed
from coverage_roadmap.core.hunk import FileDiff


def own(repository: git.Repository, chosen: Sequence[Tip], default: str, paths: Sequence[str] = ()) -> list[Own]:
    """What branches changed since they left the default branch; those without a commit of their own are left out.

    Args:
        repository: the project's.
        chosen: the branches.
        default: the default branch's whole name.
        paths: files and folders in the project that are looked at; by default all of it.
    """
    if not chosen:
        return []
    bases = _bases(repository, chosen, default)
    left = [tip for tip in chosen if tip.commit in bases]
    known = [(tip, base) for tip in left if (base := bases[tip.commit])]
    trees = _trees(repository, [base for _, base in known])
    changed = _changed(repository, [(trees[base], tip.tree) for tip, base in known], paths)
    files = {tip.name: one for (tip, _), one in zip(known, changed, strict=True)}
    shallow = " in this shallow clone" if len(known) < len(left) and git.is_shallow(repository) else ""
    untold = f"has no common commit with {short(default)}{shallow}"
    return [Own(t, bases[t.commit], files.get(t.name, {}), "" if bases[t.commit] else untold) for t in left]


def short(default: str) -> str:
    """The name of a branch, out of its whole name."""
    return default.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/")


def _bases(repository: git.Repository, chosen: Sequence[Tip], default: str) -> dict[str, str | None]:
    """Where each left the default branch, by its newest commit: known from the commits that are listed anyway, and
    asked for where a branch took over commits of the default branch since. None where there is no such commit."""
    listed = branches.own_commits(repository, chosen, default)
    cut = len(listed) >= branches.LONGEST
    found: dict[str, str | None] = {}
    for tip in chosen:
        if tip.commit in listed:
            edge = outside(tip.commit, listed)
            one = edge.pop() if len(edge) == 1 and not cut else None
            found[tip.commit] = one or git.merge_base_of(repository, tip.commit, default)
        elif cut and not git.is_ancestor(repository.project, tip.commit, default):
            found[tip.commit] = git.merge_base_of(repository, tip.commit, default)
    return found


def _trees(repository: git.Repository, commits: Sequence[str]) -> dict[str, str]:
    """The trees of commits."""
    wanted = list(dict.fromkeys(commits))
    asked = "".join(f"{commit}^{{tree}}\n" for commit in wanted).encode()
    told = git.run(repository.project, "cat-file", "--batch-check=%(objectname)", stdin=asked).decode().splitlines()
    return dict(zip(wanted, told, strict=True))


def _changed(
    repository: git.Repository, pairs: Sequence[tuple[str, str]], paths: Sequence[str]
) -> Iterator[dict[str, str]]:
    """What differs in the project between the trees of each pair: path, with the hash of its content after."""
    words = ("--stdin", "-r", "--raw", "--no-abbrev", "-z", "--no-renames", "--relative")
    asked = "".join(f"{before} {after}\n" for before, after in pairs).encode()
    told = os.fsdecode(git.run(repository.project, "diff-tree", *words, "--", *paths, stdin=asked))
    entries = iter(told.split("\0"))
    found: dict[str, str] | None = None
    for entry in entries:
        *heads, raw = entry.split("\n")
        for _ in heads:
            if found is not None:
                yield found
            found = {}
        if raw and found is not None:
            blob = raw.split(" ")[3]
            found[next(entries)] = blob if blob.strip("0") else ""
    if found is not None:
        yield found


def lacking(repository: git.Repository, default: str, one: Own, paths: Sequence[str]) -> list[str]:
    """Those files by which a branch has something that the default branch has not had since, by content: neither as
    the branch left the file, nor line by line in what lies there now.

    Args:
        repository: the project's.
        default: the default branch's whole name.
        one: the branch with what it changed.
        paths: the files that are asked about, of those that it changed.
    """
    if not paths or one.base is None:
        return []
    there = git.blobs_at(repository, default, paths)
    other = [path for path in paths if there.get(path, "") != one.files[path]]
    if not other:
        return []
    steps = list(documentation.steps(repository, one.base, default, other))
    other = [path for path in other if not squashed({path: one.files[path]}, steps)]
    written = _by_path(git_diff.between(repository, one.base, one.tip.commit, other)) if other else {}
    missed = _by_path(git_diff.between(repository, default, one.tip.commit, other)) if other else {}
    return [path for path in other if _lacks(written.get(path), missed.get(path))]


def _by_path(diffs: Sequence[FileDiff]) -> Mapping[str, FileDiff]:
    return {path: one for one in diffs for path in (one.old, one.new) if path}


def _lacks(written: FileDiff | None, missed: FileDiff | None) -> bool:
    """Whether the default branch lacks something of a file; what has no lines to tell by is lacking as a whole."""
    if written is None or missed is None:
        return missed is not None
    told = written.hunks and missed.hunks and written.new and missed.new
    return lacks(written.hunks, missed.hunks) if told else True
