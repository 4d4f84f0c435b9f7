"""Names by which test code says that it asserts."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.testcode.hollow import misspelt, true_of_any_mock

OUTCOMES = frozenset({"raises", "warns", "deprecated_call", "fail", "RaisesGroup", "RaisesExc", "not_raises"})
"""What ends a test by an outcome of pytest's own, which `except Exception` lets through."""
_ALONE = frozenset(
    {
        *("check", "verify", "ensure", "eq_", "ok_", "ne_", "is_", "in_", "not_in_", "is_true", "is_false", "is_none"),
        *("fnmatch_lines", "fnmatch_lines_random", "re_match_lines", "re_match_lines_random"),
        *(
            "no_fnmatch_line",
            "no_re_match_line",
            "matchreport",
            "raise_for_status",
            "testmod",
            "testfile",
            "run_docstring_examples",
            "does_not_raise",
        ),
        *("RequestsMock", "run_state_machine_as_test"),
    }
)
_ASSERTS = regex(r"assert", re.IGNORECASE)
_PROMISES = regex(r"_*(check|verify|ensure|must|fail)(_|[A-Z])|_*(expect|should)|fail(Unless|If)")
_FIXTURE = regex(r"(.*_)?(snapshot|golden|benchmark)(_.*)?|.*_regression|httpx_mock|respx_mock")
_MARK = regex(
    r"mypy_testing|benchmark|snapshot|raises|(.*_)?limit_(memory|leaks)|.*(compar|check_|assert|expect).*",
    re.IGNORECASE,
)
_ROLE = regex(r"_?(func|fn|f|function|call|callable|check|checker|verify|validate|assertion|expect|test)(_\w+)?")
_CONTEXT = regex(r".*(expect|rais|warn|ctx|context|cm\b).*")


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name, or of the name of what is called or subscribed; empty where there is none."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(4096)  # the same few names, thousands of times
def asserts_by_name(name: str) -> bool:
    """Whether what is called so says that it asserts. The misspelt assertion of a mock does not."""
    if misspelt(name) or true_of_any_mock(name):
        return False
    return name in _ALONE or bool(_ASSERTS.search(name) or _PROMISES.match(name))


def says_assert(name: str) -> bool:
    """Whether the very word stands in the name."""
    return bool(_ASSERTS.search(name))


def asserting_fixture(name: str) -> bool:
    """Whether a fixture of a known plugin checks something: snapshots, regressions, benchmarks, mocked requests."""
    return bool(_FIXTURE.fullmatch(name))


def asserting_mark(name: str) -> bool:
    """Whether a decorator's last name says that it compares or checks what the test does."""
    return bool(_MARK.fullmatch(name))


def hands_in_check(name: str) -> bool:
    """Whether a parameter of that name, when called, is a check that is handed in."""
    return bool(_ROLE.fullmatch(name))


def hands_in_context(name: str) -> bool:
    """Whether a parameter of that name, when entered, is `pytest.raises` or its like, handed in."""
    return bool(_CONTEXT.fullmatch(name))
