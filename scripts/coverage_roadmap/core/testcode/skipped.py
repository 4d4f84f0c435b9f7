"""Tests that never run: skipped without a condition."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from coverage_roadmap.core.testcode.hollow import truth
from coverage_roadmap.core.testcode.names import last_name

NEVER = "it stands under a condition that is never true"
_STOPS = frozenset({"skip", "skipTest", "xfail"})
_WHOSE = frozenset({"pytest", "unittest", "self", "cls"})


def skip_of(decorators: Iterable[ast.expr], imported: Mapping[str, str]) -> str:
    """The reason of a skip, or of an xfail that is not run, among decorators or marks; empty where there is none.

    Args:
        decorators: the decorators.
        imported: what the names that the file imports are.
    """
    for decorator in decorators:
        name = last_name(decorator)
        arguments = decorator.args if isinstance(decorator, ast.Call) else []
        keywords = {word.arg: word.value for word in decorator.keywords} if isinstance(decorator, ast.Call) else {}
        condition = keywords.get("condition", arguments[0] if arguments else None)
        always = None if condition is None or _is_text(condition) else truth(condition)
        not_run = condition is None and "run" in keywords and truth(keywords["run"]) is False
        if not _is_known(decorator, imported):
            continue
        if name == "skip" or (name == "xfail" and not_run):
            return _reason(arguments, keywords)
        if (name in ("skipif", "skipIf") and always) or (name == "skipUnless" and always is False):
            return _reason(arguments[1:], keywords)
    return ""


def skips_module(body: Sequence[ast.stmt], imported: Mapping[str, str]) -> str:
    """The reason of a module or class that skips all its tests, by `pytestmark` or a call at its top; empty if none."""
    for node in body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            if why := skip_of(marks, imported):
                return why
        elif why := stop_of(node):
            return why
    return ""


def skips_itself(body: Sequence[ast.stmt]) -> str:
    """The reason of a test that skips itself before it does anything; empty where it does not."""
    block = [node for node in body if not (is_nothing(node) or isinstance(node, ast.Import | ast.ImportFrom))]
    match block:
        case [ast.If(test=test, orelse=[])] if truth(test) is False:
            return NEVER
        case [first, *_]:
            return stop_of(first)
    return ""


def stop_of(node: ast.stmt) -> str:
    """The reason that a statement gives which ends a test without a verdict; empty where it is no such statement."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=whose)) as func, args=args, keywords=words)):
            if whose in _WHOSE and func.attr in _STOPS:
                return _reason(args, {word.arg: word.value for word in words})
        case ast.Expr(value=ast.Call(func=ast.Name(id="skip" | "xfail"), args=args, keywords=words)):
            return _reason(args, {word.arg: word.value for word in words})
        case ast.Raise(exc=ast.Call(args=args) as raised) if last_name(raised) == "SkipTest":
            return _reason(args, {})
        case ast.Raise(exc=ast.Name(id="SkipTest") | ast.Attribute(attr="SkipTest")):
            return _reason([], {})
    return ""


def is_nothing(node: ast.stmt) -> bool:
    """Whether a statement does nothing: pass, an ellipsis, a docstring."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_known(decorator: ast.expr, imported: Mapping[str, str]) -> bool:
    """Whether a skip is pytest's or unittest's, and not a project's own, which may have a condition."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Name):
        return imported.get(called.id, "").startswith("unittest.")
    return isinstance(called, ast.Attribute) and last_name(called.value) in ("mark", "unittest", "pytest")


def _is_text(condition: ast.expr) -> bool:
    """Whether a condition is a text, which pytest evaluates."""
    return isinstance(condition, ast.Constant) and isinstance(condition.value, str)


def _reason(arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr]) -> str:
    given = keywords.get("reason", keywords.get("msg", arguments[0] if arguments else None))
    if isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value.strip():
        return " ".join(given.value.split())
    return (
        "no reason is given" if given is None or isinstance(given, ast.Constant) else "its reason is made at run time"
    )
