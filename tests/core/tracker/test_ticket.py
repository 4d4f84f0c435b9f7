"""Tickets: markers that name cards, what a body keeps, and names as a tracker takes them."""

import pytest

from coverage_roadmap.core import body
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.ticket import Kept, Ticket, mark_of


@pytest.mark.parametrize(
    ("key", "place", "mark"),
    [
        ("quality-monitor", "", "card quality-monitor"),
        ("src/a b.py", "", "card src/a%20b.py"),
        ("src/-->.py", "packages/my api/", "card packages/my%20api:src/--%3E.py"),
        ("src/é:x.py", "", "card src/%C3%A9%3Ax.py"),
    ],
)
def test_a_mark_names_the_card_and_the_project_s_folder(key, place, mark):
    assert mark_of("card", key, place) == mark
    assert tickets.key_of(mark) == key
    assert tickets.is_at(mark, place)
    assert not tickets.is_at(mark, "elsewhere")
    assert tickets.marks_in(f"a {body.markers(mark)[0]} b {body.markers(mark)[1]}") == (mark,)


def test_a_mark_of_another_kind_names_no_card():
    assert tickets.key_of("standup weekly") == ""
    assert tickets.marks_in("<!-- coverage-roadmap: pr-summary --><!-- coverage-roadmap: card  -->") == ()


def test_a_milestone_and_a_comment_are_found_by_their_markers():
    assert tickets.phase_of(f"ours\n{tickets.phase_text('phase phase1')}") == "phase phase1"
    assert tickets.phase_of("Spring") == ""
    assert tickets.about_of("<!-- coverage-roadmap: week 2026-W48 -->") == "week 2026-W48"
    assert tickets.about_of("done") == ""


@pytest.mark.parametrize(
    "text", ["", "<!-- coverage-roadmap: kept {} -->", '<!-- coverage-roadmap: kept {"opened": 3} -->', "kept {"]
)
def test_what_cannot_be_read_keeps_nothing(text):
    begin, end = body.markers("card a")
    assert tickets.kept(f"{begin}\n{text}\n{end}", "card a") == Kept()
    outside = tickets.written("", "card a", "x\n", Kept(opened=True))
    assert tickets.kept(f"{begin}{end}\n{outside}", "card a") == Kept()


def test_no_room_or_broken_markers_write_nothing():
    assert tickets.written("x" * body.LIMIT, "card a", "block\n", Kept()) is None
    assert tickets.written(body.markers("card a")[0], "card a", "block\n", Kept()) is None


def test_names_are_one_line_and_not_too_long():
    assert tickets.title(" a   b\x1b[1m ") == r"a b\x1b[1m"
    assert tickets.title("x" * 300) == "x" * 200 + "..."
    assert tickets.label("module:a") == "module:a"
    long, other = tickets.label("module:" + "y" * 60), tickets.label("module:" + "y" * 61)
    assert (len(long), len(other), long != other) == (50, 50, True)


def test_a_ticket_is_told_by_its_number_or_its_card():
    assert Ticket(("card a",), 3, "t", "").told == "#3"
    assert Ticket(("card a",), 0, "t", "").told == "a"
