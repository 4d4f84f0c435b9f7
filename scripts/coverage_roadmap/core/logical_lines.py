"""The logical lines of a source by its syntax tree, where it is laid out plainly: that is quicker than its tokens."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

SUITES = ("body", "handlers", "cases", "orelse", "finalbody")
"""Where a statement holds others; in the order in which they stand."""


def first_lines(tree: ast.Module, lines: Sequence[str]) -> dict[int, int] | None:
    """The first line of each logical line, by its further lines that may hold code.

    Args:
        tree: the source, parsed.
        lines: the source's lines.

    Returns:
        None where only the tokens tell: statements share a line, or a `match` is there.
    """
    first: dict[int, int] = {}
    todo: list[Any] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Match):
            return None
        for name in SUITES:
            for one in getattr(node, name, ()):
                if not _stands_alone(one, lines):
                    return None
                todo.append(one)
        for mark in getattr(node, "decorator_list", ()):
            _join(first, mark.lineno, mark.end_lineno)
        if node is not tree:
            body = getattr(node, "body", None)
            _join(first, node.lineno, _begin(body[0]) - 1 if body else node.end_lineno)
    return first


def _stands_alone(node: Any, lines: Sequence[str]) -> bool:
    """Whether a statement, and each of its decorators, begins a line that goes on from no other."""
    marks = getattr(node, "decorator_list", ())
    begin = _begin(node)
    return (
        not lines[node.lineno - 1][: node.col_offset].strip()
        and all(lines[mark.lineno - 1][: mark.col_offset].strip() == "@" for mark in marks)
        and not (begin > 1 and lines[begin - 2].endswith("\\"))
    )


def _begin(node: Any) -> int:
    """The first line of a statement, its decorators included."""
    marks: Sequence[Any] = getattr(node, "decorator_list", ())
    return int(min([node.lineno, *(mark.lineno for mark in marks)]))


def _join(first: dict[int, int], begin: int, end: int) -> None:
    first.update(dict.fromkeys(range(begin + 1, end + 1), begin))
