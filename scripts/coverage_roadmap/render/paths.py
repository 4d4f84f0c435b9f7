"""Text that fits: whole leading folders go and lines break between names, never inside of one."""

from __future__ import annotations

from rich.cells import cell_len

from coverage_roadmap.core.regex import regex

_BREAKS = regex(r"(?<=/)(?=[^/])|(?<=::)(?=[^:])")


def fit(path: str, width: int) -> str:
    """`path` in at most `width` columns where that can be done without cutting a name."""
    parts = path.split("/")
    while cell_len("/".join(parts)) > width and len(parts) > 1 + (parts[0] == "..."):
        parts = ["...", *parts[2 if parts[0] == "..." else 1 :]]
    return "/".join(parts)


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
