"""Stories: the open ones by column, and those that are stalled."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.board import Column
from coverage_roadmap.core.branch import Dated
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.standup.facts import Facts, Ticket
from coverage_roadmap.core.standup.item import About, Item, Mark
from coverage_roadmap.core.text import many


def tickets(facts: Facts) -> Iterator[Item]:
    """The open stories by column, and which are done."""
    yield _held(facts)
    for column in Column:
        if column is not Column.DONE:
            yield from (_open(facts, ticket) for ticket in facts.tickets if ticket.card.column is column)
    if done := [ticket.story.id for ticket in facts.tickets if ticket.card.column is Column.DONE]:
        yield Item(Mark.TICKED, f"{Column.DONE}: {', '.join(done)}")


def _held(facts: Facts) -> Item:
    """The open tickets of the tracker, by column."""
    if not facts.tracker:
        return Item(Mark.UNKNOWN, "tickets: unknown until board.tracker is set")
    if facts.columns is None:
        return Item(Mark.UNKNOWN, f"tickets of {facts.tracker} unknown: {facts.untold}")
    known = [*(column.value for column in Column), *sorted(set(facts.columns) - set(Column))]
    counts = [f"{column} {facts.columns[column]}" for column in known if column in facts.columns]
    open_ = sum(facts.columns.values())
    told = f"{many(open_, 'open ticket')} in {facts.tracker}"
    return Item(Mark.OPEN, f"{told}: {', '.join(counts)}" if counts else told, dict(facts.columns))


def _open(facts: Facts, ticket: Ticket) -> Item:
    card, branch = ticket.card, ticket.branch
    since = branch.begun if branch else ticket.named
    days, age = _age(facts.period, since)
    lies = f"branch {branch.name}" if branch else "no branch" if facts.git else "branch unknown: no git repository"
    said = f"{card.owner or 'no owner'}, {age}, {lies}"
    text = f"{card.column}: {card.phase} {card.key} ({said}): {card.reason}"
    about: About = {
        "story": card.key,
        "phase": card.phase,
        "column": card.column,
        "owner": card.owner or None,
        "days": days,
        "branch": branch.name if branch else None,
    }
    return Item(Mark.OPEN, text, about)


def _age(period: Period, since: Dated) -> tuple[int | None, str]:
    if since.moment is None:
        return None, f"age unknown: {since.unknown}"
    days = period.days_since(since.moment)
    if days is None:
        return None, f"age unknown: it began on {since.moment:%Y-%m-%d}, and a clock is wrong"
    return days, f"{many(days, 'day')} old"


def stalled(facts: Facts) -> Iterator[Item]:
    """Open stories whose branch has no commit of the period, and those with an owner and without a branch."""
    open_ones = [ticket for ticket in facts.tickets if ticket.card.column is not Column.DONE]
    if not facts.git and open_ones:
        yield Item(Mark.UNKNOWN, "no git repository to look for branches in")
        return
    found = [item for ticket in open_ones if (item := _stalled(facts, ticket))]
    yield from found
    if not found:
        yield Item(Mark.TICKED, "none of the open stories" if open_ones else "none: no story is open")


def _stalled(facts: Facts, ticket: Ticket) -> Item | None:
    card, branch = ticket.card, ticket.branch
    about = {"story": card.key, "owner": card.owner or None, "branch": branch.name if branch else None}
    if branch is None:
        return (
            Item(Mark.CROSSED, f"{card.key}: {card.owner} has it, and there is no branch", about)
            if card.owner
            else None
        )
    latest = branch.latest
    if latest.moment is None:
        return Item(Mark.UNKNOWN, f"{card.key}: the last commit of {branch.name}: {latest.unknown}", about)
    days = facts.period.days_since(latest.moment)
    if days is None:
        ahead = f"{card.key}: the last commit of {branch.name} is of {latest.moment:%Y-%m-%d}, and a clock is wrong"
        return Item(Mark.UNKNOWN, ahead, about)
    if latest.moment >= facts.period.since:
        return None
    return Item(
        Mark.CROSSED, f"{card.key}: no commit on {branch.name} for {many(days, 'day')}", {**about, "days": days}
    )
