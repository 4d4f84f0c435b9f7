"""A Markdown file as a tracker: what people write in it stays, letter for letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.board import Column
from coverage_roadmap.core.tracker import file_text, mirror
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.operation import Close, Label, Pin, Say
from coverage_roadmap.core.tracker.ticket import Milestone
from coverage_roadmap.errors import TrackerError

ENTRY = Entry(
    "card alpha",
    "Cover alpha",
    "the card\n",
    Column.BACKLOG,
    ("module:alpha",),
    Milestone("phase1: First", "phase phase1"),
    "anna",
)
OTHER = Entry("card beta", "Cover beta", "another\n", Column.DONE, comment="done\n", known=True)


def mirrored(text, *entries):
    for one in mirror.plan(entries, file_text.held(text)).operations:
        text = file_text.changed(text, one)
    assert mirror.plan(entries, file_text.held(text)).operations == ()
    return text


def test_a_board_in_a_file():
    text = mirrored("", ENTRY, OTHER)
    assert text.startswith(
        "# Coverage tickets\n\n<!-- coverage-roadmap: ticket 1 -->\n## #1 Cover alpha\n\n- state: open\n"
    )
    alpha, beta = file_text.tickets(text)
    assert (alpha.labels, alpha.assignees, alpha.milestone) == (("module:alpha",), ("anna",), "phase1: First")
    assert (alpha.column, beta.column, beta.is_open, len(beta.comments)) == ("Backlog", "Done", False, 1)
    assert mirrored(text, ENTRY, OTHER) == text


def test_what_people_write_stays():
    text = mirrored("Our tickets\n", ENTRY, OTHER)
    text = text.replace("- column: Backlog\n", "- column: In Progress\nKim: half way\n- label: theirs\n")
    text = text.replace("<!-- coverage-roadmap: ticket 2", "Between.\n<!-- coverage-roadmap: ticket 2") + "The end."
    text = text.replace("## #1 Cover alpha", "## #1 Alpha first")
    own = "<!-- coverage-roadmap: ticket 7 -->\nmine\n<!-- coverage-roadmap: end of ticket 7 -->\n"
    after = mirrored(own + text, Entry("card alpha", "x", "new words\n", Column.BACKLOG), OTHER)
    for kept in ("Our tickets\n", "Kim: half way\n", "- label: theirs\n", "Between.\n", "The end.", own, "Alpha first"):
        assert kept in after
    assert "- column: In Progress\n" in after
    assert "new words" in after
    more = file_text.changed(
        after, mirror.plan([Entry("card new", "n", "x\n", Column.BACKLOG)], file_text.held("")).operations[0]
    )
    assert "The end.\n\n<!-- coverage-roadmap: ticket 8 -->" in more


def test_a_file_that_an_editor_gave_crlf_is_read_and_keeps_it():
    text = mirrored("", ENTRY).replace("\n", "\r\n")
    assert mirrored(text, ENTRY) == text
    assert mirrored(text, ENTRY, OTHER) == mirrored("", ENTRY, OTHER).replace("\n", "\r\n")


def test_pins_and_comments_are_read_again():
    text = mirrored("", ENTRY)
    text = file_text.changed(text, Pin("card alpha", 1))
    text = file_text.changed(text, Say("card alpha", 1, "done", "<!-- coverage-roadmap: done -->\nyes"))
    (ticket,) = file_text.tickets(text)
    assert (ticket.pinned, ticket.comments[0].mark, ticket.comments[0].number) == (True, "done", 1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<!-- coverage-roadmap: end of ticket 1 -->\n", "", "ticket 1 -->"),
        ("ticket 2 -->", "ticket 1 -->", "ticket 1 is there twice"),
        ("ticket 1 -->\n", "ticket 1 -->\r\n", "ticket 1 --> stands alone"),
    ],
)
def test_broken_markers_are_refused(old, new, said):
    text = mirrored("", ENTRY, OTHER).replace(old, new)
    with pytest.raises(TrackerError, match="its markers are broken") as refused:
        file_text.changed(text, Close("card alpha", 1))
    assert said in refused.value.what


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("abc -#:\n"), st.lists(st.text("ab:-", min_size=1)))
def test_whatever_stands_around_a_ticket_stays(before, after, labels):
    text = mirrored(before, ENTRY) + after
    more = file_text.changed(text, Label("card alpha", 1, tuple(labels)))
    head, _, rest = more.partition("<!-- coverage-roadmap: ticket 1 -->")
    assert head.startswith(before)
    assert rest.endswith(after)
