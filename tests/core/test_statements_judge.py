"""Our count beside coverage.py's own, on every source that is at hand."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import _pytest
import coverage
import hypothesis
import pytest
import rich
from coverage.config import DEFAULT_EXCLUDE
from coverage.exceptions import NotPython
from coverage.misc import join_regex
from coverage.parser import PythonParser
from coverage.python import get_python_source

from coverage_roadmap.core import statements

ROOT = Path(__file__).parents[2]
OTHERS = [Path(str(module.__file__)).parent for module in (coverage, hypothesis, rich, _pytest)]
HOSTILE = [
    *DEFAULT_EXCLUDE,
    *("else:", "case", "raise \\w+", "^\\s*@", "def __", "if __name__ == .__main__.:", "except ImportError", "# type:"),
    *("\\n\\n", "\\)", "(?s:try:.*?return)", "^", "lambda"),
]


def sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "node_modules" not in path.parts)


def judged(text: str, exclude: list[str]) -> tuple[set[int], set[int]] | None:
    parser = PythonParser(text=text, filename="x.py", exclude=join_regex(exclude))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser.parse_source()
    except NotPython:
        return None
    return parser.statements, parser.excluded


def ours(text: str, exclude: list[str]) -> tuple[set[int], set[int]] | None:
    found = statements.numbers(text, exclude)
    return None if isinstance(found, statements.Unparsed) else (set(found.statements), set(found.excluded))


def differing(folder: Path, exclude: list[str], every: int = 1) -> tuple[int, list[str]]:
    """How many files were compared, and those that differ; of large packages every so many."""
    paths = list(sources(folder))[::every]
    wrong = []
    for path in paths:
        text = get_python_source(str(path))
        assert statements.decode(path.read_bytes()) == text
        if text and ours(text, exclude) != judged(text, exclude):
            wrong.append(str(path))
    return len(paths), wrong


@pytest.mark.parametrize("folder", ["examples/football/src", "scripts/coverage_roadmap"])
def test_our_own_sources_count_as_coverage_counts_them(folder: str) -> None:
    compared, wrong = differing(ROOT / folder, DEFAULT_EXCLUDE)
    assert compared > 10
    assert wrong == []


@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.name)
def test_well_known_packages_count_as_coverage_counts_them(folder: Path) -> None:
    compared, wrong = differing(folder, DEFAULT_EXCLUDE)
    assert compared > 40
    assert wrong == []


@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.name)
def test_they_do_with_exclusions_that_hit_everywhere(folder: Path) -> None:
    compared, wrong = differing(folder, HOSTILE, every=8)
    assert compared > 5
    assert wrong == []


@pytest.mark.parametrize("pattern", HOSTILE)
def test_they_do_with_each_exclusion_alone(pattern: str) -> None:
    assert differing(ROOT / "scripts/coverage_roadmap/core", [pattern], every=6)[1] == []


def test_our_defaults_are_coverages() -> None:
    if coverage.version_info < (7, 17):
        pytest.skip("an older coverage.py has others")
    assert list(statements.DEFAULT_EXCLUDE) == DEFAULT_EXCLUDE


@pytest.mark.parametrize(
    "text",
    [
        "\\\na = 1\n",
        "if a: \\\n    b = 1\n",
        "if (a and\n    b): c\n",
        "a = 1; \\\nb = 2; c = (3,\n 4); d = 5\n",
        "if a: b  # pragma: no cover\nelse: c\n",
        "@d(\n  1)  # pragma: no cover\n@e\nasync def f(): return 1\n",
        "class A(  # pragma: no cover\n    B): pass\nc = {1: 2, **{3: 4}}\n",
        "try:\n    a\nexcept* E as e:  # pragma: no cover\n    b\nelse:\n    c\nfinally:  # pragma: no cover\n    d\n",
        "x: int = 1\ny: int\ndef f(a: int = lambda: 3) -> None:\n    global x\n    nonlocal_ = 1\n",
        "while True:  # pragma: no cover\n\tif a:\n\t\tcontinue\n\tbreak\nelse:\n\tb\n",
        "a = f'{x:>10}' if y else f'''{\n z\n}'''  # pragma: no cover\nb = 1\n",
        "def f():\n    '''Doc.'''\n    ...\n    '''No doc.'''\n    1\n    return [\n  a\n  for a in b\n ]\n",
        "match a:\n    case (\n        _\n    ):\n        b  # pragma: no cover\n    case {'c': d, **e}: pass\n",
        "if __debug__:\n    a\nassert a, (\n  b)\nif 0:\n    c\n",
        "def __annotate__(a):\n    return a\n",
        "lambda: (yield)  # pragma: no cover\n",
        "a = 1\n    # pragma: no cover\nb = 2\n# pragma: no cover\nif b:\n    c\n",
        "   \n\n",
        "a\n   ",
    ],
)
@pytest.mark.parametrize("exclude", [[], DEFAULT_EXCLUDE, HOSTILE], ids=["none", "default", "hostile"])
def test_odd_sources_count_as_coverage_counts_them(text: str, exclude: list[str]) -> None:
    assert ours(text, exclude) == judged(text, exclude)


@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.name)
def test_wherever_coverage_counts_branches_we_see_that_none_is_asked_for(folder: Path) -> None:
    compared = 0
    for path in list(sources(folder))[::7]:
        text = get_python_source(str(path))
        parser = PythonParser(text=text, filename="x.py", exclude=join_regex(DEFAULT_EXCLUDE))
        parser.parse_source()
        forks = {line for line, exits in parser.exit_counts().items() if exits > 1}
        found = statements.numbers(text, DEFAULT_EXCLUDE, ["^.*$"])
        assert isinstance(found, statements.Numbers)
        assert forks <= {line for match in found.partial for line in match.lines}, path
        compared += len(forks)
    assert compared > 50
