"""The distance to the phase's exit, in points and in lines."""

from decimal import Decimal

import msgspec
import pytest

from coverage_roadmap.core.board import Card, Column
from coverage_roadmap.core.branch import Dated
from coverage_roadmap.core.measurement import Counts, FileFigures, Kind, Scope, Tree
from coverage_roadmap.core.roadmap import Story, build
from coverage_roadmap.core.sites.site import Found, Site
from coverage_roadmap.core.standup import Ticket
from coverage_roadmap.core.standup.distance import distance, next_step
from coverage_roadmap.core.verdict import Answer, Verdict

GREEN, AT_61 = {"criterion": "green"}, {"criterion": "coverage", "at-least": 61}
DOCUMENTED = {"criterion": "documented-in-pr", "stories": ["s"]}
OLD = "2026-02-01T10:00:00+00:00"


@pytest.fixture
def lines(facts, running, said):
    """What is said of a phase with these criteria, on these records."""

    def of(records, *criteria, judged=None, head=None, stories=(), **given):
        standing = running(records, exit=list(criteria), head=head, judged=judged, stories=list(stories))
        return said(distance(facts(running=standing, recent=records, **given)))

    return of


def test_the_distance_is_said_then_each_criterion_and_each_regression(lines, record):
    short = [record(covered=59, total=100)]
    assert lines(short, GREEN, AT_61, DOCUMENTED, regressions=["phase1: green: x"]) == [
        "[!] phase2: 2.00 points short of 61 %, 2 more covered lines",
        "[x] green: 3 passed",
        "[!] coverage at least 61: 59.00: 2 more lines to cover, 2.00 points",
        "[?] documented in a PR: no pull request summary is recorded",
        "[!] regression: phase1: green: x",
    ]


def test_the_cheapest_files_are_named(lines, record):
    def file(missed, *runs):
        return FileFigures(Counts(100, missed), runs, tuple((last + 1, last + 1) for _, last in runs))

    files = {
        "one.py": file(9, (1, 9)),
        "two.py": file(16, (1, 8), (10, 17)),
        "many.py": file(4, (1, 1), (3, 3), (5, 5), (7, 7)),
        "three.py": file(6, (1, 6)),
        "done.py": FileFigures(Counts(9)),
    }
    short = [record(covered=41, total=100)]
    head = "[!] phase2: 19.00 points short of 60 %, 19 more covered lines"
    assert lines(short, files=files) == [
        f"{head}; the three cheapest files are one.py (9 missed in 1 block), two.py (16 missed in 2 blocks), "
        "three.py (6 missed in 1 block)"
    ]
    two = {name: files[name] for name in ("many.py", "one.py")}
    named = "; the two cheapest files are one.py (9 missed in 1 block), many.py (4 missed in 4 blocks)"
    assert lines(short, files=two) == [head + named]
    only = f"{head}; the cheapest file is one.py (9 missed in 1 block)"
    assert lines(short, files={"one.py": files["one.py"]}) == [only]
    assert lines(short, files={}) == [head]


@pytest.mark.parametrize(
    ("covered", "branch", "words"),
    [
        (59, False, "1 more covered line"),
        (59, True, "1 more covered line or branch"),
        (58, False, "2 more covered lines"),
        (58, True, "2 more covered lines or branches"),
    ],
)
def test_branches_count_beside_lines_where_they_are_measured(facts, running, record, covered, branch, words):
    short = msgspec.structs.replace(record(covered=covered), scope=Scope(branch=branch))
    (item,) = distance(facts(running=running([short]), recent=[short]))
    assert item.text.endswith(f" points short of 60 %, {words}")
    assert item.about == {"points": 60 - covered, "lines": 60 - covered}


def test_a_reached_goal_is_ticked_on_recent_evidence_at_head_alone(lines, record):
    reached = "phase2: 70.00 % reaches 60 %"
    assert lines([record()]) == [f"[x] {reached}"]
    assert lines([record()], head=Tree("t1")) == [f"[x] {reached}"]
    stale = "stale, source changed since: run it again"
    assert lines([record()], head=Tree("new")) == [f"[?] {reached}; {stale}"]
    assert lines([record(head="other")]) == [f"[?] {reached}; source differ from the commit"]
    assert lines([record(started=OLD)]) == [f"[?] {reached}, measured on 2026-02-01"]
    assert lines([record(started="2027-02-01T10:00:00+00:00")]) == [f"[?] {reached}, measured on 2027-02-01"]
    low = [record(started=OLD, covered=59)]
    assert lines(low) == ["[!] phase2: 1.00 points short of 60 %, 1 more covered line, measured on 2026-02-01"]


def test_the_distance_without_a_full_run_is_unknown(lines, record):
    assert lines([record(kind=Kind.PARTIAL)]) == ["[?] phase2: no full run of the canonical leg is recorded"]
    assert lines([], AT_61) == [
        "[?] phase2: no full run of the canonical leg is recorded",
        "[?] coverage at least 61: no full run of this phase is recorded here",
    ]


def test_a_finished_roadmap_says_so_and_still_shows_what_was_lost(facts, said):
    assert said(distance(facts(running=None, regressions=["phase1: green: x"]))) == [
        "[x] every phase is closed",
        "[!] regression: phase1: green: x",
    ]


def test_a_total_that_is_high_enough_and_not_sustained_lacks_no_points(lines, record):
    wanted = {"criterion": "coverage", "at-least": 65, "sustained-runs": 2}
    (_, line) = lines([record()], wanted, judged={"reachable": {"c" * 40}})
    assert line == "[?] coverage at least 65, sustained over 2 trees: 1 of 2 on the default branch"


@pytest.mark.parametrize(
    ("values", "beside"),
    [
        ((), ""),
        (("55", "57.5"), "; the lowest lacks 5.00 points"),
        (("60", "70"), "; what lies there reaches it and is not committed"),
    ],
)
def test_a_threshold_lacks_points_at_its_lowest_site(lines, record, values, beside):
    sites = Found(tuple(Site("pytest.ini", n, Decimal(value), 0, 0) for n, value in enumerate(values, 1)))
    committed = {"sites": [Site("pytest.ini", 3, Decimal(50), 0, 0)]}
    (_, line) = lines([record()], {"criterion": "threshold", "at-least": 60}, judged=committed, sites=sites)
    assert line == f"[!] threshold at least 60 everywhere: pytest.ini:3 50{beside}"


def story(name, *modules, target=None):
    given = {"id": name, "modules": list(modules), "tests": [f"tests/test_{name}.py"]}
    return given | ({"target": target} if target else {})


def ticket(name, column):
    one = build(Story, story(name, "m.py"))
    return Ticket(Card(name, "phase2", one, ("m.py",), column, ("why",), ()), one, Dated(None))


@pytest.mark.parametrize(
    ("done", "files", "beside"),
    [
        ("a", {"b.py": Counts(10, 8), "c.py": Counts(10)}, "; 1 of 2 open, 4 more lines to their targets"),
        (
            "",
            {"a.py": Counts(10, 5), "b.py": Counts(10, 8), "c.py": Counts(10, 10)},
            "; 2 of 2 open, 17 more lines to their targets",
        ),
        ("", {"c.py": Counts(10, 7)}, "; 2 of 2 open, 6 more lines to their targets"),
        ("a", {"b.py": Counts(10)}, "; 1 of 2 open"),
        ("a", None, "; 1 of 2 open"),
        ("ab", {"b.py": Counts(10, 9)}, ""),
    ],
)
def test_a_board_that_is_not_closed_lacks_stories_and_lines(lines, record, done, files, beside):
    stories = [story("a", "a.py", "c.py", target=90), story("b", "b.py", "c.py"), story("z", "z.py")]
    wanted = {"criterion": "board-closed", "stories": ["a", "b"]}
    tickets = [ticket(name, Column.DONE if name in done else Column.BACKLOG) for name in "abz"]
    figures = files and {name: FileFigures(counts) for name, counts in files.items()}
    judged = {"stories": {name: Verdict(name, Answer.NOT_MET, "no") for name in "ab"}}
    (_, line) = lines([record()], wanted, judged=judged, stories=stories, tickets=tickets, files=figures)
    assert line == f"[!] board closed: a: no{beside}"


def test_the_next_step_is_a_command(facts, running, record, said):
    green = {"criterion": "green"}
    assert said(next_step(facts(running=running([record()], exit=[green])))) == ["[ ] invoke close --phase phase2"]
    assert said(next_step(facts(running=running((), exit=[green])))) == ["[ ] nox -s phase2, for green"]
    assert said(next_step(facts(running=None))) == ["[x] none: every phase is closed"]
