"""Which files, classes and functions pytest takes for tests, as the project's own settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from coverage_roadmap.core import settings_text


class Style(Struct, frozen=True):
    """What pytest takes for a test, as `python_files`, `python_classes` and `python_functions` say."""

    functions: Sequence[str] = ("test",)
    """Prefixes or globs."""
    classes: Sequence[str] = ("Test",)
    """Likewise."""
    files: Sequence[str] = ("test_*.py", "*_test.py")
    """Globs of names, or, where they hold a slash, of the ends of paths."""

    def takes(self, path: str) -> bool:
        """Whether a Python file that pytest comes upon is a test file."""
        name = path.rpartition("/")[2]
        return any(
            fnmatchcase(f"/{path}", pattern if pattern.startswith("/") else f"*/{pattern}")
            if "/" in pattern
            else fnmatchcase(name, pattern)
            for pattern in self.files
        )


PYTEST = Style()
"""Pytest's own, where no settings say otherwise."""


def style_of(texts: Mapping[str, str], words: Sequence[str] = ()) -> Style:
    """What the project's settings make a test.

    Args:
        texts: the settings files that exist, by name, whole.
        words: the config's further words for pytest; its `-o name=value` goes before what the files say.
    """
    told = settings_text.pytest_table(texts)
    told.update(_overrides([*settings_text.addopts(texts), *words]))

    def patterns(option: str, default: Sequence[str]) -> Sequence[str]:
        return tuple(settings_text.split(told[option])) if option in told else default

    return Style(
        patterns("python_functions", PYTEST.functions),
        patterns("python_classes", PYTEST.classes),
        patterns("python_files", PYTEST.files),
    )


def _overrides(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The settings that `-o` and `--override-ini` give."""
    for before, word in zip(("", *words), words, strict=False):
        if before in ("-o", "--override-ini"):
            given = word
        elif word.startswith("--override-ini="):
            given = word.removeprefix("--override-ini=")
        else:
            given = word[2:] if word.startswith("-o") else ""
        name, equals, value = given.partition("=")
        if equals:
            yield name.strip(), value
