"""Changes: what is to be done to one ticket so that it shows its card, and what people did to it stays.

The order makes it safe to stop anywhere. What a body keeps is written after what must have happened when it is said (a
move, a comment, closing), and before what must not happen unsaid (a label, an assignee).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from coverage_roadmap.core.board.card import Column
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.operation import (
    Assign,
    Close,
    Label,
    Move,
    Operation,
    Reopen,
    Retitle,
    Reword,
    Say,
    SetMilestone,
    Unassign,
    Unlabel,
    Write,
)
from coverage_roadmap.core.tracker.ticket import COLUMN_LABELS, Kept, Ticket, has

DONE = "done"
"""What the marker of the comment with the delta names."""
Step = tuple[Kept, list[Operation]]


class Wanted(Struct, frozen=True):
    """What one ticket is to have."""

    entry: Entry
    board: str
    """The tracker's own; empty where columns are labels."""
    labels: tuple[str, ...]
    """Without the column's."""
    owner: str
    """Who can be assigned; else empty."""
    milestone: str
    notes: list[str] = field(default_factory=list)
    """What is told gathers here."""

    def changes(self, ticket: Ticket) -> Iterator[Operation]:
        """The operations that bring it there."""
        state, on = ticket.kept, (ticket.mark, ticket.number)
        for step in (self._unlabelled, self._owned, self._titled, self._under, self._moved, self._said, self._closed):
            state, made = step(ticket, state)
            yield from made
        body = tickets.written(ticket.body, self.entry.mark, self.entry.block, state)
        if body is None:
            self.notes.append(f"{ticket.told}: its markers are broken, or it leaves no room: its text stays as it is")
        elif body != ticket.body:
            yield Write(*on, body)
        on = (self.entry.mark if body else ticket.mark, ticket.number)
        if lacking := tuple(name for name in self.labels if not has(ticket.labels, name)):
            yield Label(*on, lacking)
        if self.owner and not has(ticket.assignees, self.owner):
            yield Assign(*on, self.owner)

    def _unlabelled(self, ticket: Ticket, state: Kept) -> Step:
        """Labels of ours that are not wanted any more are taken away; kept are those that we put there, or will."""
        gone = [name for name in state.labels if not has(self.labels, name) and has(ticket.labels, name)]
        if self.board and not state.on:
            gone += [name for name in COLUMN_LABELS if has(ticket.labels, name)]
        ours = tuple(name for name in self.labels if name in state.labels or not has(ticket.labels, name))
        made: list[Operation] = [Unlabel(ticket.mark, ticket.number, tuple(gone))] if gone else []
        return replace(state, labels=ours), made

    def _owned(self, ticket: Ticket, state: Kept) -> Step:
        """An owner of before whom we assigned is taken away; whom people assigned stays."""
        former, there = state.assignee, has(ticket.assignees, self.owner)
        made: list[Operation] = []
        if former.casefold() != self.owner.casefold() and has(ticket.assignees, former):
            made.append(Unassign(ticket.mark, ticket.number, former))
        ours = not there or former.casefold() == self.owner.casefold()
        return replace(state, assignee=self.owner if ours else ""), made

    def _titled(self, ticket: Ticket, state: Kept) -> Step:
        wanted = tickets.title(self.entry.title)
        if ticket.title == wanted:
            return replace(state, title=wanted), []
        if ticket.title != state.title:  # a person's
            return state, []
        return replace(state, title=wanted), [Retitle(ticket.mark, ticket.number, wanted)]

    def _under(self, ticket: Ticket, state: Kept) -> Step:
        """A milestone that a person chose stays."""
        if not self.milestone or ticket.milestone not in ("", self.milestone, state.milestone):
            return state, []
        lacks = ticket.milestone != self.milestone
        made: list[Operation] = [SetMilestone(ticket.mark, ticket.number, self.milestone)] if lacks else []
        return replace(state, milestone=self.milestone), made

    def _moved(self, ticket: Ticket, state: Kept) -> Step:
        at, wanted = tickets.stands(ticket, self.board), self.entry.column
        last = state.column if state.on == self.board else ""
        alone = bool(self.board) or sum(has(ticket.labels, name) for name in COLUMN_LABELS) == 1
        if at not in ("", wanted, last) and self._stays(at):
            self.notes.append(f"{ticket.told} was put into {at} by hand, and stays there; the board says {wanted}")
            return state, []
        made: list[Operation] = [] if at == wanted and alone else [Move(ticket.mark, ticket.number, wanted)]
        return replace(state, column=wanted, on=self.board), made

    def _stays(self, at: str) -> bool:
        """Whether a card that a person moved stays there: where the evidence says nothing else.

        Backlog is the column of what nothing is known of; but what is measured and below its target is not done.
        """
        wanted = self.entry.column
        if at == tickets.ARCHIVED:
            return True
        if wanted is Column.DONE:
            return False
        if at not in set(Column):
            return True
        return wanted is Column.BACKLOG and (at != Column.DONE or not self.entry.measured)

    def _said(self, ticket: Ticket, state: Kept) -> Step:
        """The delta is said once, when the card is done; again only when it was unknown then."""
        entry = self.entry
        if entry.column is not Column.DONE or not entry.comment or state.told == "known":
            return state, []
        told = replace(state, told="known" if entry.known else "unknown")
        found = next((one for one in ticket.comments if one.mark == DONE), None)
        if found is None:  # where it was said before, a person has deleted it
            text = tickets.placed("", DONE, entry.comment) or ""
            return told, [] if state.told else [Say(ticket.mark, ticket.number, DONE, text)]
        new = tickets.placed(found.body, DONE, entry.comment) if entry.known else None
        if new is None or new == found.body:
            return told, []
        return told, [Reword(ticket.mark, ticket.number, found.number, DONE, new)]

    def _closed(self, ticket: Ticket, state: Kept) -> Step:
        """Only what we opened is closed, and only what we closed is opened again."""
        on = (ticket.mark, ticket.number)
        if self.entry.column is Column.DONE:
            if not ticket.is_open:
                return replace(state, closed=state.opened), []
            if not state.opened or state.closed:
                whose = "a person opened it again" if state.closed else "a person opened it"
                self.notes.append(f"{ticket.told} is done, and stays open: {whose}")
                return state, []
            return replace(state, closed=True), [Close(*on)]
        if ticket.is_open:
            return replace(state, closed=False), []
        if state.closed:
            return replace(state, closed=False), [Reopen(*on)]
        self.notes.append(f"{ticket.told} was closed by hand, and stays closed; the board says {self.entry.column}")
        return state, []
