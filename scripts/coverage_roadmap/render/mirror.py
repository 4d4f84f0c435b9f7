"""What the operations of a mirror look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coverage_roadmap.core.tracker import operation as op
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Cell, Facts, Grid, Page, Section, Tone, Word

Refused = Sequence[tuple[op.Operation, str]]


def page(tracker: str, plan: Plan, refused: Refused, *, applied: bool) -> Page:
    """The operations, in their order, and what the tracker would not do."""
    count = len(plan.operations)
    state = "nothing is to be done" if not count else "carried out" if applied else "not carried out: --apply does it"
    head = Section("", [Facts([("tracker", tracker), ("operations", str(count)), ("state", state)])])
    grid = Grid(["ticket", "what", "how"], [_row(one) for one in plan.operations])
    sections = [Section("", [grid])] if count else []
    if refused:
        rows = [(f"{_ticket(one)} {_told(one)[0]}", Word(why, Tone.BAD)) for one, why in refused]
        sections.append(Section("Refused", [Facts(rows)]))
    return Page("Mirror", [head, *sections, *views.notes(plan.notes)])


def data(tracker: str, plan: Plan, refused: Refused, *, applied: bool) -> dict[str, Any]:
    """For machines."""
    why = {id(one): reason for one, reason in refused}
    made = [
        {
            "ticket": _number(one),
            "card": _card(one),
            "what": _told(one)[0],
            "how": _told(one)[1],
            "refused": why.get(id(one)),
        }
        for one in plan.operations
    ]
    return {"tracker": tracker, "applied": applied, "operations": made, "notes": list(plan.notes)}


def posted(tracker: str, plan: Plan, refused: Refused, failed: str) -> Section:
    """What came of posting the stand-up, one line for each thing that was done."""
    why = {id(one): reason for one, reason in refused}
    rows: list[tuple[str | Word, Cell]] = [("tracker", tracker)]
    for one in plan.operations:
        what, how = _told(one)
        words = f"{what} {how}".strip()
        rows.append(("posted", Word(f"refused: {words}: {why[id(one)]}", Tone.BAD) if id(one) in why else words))
    if not plan.operations and not failed:
        rows.append(("posted", "nothing is to be done"))
    rows += [("failed", Word(failed, Tone.BAD))] if failed else []
    return Section("Posted", [Facts(rows), *([] if not plan.notes else [Facts([("note", one) for one in plan.notes])])])


def _row(operation: op.Operation) -> list[str]:
    return [_ticket(operation), *_told(operation)]


def _number(operation: op.Operation) -> int | None:
    return (operation.number or None) if isinstance(operation, op.Change) else None


def _card(operation: op.Operation) -> str | None:
    if isinstance(operation, op.MakeLabel | op.MakeMilestone):
        return None
    return tickets.key_of(operation.mark) or operation.mark


def _ticket(operation: op.Operation) -> str:
    number, card = _number(operation), _card(operation)
    return f"#{number} {card}" if number else card or ""


def _told(operation: op.Operation) -> tuple[str, str]:
    """What is done, and with what."""
    match operation:
        case op.MakeLabel(name):
            return "make the label", name
        case op.MakeMilestone(title):
            return "make the milestone", title
        case op.Create(title=title):
            return "open the ticket", title
        case op.Retitle(title=title):
            return "rename it", title
        case op.Write():
            return "write our part of its text", ""
        case op.Label(labels=labels):
            return "add labels", ", ".join(labels)
        case op.Unlabel(labels=labels):
            return "take labels away", ", ".join(labels)
        case op.Assign(who=who):
            return "assign", who
        case op.Unassign(who=who):
            return "assign no more", who
        case op.SetMilestone(milestone=milestone):
            return "put under the milestone", milestone
        case op.Move(column=column):
            return "move to", column
        case op.Say(about=about) | op.Reword(about=about):
            return "comment" if isinstance(operation, op.Say) else "write the comment anew", about
        case op.Close():
            return "close it", ""
        case op.Reopen():
            return "open it again", ""
        case _:
            return "pin it", ""
