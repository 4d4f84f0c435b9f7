"""Text that fits: whole leading folders go and lines break between names, never inside of one."""

from __future__ import annotations

from rich.cells import cell_len

from coverage_roadmap.core.regex import regex

LONGEST = 300
"""A word of more signs is shortened."""
_LONG = regex(rf"\S{{{LONGEST + 1},}}")
_BREAKS = regex(r"(?<=/)(?=[^/])|(?<=::)(?=[^:])")


def fit(path: str, width: int) -> str:
    """`path` in at most `width` columns where that can be done without cutting a name."""
    parts = path.split("/")
    while cell_len("/".join(parts)) > width and len(parts) > 1 + (parts[0] == "..."):
        parts = ["...", *parts[2 if parts[0] == "..." else 1 :]]
    return "/".join(parts)


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


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at spaces; only a word that is too long also after `/` and `::`.

    What can be broken nowhere stays whole, and its line is longer. There is always one line.
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and cell_len(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
            continue
        if lines[-1]:
            lines.append("")
        for piece in [word] if cell_len(word) <= width else _BREAKS.split(word):
            if lines[-1] and cell_len(lines[-1] + piece) > width:
                lines.append("")
            lines[-1] += piece
    return lines
