"""Operations: what is to be changed in a tracker, each of which may be carried out twice without harm."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.tracker.ticket import (
    COLUMN_LABELS,
    Comment,
    Held,
    Milestone,
    Ticket,
    column_label,
    has,
    marks_in,
    oldest,
)


class MakeLabel(Struct, frozen=True):
    """Make a label that is not there."""

    name: str


class MakeMilestone(Struct, frozen=True):
    """Make the milestone of a phase."""

    title: str
    mark: str


class Create(Struct, frozen=True):
    """Open a ticket."""

    mark: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""


class Change(Struct, frozen=True):
    """What all operations on a ticket have; one that is yet to be opened is found by its mark."""

    mark: str
    number: int
    """0 where it is yet to be opened."""


class Retitle(Change, frozen=True):
    """Give a ticket whose title no person changed another."""

    title: str


class Write(Change, frozen=True):
    """Write a ticket's body."""

    body: str


class Label(Change, frozen=True):
    """Add labels of ours."""

    labels: tuple[str, ...]


class Unlabel(Change, frozen=True):
    """Take labels of ours away."""

    labels: tuple[str, ...]


class Assign(Change, frozen=True):
    """Assign the owner."""

    who: str


class Unassign(Change, frozen=True):
    """Take an owner away that we assigned."""

    who: str


class SetMilestone(Change, frozen=True):
    """Put a ticket under its phase's milestone."""

    milestone: str


class Move(Change, frozen=True):
    """Put a ticket into a column."""

    column: str


class Say(Change, frozen=True):
    """Comment."""

    about: str
    """What the comment's marker names."""
    body: str


class Reword(Change, frozen=True):
    """Change a comment of ours."""

    comment: int
    about: str
    body: str


class Close(Change, frozen=True):
    """Close a ticket that we opened."""


class Reopen(Change, frozen=True):
    """Open a ticket again that we opened and closed."""


class Pin(Change, frozen=True):
    """Pin a ticket."""


Operation = (
    MakeLabel
    | MakeMilestone
    | Create
    | Retitle
    | Write
    | Label
    | Unlabel
    | Assign
    | Unassign
    | SetMilestone
    | Move
    | Say
    | Reword
    | Close
    | Reopen
    | Pin
)


def opened(made: Create, number: int) -> Ticket:
    """The ticket that was opened."""
    return Ticket(marks_in(made.body), number, made.title, made.body, made.labels, made.assignees, made.milestone)


def applied(held: Held, operation: Operation) -> Held:
    """What the tracker holds when an operation was carried out: the model that the file is changed by."""
    match operation:
        case MakeLabel(name):
            return replace(held, labels=(held.labels or frozenset()) | {name})
        case MakeMilestone(title, mark):
            there = held.milestones or ()
            return replace(held, milestones=(*there, Milestone(title, mark, len(there) + 1)))
        case Create():
            number = max((one.number for one in held.tickets), default=0) + 1
            return replace(held, tickets=(*held.tickets, opened(operation, number)))
        case _:
            chosen = operation.number or oldest(held.tickets)[operation.mark].number
            change = _on_ticket(operation, held)
            return replace(held, tickets=tuple(change(one) if one.number == chosen else one for one in held.tickets))


def _on_ticket(operation: Change, held: Held) -> Callable[[Ticket], Ticket]:
    def change(ticket: Ticket) -> Ticket:
        match operation:
            case Retitle(title=title):
                return replace(ticket, title=title)
            case Write(body=body):
                return replace(ticket, body=body, marks=marks_in(body))
            case Label(labels=labels):
                return replace(ticket, labels=(*ticket.labels, *(n for n in labels if not has(ticket.labels, n))))
            case Unlabel(labels=labels):
                return replace(ticket, labels=tuple(one for one in ticket.labels if not has(labels, one)))
            case Assign(who=who):
                return replace(ticket, assignees=tuple(dict.fromkeys((*ticket.assignees, who))))
            case Unassign(who=who):
                return replace(ticket, assignees=tuple(one for one in ticket.assignees if not has([who], one)))
            case SetMilestone(milestone=milestone):
                return replace(ticket, milestone=milestone)
            case Move(column=column):
                return _moved(ticket, column, held.board)
            case Say(about=about, body=body):
                number = max((one.number for one in ticket.comments), default=0) + 1
                return replace(ticket, comments=(*ticket.comments, Comment(number, about, body)))
            case Reword(comment=number, about=about, body=body):
                new = [Comment(number, about, body) if one.number == number else one for one in ticket.comments]
                return replace(ticket, comments=tuple(new))
            case Close() | Reopen():
                return replace(ticket, is_open=isinstance(operation, Reopen))
            case _:
                return replace(ticket, pinned=True)

    return change


def _moved(ticket: Ticket, column: str, board: str) -> Ticket:
    if board:
        return replace(ticket, column=column)
    others = [one for one in ticket.labels if not has(COLUMN_LABELS, one)]
    return replace(ticket, labels=(*others, column_label(column)))
