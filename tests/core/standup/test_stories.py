"""Stories: by column, with owner, age and branch; and those that are stalled."""

from datetime import UTC, datetime

import pytest

from coverage_roadmap.core.board import Card, Column
from coverage_roadmap.core.branch import Branch, Dated
from coverage_roadmap.core.roadmap import Story, build
from coverage_roadmap.core.standup import Ticket
from coverage_roadmap.core.standup.stories import stalled, tickets

UNKNOWN = Dated(None, "no commit names it")


def on(day, month=2):
    return Dated(datetime(2026, month, day, 12, tzinfo=UTC))


def ticket(column, name, owner="", *, begun=None, latest=None, named=UNKNOWN):
    """A story's; `begun` and `latest` are of its branch, which it has where one is given."""
    story = build(Story, {"id": name, "modules": ["m.py"], "tests": ["t.py"], "owner": owner})
    branch = Branch(f"coverage/{name}", f"refs/heads/coverage/{name}", begun or on(1), latest or on(1, 3))
    has = begun or latest
    card = Card(name, "phase2", story, ("m.py",), column, (f"why {name}",), (), owner, branch if has else None)
    return Ticket(card, story, named)


def test_stories_stand_by_column_and_only_done_ones_are_ticked(facts, said):
    given = [
        ticket(Column.DONE, "d"),
        ticket(Column.BACKLOG, "b", named=on(25)),
        ticket(Column.IN_PROGRESS, "i", "ann", begun=on(1)),
        ticket(Column.DONE, "e"),
        ticket(Column.READY_FOR_REVIEW, "r", begun=on(2, 3)),
        ticket(Column.BACKLOG, "c"),
    ]
    assert said(tickets(facts(tickets=given))) == [
        "[?] tickets: unknown until board.tracker is set",
        "[ ] Backlog: phase2 b (no owner, 5 days old, no branch): why b",
        "[ ] Backlog: phase2 c (no owner, age unknown: no commit names it, no branch): why c",
        "[ ] In Progress: phase2 i (ann, 29 days old, branch coverage/i): why i",
        "[ ] Ready for Review: phase2 r (no owner, 0 days old, branch coverage/r): why r",
        "[x] Done: d, e",
    ]


def test_a_ticket_says_the_same_to_machines(facts):
    made = facts(tickets=[ticket(Column.IN_PROGRESS, "i", "ann", begun=on(2, 3)), ticket(Column.BACKLOG, "b")])
    both = [item.about for item in tickets(made) if item.about]
    assert both == [
        {"story": "b", "phase": "phase2", "column": "Backlog", "owner": None, "days": None, "branch": None},
        {
            **{"story": "i", "phase": "phase2", "column": "In Progress", "owner": "ann"},
            **{"days": 0, "branch": "coverage/i"},
        },
    ]


def test_the_tracker_s_open_tickets_are_told_by_column_and_unknown_with_the_reason(facts, said):
    columns = {"Ready for Review": 1, "Blocked": 2, "Backlog": 3}
    assert said(tickets(facts(tracker="acme/shop", columns=columns))) == [
        "[ ] 6 open tickets in acme/shop: Backlog 3, Ready for Review 1, Blocked 2"
    ]
    assert said(tickets(facts(tracker="acme/shop", columns={}))) == ["[ ] 0 open tickets in acme/shop"]
    assert said(tickets(facts(tracker="acme/shop", untold="no network"))) == [
        "[?] tickets of acme/shop unknown: no network"
    ]


def test_an_age_that_lies_in_the_future_is_unknown(facts, said):
    (line,) = said(tickets(facts(tickets=[ticket(Column.BACKLOG, "b", named=on(9, 5))])))[1:]
    assert "(no owner, age unknown: it began on 2026-05-09, and a clock is wrong, no branch)" in line


def test_without_git_branches_are_unknown(facts, said):
    given = facts(tickets=[ticket(Column.BACKLOG, "b", "ann", named=Dated(None, "no git repository"))], git=False)
    assert "branch unknown: no git repository" in said(tickets(given))[1]
    assert said(stalled(given)) == ["[?] no git repository to look for branches in"]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (ticket(Column.IN_PROGRESS, "a", latest=on(20)), "[!] a: no commit on coverage/a for 10 days"),
        (ticket(Column.READY_FOR_REVIEW, "a", latest=on(24)), "[!] a: no commit on coverage/a for 6 days"),
        (ticket(Column.BACKLOG, "a", "ann"), "[!] a: ann has it, and there is no branch"),
        (
            ticket(Column.IN_PROGRESS, "a", latest=Dated(None, "its date is beyond any calendar")),
            "[?] a: the last commit of coverage/a: its date is beyond any calendar",
        ),
        (
            ticket(Column.IN_PROGRESS, "a", latest=on(1, 6)),
            "[?] a: the last commit of coverage/a is of 2026-06-01, and a clock is wrong",
        ),
    ],
)
def test_stories_that_do_not_move_are_stalled(facts, said, given, line):
    moving = [ticket(Column.IN_PROGRESS, "m", latest=on(28)), ticket(Column.BACKLOG, "b")]
    assert said(stalled(facts(since="6d", tickets=[given, *moving]))) == [line]


def test_what_is_done_or_moves_is_not_stalled(facts, said):
    moving = [ticket(Column.IN_PROGRESS, "m", "ann", latest=on(28)), ticket(Column.BACKLOG, "b")]
    done = ticket(Column.DONE, "d", "ann")
    assert said(stalled(facts(tickets=[*moving, done]))) == ["[x] none of the open stories"]
    for git in (True, False):
        assert said(stalled(facts(tickets=[done], git=git))) == ["[x] none: no story is open"]
