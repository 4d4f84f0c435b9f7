"""The mirror, rule by rule; that a second run has nothing to do is tested with any input beside."""

import pytest
from msgspec.structs import replace

from coverage_roadmap.core.board import Column
from coverage_roadmap.core.tracker import mirror
from coverage_roadmap.core.tracker import operation as op
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.ticket import ARCHIVED, Comment, Held, Milestone, Ticket

BOARD = "project 7"
ALPHA = Entry("card alpha", "Cover alpha", "the card\n", Column.BACKLOG, ("module:alpha",))
PHASE = Milestone("phase1: First", "phase phase1")


def done(held, operations):
    for one in operations:
        held = op.applied(held, one)
    return held


def mirrored(*entries, held=None, **given):
    held = Held(**given) if held is None else held
    return done(held, mirror.plan(entries, held).operations)


def hand(held, **changes):
    """The first ticket, changed by a person."""
    return replace(held, tickets=(replace(held.tickets[0], **changes), *held.tickets[1:]))


def told(entry, held):
    found = mirror.plan([entry], held)
    return [type(one).__name__ for one in found.operations], list(found.notes)


def test_a_card_becomes_a_ticket_with_all_that_it_needs():
    entry = replace(ALPHA, phase=PHASE, owner="@anna")
    made = mirror.plan([entry], Held(labels=frozenset({"Module:Alpha"}))).operations
    assert [type(one).__name__ for one in made] == ["MakeLabel", "MakeMilestone", "Create"]
    create = made[-1]
    assert (create.title, create.labels) == ("Cover alpha", ("module:alpha", "board:backlog"))
    assert (create.assignees, create.milestone) == (("anna",), "phase1: First")
    assert "the card" in create.body
    assert told(replace(entry, gone=True), Held()) == ([], [])


@pytest.mark.parametrize(
    ("at", "wanted", "measured", "stays"),
    [
        ("Ready for Review", Column.BACKLOG, True, True),
        ("Done", Column.BACKLOG, True, False),
        ("Done", Column.BACKLOG, False, True),
        ("Blocked", Column.IN_PROGRESS, True, True),
        ("Ready for Review", Column.IN_PROGRESS, True, False),
        ("Blocked", Column.DONE, True, False),
        (ARCHIVED, Column.DONE, True, True),
    ],
)
def test_a_card_moved_by_hand_stays_where_the_evidence_says_nothing_else(at, wanted, measured, stays):
    held = hand(mirrored(ALPHA, board=BOARD), column=at)
    after = mirrored(replace(ALPHA, column=wanted, measured=measured), held=held)
    assert after.tickets[0].column == (at if stays else wanted)


def test_of_two_column_labels_the_one_of_a_person_counts():
    held = hand(mirrored(ALPHA), labels=("board:backlog", "BOARD:in-progress"))
    assert told(ALPHA, held)[1] == ["#1 was put into In Progress by hand, and stays there; the board says Backlog"]
    both = mirrored(replace(ALPHA, column=Column.DONE), held=held).tickets[0].labels
    assert [name for name in both if name.lower().startswith("board:")] == ["board:done"]


def test_from_labels_to_a_board_the_column_s_label_goes():
    held = replace(mirrored(ALPHA), board=BOARD)
    after = mirrored(ALPHA, held=held).tickets[0]
    assert (after.column, after.labels) == ("Backlog", ("module:alpha",))


def test_only_labels_of_ours_are_taken_away():
    held = mirrored(replace(ALPHA, labels=("module:alpha", "old")))
    held = hand(held, labels=(*held.tickets[0].labels, "theirs"))
    after = mirrored(replace(ALPHA, labels=("theirs",)), held=held)
    assert after.tickets[0].labels == ("board:backlog", "theirs")
    assert mirrored(ALPHA, held=after).tickets[0].labels == ("board:backlog", "theirs", "module:alpha")


def test_owners_are_assigned_where_they_can_be_and_of_others_it_is_told():
    entry = replace(ALPHA, owner="Anna")
    held = mirrored(entry, assignable=frozenset({"anna"}))
    assert held.tickets[0].assignees == ("Anna",)
    held = hand(held, assignees=("anna", "bob"))
    assert told(replace(entry, owner="no body"), held) == (
        ["Unassign", "Write"],
        ["no body owns alpha, which is no user's name: not assigned"],
    )
    assert told(replace(entry, owner="zoe"), held)[1] == ["zoe owns alpha, and is no collaborator: not assigned"]
    theirs = mirrored(replace(entry, owner="bob"), held=replace(held, assignable=None))
    assert theirs.tickets[0].assignees == ("bob",)
    assert mirrored(ALPHA, held=theirs).tickets[0].assignees == ("bob",)
    assert mirror.owners([entry, replace(entry, owner="@Anna"), ALPHA]) == ["Anna"]
    assert mirrored(entry, held=mirrored(ALPHA)).tickets[0].assignees == ("Anna",)


def test_a_title_of_a_person_stays_and_ours_follows_the_card():
    held = mirrored(ALPHA)
    renamed = replace(ALPHA, title="Cover alpha well")
    assert mirrored(renamed, held=held).tickets[0].title == "Cover alpha well"
    assert mirrored(renamed, held=hand(held, title="Mine")).tickets[0].title == "Mine"


def test_a_milestone_of_a_person_stays_and_one_that_was_renamed_is_ours_still():
    entry = replace(ALPHA, phase=PHASE)
    held = mirrored(entry)
    assert mirrored(entry, held=hand(held, milestone="Spring")).tickets[0].milestone == "Spring"
    assert mirrored(entry, held=hand(held, milestone="")).tickets[0].milestone == "phase1: First"
    renamed = replace(held, milestones=(replace(held.milestones[0], title="One"),))
    assert told(entry, hand(renamed, milestone="One"))[0] == ["Write"]
    theirs = Held(milestones=(Milestone("PHASE1: first", "", 4),))
    assert not any(isinstance(one, op.MakeMilestone) for one in mirror.plan([entry], theirs).operations)
    free = mirror.plan([entry], Held(labels=None, milestones=None)).operations
    assert [type(one).__name__ for one in free] == ["Create"]


DONE = replace(ALPHA, column=Column.DONE, comment="brought 3 points\n", known=True)


def test_a_done_card_is_told_once_and_closed_and_a_comment_of_before_is_found_again():
    held = mirrored(ALPHA)
    assert told(DONE, held)[0] == ["MakeLabel", "Move", "Say", "Close", "Write"]
    after = mirrored(DONE, held=held)
    (said,) = after.tickets[0].comments
    assert "brought 3 points" in said.body
    assert told(replace(DONE, comment="brought 4 points\n"), after) == ([], [])
    crashed = done(held, mirror.plan([DONE], held).operations[:3])
    assert [one.number for one in mirror.unheard([DONE, ALPHA], crashed)] == [1]
    heard = mirror.heard(crashed, {1: (said,), 9: ()})
    assert told(DONE, heard)[0] == ["Close", "Write"]


def test_an_unknown_delta_is_told_again_when_it_is_known():
    unknown = replace(DONE, comment="delta unknown\n", known=False)
    held = mirrored(unknown, held=mirrored(ALPHA))
    after = mirrored(DONE, held=held)
    assert "brought 3 points" in after.tickets[0].comments[0].body
    assert told(DONE, after) == ([], [])
    deleted = hand(held, comments=())
    assert told(DONE, deleted)[0] == ["Write"]
    broken = hand(held, comments=(Comment(1, "done", "<!-- coverage-roadmap: done -->"),))
    assert told(DONE, broken)[0] == ["Write"]
    assert told(replace(DONE, comment=""), held)[0] == []


def test_only_what_we_opened_is_closed_and_only_what_we_closed_is_opened_again():
    held = mirrored(DONE)
    assert not held.tickets[0].is_open
    assert mirrored(ALPHA, held=held).tickets[0].is_open
    assert told(DONE, hand(held, is_open=True)) == ([], ["#1 is done, and stays open: a person opened it again"])
    closed = hand(mirrored(ALPHA), is_open=False)
    assert told(ALPHA, closed) == ([], ["#1 was closed by hand, and stays closed; the board says Backlog"])
    theirs = Held(tickets=(Ticket(("card alpha",), 4, "Mine", "\n".join(MARKERS)),))
    assert told(DONE, theirs)[1] == ["#4 is done, and stays open: a person opened it"]
    assert mirrored(DONE, held=theirs).tickets[0].is_open


MARKERS = ("<!-- coverage-roadmap: card alpha -->", "<!-- coverage-roadmap: end of card alpha -->")


def test_a_renamed_module_goes_on_as_the_same_ticket():
    old = replace(ALPHA, mark="card src/old.py")
    held = mirrored(old)
    new = replace(ALPHA, mark="card src/new.py", title="Cover src/new.py", formerly=("card src/old.py",))
    after = mirrored(new, held=held)
    assert len(after.tickets) == 1
    assert after.tickets[0].marks == ("card src/new.py",)
    assert after.tickets[0].title == "Cover src/new.py"
    assert len(mirrored(new, old, held=held).tickets) == 2


def test_duplicates_and_tickets_of_several_cards_are_told():
    held = mirrored(ALPHA)
    twice = replace(held, tickets=(replace(held.tickets[0], number=9), *held.tickets))
    assert told(ALPHA, twice) == ([], ["#9 has the marker of #1 too, which is older and taken: delete it there"])
    both = hand(held, marks=("card alpha", "card beta"))
    assert told(replace(ALPHA, mark="card beta"), both)[1] == [
        "#1 has the markers of several cards: that of beta is left alone"
    ]


def test_a_double_of_a_renamed_card_s_ticket_goes_to_no_other_card():
    old = replace(ALPHA, mark="card old")
    held = mirrored(old)
    twice = replace(held, tickets=(*held.tickets, replace(held.tickets[0], number=9)))
    heir = replace(ALPHA, formerly=("card old",))
    other = replace(ALPHA, mark="card other", formerly=("card old",), gone=True)
    after = mirrored(heir, other, held=twice)
    assert [one.marks for one in after.tickets] == [("card alpha",), ("card old",)]
    assert mirrored(heir, other, held=after) == after


def test_broken_markers_leave_the_text_alone():
    held = mirrored(ALPHA)
    broken = hand(held, body=held.tickets[0].body.replace("end of card", "end"))
    assert told(replace(ALPHA, labels=("new",)), broken)[1] == [
        "#1: its markers are broken, or it leaves no room: its text stays as it is"
    ]
