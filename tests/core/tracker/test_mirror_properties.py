"""Whatever stands on the board, and whatever people did: once mirrored there is nothing to do, and nothing is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coverage_roadmap.core.board import Column
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.mirror import plan
from coverage_roadmap.core.tracker.operation import Close, Create, applied
from coverage_roadmap.core.tracker.ticket import Held, Milestone, Ticket, column_label, mark_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = ["alpha", "beta", "src/a b.py", "src/-->.py", "x" * 60]
LABELS = ["phase", "module:a", "Module:A", "module:" + "y" * 60, "board:done"]
OTHERS = ["bug", "phase", "module:a", *map(column_label, Column)]


@st.composite
def entries(draw):
    chosen = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    return [
        Entry(
            mark_of("card", key, draw(st.sampled_from(["", "sub dir"]))),
            draw(TEXT.filter(lambda t: t.strip())),
            draw(TEXT.map(lambda t: t.replace("<", "&lt;") + "\n")),
            draw(st.sampled_from(Column)),
            tuple(draw(st.lists(st.sampled_from(LABELS), max_size=3))),
            draw(st.sampled_from([None, Milestone("First", "phase1"), Milestone("Second", "phase2")])),
            draw(st.sampled_from(["", "anna", "@carl", "no name", "zoe"])),
            draw(st.just(()) | st.sampled_from(KEYS).map(lambda k: (mark_of("card", k),))),
            draw(st.booleans()),
            draw(st.sampled_from(["", "brought 3 points\n", "brought 4 points\n"])),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for key in chosen
    ]


@st.composite
def by_hand(draw, held):
    """What people do between two runs."""
    changed = []
    for one in held.tickets:
        ends = draw(st.sampled_from(["\n", "\r\n"]))
        hurt = draw(st.sampled_from(["", "", "end", "kept"]))
        text = one.body.replace("\r\n", "\n").replace("\n", ends)
        if hurt == "end":
            text = text.replace("end of card", "the end")
        if hurt == "kept":
            text = text.replace('"title"', '"titel')
        one = replace(one, body=draw(TEXT) + text + draw(TEXT))
        one = replace(one, marks=tickets.marks_in(one.body) or one.marks)
        if draw(st.booleans()):
            one = replace(
                one,
                title=draw(TEXT),
                is_open=draw(st.booleans()),
                assignees=tuple(draw(st.sets(st.sampled_from(["bob", "anna"])))),
            )
        if draw(st.booleans()):
            column = draw(st.sampled_from(["", "Blocked", *Column])) if held.board else ""
            one = replace(one, column=column, labels=tuple(draw(st.sets(st.sampled_from(OTHERS)))))
        if draw(st.booleans()):
            one = replace(one, milestone=draw(st.sampled_from(["", "Theirs", "First"])), comments=())
        changed.append(one)
    if changed and draw(st.booleans()):
        changed.append(replace(changed[0], number=max(one.number for one in changed) + 1))
    if changed and draw(st.booleans()):
        changed = changed[1:]
    return replace(held, tickets=tuple(changed), board=draw(st.sampled_from([held.board, held.board, "", "project 7"])))


def carried_out(held, operations):
    for one in operations:
        held = applied(held, one)
    return held


def mirrored(wanted, held):
    made = carried_out(held, plan(wanted, held).operations)
    assert plan(wanted, made).operations == ()
    return made


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(["", "project 7"]), st.sampled_from([None, frozenset({"anna", "carl"})]))
def test_once_mirrored_there_is_nothing_to_do_whatever_people_did(data, board, assignable):
    held = Held(board=board, assignable=assignable)
    for _ in range(3):
        held = mirrored(data.draw(entries()), held)
        held = data.draw(by_hand(held))
    wanted = data.draw(entries())
    texts = {one.number: one.body for one in held.tickets}
    after = mirrored(wanted, held)
    for one in after.tickets:
        if one.number in texts and one.body != texts[one.number]:
            begin, end = tickets.body.markers(one.mark)
            old = tickets.marks_in(texts[one.number])[0]
            before = tickets.body.markers(old)
            assert one.body.partition(begin)[0] == texts[one.number].partition(before[0])[0]
            assert one.body.rpartition(end)[2] == texts[one.number].rpartition(before[1])[2]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(["", "project 7"]))
def test_a_plan_that_was_cut_short_is_finished_by_the_next(data, board):
    held = mirrored(data.draw(entries()), Held(board=board))
    held = data.draw(by_hand(held)) if data.draw(st.booleans()) else held
    wanted = data.draw(entries())
    whole = plan(wanted, held).operations
    cut = data.draw(st.integers(0, len(whole)))
    half = carried_out(held, whole[:cut])
    rest = plan(wanted, half).operations
    done, at_once = carried_out(half, rest), carried_out(held, whole)
    assert plan(wanted, done).operations == ()
    assert done == at_once


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["", "project 7"]))
def test_what_it_did_not_open_is_never_closed_and_foreign_labels_stay(data, board):
    wanted = data.draw(entries())
    theirs = tuple(
        Ticket((one.mark,), number, "Mine", "\n".join(tickets.body.markers(one.mark)), labels=("bug",))
        for number, one in enumerate(wanted, 1)
    )
    made = plan(wanted, Held(tickets=theirs, board=board)).operations
    assert not any(isinstance(one, Close | Create) for one in made)
    after = mirrored(wanted, Held(tickets=theirs, board=board))
    assert all(one.is_open and one.title == "Mine" and "bug" in one.labels for one in after.tickets)
