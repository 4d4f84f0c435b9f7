"""Gathers what the mirror compares: the board's cards as they are to stand in a tracker, and what the tracker holds."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.tracking import place_of
from coverage_roadmap.core.board import Board, Card, Column
from coverage_roadmap.core.forge import Forge
from coverage_roadmap.core.tracker import mirror
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.core.tracker.ticket import Held, Milestone, mark_of
from coverage_roadmap.core.tracker.tracker import Tracker
from coverage_roadmap.render import board as pages
from coverage_roadmap.render import ticket as texts


def plan(here: Here, board: Board, tracker: Tracker, home: Forge | None) -> Plan:
    """What makes the tracker show the board.

    Raises:
        TrackerError: the tracker refused, or cannot be reached.
    """
    entries = [_entry(here, board, card, home) for card in board.cards]
    held = tracker.read(mirror.owners(entries))
    own = tuple(one for one in held.tickets if _is_card_of(one.mark, place_of(here)))
    held = replace(held, tickets=own)
    gone, notes = _gone(here, board, entries, held)
    entries += gone
    held = mirror.heard(held, {one.number: tracker.comments(one) for one in mirror.unheard(entries, held)})
    made = mirror.plan(entries, held)
    return replace(made, notes=(*made.notes, *notes))


def _is_card_of(mark: str, place: str) -> bool:
    return bool(tickets.key_of(mark)) and tickets.is_at(mark, place)


def _entry(here: Here, board: Board, card: Card, home: Forge | None) -> Entry:
    place = place_of(here)
    phase = next(one for one in here.roadmap.phases if one.name == card.phase)
    heading = f"{phase.name}: {phase.heading()}"
    return Entry(
        mark=mark_of(tickets.CARD, card.key, place),
        title=texts.title(card),
        block=texts.block(card, phase, board, pages.address(card, home)),
        column=card.column,
        labels=card.labels,
        phase=Milestone(tickets.title(heading), mark_of(tickets.PHASE, phase.name, place)),
        owner=card.story.owner if card.story else "",
        formerly=tuple(mark_of(tickets.CARD, path, place) for path in card.formerly),
        measured=card.prospect is not None,
        comment=texts.done(card) if card.column is Column.DONE else "",
        known=card.delta is not None and card.delta.points is not None,
    )


def _gone(here: Here, board: Board, entries: Sequence[Entry], held: Held) -> tuple[list[Entry], list[str]]:
    """Tickets whose cards the board has no more: modules that were covered are done, of others it is told."""
    marks = {mark for entry in entries for mark in (entry.mark, *entry.formerly)}
    left = [one for one in tickets.oldest(held.tickets).values() if not marks & {*one.marks}]
    made, notes = [], []
    for one in dict.fromkeys(left):
        key = tickets.key_of(one.mark)
        why = _why_gone(here, board, key)
        if why:
            text = texts.gone(key, why)
            labels = one.kept.labels
            made.append(Entry(one.mark, one.kept.title, text, Column.DONE, labels, comment=text, known=True, gone=True))
        elif one.is_open:
            notes.append(f"{one.told}: the board has no card {key} any more: close it by hand, or delete its markers")
    return made, notes


def _why_gone(here: Here, board: Board, key: str) -> str:
    """Why a module has no card of its own any more; empty where it is none, or that is not known."""
    for _, story in here.roadmap.stories():
        if key in story.modules:
            return f"the story {story.id} holds it"
    figures = (board.figures.files or {}).get(key)
    return f"it is at {figures.counts.ratio} %, in {board.figures.record}" if figures else ""
