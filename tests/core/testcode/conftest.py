"""Reading a text of test code, as the tests of it put it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from coverage_roadmap.core.testcode import TestFile, examine, review

Said = list[tuple[str, int]]


def said_of(text: str) -> Said:
    """What is complained of in one file: each kind with its line."""
    return [(str(one.kind), one.line) for one in review([examine("tests/test_a.py", dedent(text))])]


@pytest.fixture
def said() -> Callable[[str], Said]:
    """What is complained of in one file: each kind with its line."""
    return said_of


@pytest.fixture
def read() -> Callable[..., TestFile]:
    """A file of tests, read; `path` where it stands."""

    def reading(text: str, path: str = "tests/test_a.py") -> TestFile:
        return examine(path, dedent(text))

    return reading
