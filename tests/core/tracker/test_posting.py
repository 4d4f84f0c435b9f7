"""The stand-up on one pinned ticket."""

from datetime import UTC, datetime

from msgspec.structs import replace

from coverage_roadmap.core.tracker.operation import applied
from coverage_roadmap.core.tracker.posting import Post, plan, week
from coverage_roadmap.core.tracker.ticket import Held

POST = Post("standup weekly", "Coverage stand-up", "Each week.\n", "week 2026-W48", "all is well\n")


def posted(post, held):
    for one in plan(post, held).operations:
        held = applied(held, one)
    assert plan(post, held).operations == ()
    return held


def test_a_week_is_iso_s():
    assert week(datetime(2026, 11, 26, tzinfo=UTC)) == "week 2026-W48"
    assert week(datetime(2027, 1, 1, tzinfo=UTC)) == "week 2026-W53"


def test_one_pinned_ticket_has_one_comment_a_week_brought_up_to_date():
    held = posted(POST, Held())
    (ticket,) = held.tickets
    assert (ticket.title, ticket.pinned, len(ticket.comments)) == ("Coverage stand-up", True, 1)
    held = posted(replace(POST, comment="all is better\n"), held)
    assert [("better" in one.body) for one in held.tickets[0].comments] == [True]
    held = posted(replace(POST, about="week 2026-W49"), held)
    assert [one.mark for one in held.tickets[0].comments] == ["week 2026-W48", "week 2026-W49"]


def test_what_a_person_unpinned_stays_so_and_broken_markers_are_told():
    held = posted(POST, Held(notes=("a note",)))
    ticket = held.tickets[0]
    broken = replace(
        ticket,
        pinned=False,
        body=ticket.body.replace("end of standup", "end"),
        comments=(replace(ticket.comments[0], body="<!-- coverage-roadmap: week 2026-W48 -->"),),
    )
    found = plan(POST, replace(held, tickets=(broken,)))
    assert [type(one).__name__ for one in found.operations] == []
    assert found.notes == (
        "a note",
        "#1: its markers are broken, or it leaves no room: its text stays as it is",
        "the comment on week 2026-W48: its markers are broken, or it leaves no room: it stays as it is",
    )
    unpinned = replace(held, tickets=(replace(ticket, pinned=False),))
    assert plan(POST, unpinned).operations == ()
