"""Foreign text that is longer than anyone reads, shortened with a word of what was left out."""

from __future__ import annotations

from coverage_roadmap.core.regex import regex

LONGEST = 300
"""A word of more signs is shortened."""
_LONG = regex(rf"\S{{{LONGEST + 1},}}")


def shorten(text: str) -> str:
    """Foreign text of which no word is longer than a screen: of a longer path the names in its middle are left out, of
    a longer name (no file system has one) the signs there, and it is said how many."""
    return _LONG.sub(lambda word: _shortened(word[0]), text) if len(text) > LONGEST else text


def _shortened(word: str) -> str:
    names = word.split("/")
    first, last = names[:1], names[1:][-1:]
    size = len("/".join([*first, *last]))
    if size > LONGEST:
        return f"{word[: LONGEST // 2]}...[{len(word) - LONGEST} signs]...{word[-LONGEST // 2 :]}"
    while True:  # from both ends by turns; not all names fit
        at_start = len(first) == len(last)
        name = names[len(first)] if at_start else names[-len(last) - 1]
        size += len(name) + 1
        if size > LONGEST:
            break
        first, last = ([*first, name], last) if at_start else (first, [name, *last])
    return "/".join([*first, f"...[{len(names) - len(first) - len(last)} names]...", *last])
