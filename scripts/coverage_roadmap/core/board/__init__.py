"""The board: one card for each story, and one for each dipped module that no story holds, each in its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from coverage_roadmap.core.board.card import Card, Column, of_module
from coverage_roadmap.core.board.changes import Changes
from coverage_roadmap.core.board.delta import Delta
from coverage_roadmap.core.board.prospect import ground, prospect
from coverage_roadmap.core.board.work import NOTHING, Tracked
from coverage_roadmap.core.measurement import FileFigures
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import Phase, Roadmap

__all__ = ["Board", "Card", "Column", "Delta", "Figures", "Tracked", "assemble", "loose"]


class Figures(Struct, frozen=True):
    """What the board is ranked by."""

    files: Mapping[str, FileFigures] | None
    """The files of the running phase's newest full record of the canonical leg; None without one."""
    record: str = ""
    """Its id."""
    lacking: str = ""
    """Why there is none; empty where there is one."""
    changes: Changes | None = None
    """How often files changed; None where that is not known."""
    period: str = ""
    """In which the changes were counted, such as `in the last 90 days`."""


class Board(Struct, frozen=True):
    """All cards, by column, in each in the roadmap's order; but the Backlog by what a card would bring."""

    cards: Sequence[Card]
    figures: Figures
    notes: Sequence[str] = field(default_factory=tuple)

    def of(self, column: Column) -> list[Card]:
        """The cards of a column, in their order."""
        return [card for card in self.cards if card.column is column]

    def told(self, card: Card) -> list[str]:
        """All that a card says: why it stands there, what it would bring or has brought, who might own it."""
        told = list(card.evidence)
        if card.delta:
            told.append(card.delta.told)
        if card.column is Column.BACKLOG:
            told.append(
                card.prospect.told(self.figures.period) if card.prospect else f"gain unknown: {self._why(card)}"
            )
        if card.suggested:
            told.append(f"CODEOWNERS suggests {', '.join(card.suggested)}")
        if card.formerly:
            told.append(f"formerly {', '.join(card.formerly)}")
        return told

    def _why(self, card: Card) -> str:
        """Why there is no prospect."""
        files = self.figures.files
        if files is None:
            return self.figures.lacking
        missing = next(module for module in card.modules if module not in files)
        return f"{missing} is not measured in {self.figures.record}"


def loose(roadmap: Roadmap, phase: Phase, figures: Figures, tracked: Mapping[str, Tracked]) -> list[Card]:
    """The cards of modules below `dip-below` that no story holds, by path; none where nothing was measured.

    Args:
        roadmap: the config.
        phase: the running one.
        figures: of its newest full record.
        tracked: what a tracker knows, by the cards' keys; a renamed module's may be one of its former paths.
    """
    files = figures.files
    held = {module for _, story in roadmap.stories() for module in story.modules}
    bound: Decimal = roadmap.dip_below
    low = {p: f.counts.ratio for p, f in (files or {}).items() if p not in held and f.counts.ratio.is_below(bound)}
    formerly = figures.changes.formerly if figures.changes else {}
    cards = []
    for path in sorted(low):
        names = [path, *(name for name in formerly.get(path, ()) if name not in low)]
        known = next((tracked[name] for name in names if name in tracked), NOTHING)
        cards.append(of_module(path, f"{low[path]} % is below {show_threshold(bound)} %", phase, known))
    return cards


def assemble(
    cards: Sequence[Card],
    figures: Figures,
    deltas: Mapping[str, Delta],
    suggested: Mapping[str, Sequence[str]],
    notes: Sequence[str] = (),
) -> Board:
    """Put the rest on the cards, and put them in order.

    Args:
        cards: in the roadmap's order, each in its column.
        figures: what the Backlog is ranked by.
        deltas: what done stories brought, by the cards' keys.
        suggested: who owns a file by CODEOWNERS, by path.
        notes: what is said beside.
    """
    changes = figures.changes
    on = ground(figures.files, changes.counts if changes else None) if figures.files is not None else None
    keys = {card.key for card in cards}
    whole = [
        replace(
            card,
            prospect=prospect(card.modules, on) if on else None,
            delta=deltas.get(card.key) if card.column is Column.DONE else None,
            suggested=tuple(dict.fromkeys(who for module in card.modules for who in suggested.get(module, ()))),
            formerly=tuple(p for p in _former(card, changes) if p not in keys),
        )
        for card in cards
    ]
    columns = list(Column)
    return Board(sorted(whole, key=lambda card: (columns.index(card.column), _rank(card))), figures, notes)


def _former(card: Card, changes: Changes | None) -> Sequence[str]:
    return changes.formerly.get(card.key, ()) if changes and card.story is None else ()


def _rank(card: Card) -> Fraction:
    """In the Backlog the highest gain first, and what is unknown last; elsewhere as they came."""
    if card.column is not Column.BACKLOG:
        return Fraction(0)
    return -card.prospect.gain if card.prospect else Fraction(1)
