"""The dashboard's page: what it says, and that nothing foreign in it is more than text."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from coverage_roadmap.commands.dashboard import Dashed
from coverage_roadmap.core import period
from coverage_roadmap.core.board import Board, Figures, assemble
from coverage_roadmap.core.board.card import of_module
from coverage_roadmap.core.board.work import Tracked
from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.criterion import Facts as Judged
from coverage_roadmap.core.dashboard import Dashboard
from coverage_roadmap.core.measurement import Counts, Failure, FileFigures, Kind, Outcomes, Scope, Tree
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.sites.site import Found, Site
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.standup import Facts
from coverage_roadmap.core.trend import Line, Point, Trend, trend
from coverage_roadmap.faces.pages import dashboard as pages
from coverage_roadmap.render import dashboard as render
from coverage_roadmap.render import web
from coverage_roadmap.render.page import Facts as FactsBlock
from coverage_roadmap.render.page import Grid, Items, Link, Section, Source, Word

from .reading import Read, harmless

NOW = datetime(2026, 3, 8, 10, tzinfo=UTC)
WEEK, YEAR = period.of("7d", NOW), period.of("52w", NOW)
PHASE = build(Phase, {"name": "phase3", "fail-under": 65, "exit": [{"criterion": "green"}]})
HOSTILE = "src/<script>alert(1)</script>/\"'><img src=x onerror=alert(1)>`{{ 7 * 7 }}`]]>\x1b[31m\u202e&amp;\x00.py"
EMPTY = Board([], Figures(None, lacking="no full run of phase3 is recorded"))


@pytest.fixture
def full(report):
    """A record: full, green, evidence, of so many days ago."""

    def make(covered, days=0, commit="c" * 40, **given):
        start = {"kind": Kind.FULL, "reasons": (), "commit": commit, "totals": Counts(100, 100 - covered)}
        one = report(**start, scope=given.pop("scope", Scope()), **{"outcomes": Outcomes(3, 3), **given})
        own = one.measurement.summary
        began = replace(own.provenance, started=(NOW - timedelta(days=days)).isoformat())
        return replace(own, id=f"20260301T100000000000Z-phase3-{days:08x}", provenance=began)

    return make


def boarded(files, cards=(), notes=()):
    figures = Figures({path: FileFigures(counts) for path, counts in files.items()}, "id")
    return assemble(cards, figures, {}, {}, notes)


def shown(records, files=None, before=None, trended=None, name="shop", head=None, **given):
    """A dashboard of records, newest first, with the files of the newest one."""
    newest = records[0] if records else None
    running = stand(PHASE, Judged(records, {"c" * 40}), running=True, head=head)
    week = None
    if before is not None:
        week = compare(Side("week-ago", before, False), Side(newest.id, files, False), Decimal(50))
    facts = Facts(period=WEEK, threshold=Decimal(55), dip_below=Decimal(50), running=running)
    facts = replace(facts, comparison=week, newest=newest, **given.pop("facts", {}))
    lines = trended if trended is not None else trend(records, YEAR, "phase3")
    board = given.pop("board", EMPTY if files is None else boarded(files))
    return Dashboard(name, NOW, facts, lines, [running], board, **given)


def test_the_page_tells_the_figures_the_trend_and_where_they_come_from(full):
    files = {"src/a/x.py": Counts(50, 40), "src/b/y.py": Counts(50), "src/none.py": Counts()}
    sites = Found((Site("pytest.ini", 3, Decimal(55), 0, 0),))
    value = shown([full(60), full(40, 9)], files, {**files, "src/a/x.py": Counts(50, 20)}, facts={"sites": sites})
    read = harmless(render.html(value))
    for told in (
        "Coverage of shop made on 2026-03-08 10:00 UTC",
        "Total 60.00 % 60 of 100 lines; -20.00 points since 2026-03-01",
        "CI threshold 55 % at 1 site",
        "Running phase phase3 5 more covered lines to 65 %",
        "Tests 3 passed 0 skipped",
        f"Newest full run evidence 2026-03-08 10:00 UTC, {value.newest.id}",
        "2 runs since 2026-02-27: 40.00 % to 60.00 %, +20.00 points.",
        "2026-03-08 10:00: 60.00 %, phase3, cccccccc",
        "src/a 20.00 % 40 -40.00",
        "src/b 100.00 % 0 +0.00",
        "Files below 50 %",
        "src/a/x.py 20.00 % 40",
    ):
        assert told in read.flat
    headings = ("The climb", "Roadmap", "Stand-up", "What changed since 2026-03-01", "Packages", "Board")
    assert [heading for heading in headings if heading not in read.flat] == []


def test_the_page_carries_its_mark_and_permits_itself_nothing(full):
    page = render.html(shown([full(60)]))
    assert page.startswith(f"<!doctype html>\n{render.MARK}\n")
    assert "default-src 'none'" in page
    assert "url(" not in page


def test_what_is_not_known_is_said_and_is_not_zero():
    value = shown([])
    read = harmless(render.html(value))
    for told in (
        "Total unknown no full run of phase3 is recorded",
        "CI threshold 55 % no site demands it",
        "Running phase phase3 unknown how far",
        "unknown: no full run of the canonical leg is recorded in this period",
        "moved unknown: no full run of the canonical leg in the last 7 days",
        "packages unknown: no full run of phase3 is recorded",
        "files unknown: no full run of phase3 is recorded",
    ):
        assert told in read.flat
    assert "0.00" not in read.flat
    assert not {"svg", "figure"} & read.tags
    assert (value.packages, value.below) == ([], [])


def test_where_every_phase_is_closed_that_is_said(full):
    value = shown([full(60)], {"src/a/x.py": Counts(100, 40)})
    read = harmless(render.html(replace(value, facts=replace(value.facts, running=None))))
    assert "Running phase none every phase is closed" in read.flat
    assert "Total 60.00 % 60 of 100 lines" in read.flat
    assert "src/a 60.00 % 40" in read.flat
    assert "moved unknown: no phase is running" in read.flat


def test_a_record_of_which_the_files_cannot_be_read_has_a_total_and_unknown_packages(full):
    lacking = "the per-file part of it cannot be read"
    read = harmless(render.html(shown([full(60)], board=Board([], Figures(None, lacking=lacking)))))
    assert "Total 60.00 %" in read.flat
    assert f"packages unknown: {lacking}" in read.flat
    assert f"files unknown: {lacking}" in read.flat


def test_a_page_of_many_files_and_phases_stays_one_look(full):
    files = {f"src/{'p' * 200}{n:05}/x.py": Counts(100, 90) for n in range(20_000)}
    cards = [of_module(path, "low", PHASE, Tracked(())) for path in files]
    value = shown([full(40)], files, board=boarded(files, cards))
    names = [f"p{n}" for n in range(40)]
    phases = [build(Phase, {"name": name, "fail-under": 50, "exit": []}) for name in names]
    page = render.html(replace(value, standings=[stand(one, Judged([], set()), running=False) for one in phases]))
    assert len(page) < 2**20
    assert "and 19970 more: invoke board has all" in harmless(page).flat
    assert page.count('class="series level"><path') == 9


def test_failures_doubts_and_sites_that_disagree_are_told(full):
    failed = Outcomes(9, 5, (Failure("t", "call"),), skipped=2, xfailed=1, flaky=("f",))
    sites = Found((Site("pytest.ini", 3, Decimal(55), 0, 0), Site("tox.ini", 9, Decimal(40), 0, 0)))
    read = harmless(render.html(shown([full(70, 3, outcomes=failed)], facts={"sites": sites})))
    assert "Tests 1 failed, 1 flaky 5 passed, 2 skipped, 1 xfailed" in read.flat
    assert "at 2 sites, 1 of which demand another" in read.flat
    assert "65 % is reached" in read.flat
    assert "Newest full run evidence 2026-03-05 10:00 UTC" in read.flat
    dirty = harmless(render.html(shown([full(70, 1, head=Tree(source="other"))])))
    assert re.search(r"Newest full run not evidence 2026-03-07 10:00 UTC, \S+: source", dirty.flat)
    stale = harmless(render.html(shown([full(70, -1)], head=Tree(source="moved on"))))
    assert re.search(r"Newest full run stale 2026-03-09 10:00 UTC, in the future, \S+: stale, source", stale.flat)


def test_lines_that_are_not_comparable_are_drawn_apart_and_said(full):
    page = render.html(shown([full(60), full(50, 5, scope=Scope(omit=("x",)))]))
    assert page.count('class="series main"') == page.count('class="series apart"') == 3
    assert "measured otherwise, not comparable" in page
    assert "different omit patterns" in Read(page).flat
    assert "measured otherwise, not comparable" not in render.html(shown([full(60)]))


def test_a_run_whose_tests_failed_looks_otherwise_and_the_key_says_so(full):
    failed = Outcomes(3, 2, (Failure("t", "call"),))
    page = render.html(shown([full(60), full(50, 5, outcomes=failed)]))
    assert page.count('class="failed"') == 1
    assert "tests failed demanded" in harmless(page).flat
    assert "tests failed demanded" not in harmless(render.html(shown([full(60)]))).flat


def test_a_total_is_not_compared_with_another_record_than_the_weeks(full):
    files = {"src/a.py": Counts(50, 20)}
    value = shown([full(60)], files, {"src/a.py": Counts(50, 30)})
    other = replace(value.facts.comparison, after=replace(value.facts.comparison.after, label="another"))
    value = replace(value, facts=replace(value.facts, comparison=other))
    assert "points since" not in harmless(render.html(value)).flat
    assert [one.points for one in value.packages] == [None]


def test_what_was_measured_otherwise_a_week_ago_gives_no_points(full):
    files = {"src/a.py": Counts(50, 20)}
    value = shown([full(60)], files, files)
    week = value.facts.comparison
    value = replace(
        value, facts=replace(value.facts, comparison=replace(week, before=replace(week.before, branch=True)))
    )
    assert "60 of 100 lines; measured otherwise before 2026-03-01" in harmless(render.html(value)).flat
    assert [one.points for one in value.packages] == [None]


def test_what_misses_most_comes_first_and_long_tables_say_what_they_leave_out(full):
    files = {f"src/p{n:03}/x.py": Counts(100, 51 + n % 40) for n in range(100)}
    value = shown([full(40)], files)
    assert value.packages[0].counts.missing == value.below[0][1].missing == 90
    read = harmless(render.html(value))
    assert "and 40 more: invoke dashboard --format json has all" in read.flat
    assert "and 70 more: invoke dashboard --format json has all" in read.flat
    assert harmless(render.html(shown([full(40)], {"src/a.py": Counts(10)}))).flat.count("files none") == 1


def test_nothing_foreign_is_more_than_text(full):
    point = Point(HOSTILE, NOW, full(60).totals.ratio, HOSTILE, HOSTILE, True)
    cards = [of_module(HOSTILE, HOSTILE, PHASE, Tracked((HOSTILE,), url="javascript:alert(1)"))]
    files = {HOSTILE: Counts(10, 6)}
    value = shown(
        [full(60, outcomes=Outcomes(1, 0, (Failure(HOSTILE, "call", HOSTILE),)))],
        files,
        {HOSTILE: Counts(10, 5)},
        trended=Trend([Line([point], 1), Line([point], 1, [HOSTILE])]),
        name=HOSTILE,
        board=boarded(files, cards, [HOSTILE]),
        facts={"notes": [HOSTILE], "regressions": [HOSTILE], "lacking": [HOSTILE]},
    )
    read = harmless(render.html(value))
    assert "<script>alert(1)</script>" in read.flat
    assert "{{ 7 * 7 }}" in read.flat
    assert "\\x1b[31m\\u202e&amp;\\x00.py" in read.flat


def test_each_kind_of_block_is_escaped_and_only_addresses_of_the_web_lead_anywhere():
    blocks = [
        FactsBlock([("a", Link("b", "https://x.test/?a=1&b=<")), (Word("c"), Link("d", "javascript:alert(1)"))]),
        Grid(["file", ">n"], [["a<b", "1"]]),
        Items([(Word("[x]"), "done & gone")]),
        Source("a\t<b>\n\x1b[1m", "diff"),
    ]
    values = {"parts": [{"heading": "h", "sections": [web.blocks(Section("s", blocks))]}]}
    usual = {"title": "t", "made": "m", "tiles": [], "warnings": [], "chart": "", "trend": "none", "points": None}
    page = web.filled("dashboard.html", {**usual, **values, "apart": False, "failed": False, "notes": []})
    read = harmless(page)
    assert read.addresses == ["https://x.test/?a=1&b=<"]
    assert "a       <b>\n\\x1b[1m" in "".join(read.text)
    assert "done & gone" in read.flat


def test_what_is_told_of_a_written_dashboard(full, draw):
    value = Dashed(shown([full(60), full(50, 3, scope=Scope(omit=("x",)))], {"src/a.py": Counts(10, 6)}), "d.html")
    assert draw(pages.page(value)).startswith("Dashboard\nwritten  d.html\ntotal    60.00 % (60 of 100 lines)\n")
    data = json.loads(json.dumps(pages.data(value)))
    assert (data["written"], data["record"], data["total"]["percent"]) == ("d.html", value.dashboard.newest.id, 60.0)
    assert [len(line["points"]) for line in data["trend"]] == [1, 1]
    assert [bool(line["apart"]) for line in data["trend"]] == [False, True]
    assert data["trend"][0]["points"][0]["total"] == {"covered": 60, "total": 100, "percent": 60.0}
    assert [one["path"] for one in data["packages"]] == ["src"]
    assert [one["path"] for one in data["below"]] == ["src/a.py"]
    empty = Dashed(shown([]), "d.html")
    told = draw(pages.page(empty))
    assert "total    unknown: no full run of phase3 is recorded" in told
    assert "next     nox -s phase3, for green" in told
    assert pages.data(empty)["total"] is None
