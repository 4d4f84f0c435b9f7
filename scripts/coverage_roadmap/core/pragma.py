"""Pragmas: comments that leave code out of what is measured, found in a source by its tokens."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Sequence


def patterns(exclude: Iterable[str]) -> list[re.Pattern[str]]:
    """Those of coverage.py's exclusion patterns that are made for comments: they hold `pragma`, or a `#` itself.

    Coverage.py's own default is among them, unless the project's settings put others in its place. What is no pattern
    is left out; coverage.py would have refused it.
    """
    made = []
    for one in exclude:
        if "pragma" in one.lower() or one.lstrip("^\\s*").startswith("#"):
            try:
                made.append(re.compile(one))
            except (re.error, OverflowError, RecursionError):
                continue
    return made


def places(source: str, wanted: Sequence[re.Pattern[str]]) -> tuple[int, ...]:
    """The lines with such a comment, from 1. In a source that is no Python, every line that looks like one."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", source.replace("\r\n", "\n").replace("\r", "\n"))
    looks = [number for number, line in enumerate(lines, 1) if "#" in line and _matches(line, wanted)]
    if not looks:
        return ()
    try:
        comments = {
            token.start[0]
            for token in tokenize.generate_tokens(iter(lines).__next__)
            if token.type == tokenize.COMMENT and _matches(token.string, wanted)
        }
    except (tokenize.TokenError, SyntaxError):
        return tuple(looks)
    return tuple(sorted(comments))


def _matches(text: str, wanted: Sequence[re.Pattern[str]]) -> bool:
    return any(pattern.search(text) for pattern in wanted)
