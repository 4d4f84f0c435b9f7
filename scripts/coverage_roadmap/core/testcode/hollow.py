"""Assertions that can never fail."""

from __future__ import annotations

import ast
import difflib
import re
from functools import lru_cache

from coverage_roadmap.core.regex import regex

MOCK_ASSERTIONS = frozenset(
    f"assert_{name}"
    for name in (
        *("called", "called_once", "called_with", "called_once_with", "any_call", "has_calls", "not_called"),
        *("awaited", "awaited_once", "awaited_with", "awaited_once_with", "any_await", "has_awaits", "not_awaited"),
    )
)
"""What unittest.mock has."""
_ATTRIBUTE_OF_A_MOCK = regex(r"(called|awaited)_(once|with|once_with)")
_CALL_OF_A_MOCK = regex(r"(called|awaited)_(once|with|once_with)|has_(calls|awaits)|any_(call|await)|not_called")
_MISSPELT = regex(r"(asert|assret|aseert|assrt|asssert)_")
_OF_EQUALITY = regex(r"eq|compar|hash|ident|reflex|same|order|nan|dunder|copy", re.IGNORECASE)


def truth(node: ast.expr) -> bool | None:
    """Whether an expression is true whatever the code does, or false whatever it does; None where it depends."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return None if any(isinstance(item, ast.Starred) for item in items) else bool(items)
        case ast.Dict(keys=keys):
            return None if None in keys else bool(keys)
        case ast.Lambda() | ast.GeneratorExp():
            return True
        case ast.JoinedStr(values=values):
            return True if any(isinstance(value, ast.Constant) for value in values) else None
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            known = truth(operand)
            return None if known is None else not known
        case ast.BoolOp(op=operator, values=values):
            known_values = [truth(value) for value in values]
            decides = isinstance(operator, ast.Or)
            if decides in known_values:
                return decides
            return None if None in known_values else not decides
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(left, operator, right)
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id="object")]):
            return True
    return None


def never_fails(node: ast.stmt) -> bool:
    """Whether a statement is, or looks like, an assertion, and can never fail."""
    match node:
        case ast.Assert(test=test):
            return bool(truth(test)) or _of_a_mock(test)
        case ast.Expr(value=ast.Attribute(attr=name)):
            return name in MOCK_ASSERTIONS
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name), args=arguments)):
            return _unit_never_fails(name, arguments)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return true_of_any_mock(name) or misspelt(name)
    return False


def compares_with_itself(node: ast.stmt, test: str) -> bool:
    """Whether a statement asserts that a thing equals itself, in a test that is not about equality by its name."""
    match node:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq() | ast.Is() as operator], comparators=[right])):
            kept = isinstance(operator, ast.Is) and isinstance(left, ast.Attribute)  # what is made once may be tested
            return not kept and _same(left, right) and not _OF_EQUALITY.search(test)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=[left, right, *_])):
            named = name in ("assertEqual", "assertEquals", "assertIs")
            return named and _same(left, right) and not _OF_EQUALITY.search(test)
    return False


def true_of_any_mock(name: str) -> bool:
    """Whether a mock answers a call of that name with another mock, which is true."""
    return bool(_CALL_OF_A_MOCK.fullmatch(name))


@lru_cache(4096)  # the same few names, thousands of times
def misspelt(name: str) -> bool:
    """Whether a method's name is nearly, and not quite, one of the assertions of a mock."""
    if name in MOCK_ASSERTIONS or not name.startswith("as"):
        return False
    return bool(_MISSPELT.match(name)) or bool(difflib.get_close_matches(name, MOCK_ASSERTIONS, n=1, cutoff=0.93))


def _of_a_mock(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr=name):
            return name in MOCK_ASSERTIONS or bool(_ATTRIBUTE_OF_A_MOCK.fullmatch(name))
        case ast.Call(func=ast.Attribute(attr=name)):
            return true_of_any_mock(name)
    return False


def _unit_never_fails(name: str, arguments: list[ast.expr]) -> bool:
    match name, arguments:
        case "assertTrue" | "assert_", [value, *_]:
            return bool(truth(value))
        case "assertFalse", [value, *_]:
            return truth(value) is False
        case "assertIsNone", [ast.Constant(value=None), *_]:
            return True
        case "assertIsNotNone", [value, *_]:
            return bool(truth(value))
        case "assertEqual" | "assertEquals" | "assertIs", [ast.Constant(value=one), ast.Constant(value=other), *_]:
            return bool(one == other)
    return False


def _same(left: ast.expr, right: ast.expr) -> bool:
    """One plain thing on both sides: a name or a name's attribute. What is called may differ each time."""
    here = left
    while isinstance(here, ast.Attribute):
        here = here.value
    return isinstance(here, ast.Name) and ast.dump(left) == ast.dump(right)


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool | None:
    """What is known of a comparison: of constants, and of a length with nothing."""
    match left, operator, right:
        case ast.Constant(value=one), ast.Eq() | ast.Is(), ast.Constant(value=other):
            return bool(one == other)
        case ast.Constant(value=one), ast.NotEq() | ast.IsNot(), ast.Constant(value=other):
            return bool(one != other)
        case ast.Call(func=ast.Name(id="len")), ast.GtE(), ast.Constant(value=0):
            return True
        case ast.Constant(value=0), ast.LtE(), ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Call(func=ast.Name(id="len")), ast.Gt(), ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
    return None
