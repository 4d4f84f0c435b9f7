"""The terminal view of a page: at most 80 columns, the same words with and without colour."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from coverage_roadmap.core.text import plain
from coverage_roadmap.render.page import Block, Facts, Grid, Items, Page, Source, Tone, Word
from coverage_roadmap.render.paths import fit

WIDTH = 80
_STYLE = {Tone.NONE: "", Tone.GOOD: "green", Tone.BAD: "red", Tone.UNSURE: "yellow", Tone.STRONG: "bold"}


def show(page: Page, console: Console) -> None:
    """Print a page; no line ends in blanks."""
    width = min(WIDTH, console.width)
    with console.capture() as captured:
        console.print(_view(page, width), width=width, highlight=False)
    for line in captured.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")


def _view(page: Page, width: int) -> RenderableType:
    parts: list[RenderableType] = [Text(plain(page.title), style="bold")]
    for section in page.sections:
        parts.append(Text())
        if section.heading:
            parts.append(Text(plain(section.heading), style="bold"))
        parts += [_block(block, width) for block in section.blocks]
    return Group(*parts)


def _block(block: Block, width: int) -> RenderableType:
    match block:
        case Facts():
            table = _two_columns()
            for label, words in block.rows:
                table.add_row(Text(plain(label)), _text(words))
            return table
        case Items():
            table = _two_columns()
            for mark, words in block.rows:
                table.add_row(_text(mark), Text(plain(words)))
            return table
        case Grid():
            return _grid(block, width)
        case Source():
            return Text("\n".join(plain(line) for line in block.text.splitlines()), no_wrap=True, overflow="ignore")


def _two_columns() -> Table:
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _grid(block: Grid, width: int) -> Table:
    """Paths in the first column give way to the numbers beside it, by whole names."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=False)
    beside = sum(
        max(len(_bare(row[i])) for row in [block.columns, *block.rows]) + 1 for i in range(1, len(block.columns))
    )
    for column in block.columns:
        table.add_column(
            plain(column.lstrip(">")), justify="right" if column.startswith(">") else "left", overflow="fold"
        )
    for row in block.rows:
        first = row[0].text if isinstance(row[0], Word) else row[0]
        tone = row[0].tone if isinstance(row[0], Word) else Tone.NONE
        table.add_row(_text(Word(fit(plain(first), max(20, width - beside)), tone)), *map(_text, row[1:]))
    return table


def _bare(cell: str | Word) -> str:
    return plain(cell.text if isinstance(cell, Word) else cell).lstrip(">")


def _text(cell: str | Word) -> Text:
    if isinstance(cell, str):
        return Text(plain(cell))
    return Text(plain(cell.text), style=_STYLE[cell.tone])
