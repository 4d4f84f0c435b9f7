"""Tickets in a Markdown file: each between markers of its own, its facts as a list that people may edit, then its text.

What people write outside of tickets, in their texts and between their facts stays, letter for letter. A file with CRLF
at all lines' ends keeps that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.tracker.operation import Operation, applied
from coverage_roadmap.core.tracker.ticket import Comment, Held, Ticket, about_of, marks_in
from coverage_roadmap.errors import TrackerError

BOARD = "file"
"""The name of the file's own columns."""
HEAD = "# Coverage tickets\n"
_TICKET = regex(
    r"^<!-- coverage-roadmap: ticket ([0-9]{1,9}) -->\n(.*?)^<!-- coverage-roadmap: end of ticket \1 -->\n?",
    re.MULTILINE | re.DOTALL,
)
_EDGE = regex(r"^<!-- coverage-roadmap: (?:end of )?ticket [0-9]+ -->\r?$", re.MULTILINE)
_TEXT = regex(r"^<!-- coverage-roadmap: (text|comment [0-9]{1,9}) -->\n", re.MULTILINE)
_FACT = regex(r"- (state|column|label|assignee|milestone|pinned): (.*)")
_TITLE = regex(r"## #[0-9]+ ?(.*)")


class _Part(Struct, frozen=True):
    """A piece of the file: a person's text, or a ticket."""

    source: str
    ticket: Ticket | None = None
    lines: tuple[str, ...] = ()
    """What a person wrote between its facts."""


def tickets(text: str) -> list[Ticket]:
    """All tickets of a file, those of people too.

    Raises:
        TrackerError: the markers of one are broken.
    """
    return [part.ticket for part in _parts(text.replace("\r\n", "\n") if _is_crlf(text) else text) if part.ticket]


def changed(text: str, operation: Operation) -> str:
    """The file with an operation carried out; what it does not touch stays as it is.

    Raises:
        TrackerError: the markers of a ticket are broken.
    """
    if _is_crlf(text):
        return changed(text.replace("\r\n", "\n"), operation).replace("\n", "\r\n")
    parts = _parts(text)
    before = tuple(part.ticket for part in parts if part.ticket)
    held = applied(Held(before, None, None, board=BOARD), operation)
    after = {one.number: one for one in held.tickets}
    made = [_replaced(part, after) for part in parts] or [HEAD]
    known = {one.number for one in before}
    new = [f"\n{_source(one, ())}" for one in held.tickets if one.number not in known]
    whole = "".join(made)
    return whole + ("\n" if new and not whole.endswith("\n") else "") + "".join(new)


def _is_crlf(text: str) -> bool:
    """Whether all lines end as an editor on Windows ends them."""
    return "\r\n" in text and text.count("\r\n") == text.count("\n")


def _replaced(part: _Part, after: dict[int, Ticket]) -> str:
    if part.ticket is None or after[part.ticket.number] == part.ticket:
        return part.source
    return _source(after[part.ticket.number], part.lines)


def _parts(text: str) -> list[_Part]:
    parts, at = [], 0
    for found in _TICKET.finditer(text):
        parts += [_Part(text[at : found.start()])] if found.start() > at else []
        parts.append(_read(found[0], int(found[1]), found[2]))
        at = found.end()
    parts += [_Part(text[at:])] if at < len(text) else []
    between = "\n".join(part.source for part in parts if part.ticket is None)
    loose = _EDGE.search(between)
    numbers = [part.ticket.number for part in parts if part.ticket]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if loose or twice is not None:
        told = f"{loose[0].rstrip()} stands alone" if loose else f"ticket {twice} is there twice"
        raise TrackerError(f"its markers are broken: {told}", next_step="leave one pair for each ticket")
    return parts


def _read(source: str, number: int, inner: str) -> _Part:
    pieces = _TEXT.split(inner)
    texts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    facts: dict[str, list[str]] = {}
    title, lines = "", []
    for line in pieces[0].split("\n"):
        if fact := _FACT.fullmatch(line.rstrip("\r")):
            facts.setdefault(fact[1], []).append(fact[2].strip())
        elif named := _TITLE.fullmatch(line.rstrip("\r")):
            title = named[1].strip()
        elif line.strip():
            lines.append(line)
    body = texts.pop("text", "").removesuffix("\n")
    ticket = Ticket(
        marks=marks_in(body),
        number=number,
        title=title,
        body=body,
        labels=tuple(facts.get("label", ())),
        assignees=tuple(facts.get("assignee", ())),
        milestone=_one(facts, "milestone"),
        is_open=_one(facts, "state") != "closed",
        column=_one(facts, "column"),
        pinned=_one(facts, "pinned") == "yes",
        comments=tuple(_comment(name, said.removesuffix("\n")) for name, said in texts.items()),
    )
    return _Part(source, ticket, tuple(lines))


def _one(facts: dict[str, list[str]], name: str) -> str:
    return next(iter(facts.get(name, ())), "")


def _comment(name: str, said: str) -> Comment:
    return Comment(int(name.split()[1]), about_of(said), said)


def _source(ticket: Ticket, lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in _lines(ticket, lines))


def _lines(ticket: Ticket, lines: Sequence[str]) -> Iterator[str]:
    yield f"<!-- coverage-roadmap: ticket {ticket.number} -->"
    yield f"## #{ticket.number} {ticket.title}"
    yield ""
    yield f"- state: {'open' if ticket.is_open else 'closed'}"
    if ticket.column:
        yield f"- column: {ticket.column}"
    yield from (f"- label: {name}" for name in ticket.labels)
    yield from (f"- assignee: {name}" for name in ticket.assignees)
    if ticket.milestone:
        yield f"- milestone: {ticket.milestone}"
    if ticket.pinned:
        yield "- pinned: yes"
    yield from lines
    yield ""
    yield "<!-- coverage-roadmap: text -->"
    yield ticket.body
    for comment in ticket.comments:
        yield f"<!-- coverage-roadmap: comment {comment.number} -->"
        yield comment.body
    yield f"<!-- coverage-roadmap: end of ticket {ticket.number} -->"


def held(text: str) -> Held:
    """What a file holds that concerns us.

    Raises:
        TrackerError: the markers of a ticket are broken.
    """
    ours = tuple(one for one in tickets(text) if one.marks)
    return Held(ours, None, None, None, BOARD)
