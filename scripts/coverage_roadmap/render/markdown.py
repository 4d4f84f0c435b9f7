"""The Markdown view of a page. Foreign text is escaped here: nothing in it makes a table cell, a tag or a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.text import inert, plain
from coverage_roadmap.render.page import Block, Cell, Facts, Grid, Items, Link, Page
from coverage_roadmap.render.shortening import shorten

_SPECIAL = regex(r"([\\`*_\[\]<>|#~!$])")
_LINKED = regex(
    r"(?<=@)(?=\S)|(?<=#)(?=[0-9])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=(?<![a-z0-9])gh)(?=-[0-9])"
    r"|(?<=:)(?=(?:100|1234|(?![0-9]+:)(?-i:[a-z0-9+_\\-]+)):)",
    re.IGNORECASE,
)
"""Where a forge would make a link of itself, whatever is escaped: a person's name, a number, an address, a mail's; and
where it would make a picture, such as `:smile:` or line `:100:`."""
_UNSAFE = regex(r"[^A-Za-z0-9\-._~/%:#?&=+,;]")
"""What could end an address in Markdown, or in the HTML that is made of it."""


def escape(text: str) -> str:
    """Foreign text as Markdown that shows it letter for letter, on one line, and mentions nobody and leads nowhere.

    Of a word longer than a screen the two ends are shown.
    """
    shown = _SPECIAL.sub(r"\\\1", shorten(plain(text))).replace("&", "&amp;")
    return _LINKED.sub("\u2060", shown)


def view(page: Page) -> str:
    """The page as Markdown, with a line end at its end."""
    lines = [f"## {escape(page.title)}", ""]
    below = False
    for section in page.sections:
        if section.heading:
            lines += [f"### {escape(section.heading)}", ""]
        elif below:
            lines += ["---", ""]
        below = bool(section.heading)
        for block in section.blocks:
            lines += [*_lines(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Facts():
            for label, words in block.rows:
                yield f"- **{_cell(label)}**: {_cell(words)}"
        case Grid():
            yield _row([escape(column.lstrip(">")) for column in block.columns])
            yield _row(["---:" if column.startswith(">") else "---" for column in block.columns])
            for row in block.rows:
                yield _row([_cell(cell) for cell in row])
        case Items():
            for mark, words in block.rows:
                box = mark.text if mark.text in ("[x]", "[ ]") else f"**{escape(mark.text)}**"
                yield f"- {box} {escape(words)}"
        case _:
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", block.text)), default=0))
            yield f"{fence}{block.language}"
            yield from (inert(plain(line.expandtabs())) for line in block.text.splitlines())
            yield fence


def _cell(cell: Cell) -> str:
    shown = escape(cell if isinstance(cell, str) else cell.text).strip()
    if isinstance(cell, Link) and cell.leads:
        return f"[{shown}]({_UNSAFE.sub(_escaped, cell.url)})"
    return shown


def _escaped(sign: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8", "surrogateescape"))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
