"""What the board and its Backlog look like."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_roadmap.core.board import Board, Card, Column
from coverage_roadmap.core.board.prospect import FORMULA
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.core.percent import show_percent, show_points
from coverage_roadmap.render import markdown, views
from coverage_roadmap.render.page import Cell, Facts, Grid, Link, Page, Section, Tone, Word, more

TITLE = "Board"
_LONGEST = 500
"""Of a name or a reason that others wrote; what is longer is cut. Characters."""


def page(value: Board, home: Forge | None, most: int | None = None) -> Page:
    """The board; `home` is where its branches can be looked at, `most` how many cards of a column are shown."""
    counts = ", ".join(f"{column} {len(value.of(column))}" for column in Column)
    figures = value.figures.record or Word(f"unknown: {value.figures.lacking}", Tone.UNSURE)
    head = Section("", [Facts([("cards", counts), ("figures", figures)])])
    columns = [_column(value, column, home, most) for column in Column if value.of(column)]
    return Page(TITLE, [head, *columns, *views.notes(value.notes)])


def block(value: Board, home: Forge | None) -> str:
    """The board as Markdown, with a line end at its end."""
    return markdown.view(page(value, home))


def _column(value: Board, column: Column, home: Forge | None, most: int | None) -> Section:
    """A column's cards, who has them only where one is had; and where the work on them can be looked at."""
    every = value.of(column)
    cards = every[:most]
    owners = any(card.owner for card in cards)
    rows: list[list[Cell]] = []
    for card in cards:
        told = [*map(_cut, value.told(card)), f"labels {', '.join(map(_cut, card.labels))}"]
        rows.append([_key(card), *([_cut(card.owner)] if owners else []), "; ".join(told)])
    grid = Grid(["card", *(["owner"] if owners else []), "evidence"], rows)
    work = [(f"branch of {_cut(card.key)}", _branch(card, home)) for card in cards if card.branch or card.pull]
    if column is not Column.DONE:
        designs = [(card, card.story.design) for card in cards if card.story and card.story.design]
        work += [(f"test design of {_cut(card.key)}", Link(_cut(design), design)) for card, design in designs]
    left = more(len(every) - len(cards), "invoke board")
    return Section(column, [grid, *left, *([Facts(work)] if work else [])])


def _key(card: Card) -> Cell:
    return Link(_cut(card.key), card.url) if card.url else _cut(card.key)


def _branch(card: Card, home: Forge | None) -> Cell:
    """A card's branch, with the address of its pull request, or else its own where it is published."""
    name = card.branch.name if card.branch else card.pull.branch if card.pull else ""
    url = address(card, home)
    return Link(_cut(name), url) if url else _cut(name)


def address(card: Card, home: Forge | None) -> str:
    """Where a card's work can be looked at; empty where nowhere."""
    if card.pull and card.pull.url:
        return card.pull.url
    return home.branch(card.branch.name) if home and card.branch and card.branch.published else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def targets(value: Board) -> Page:
    """The Backlog, ranked, with the reason for each card."""
    cards = value.of(Column.BACKLOG)
    period = value.figures.period
    ranked = Word("nothing: the Backlog is empty", Tone.GOOD) if not cards else f"{FORMULA}, {period}"
    figures = value.figures.record or Word(f"unknown: {value.figures.lacking}", Tone.UNSURE)
    head = Section("", [Facts([("figures", figures), ("ranked by", ranked)])])
    titles = ["card", ">missed", ">points", ">changes", ">gain", "story of"]
    grid = [Section("", [Grid(titles, [_target(card) for card in cards])])] if cards else []
    return Page("Targets", [head, *grid, *views.notes(value.notes)])


def _target(card: Card) -> Sequence[Cell]:
    story = f"{card.phase}: {', '.join(map(_cut, card.modules))}" if card.story else "none"
    unknown = Word("unknown", Tone.UNSURE)
    own = card.prospect
    if own is None:
        return [_cut(card.key), *[unknown] * 4, story]
    changes: Cell = unknown if own.changes is None else str(own.changes)
    return [_cut(card.key), str(own.missed), show_points(own.points), changes, show_percent(own.gain), story]
