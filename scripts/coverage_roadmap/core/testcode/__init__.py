"""Reading test code: which tests there are, and which of them cannot fail. Each file is parsed once."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.testcode.found import (
    Complaint,
    Kind,
    Leaning,
    Place,
    TestFile,
    TestFunction,
    Trouble,
)
from coverage_roadmap.core.testcode.leaning import helpers, of_test, settle
from coverage_roadmap.core.testcode.module import Collected, take_apart
from coverage_roadmap.core.testcode.reader import Library
from coverage_roadmap.core.testcode.style import PYTEST, Style, style_of

__all__ = [
    "NO_PARSE",
    "PYTEST",
    "Complaint",
    "Kind",
    "Style",
    "TestFile",
    "asserting_names",
    "examine",
    "review",
    "style_of",
]

NO_PARSE = "it does not parse"
"""How a complaint begins of what another Python may parse."""
LARGEST = 5_000_000
"""Characters of a file; a test file of more is not read."""
_LONGEST = 80
_LINES = regex(r"\r\n|\r|\n")


def examine(path: str, text: str, style: Style = PYTEST) -> TestFile:
    """Read one file of tests, or of helpers for tests.

    Args:
        path: where it stands, with slashes.
        text: what it holds.
        style: what pytest takes for a test there.

    Returns:
        Its tests and helpers; or why it cannot be read, in `broken`.
    """
    if len(text) > LARGEST:
        return TestFile(path, Trouble(0, f"it has more than {LARGEST:,} characters"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the parser, about the file's own escapes
            tree = ast.parse(text.removeprefix("\ufeff"))
        return _examined(path, text, Library(take_apart(path, tree, style)))
    except SyntaxError as error:
        return TestFile(path, Trouble(error.lineno or 0, f"{NO_PARSE}: {error.msg}"))
    except ValueError:
        return TestFile(path, Trouble(0, "it holds what is no text"))
    except (RecursionError, MemoryError):
        return TestFile(path, Trouble(0, "it is nested too deep to be read"))


def asserting_names(files: Iterable[TestFile], asking: Iterable[TestFile] | None = None) -> dict[str, bool]:
    """Which helpers of these files assert, by their keys; those that lean on each other are followed.

    Args:
        files: conftest files, modules of helpers, and test files, whose fixtures and bases may serve others.
        asking: the files whose tests are judged by it; helpers that none of them needs are left out. By default
            none is.
    """
    asked = None
    if asking is not None:
        leanings = [test.leaning for file in asking for test in file.tests if not test.asserts]
        asked = [key for one in leanings for key in (*one.leans, *one.doubts)]
        if not asked:
            return {}
    return settle((helper for file in files for helper in file.helpers), doubts=True, asked=asked)


def review(files: Sequence[TestFile], known: Mapping[str, bool] | None = None) -> list[Complaint]:
    """What there is to complain of, by path and line.

    Args:
        files: the files of tests.
        known: which helpers assert, from `asserting_names` of all files that tests take helpers from; by default, of
            these files alone.
    """
    settled = asserting_names(files, files) if known is None else known
    found = [complaint for file in files for complaint in _complaints(file, settled)]
    return sorted(found, key=lambda one: (one.path, one.line, one.kind, one.text))


def _complaints(file: TestFile, known: Mapping[str, bool]) -> Iterator[Complaint]:
    if file.broken:
        yield Complaint(file.path, file.broken.line, Kind.BROKEN, file.broken.reason)
    for test in file.tests:
        if test.skipped:
            yield Complaint(file.path, test.line, Kind.SKIPPED, f"{test.name} never runs: {test.skipped}")
            continue
        asserts = test.leaning.holds(known)
        hollow = test.hollow if asserts else tuple(sorted({*test.hollow, *test.idle}))
        swallowed = test.swallowed if asserts else tuple(sorted({*test.swallowed, *test.muted}))
        for place in hollow:
            yield Complaint(file.path, place.line, Kind.HOLLOW, f"{test.name}: this can never fail: {place.text}")
        for place in swallowed:
            yield Complaint(file.path, place.line, Kind.SWALLOWED, f"{test.name}: failures here end in silence")
        if not (asserts or hollow or swallowed):
            yield Complaint(file.path, test.line, Kind.NO_ASSERTION, f"{test.name} asserts nothing")


def _examined(path: str, text: str, library: Library) -> TestFile:
    lines = _LINES.split(text)
    found = tuple(helpers(library))
    known = settle(found, doubts=False)
    tests = tuple(_test(one, library, lines, known) for one in library.module.collected)
    return TestFile(path, None, tests, found)


def _test(one: Collected, library: Library, lines: Sequence[str], known: Mapping[str, bool]) -> TestFunction:
    reading = library.read(one.node)
    leaning = of_test(one.node, library, own_base=one.own_base)
    if leaning.asserts or any(known.get(key, False) for key in leaning.leans):
        leaning = Leaning(asserts=True)

    def places(numbers: Iterable[int]) -> tuple[Place, ...]:
        return tuple(Place(number, lines[number - 1].strip()[:_LONGEST]) for number in sorted(numbers))

    hidden = (places(reading.hollow), places(reading.idle), places(reading.swallowed), places(reading.muted))
    return TestFunction(one.name, one.node.lineno, leaning, *hidden, one.skipped)
