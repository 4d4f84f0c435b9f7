"""Pragmas: where coverage.py's patterns match in a source, and which of these places are comments.

Coverage.py looks for its patterns in the text as it stands, strings included; so it is done here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct


class Match(Struct, frozen=True):
    """One match of a pattern in a source."""

    line: int
    """That of its first sign; from 1."""
    pattern: int
    """Which of the patterns; from 0."""
    comment: bool
    """Whether it stands in a comment: a pragma."""
    lines: range
    """All lines that it touches."""


def joined(patterns: Sequence[str]) -> str:
    """The one pattern that matches where any of `patterns` does."""
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{pattern})" for pattern in patterns)


def matches(text: str, patterns: Sequence[str]) -> tuple[Match, ...]:
    """Where the patterns match, from the top.

    Args:
        text: the source, with plain line ends.
        patterns: regular expressions that can be joined.
    """
    return tuple(_matches(text, patterns)) if patterns else ()


def places(text: str, patterns: Sequence[str]) -> tuple[int, ...]:
    """The lines with a pragma, in a source with any line ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(dict.fromkeys(match.line for match in matches(plain, patterns) if match.comment))


def _matches(text: str, patterns: Sequence[str]) -> Iterator[Match]:
    singles = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    last = before = 0
    for match in re.finditer(joined(patterns), text, re.MULTILINE):
        before += text.count("\n", last, match.start())
        last = match.start()
        sign = last + len(match[0]) - len(match[0].lstrip())
        yield Match(
            before + text.count("\n", last, sign) + 1,
            next(number for number, single in enumerate(singles) if single.match(text, last)),
            "#" in text[text.rfind("\n", 0, sign) + 1 : sign + 1],
            range(before + 1, before + text.count("\n", last, match.end()) + 2),
        )


def usable(patterns: Sequence[str]) -> tuple[str, ...]:
    """Those that are regular expressions, none where they cannot be joined: a record may hold any words."""
    left = tuple(filter(_compiles, patterns))
    return left if not left or _compiles(joined(left)) else ()


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
