"""Posting: the stand-up on one pinned ticket, with one comment for each week."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.core.tracker.operation import Create, Operation, Pin, Reword, Say, Write, opened
from coverage_roadmap.core.tracker.ticket import Held, Kept, Ticket


class Post(Struct, frozen=True):
    """What is to be posted."""

    mark: str
    """The ticket's."""
    title: str
    block: str
    """Our part of the ticket's text: Markdown with a line end at its end."""
    about: str
    """What the comment's marker names: the week."""
    comment: str
    """Likewise Markdown."""


def week(on: datetime) -> str:
    """The week of a day, as a comment's marker names it."""
    year, number, _ = on.isocalendar()
    return f"week {year}-W{number:02}"


def found(mark: str, held: Held) -> Ticket | None:
    """The ticket of this mark: of several the oldest."""
    return tickets.oldest(held.tickets).get(mark)


def plan(post: Post, held: Held) -> Plan:
    """What puts it there; nothing where it is there.

    Args:
        post: what is to be posted.
        held: what the tracker holds, with the comments of the ticket.
    """
    operations: list[Operation] = []
    notes = list(held.notes)
    ticket = found(post.mark, held)
    if ticket is None:
        body = tickets.written("", post.mark, post.block, Kept(opened=True, title=post.title)) or ""
        create = Create(post.mark, post.title, body.rstrip("\n"))
        operations.append(create)
        ticket = opened(create, 0)
    state = ticket.kept
    if not state.pinned:
        operations.append(Pin(post.mark, ticket.number))
    text = tickets.written(ticket.body, post.mark, post.block, replace(state, pinned=True))
    if text is None:
        notes.append(f"{ticket.told}: its markers are broken, or it leaves no room: its text stays as it is")
    elif text != ticket.body:
        operations.append(Write(post.mark, ticket.number, text))
    operations += _comment(post, ticket, notes)
    return Plan(tuple(operations), tuple(notes))


def _comment(post: Post, ticket: Ticket, notes: list[str]) -> list[Operation]:
    there = next((one for one in ticket.comments if one.mark == post.about), None)
    text = tickets.placed(there.body if there else "", post.about, post.comment)
    if text is None:
        notes.append(f"the comment on {post.about}: its markers are broken, or it leaves no room: it stays as it is")
        return []
    if there is None:
        return [Say(post.mark, ticket.number, post.about, text)]
    return [Reword(post.mark, ticket.number, there.number, post.about, text)] if text != there.body else []
