"""Going through parsed code quickly: contexts and operators, which say nothing here, are left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence


def nodes(root: ast.AST) -> Iterator[ast.AST]:
    """The node and all below it, in no order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        for name in _fields(type(node)):
            below = getattr(node, name, None)
            if isinstance(below, list):
                waiting += [one for one in below if isinstance(one, ast.AST)]
            elif isinstance(below, ast.AST):
                waiting.append(below)


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """The statements of a block and of all blocks below it, with handlers and cases, in no order."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        for name in _BLOCKS:
            waiting += getattr(node, name, ())


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_LEAVES = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "type_comment", "name", "kind"})
_KNOWN: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: (), ast.alias: ()}


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(name for name in kind._fields if name not in _LEAVES)
    return _KNOWN[kind]
