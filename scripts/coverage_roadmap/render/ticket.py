"""What stands in a tracker of a card: our part of the ticket's text, and what is said when the card is done."""

from __future__ import annotations

from coverage_roadmap.core.board import Board, Card
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import Phase
from coverage_roadmap.render import markdown
from coverage_roadmap.render.page import Block, Cell, Facts, Link, Page, Section, Word

_LONGEST = 500
"""Of a sentence that others wrote a part of. Characters."""
_MOST = 40
"""So many sentences, modules, tests or scenarios are shown."""


def title(card: Card) -> str:
    """The ticket's."""
    return f"Cover {card.key}"


def block(card: Card, phase: Phase, board: Board, address: str) -> str:
    """Our part of a ticket's text.

    Args:
        card: the card.
        phase: its.
        board: it tells what the card says.
        address: where the work can be looked at; empty where nowhere.
    """
    rows: list[tuple[str | Word, Cell]] = [("column", card.column), ("phase", f"{phase.name}: {phase.heading()}")]
    rows += [("module", _cut(module)) for module in card.modules[:_MOST]]
    story = card.story
    if story:
        rows += [("tests", _cut(test)) for test in story.tests[:_MOST]]
        rows.append(("target", f"{show_threshold(phase.target_of(story))} %"))
        rows += [("scenario", _cut(one)) for one in story.scenarios[:_MOST]]
        rows += [("fixture", _cut(name)) for name in story.fixtures[:_MOST]]
        rows += [("requires", _cut(name)) for name in story.requires[:_MOST]]
        rows += [("test design", Link(_cut(story.design), story.design))] if story.design else []
    if name := card.branch.name if card.branch else card.pull.branch if card.pull else "":
        rows.append(("branch", Link(_cut(name), address) if address else _cut(name)))
    evidence = Facts([("evidence", _cut(told)) for told in board.told(card)[:_MOST]])
    blocks: list[Block] = [Facts(rows), evidence]
    return markdown.view(Page(card.key, [Section("", blocks)]))


def done(card: Card) -> str:
    """What is said when a card is done."""
    told = [_cut(card.reason), *([_cut(card.delta.told)] if card.delta else [])]
    return markdown.view(Page(f"{card.key} is done", [Section("", [Facts([("evidence", one) for one in told])])]))


def gone(key: str, why: str) -> str:
    """What stands in the ticket of a card that the board has no more, and is said in it."""
    return markdown.view(Page(key, [Section("", [Facts([("not on the board", _cut(why))])])]))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
