"""Our block in a person's text: put there, put there again, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.body import LIMIT, STEP_LIMIT, markers, place, room
from coverage_roadmap.errors import UsageError

KIND = "pr-summary"
BEGIN, END = markers(KIND)
BLOCK = "## Coverage\n\n- a line\n"
OURS = f"{BEGIN}\n## Coverage\n\n- a line\n{END}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", f"{OURS}\n"),
        ("What it does.\n", f"What it does.\n\n{OURS}\n"),
        ("What it does.", f"What it does.\n\n{OURS}"),
        ("a\r\nb\r\n", "a\r\nb\r\n\r\n" + OURS.replace("\n", "\r\n") + "\r\n"),
        (f"before\n{BEGIN}\nold\n{END}\nafter", f"before\n{OURS}\nafter"),
        (f"{BEGIN}{END}", OURS),
        (f"x {BEGIN}\r\n{END} y\r\n", "x " + OURS.replace("\n", "\r\n") + " y\r\n"),
    ],
)
def test_the_block_stands_between_its_markers(body, expected):
    assert place(body, BLOCK, "body.md", KIND) == expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BEGIN, "is there once, <!-- coverage-roadmap: end of pr-summary --> 0 times"),
        (END, "is there 0 times"),
        (f"{BEGIN}{END}{BEGIN}{END}", "is there 2 times"),
        (f"{BEGIN}{BEGIN}{END}", "is there 2 times"),
        (f"{END}{BEGIN}", "stands before"),
    ],
)
def test_broken_markers_are_refused_with_what_is_wrong(body, said):
    with pytest.raises(UsageError, match=said) as refused:
        place(body, BLOCK, "body.md", KIND)
    assert (refused.value.where, refused.value.next_step) == ("body.md", "leave one of each, in this order, or none")


TEXTS = st.lists(st.sampled_from(["a", " ", "\n", "\r\n", "<!--", "#"]), max_size=30).map("".join)


@given(TEXTS, TEXTS, st.sampled_from([BLOCK, "x\n", "a\n\nb\n"]))
def test_a_second_time_changes_the_block_alone(before, after, block):
    body = f"{before}{BEGIN}\nold\n{END}{after}"
    once = place(body, block, "b", KIND)
    assert once.startswith(before)
    assert once.endswith(after)
    assert place(once, block, "b", KIND) == once


@given(TEXTS)
def test_appended_text_keeps_what_was_there_and_its_last_line_end(body):
    placed = place(body, BLOCK, "b", KIND)
    assert placed.startswith(body)
    assert not body or placed.endswith("\n") == body.endswith("\n")
    assert place(placed, BLOCK, "b", KIND) == placed


@pytest.mark.parametrize("body", ["", "words\n", f"a\r\n{BEGIN}\r\nold\r\n{END}\r\n", "x" * 50_000])
def test_a_block_that_fills_the_room_stays_within_the_limit(body):
    left = room(body, "b", KIND)
    assert left <= LIMIT
    lines = "\n" * 2 if "\r" in body else ""  # a short block has few line ends
    assert len(place(body, f"{'y' * (left - 1 - len(lines))}{lines}\n", "b", KIND)) <= LIMIT


def test_a_job_s_summary_has_more_room_and_the_block_has_not():
    assert room("x" * 70_000, "step.md", KIND, STEP_LIMIT) == LIMIT


def test_a_body_that_leaves_no_room_is_refused():
    with pytest.raises(UsageError, match="leaves 0 of 65536 characters"):
        room("x" * 70_000, "body.md", KIND)


def test_two_blocks_of_one_text_do_not_touch_each_other():
    both = place(place("words\n", BLOCK, "b", KIND), "## Board\n", "b", "board")
    assert both.count("\n## ") == 2
    again = place(both, "## Less\n", "b", KIND)
    assert again == both.replace("## Coverage\n\n- a line", "## Less")
