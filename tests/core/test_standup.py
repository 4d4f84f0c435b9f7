from decimal import Decimal

import pytest

from coverage_roadmap.core.card import Card, Column
from coverage_roadmap.core.criterion import Facts as Judged
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, Failure, FileFigures, Kind, Outcomes, Tree
from coverage_roadmap.core.roadmap import Phase, Story, build
from coverage_roadmap.core.sites.site import Site
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.standup import Facts, Mark, checklist

CARDS, DISTANCE, FAILING, SLOWEST, THRESHOLD, DIPS, ASSISTANCE = range(7)
GREEN, AT_61 = {"criterion": "green"}, {"criterion": "coverage", "at-least": 61}
DOCUMENTED = {"criterion": "documented-in-pr", "stories": ["s"]}
OLD = "2026-02-01T10:00:00+00:00"


def phase(*criteria):
    return build(Phase, {"name": "phase2", "fail-under": 60, "exit": list(criteria)})


@pytest.fixture
def items(record):
    """The items of one topic, as they are written."""

    def of(topic, *, records=None, judged=None, criteria=(), head=None, running=True, **given):
        recent = [record()] if records is None else records
        standing = stand(phase(*criteria), Judged(judged if judged is not None else recent), running=True, head=head)
        start = {
            "detail": detail(),
            "seconds": None,
            "cards": (),
            "sites": (),
            "threshold": Decimal(55),
            "dip_below": Decimal(50),
            **given,
        }
        topics = checklist(Facts(7, standing if running else None, recent, **start))
        return [f"{item.mark} {item.text}" for item in topics[topic].items]

    return of


def test_the_topics_are_the_roadmaps_and_each_says_something_even_without_any_data():
    nothing = Facts(7, None, (), None, None, (), (), Decimal(55), Decimal("33.5"))
    topics = checklist(nothing)
    assert [topic.title for topic in topics] == [
        *("Open coverage tickets", "Distance to the phase's exit", "Slowest failing tests", "Slowest tests"),
        *("CI threshold", "Files below 33.5 %", "Assistance needed"),
    ]
    assert all(topic.items for topic in topics)


def test_nothing_is_ticked_on_missing_data(items):
    topics = range(DISTANCE, DIPS + 1)
    said = [line for topic in topics for line in items(topic, records=[], detail=None, criteria=[GREEN, AT_61])]
    assert said
    assert all(line.startswith(Mark.UNKNOWN) for line in said)


def card(column, name, owner=""):
    story = build(Story, {"id": name, "modules": ["m.py"], "tests": ["t.py"], "owner": owner})
    return Card("phase2", story, column, f"why {name}")


def test_cards_stand_by_column_and_only_done_ones_are_ticked(items):
    cards = [card(Column.DONE, "d"), card(Column.BACKLOG, "b"), card(Column.IN_PROGRESS, "i", "ann")]
    assert items(CARDS, cards=[*cards, card(Column.READY_FOR_REVIEW, "r"), card(Column.BACKLOG, "c")]) == [
        "[?] tickets: no tracker is set",
        "[ ] Backlog: phase2 b (no owner): why b",
        "[ ] Backlog: phase2 c (no owner): why c",
        "[ ] In Progress: phase2 i (ann): why i",
        "[ ] Ready for Review: phase2 r (no owner): why r",
        "[x] Done: phase2 d (no owner): why d",
    ]


def test_a_tracker_that_is_not_read_is_unknown_too(items):
    assert items(CARDS, tracker="github") == ["[?] tickets: github is not read"]
    assert items(ASSISTANCE, tracker="github") == ["[ ] mirror the board to github by hand: it is not written yet"]


def test_the_distance_is_said_then_each_criterion_and_each_regression(items, record):
    short = [record(covered=59, total=100)]
    assert items(DISTANCE, records=short, criteria=[GREEN, AT_61, DOCUMENTED], regressions=["phase1: green: x"]) == [
        "[!] phase2: 2.00 points, 2 lines short of 61 %",
        "[x] green: 3 passed",
        "[!] coverage at least 61: 59.00: 2 more lines to cover",
        "[?] documented in a PR: no pull request summary is recorded",
        "[!] regression: phase1: green: x",
    ]


def test_a_reached_goal_is_ticked_on_recent_evidence_at_head_alone(items, record):
    reached = "phase2: 70.00 % reaches 60 %"
    assert items(DISTANCE) == [f"[x] {reached}"]
    assert items(DISTANCE, head=Tree("t1")) == [f"[x] {reached}"]
    stale = "stale, source changed since: run it again"
    assert items(DISTANCE, head=Tree("new")) == [f"[?] {reached}; {stale}"]
    dirty = [record(head="other")]
    assert items(DISTANCE, records=dirty) == [f"[?] {reached}; source differ from the commit"]
    old = [record(started=OLD)]
    assert items(DISTANCE, records=[], judged=old) == [f"[?] {reached}, measured on 2026-02-01"]
    low = [record(started=OLD, covered=59)]
    assert items(DISTANCE, records=[], judged=low) == [
        "[!] phase2: 1.00 points, 1 line short of 60 %, measured on 2026-02-01"
    ]


def test_the_distance_without_a_full_run_is_unknown(items, record):
    assert items(DISTANCE, records=[record(kind=Kind.PARTIAL)]) == [
        "[?] phase2: no full run of the canonical leg is recorded"
    ]


def test_a_finished_roadmap_says_so_and_still_shows_what_was_lost(items):
    assert items(DISTANCE, running=False, regressions=["phase1: green: x"]) == [
        "[x] every phase is closed",
        "[!] regression: phase1: green: x",
    ]
    assert items(FAILING, records=[], running=False) == ["[?] no phase is running"]


def broken(*names, when="call"):
    return tuple(Failure(name, when, "E") for name in names)


def test_failing_tests_stand_the_slowest_first_five_of_them(items, record):
    tests = Outcomes(9, 1, broken("a", "b", "c"), broken("d", "e", "f"))
    seconds = {"e": 3.0, "b": 2.5, "a": 0.1}
    lines = items(FAILING, records=[record(outcomes=tests), record()], seconds=seconds)
    assert [line.split(" s)")[0] for line in lines] == [
        *("[!] e (3.00", "[!] b (2.50", "[!] a (0.10", "[!] c (0.00", "[!] d (0.00", "[!] and 1 more")
    ]
    assert lines[0] == "[!] e (3.00 s): E"


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({}, ["[x] none: 3 passed in 20260301T100000000000Z-phase2-0123abcd"]),
        ({"outcomes": Outcomes(2, 1, flaky=("t",))}, ["[!] t passed only when run again"]),
        (
            {"outcomes": Outcomes(1, 1, not_imported=broken("t.py")), "kind": Kind.PARTIAL},
            ["[!] t.py does not import: E"],
        ),
        ({"kind": Kind.PARTIAL}, ["[?] none failed, and the last run is partial"]),
        ({"kind": Kind.TIMED_OUT}, ["[?] none failed, and the last run is timed-out"]),
        ({"outcomes": Outcomes(2, 0, skipped=2)}, ["[?] none failed, and nothing passed"]),
        (
            {"kind": Kind.FAILED, "reasons": ("pytest was ended by signal 9",)},
            ["[!] the run is failed: pytest was ended by signal 9, 20260301T100000000000Z-phase2-0123abcd"],
        ),
    ],
)
def test_only_a_full_green_last_run_ticks_that_none_failed(items, record, given_, said):
    assert items(FAILING, records=[record(**given_), record(covered=99)]) == said


def test_the_slowest_tests_are_for_a_person_to_look_at(items, record):
    assert items(SLOWEST, seconds={name: n / 10 for n, name in enumerate("abcdef")}) == [
        *("[ ] 0.50 s f", "[ ] 0.40 s e", "[ ] 0.30 s d", "[ ] 0.20 s c", "[ ] 0.10 s b")
    ]
    assert items(SLOWEST) == ["[?] no run with timed tests in the last 7 days"]


def test_each_site_is_ticked_where_it_agrees_with_the_config(items):
    sites = [Site("pytest.ini", 2, Decimal("55.0"), 0, 0), Site("setup.cfg", 9, Decimal("54.99"), 0, 0)]
    assert items(THRESHOLD, sites=sites) == ["[x] pytest.ini:2: 55", "[!] setup.cfg:9: 54.99, the config says 55"]
    assert items(THRESHOLD) == ["[?] no site demands a threshold"]


def detail(empty=False, **covered):
    files = {f"src/{name}.py": FileFigures(Counts(1000, 1000 - count)) for name, count in covered.items()}
    return Detail(FORMAT, {**files, **({"empty.py": FileFigures(Counts())} if empty else {})})


def test_files_below_the_bound_are_named_the_most_missed_first(items):
    found = detail(empty=True, fine=500, under=499, worst=1, b=200, a=200, d=300, e=301, f=302)
    assert items(DIPS, detail=found) == [
        *(
            "[!] src/worst.py 0.10 %, 999 missed",
            "[!] src/a.py 20.00 %, 800 missed",
            "[!] src/b.py 20.00 %, 800 missed",
        ),
        *("[!] src/d.py 30.00 %, 700 missed", "[!] src/e.py 30.10 %, 699 missed", "[!] and 2 more files"),
    ]
    assert items(DIPS, detail=detail(fine=500)) == ["[x] none"]


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"detail": None}, "[?] no full run of the canonical leg in the last 7 days"),
        ({"detail": detail()}, "[?] nothing was measured"),
    ],
)
def test_files_that_were_not_measured_are_unknown(items, given_, said):
    assert items(DIPS, **given_) == [said]


def test_what_the_team_is_asked_for(items):
    assert items(ASSISTANCE, lacking=["pyfakefs"], notes=["a record cannot be read"]) == [
        "[ ] name the team's tracker, so that the board can be mirrored there",
        "[!] pyfakefs is not in the project's requirements: invoke doctor --fix",
        "[ ] a record cannot be read",
    ]
