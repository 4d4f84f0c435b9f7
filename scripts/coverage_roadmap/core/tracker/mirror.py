"""The mirror: what is to be done so that the tracker shows the board. It goes one way: what people did there is kept,
and tells the board nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.board.card import Column
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.changes import Wanted
from coverage_roadmap.core.tracker.entry import Entry, login
from coverage_roadmap.core.tracker.operation import Create, MakeLabel, MakeMilestone, Operation, applied, opened
from coverage_roadmap.core.tracker.ticket import COLUMN_LABELS, Held, Kept, Ticket, has


class Plan(Struct, frozen=True):
    """What is to be done, in this order, and what is told beside."""

    operations: tuple[Operation, ...] = ()
    notes: tuple[str, ...] = ()


def plan(entries: Sequence[Entry], held: Held) -> Plan:
    """What makes the tracker show these cards; nothing where it does.

    Args:
        entries: the board's cards.
        held: what the tracker holds, with the comments of the tickets that `unheard` names.
    """
    operations: list[Operation] = []
    notes = [*held.notes, *_duplicates(held)]
    for entry, found in _found(entries, held):
        if found is None and entry.gone:
            continue
        if found and found.mark not in (entry.mark, *entry.formerly):
            notes.append(f"{found.told} has the markers of several cards: that of {entry.key} is left alone")
            continue
        needed = list(_needed(entry, held))
        for operation in needed:
            held = applied(held, operation)
        wanted = _wanted(entry, held)
        create = [] if found else [_create(wanted)]
        ticket = found or opened(create[0], 0)
        operations += [*needed, *create, *wanted.changes(ticket)]
        notes += wanted.notes
    return Plan(tuple(operations), tuple(notes))


def unheard(entries: Sequence[Entry], held: Held) -> list[Ticket]:
    """The tickets whose comments the plan must know: of cards that are done and whose delta was not said yet."""
    done = [one for entry, one in _found(entries, held) if entry.column is Column.DONE and entry.comment]
    return [one for one in done if one and one.kept.told != "known"]


def _found(entries: Sequence[Entry], held: Held) -> Iterator[tuple[Entry, Ticket | None]]:
    """Each entry with its ticket; a ticket under a mark of before is only one's, and not another card's own."""
    known = tickets.oldest(held.tickets)
    taken = {entry.mark for entry in entries}
    for entry in entries:
        mark = next(
            (m for m in (entry.mark, *entry.formerly) if m in known and (m == entry.mark or m not in taken)), ""
        )
        taken.update(entry.formerly)  # even where it has its own, lest the next run gives another card a double of it
        yield entry, known.get(mark)


def owners(entries: Sequence[Entry]) -> list[str]:
    """Whom the tracker must be asked about: may they be assigned?"""
    return list(dict.fromkeys(filter(None, (login(entry.owner) for entry in entries))))


def _duplicates(held: Held) -> Iterator[str]:
    taken = tickets.oldest(held.tickets)
    for ticket in held.tickets:
        first = taken[ticket.mark]
        if first.number != ticket.number:
            yield f"{ticket.told} has the marker of {first.told} too, which is older and taken: delete it there"


def _labels(entry: Entry) -> tuple[str, ...]:
    """An entry's, less what would be taken for a column's."""
    found = {name.casefold(): name for name in map(tickets.label, reversed(entry.labels))}
    return tuple(name for name in reversed(found.values()) if not has(COLUMN_LABELS, name))


def _milestone(entry: Entry, held: Held) -> str:
    """The title of the phase's milestone: a person may have renamed it, or have made one of that title before us."""
    phase = entry.phase
    if phase is None:
        return ""
    there = held.milestones or ()
    own = [one.title for one in there if one.mark == phase.mark]
    alike = [one.title for one in there if one.title.casefold() == phase.title.casefold()]
    return next(iter((*own, *alike)), phase.title)


def _needed(entry: Entry, held: Held) -> Iterator[Operation]:
    """What must be there before a ticket can have it."""
    names = (*_labels(entry), *([] if held.board else [tickets.column_label(entry.column)]))
    if held.labels is not None:
        yield from (MakeLabel(name) for name in names if not has(held.labels or (), name))
    there = held.milestones
    if entry.phase and there is not None and _milestone(entry, held) not in [one.title for one in there]:
        yield MakeMilestone(entry.phase.title, entry.phase.mark)


def _wanted(entry: Entry, held: Held) -> Wanted:
    notes: list[str] = []
    who = login(entry.owner)
    if entry.owner and not who:
        notes.append(f"{entry.owner} owns {entry.key}, which is no user's name: not assigned")
    elif who and held.assignable is not None and not has(held.assignable, who):
        notes.append(f"{who} owns {entry.key}, and is no collaborator: not assigned")
        who = ""
    return Wanted(entry, held.board, _labels(entry), who, _milestone(entry, held), notes)


def _create(wanted: Wanted) -> Create:
    entry = wanted.entry
    state = Kept(
        opened=True,
        title=tickets.title(entry.title),
        labels=wanted.labels,
        assignee=wanted.owner,
        milestone=wanted.milestone,
        column=entry.column,
        on=wanted.board,
    )
    body = tickets.written("", entry.mark, entry.block, state) or ""
    column = [] if wanted.board else [tickets.column_label(entry.column)]
    who = (wanted.owner,) if wanted.owner else ()
    return Create(entry.mark, state.title, body.rstrip("\n"), (*wanted.labels, *column), who, wanted.milestone)


def heard(held: Held, comments: dict[int, tuple[tickets.Comment, ...]]) -> Held:
    """What is held, with comments by the tickets' numbers."""
    with_them = [replace(one, comments=comments.get(one.number, one.comments)) for one in held.tickets]
    return replace(held, tickets=tuple(with_them))
