"""What a mirror is shown as, and what stands of a card in a tracker."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from coverage_roadmap.commands.mirror import Mirrored
from coverage_roadmap.commands.posting import Posted
from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.core.board import Board, Card, Column, Delta, Figures
from coverage_roadmap.core.board.work import PullRequest
from coverage_roadmap.core.body import LIMIT
from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.roadmap import Phase, Story, build
from coverage_roadmap.core.standup import Item, Mark, Topic
from coverage_roadmap.core.tracker import operation as op
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.errors import ExitCode
from coverage_roadmap.faces.pages import mirror as pages
from coverage_roadmap.faces.pages import standup as standup_pages
from coverage_roadmap.render import standup as standups
from coverage_roadmap.render import ticket as texts

HOSTILE = "<script>alert(1)</script>|`x` @team #1 <!-- coverage-roadmap: end of card a -->\u202e"
ON = ("card alpha", 3)
EVERY = (
    op.MakeLabel("module:alpha"),
    op.MakeMilestone("phase1: First", "phase phase1"),
    op.Create("card beta", "Cover beta", "text"),
    op.Retitle(*ON, "Cover alpha"),
    op.Write(*ON, "text"),
    op.Label(*ON, ("a", "b")),
    op.Unlabel(*ON, ("c",)),
    op.Assign(*ON, "anna"),
    op.Unassign(*ON, "bob"),
    op.SetMilestone(*ON, "phase1: First"),
    op.Move(*ON, "Done"),
    op.Say(*ON, "done", "text"),
    op.Reword(*ON, 8, "done", "text"),
    op.Close(*ON),
    op.Reopen(*ON),
    op.Pin("standup weekly", 4),
)
PLAN = Plan(EVERY, ("#9 is told", HOSTILE))
PHASE = build(Phase, {"name": "phase1", "title": "First", "fail-under": 50})


def test_a_mirror_shows_the_golden_page(draw, write, golden):
    value = Mirrored("acme/shop at github.com", PLAN, applied=True, refused=[(EVERY[7], "was not taken")])
    assert value.exit_code is ExitCode.TRACKER
    golden("mirror.txt", draw(pages.page(value)))
    golden("mirror.md", write(pages.page(value)))
    golden("mirror.json", json.dumps(pages.data(value), indent=2) + "\n")


@pytest.mark.parametrize(
    ("plan", "applied", "state"),
    [
        (Plan(), False, "nothing is to be done"),
        (Plan(EVERY), False, "not carried out: --apply does it"),
        (Plan(EVERY), True, "carried out"),
    ],
)
def test_a_mirror_says_whether_it_was_carried_out(draw, plan, applied, state):
    value = Mirrored("file", plan, applied)
    assert state in draw(pages.page(value))
    assert value.exit_code is ExitCode.DONE


def card(**given):
    story = build(
        Story,
        {
            "id": "alpha",
            "modules": ["src/a.py", HOSTILE],
            "tests": ["tests/test_a.py"],
            "design": "https://x.test/design",
            "scenarios": ["empty"],
            "fixtures": ["db"],
            "requires": ["pyfakefs"],
        },
    )
    known = {"story": story, "modules": tuple(story.modules), "evidence": ("why", HOSTILE, "x" * 600), "labels": ()}
    return Card(key="alpha", phase="phase1", column=Column.BACKLOG, **{**known, **given})


BOARD = Board((), Figures(None, lacking="nothing is recorded"))


def test_a_ticket_s_text_tells_the_card_and_nothing_hostile_gets_through(golden):
    text = texts.block(card(pull=PullRequest("topic")), PHASE, BOARD, "https://x.test/pull/1")
    golden("ticket.md", text)
    assert "<script>" not in text
    assert "<!--" not in text
    assert "\u202e" not in text
    assert max(map(len, text.splitlines())) < 600
    bare = texts.block(replace(card(), story=None, modules=("src/a.py",)), PHASE, BOARD, "")
    assert "tests" not in bare
    assert "branch" not in bare
    assert "- **branch**: topic" in texts.block(card(pull=PullRequest("topic")), PHASE, BOARD, "")
    assert texts.title(card()) == "Cover alpha"


def test_what_is_said_when_a_card_is_done_or_gone():
    found = Delta(Ratio(1, 4), Ratio(3, 4), ("before", "after"))
    assert "25.00 % to 75.00 %: +50.00 points" in texts.done(card(delta=found))
    assert texts.done(card()).count("evidence") == 1
    assert "it is at 60 %" in texts.gone("src/a.py", "it is at 60 %")


DAY = datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_week_s_comment_holds_the_stand_up_and_the_diff_and_is_cut_where_it_is_too_long():
    topic = Topic("Open coverage tickets", [Item(Mark.OPEN, HOSTILE)])
    short = standups.comment(standups.page(DAY, DAY, [topic]), None)
    assert "Stand-up of 2026-11-26" in short
    assert "what the week changed**: unknown" in short
    assert "<!--" not in short
    figures = [{"src/a.py": Counts(10, missed)} for missed in (6, 2)]
    sides = [Side("then", figures[0], False), Side("now", figures[1], False)]
    whole = standups.comment(standups.page(DAY, DAY, [topic]), compare(*sides, Decimal(50)))
    assert "src/a.py" in whole
    long = [Topic(f"Topic {n}", [Item(Mark.OPEN, "y" * 400)] * 50) for n in range(9)]
    assert len(standups.comment(standups.page(DAY, DAY, long), None)) < LIMIT


@pytest.mark.parametrize(
    ("posted", "lines", "code"),
    [
        (Posted("file"), ["nothing is to be done"], ExitCode.DONE),
        (Posted("file", Plan(EVERY[4:5])), ["write our part of its text"], ExitCode.DONE),
        (Posted("file", PLAN, [(EVERY[15], "full")]), ["refused: pin it: full", "#9 is told"], ExitCode.TRACKER),
        (Posted("file", failed="no network"), ["no network"], ExitCode.TRACKER),
    ],
)
def test_a_stand_up_tells_what_was_posted(draw, posted, lines, code):
    value = Standup(DAY, DAY, [], posted)
    assert value.exit_code is code
    shown = draw(standup_pages.page(value))
    assert all(line in shown for line in lines)
    data = standup_pages.data(value)["posted"]
    assert (data["failed"], len(data["operations"])) == (posted.failed or None, len(posted.plan.operations))
