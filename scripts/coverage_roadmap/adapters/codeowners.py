"""CODEOWNERS, as the default branch has it: who may be asked about a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coverage_roadmap.adapters import git
from coverage_roadmap.core.regex import regex

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where forges look for it; the first one counts."""
LARGEST = 256 * 2**10
"""A larger one is not read: each of its lines is held against each file. Bytes."""
_STARS = regex(r"\*+")
_MOST_STARS = 5
"""A pattern with more wildcards may take very long, and is left out."""
_LONGEST = 1_000
"""So is a longer line. Characters."""
_OWNERS = 5
"""So many owners of a file are named."""


def suggest(repository: git.Repository, commit: str, paths: Iterable[str]) -> tuple[dict[str, tuple[str, ...]], str]:
    """Who owns files, by path in the project; and what is wrong with the file, empty where nothing is.

    Args:
        repository: the project's.
        commit: the revision at which the file is read.
        paths: files in the project.
    """
    found = git.tree_files(repository, commit, paths=PLACES)
    place = next((name for name in PLACES if name in found), "")
    if not place:
        return {}, ""
    (size,) = git.blob_sizes(repository, [found[place]])
    if size > LARGEST:
        return {}, f"{place} is larger than {LARGEST // 2**10} KiB and is not read"
    (content,) = git.read_blobs(repository, [found[place]])
    from codeowners import CodeOwners  # only the board asks

    rules = CodeOwners("\n".join(_sound(content.decode("utf-8", "replace"))))
    owners = {path: [who for _, who in rules.of(f"{repository.prefix}{path}")] for path in paths}
    return {path: tuple(who[:_OWNERS]) for path, who in owners.items() if who}, ""


def _sound(text: str) -> Iterator[str]:
    """The lines that can be read; forges pass over the others too."""
    from codeowners import CodeOwners

    for line in text.splitlines():
        pattern = line.strip().partition(" ")[0]
        if len(line) > _LONGEST or len(_STARS.findall(pattern)) > _MOST_STARS:
            continue
        try:
            CodeOwners(line)
        except (ValueError, re.error):
            continue
        yield line
