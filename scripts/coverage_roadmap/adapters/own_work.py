"""What branches have of their own, by content: asked of git in few processes, whatever the number of branches."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from coverage_roadmap.adapters import branches, documentation, git, git_diff
from coverage_roadmap.core.branch import Own, Tip, lacks, outside, short
from coverage_roadmap.core.documentation import squashed
from coverage_roadmap.core.hunk import FileDiff
from coverage_roadmap.errors import ToolError

_MOST_NAMED = 500
"""Of more files than that git is not asked one by one."""


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
    pairs = {tip.name: one for (tip, _), one in zip(known, changed, strict=True)}
    shallow = " in this shallow clone" if len(known) < len(left) and git.is_shallow(repository) else ""
    untold = f"has no common commit with {short(default)}{shallow}"
    return [
        Own(tip, bases[tip.commit], *pairs[tip.name]) if tip.name in pairs else Own(tip, None, untold=untold)
        for tip in left
    ]


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
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """What differs in the project between the trees of each pair: hashes by path, after and before."""
    words = ("--stdin", "-r", "--raw", "--no-abbrev", "-z", "--no-renames", "--relative")
    asked = "".join(f"{before} {after}\n" for before, after in pairs).encode()
    told = os.fsdecode(git.run(repository.project, "diff-tree", *words, "--", *paths, stdin=asked))
    entries = iter(told.split("\0"))
    found: tuple[dict[str, str], dict[str, str]] | None = None
    for entry in entries:
        *heads, raw = entry.split("\n")
        for _ in heads:
            if found is not None:
                yield found
            found = {}, {}
        if raw and found is not None:
            path = next(entries)
            for side, blob in zip(found, reversed(raw.split(" ")[2:4]), strict=True):
                side[path] = blob if blob.strip("0") else ""
    if found is not None:
        yield found


def lacking(
    repository: git.Repository, default: str, asked: Sequence[tuple[Own, Sequence[str]]]
) -> dict[str, list[str]]:
    """By the branch's name, those files by which it has something that the default branch has not had since, by
    content: neither as the branch left the file, nor line by line in what lies there now.

    Args:
        repository: the project's.
        default: the default branch's whole name.
        asked: branches, each with the files that are asked about, of those that it changed.
    """
    every = list(dict.fromkeys(path for _, paths in asked for path in paths))
    there = _there(repository, default, every)
    other = [(one, [path for path in paths if there.get(path, "") != one.files[path]]) for one, paths in asked]
    had = _had(repository, default, other)
    return {one.tip.name: _lacking(repository, default, one, paths, there, had) for one, paths in other}


def _there(repository: git.Repository, default: str, paths: Sequence[str]) -> Mapping[str, str]:
    """The contents' hashes of files of the default branch."""
    return git.files_at(repository, default) if len(paths) > _MOST_NAMED else git.blobs_at(repository, default, paths)


def _had(
    repository: git.Repository, default: str, asked: Sequence[tuple[Own, Sequence[str]]]
) -> set[tuple[str, str]] | None:
    """What the default branch's files were since the first of the branches left it: paths with hashes. So git need not
    be asked again about most branches. None where it cannot be told for all at once."""
    open_ = [(one.base, paths) for one, paths in asked if paths and one.base]
    if not open_:
        return set()
    bases = dict.fromkeys(base for base, _ in open_)
    paths = list(dict.fromkeys(path for _, own in open_ for path in own))
    try:
        first = git.run(repository.project, "merge-base", "--octopus", *bases).decode().strip()
    except ToolError:
        return None
    walked = documentation.steps(repository, first, default, paths if len(paths) <= _MOST_NAMED else ())
    return {change for step in walked for change in step.items()}


def _lacking(
    repository: git.Repository,
    default: str,
    one: Own,
    paths: Sequence[str],
    there: Mapping[str, str],
    had: set[tuple[str, str]] | None,
) -> list[str]:
    """The same of one branch, of files that differ from the default branch's."""
    if one.base is None:
        return list(paths)
    taken = [path for path in paths if had is None or (path, one.files[path]) in had]
    steps = list(documentation.steps(repository, one.base, default, taken)) if taken else []
    left = [path for path in paths if path not in taken or not squashed({path: one.files[path]}, steps)]
    both = [path for path in left if there.get(path, "") != one.before[path]]
    written = _by_path(git_diff.between(repository, one.base, one.tip.commit, both)) if both else {}
    missed = _by_path(git_diff.between(repository, default, one.tip.commit, both)) if both else {}
    return [path for path in left if path not in both or _lacks(written.get(path), missed.get(path))]


def _by_path(diffs: Sequence[FileDiff]) -> Mapping[str, FileDiff]:
    return {path: one for one in diffs for path in (one.old, one.new) if path}


def _lacks(written: FileDiff | None, missed: FileDiff | None) -> bool:
    """Whether the default branch lacks something of a file; what has no lines to tell by is lacking as a whole."""
    if written is None or missed is None:
        return missed is not None
    told = written.hunks and missed.hunks and written.new and missed.new
    return lacks(written.hunks, missed.hunks) if told else True


def existing(repository: git.Repository, asked: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these are there as committed, files or folders: commits with paths from the project."""
    known = [(commit, path) for commit, path in dict.fromkeys(asked) if "\n" not in path]
    names = "".join(f"{commit}:{repository.prefix}{posixpath.normpath(path)}\n" for commit, path in known)
    words = ("cat-file", "--batch-check=%(objecttype)")
    told = git.run(repository.project, *words, stdin=os.fsencode(names)).splitlines() if known else []
    return {one for one, kind in zip(known, told, strict=True) if kind in (b"blob", b"tree")}
