"""File patterns beside coverage.py's own matcher."""

from __future__ import annotations

import os

import pytest
from coverage.exceptions import ConfigError
from coverage.files import GlobMatcher, prep_patterns
from hypothesis import example, given
from hypothesis import strategies as st

from coverage_roadmap.core.patterns import Matcher

ROOT = os.path.realpath(os.getcwd())  # noqa: PTH109 - what coverage.py makes patterns absolute with
PARTS = [
    "*",
    "**",
    "?",
    "/",
    "src",
    "a",
    "test_b",
    ".py",
    "[ab]",
    "[!a]",
    "[",
    "]",
    ".",
    "..",
    "-",
    "é",
    " ",
    "\\",
    "[]",
]
NAMES = ["src", "a", "b", "test_b", "a.py", "b.py", "test_b.py", "é.py", "a b.py", "[ab]", "__init__.py", "x.pyw"]
patterns = st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join)
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)


def judged(given_patterns: list[str], files: list[str]) -> list[bool] | None:
    try:
        matcher = GlobMatcher(prep_patterns(given_patterns))
    except (ConfigError, Exception):  # noqa: BLE001 - an unusable set of letters is an error of `re`
        return None
    return [matcher.match(f"{ROOT}/{file}") for file in files]


def ours(given_patterns: list[str], files: list[str]) -> list[bool] | None:
    try:
        matcher = Matcher(given_patterns, ROOT)
    except ValueError:
        return None
    return [matcher.fits(file) for file in files]


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of coverage.py's own expressions
@given(st.lists(patterns, min_size=1, max_size=3), st.lists(paths, min_size=1, max_size=8))
@example(["src/*"], ["src/a.py", "src/a/b.py", "a/src/b.py"])
@example(["src/**/b.py", "a/"], ["src/b.py", "src/a/b/b.py", "a/b.py"])
@example(["*/test_*", "b?py"], ["src/test_b.py", "b.py"])
@example([f"{ROOT}/src/*.py", "./a/../b.py"], ["src/a.py", "b.py", "src/a/b.py"])
@example(["[z-a]"], ["a.py"])
@example(["[[ab]"], ["src"])
@example(["[]", "\\"], ["src"])  # all together they are read, and `[]` alone is not
@example(["*?/", "[]", "*?/"], ["src"])
def test_a_pattern_fits_what_it_fits_for_coverage(given_patterns: list[str], files: list[str]) -> None:
    assert ours(given_patterns, files) == judged(given_patterns, files)


@pytest.mark.parametrize("pattern", ["***", "x**", "**x", "**/**", "[", "a]", "[]"])
def test_a_pattern_that_coverage_refuses_is_named_in_the_refusal(pattern: str) -> None:
    with pytest.raises(ValueError, match="file pattern") as caught:
        Matcher(["ok.py", pattern], ROOT)
    assert repr(pattern) in str(caught.value)


def test_no_pattern_fits_nothing() -> None:
    assert not Matcher([], ROOT).fits("a.py")
