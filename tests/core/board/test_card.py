"""In which column a card stands, and why, by its evidence."""

from datetime import UTC, datetime

import pytest

from coverage_roadmap.core.board.card import Card, Column, Known, labels, of_module, of_story
from coverage_roadmap.core.board.work import PullRequest, Snippet, Tracked, Work
from coverage_roadmap.core.branch import Branch, Dated
from coverage_roadmap.core.measurement import Kind
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.roadmap import Percent, Phase, Story, build
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict

TESTS = ["tests/test_a.py", "tests/test_b.py::test_x"]
PHASE = {"name": "phase2", "fail-under": 60}
CLOSED = {"closed": {"on": datetime(2026, 3, 1, tzinfo=UTC).date(), "commit": "c" * 40, "record": "the-record"}}
MET, NOT_MET, UNKNOWN = (Verdict("s", answer, f"because {answer}") for answer in Answer)
MODULE = ModuleProgress("s", "phase2", "src/a.py", Percent(60), Presence.MEASURED, Ratio(3, 4))
SNIPPET = Snippet("its-record", Kind.PARTIAL, 7, (MODULE,))


def work(name="coverage/s", *, fits=True, ahead=("tests/test_a.py",), tests=TESTS, day=1, **given):
    on = Dated(datetime(2026, 3, day, tzinfo=UTC)) if day else Dated(None, "no commit says when")
    branch = Branch(name, f"refs/heads/{name}", on, on)
    return Work(branch, "c" * 40, fits, tuple(ahead), frozenset(tests), **given)


def card(done=NOT_MET, *works, owner="", design="", phase=PHASE, **given) -> Card:
    story = {"id": "s", "modules": ["src/a.py"], "tests": TESTS, "owner": owner, "design": design}
    return of_story(Known(build(Phase, phase), build(Story, story), done, works, **given))


def pull(**given):
    return {"tracked": Tracked(pull=PullRequest("topic", **given))}


LACKS = "not done: because not met"
PARTLY = {"tests": TESTS[:1]}


@pytest.mark.parametrize(
    ("given", "column", "evidence"),
    [
        ([card(MET)], Column.DONE, ["because met"]),
        ([card(MET, work(), owner="a", design="d")], Column.DONE, ["because met"]),
        ([card()], Column.BACKLOG, ["because not met"]),
        ([card(UNKNOWN)], Column.BACKLOG, ["because unknown"]),
        (
            [card(owner="ann")],
            Column.BACKLOG,
            ["because not met", "ann has it, without a branch or a test design"],
        ),
        ([card(design="d.md")], Column.BACKLOG, ["because not met"]),
        ([card(owner="ann", design="d.md")], Column.IN_PROGRESS, ["ann has a test design", LACKS]),
        (
            [card(NOT_MET, work(**PARTLY))],
            Column.IN_PROGRESS,
            ["coverage/s fits the pattern and changes tests/test_a.py", LACKS],
        ),
        (
            [card(NOT_MET, work("topic", fits=False, ahead=["src/a.py", "b", "c", "d", "e"]))],
            Column.IN_PROGRESS,
            ["topic changes src/a.py, b, c and 2 more files", LACKS],
        ),
        (
            [card(NOT_MET, work(ahead=["src/a.py"]), at_tip=frozenset(TESTS))],
            Column.IN_PROGRESS,
            ["coverage/s fits the pattern and changes src/a.py", LACKS],
        ),
        (
            [card(UNKNOWN, work(unmeasured="no run of it is recorded"))],
            Column.READY_FOR_REVIEW,
            [
                "its tests are on coverage/s",
                "coverage there unknown: no run of it is recorded",
                "not done: because unknown",
            ],
        ),
        (
            [card(NOT_MET, work(snippet=SNIPPET))],
            Column.READY_FOR_REVIEW,
            ["its tests are on coverage/s", "coverage there src/a.py 75.00 %; 7 passed in its-record (partial)", LACKS],
        ),
        (
            [card(NOT_MET, work(ahead=(), untold="has no common commit with main", unmeasured="none"))],
            Column.READY_FOR_REVIEW,
            ["its tests are on coverage/s", "coverage there unknown: none", LACKS],
        ),
        (
            [card(NOT_MET, work(ahead=(), untold="has no common commit with main"), at_tip=frozenset(TESTS))],
            Column.IN_PROGRESS,
            ["coverage/s fits the pattern and has no common commit with main", LACKS],
        ),
    ],
)
def test_a_storys_column_follows_from_its_evidence(given, column, evidence):
    (made,) = given
    assert (made.column, list(made.evidence)) == (column, evidence)
    assert made.reason == evidence[0]
    assert (made.key, made.phase, made.modules) == ("s", "phase2", ("src/a.py",))


OPEN, DRAFT = "an open pull request of topic", "a draft pull request of topic"


@pytest.mark.parametrize(
    ("made", "column", "evidence"),
    [
        (card(**pull()), Column.IN_PROGRESS, [OPEN, LACKS]),
        (card(**pull(draft=True, files=frozenset(["tests/test_a.py"]))), Column.IN_PROGRESS, [DRAFT, LACKS]),
        (card(**pull(files=frozenset(["tests/test_a.py"]))), Column.IN_PROGRESS, [OPEN, LACKS]),
        (
            card(**pull(files=frozenset(["tests/test_a.py"])), at_tip=frozenset(TESTS[1:])),
            Column.READY_FOR_REVIEW,
            [f"its tests are in {OPEN}", "coverage there unknown: topic was not measured here", LACKS],
        ),
        (
            card(NOT_MET, work("topic", fits=False, **PARTLY), **pull(files=frozenset(t[:15] for t in TESTS))),
            Column.READY_FOR_REVIEW,
            [
                *(f"its tests are in {OPEN}", "coverage there unknown: topic was not measured here"),
                *("topic changes tests/test_a.py", LACKS),
            ],
        ),
        (card(**pull(files=frozenset(["src/a.py"])), at_tip=frozenset(TESTS)), Column.IN_PROGRESS, [OPEN, LACKS]),
        (
            card(NOT_MET, work("topic", unmeasured="none"), **pull(draft=True)),
            Column.IN_PROGRESS,
            ["topic fits the pattern and changes tests/test_a.py", DRAFT, LACKS],
        ),
        (
            card(NOT_MET, work("topic", unmeasured="none"), **pull()),
            Column.READY_FOR_REVIEW,
            ["its tests are on topic", "coverage there unknown: none", OPEN, LACKS],
        ),
        (
            card(tracked=Tracked(("kim", "lee"), url="https://t/1")),
            Column.BACKLOG,
            ["because not met", "kim has it, without a branch or a test design"],
        ),
        (card(MET, **pull()), Column.DONE, ["because met"]),
    ],
)
def test_with_a_tracker_it_knows_more(made, column, evidence):
    assert (made.column, list(made.evidence)) == (column, evidence)


def test_the_owner_of_the_story_comes_before_the_tracker_s():
    tracked = Tracked(("kim", "lee"), url="https://t/1")
    assert (card(tracked=tracked).owner, card(tracked=tracked).url) == ("kim", "https://t/1")
    assert card(owner="ann", tracked=tracked).owner == "ann"


def test_the_branch_that_is_furthest_is_the_card_s_and_the_others_are_told():
    ready = work("z", fits=False, unmeasured="none")
    works = [
        work("undated", fits=False, day=0, **PARTLY),
        work("old", fits=False, day=2, **PARTLY),
        work("new", fits=False, day=3, **PARTLY),
        work(day=1, **PARTLY),
    ]
    made = card(NOT_MET, *works)
    assert made.branch is not None
    assert made.branch.name == "coverage/s"
    changes = "changes tests/test_a.py"
    assert made.evidence[1:] == (f"new {changes}", f"old {changes}", "so do 1 more", LACKS)
    made = card(NOT_MET, *works, ready)
    assert made.branch is ready.branch
    assert made.column is Column.READY_FOR_REVIEW
    assert card(MET, *works).branch is None


def test_a_story_of_a_closed_phase_is_done_by_the_record_that_closed_it():
    closed = "phase2 was closed on 2026-03-01 at cccccccc by the-record"
    for done, more in ((MET, ()), (UNKNOWN, ()), (NOT_MET, ("since then: because not met",))):
        made = card(done, work(), phase={**PHASE, **CLOSED})
        assert (made.column, made.evidence) == (Column.DONE, (closed, *more))


def test_a_module_that_no_story_holds_waits_in_the_backlog_until_a_pull_request_says_otherwise():
    phase = build(Phase, PHASE)
    made = of_module("src/low.py", "9.00 % is below 50 %", phase, Tracked(("kim",)))
    assert (made.key, made.column, made.owner, made.story) == ("src/low.py", Column.BACKLOG, "kim", None)
    assert made.evidence == ("9.00 % is below 50 %", "no story holds it")
    made = of_module("src/low.py", "9.00 % is below 50 %", phase, pull()["tracked"])
    assert (made.column, made.reason) == (Column.IN_PROGRESS, OPEN)


@pytest.mark.parametrize(
    ("phase", "modules", "expected"),
    [
        ({"name": "phase3"}, ["src/prediction_service.py"], ["coverage-phase-3", "module:prediction-service"]),
        ({"name": "phase_12"}, ["a.py", "b/a.py"], ["coverage-phase-12", "module:a"]),
        ({"name": "last_step"}, ["src/app/__init__.py"], ["coverage-last-step", "module:app"]),
        ({"name": "phase3", "label": "mine"}, ["__init__.py"], ["mine", "module:--init--"]),
    ],
)
def test_a_card_has_its_phase_s_label_and_one_for_each_module(phase, modules, expected):
    assert list(labels(build(Phase, {"fail-under": 60, **phase}), modules)) == expected


def test_the_columns_stand_as_on_the_board():
    assert list(Column) == ["Backlog", "In Progress", "Ready for Review", "Done"]
