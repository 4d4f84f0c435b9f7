"""What narrows a gate's pytest to a part of the tests."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.selection import is_within

_NO_TESTS = frozenset({"--lf", "--last-failed", "--co", "--collect-only", "--sw", "--stepwise", "--deselect"})
_LEFT_OUT = regex(r"not\s+\w+(?:\s+and\s+not\s+\w+)*")
"""An expression that only leaves tests out: the gate's own selection, as with `-m "not slow"`."""
_ENDS = regex(r"[<>|&;]|\$")
"""A word that is no path, or nobody can tell which."""


def part(rest: Sequence[str], tests: Collection[str]) -> str:
    """The word that narrows pytest; empty where none does.

    Args:
        rest: the words after pytest's own name.
        tests: the folders and files of all tests, from the project.
    """
    for index, text in enumerate(rest):
        name, _, value = text.partition("=")
        if name in ("-k", "-m"):
            value = value or "".join(rest[index + 1 : index + 2])
            if not _LEFT_OUT.fullmatch(value.strip()):
                return f"{name} {value}".strip()
        elif name in _NO_TESTS or ("::" in text and not text.startswith("-")):
            return text
    named = list(_paths(rest))
    roots = [test for test in tests if "::" not in test]
    inside = [any(is_within(path, root) and path != posixpath.normpath(root) for root in roots) for path in named]
    return named[0] if len(named) == 1 and all(inside) else ""


def _paths(rest: Sequence[str]) -> Iterator[str]:
    """The paths that are named: words with a slash or a Python file's ending, that belong to no option."""
    for before, text in zip(("", *rest), rest, strict=False):
        given = before.startswith("--") and "=" not in before
        if not text.startswith("-") and not given and not _ENDS.search(text) and ("/" in text or text.endswith(".py")):
            yield posixpath.normpath(text)
