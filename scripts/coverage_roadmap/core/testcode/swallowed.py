"""Handlers that end an exception in silence."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from enum import IntEnum

from coverage_roadmap.core.testcode.names import last_name
from coverage_roadmap.core.testcode.skipped import is_nothing


class Reach(IntEnum):
    """What is ended in silence."""

    NOTHING = 0
    EXCEPTION = 1
    """An AssertionError with the rest; pytest's own outcomes are let through."""
    ALL = 2


_REACHES = {"BaseException": Reach.ALL, "Exception": Reach.EXCEPTION, "AssertionError": Reach.EXCEPTION}


def reach_of(handlers: Sequence[ast.ExceptHandler]) -> Reach:
    """What a try's handlers end in silence."""
    silent = [handler for handler in handlers if all(_says_nothing(statement) for statement in handler.body)]
    return max((_reach(handler.type) for handler in silent), default=Reach.NOTHING)


def reach_of_context(items: Sequence[ast.withitem]) -> Reach:
    """What a with's `contextlib.suppress` ends in silence."""
    calls = [item.context_expr for item in items if isinstance(item.context_expr, ast.Call)]
    named = [argument for call in calls if last_name(call) == "suppress" for argument in call.args]
    return max((_reach(argument) for argument in named), default=Reach.NOTHING)


def _reach(caught: ast.expr | None) -> Reach:
    if caught is None:
        return Reach.ALL
    if isinstance(caught, ast.Tuple):
        return max((_reach(one) for one in caught.elts), default=Reach.NOTHING)
    return _REACHES.get(last_name(caught), Reach.NOTHING)


def _says_nothing(node: ast.stmt) -> bool:
    """Whether a statement of a handler hides the exception: nothing, a print, or an early way out."""
    match node:
        case ast.Expr(value=ast.Call(func=called)):
            return last_name(called) in ("print", "print_exc")
        case ast.Return(value=None | ast.Constant()) | ast.Continue() | ast.Break():
            return True
    return is_nothing(node)
