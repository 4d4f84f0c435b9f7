"""The terminal view of a page: at most 80 columns, the same words with and without colour.

Lines break at spaces, else between the names of a path, never inside of one. Below a heading all is set in, but for
what is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from coverage_roadmap.core.text import inert, plain
from coverage_roadmap.render.page import Cell, Facts, Grid, Items, Page, Section, Tone, Word
from coverage_roadmap.render.paths import fit, wrap
from coverage_roadmap.render.shortening import shorten

WIDTH = 80
_SET_IN = 2
_LAST = 24
"""What a table's last column of words gets at least, where it is as wide."""
_STYLE = {Tone.NONE: "", Tone.GOOD: "green", Tone.BAD: "red", Tone.UNSURE: "yellow", Tone.STRONG: "bold"}


def show(page: Page, console: Console) -> None:
    """Print a page."""
    for line in _lines(page, min(WIDTH, console.width)):
        told = inert(line.plain)
        console.print(line if told == line.plain else Text(told), soft_wrap=True, highlight=False)


def _lines(page: Page, width: int) -> Iterator[Text]:
    yield from _title(page.title, width)
    for number, section in enumerate(page.sections):
        if number or section.heading:
            yield Text()
        if section.heading:
            yield from _title(section.heading, width)
        yield from _section(section, width)


def _title(text: str, width: int) -> Iterator[Text]:
    shown = shorten(plain(text)).rstrip()
    for line in [shown] if cell_len(shown) <= width else wrap(shown, width):
        yield Text(line, style="bold")


def _section(section: Section, width: int) -> Iterator[Text]:
    """Its blocks; the labels of all its facts and items make one column."""
    indent = _SET_IN if section.heading else 0
    rows = [row for block in section.blocks if isinstance(block, Facts | Items) for row in block.rows]
    column = max((cell_len(_word(label).text) for label, _ in rows), default=0)
    for block in section.blocks:
        match block:
            case Facts() | Items():
                for label, says in block.rows:
                    yield from _row(_word(label), _word(says), indent, column, width)
            case Grid():
                yield from _grid(block, indent, width)
            case _:
                yield from (Text(plain(line.expandtabs())) for line in block.text.splitlines())


def _row(label: Word, says: Word, indent: int, column: int, width: int) -> Iterator[Text]:
    start = indent + column + 2
    for number, line in enumerate(wrap(says.text, width - start)):
        first = Word("") if number else label
        space = " " * (column + 2 - cell_len(first.text))
        yield _assembled(" " * indent, _styled(first), space, (line, _STYLE[says.tone]))


def _grid(block: Grid, indent: int, width: int) -> Iterator[Text]:
    """Paths in the first column give way to what stands beside them; one that still does not fit has its own line."""
    titles = [Word(plain(column.lstrip(">")), Tone.STRONG) for column in block.columns]
    rows = [[_word(cell) for cell in row] for row in block.rows]
    right = [column.startswith(">") for column in block.columns]
    wide = [max(cell_len(row[i].text) for row in [titles, *rows]) for i in range(len(titles))]
    gaps = [0, *(1 if number else 2 for number in right[1:])]
    wraps = len(titles) > 1 and not right[-1]
    beside = sum(wide[1:]) + sum(gaps) - (max(0, wide[-1] - _LAST) if wraps else 0)
    room = width - indent - beside
    names = [_fitted(row[0].text, room) if any(c.text for c in row[1:]) else row[0].text for row in rows]
    fitting = [cell_len(n) for n, row in zip(names, rows, strict=True) if any(c.text for c in row[1:])]
    wide[0] = max([cell_len(titles[0].text), *(n for n in fitting if n <= room)])
    if wraps:
        wide[-1] = width - indent - sum(wide[:-1]) - sum(gaps)
    for name, row in zip([titles[0].text, *names], [titles, *rows], strict=True):
        first = Word(name, row[0].tone)
        if cell_len(name) > wide[0]:
            yield _assembled(" " * indent, _styled(first))
            first = Word("")
        cells = [first, *row[1:]]
        if any(cell.text for cell in cells):
            yield from _cells(cells, indent, wide, gaps, right)


def _fitted(cell: str, room: int) -> str:
    """A cell of the first column; blanks before it, which set it in, stay."""
    name = cell.lstrip(" ")
    blanks = " " * (len(cell) - len(name))
    return blanks + fit(name, room - len(blanks))


def _cells(
    cells: Sequence[Word], indent: int, wide: Sequence[int], gaps: Sequence[int], right: Sequence[bool]
) -> Iterator[Text]:
    """A table's row; its last column of words goes on in further lines."""
    lines = [cells[-1].text] if right[-1] or len(cells) == 1 else wrap(cells[-1].text, wide[-1])
    for number, line in enumerate(lines):
        shown = [*(Word("") if number else cell for cell in cells[:-1]), Word(line, cells[-1].tone)]
        parts: list[str | tuple[str, str]] = [" " * indent]
        for cell, width, gap, number_column in zip(shown, wide, gaps, right, strict=True):
            space = " " * max(0, width - cell_len(cell.text))
            parts.append(" " * gap)
            parts += (space, _styled(cell)) if number_column else (_styled(cell), space)
        yield _assembled(*parts)


def _assembled(*parts: str | tuple[str, str]) -> Text:
    line = Text.assemble(*parts)
    line.rstrip()
    return line


def _styled(word: Word) -> tuple[str, str]:
    return word.text, _STYLE[word.tone]


def _word(cell: Cell) -> Word:
    """A cell, made plain; an address is left out."""
    tone = Tone.NONE if isinstance(cell, str) else cell.tone
    return Word(shorten(plain(cell if isinstance(cell, str) else cell.text)), tone)
