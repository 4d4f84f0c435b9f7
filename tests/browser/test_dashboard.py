"""The dashboard in a real Chromium: it asks for nothing, runs nothing, fits every width, and is accessible to all."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import sync_playwright

from coverage_roadmap.core import period
from coverage_roadmap.core.board import Figures, assemble
from coverage_roadmap.core.board.card import of_module
from coverage_roadmap.core.board.work import Tracked
from coverage_roadmap.core.comparison import Side, compare
from coverage_roadmap.core.criterion import Facts as Judged
from coverage_roadmap.core.dashboard import Dashboard
from coverage_roadmap.core.measurement import Counts, FileFigures
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.standing import stand
from coverage_roadmap.core.standup import Facts
from coverage_roadmap.core.trend import Line, Point, Trend
from coverage_roadmap.render import dashboard

from ..conftest import lacking

NOW = datetime(2026, 3, 8, 10, tzinfo=UTC)
PHASE = build(Phase, {"name": "phase3", "fail-under": 65, "exit": [{"criterion": "green"}]})
HOSTILE = "src/<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">.py"
LONG = "src/" + "/".join(f"a_package_with_a_long_name_{n}" for n in range(9)) + "/a_module_with_a_long_name.py"
ALONE = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
"""Chromium by itself: as root too, and it looks for nothing on the network."""
WIDTHS = (320, 768, 1440)


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    command = shutil.which("chromium") or shutil.which("chromium-browser")
    if command is None:
        lacking("Chromium is wanted, in which the dashboard is looked at")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=command, args=ALONE)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """A dashboard with something of everything; names are hostile, or long."""
    at = [NOW - timedelta(days=7 * n) for n in range(30)]
    points = [Point(f"id{n}", day, Ratio(70 - n, 100), HOSTILE, "c" * 40, n != 3) for n, day in enumerate(at)][::-1]
    files = {HOSTILE: Counts(50, 40), LONG: Counts(80, 60), "src/fine/x.py": Counts(20)}
    before = {**files, LONG: Counts(80, 10)}
    week = compare(Side("week-ago", before, False), Side("today", files, False), Decimal(50))
    running = stand(PHASE, Judged([], set()), running=True)
    facts = Facts(
        period=period.of("7d", NOW),
        threshold=Decimal(55),
        dip_below=Decimal(50),
        running=running,
        comparison=week,
        notes=[HOSTILE],
    )
    cards = [of_module(path, f"{path} is below 50 %", PHASE, Tracked((), url="https://x.test/1")) for path in files]
    board = assemble(cards, Figures({path: FileFigures(counts) for path, counts in files.items()}), {}, {})
    trend = Trend([Line(points[10:], 20), Line(points[:10], 10, ["different tests"])])
    made = Dashboard("shop", NOW, facts, trend, [running], board)
    path = tmp_path_factory.mktemp("dashboard") / "dashboard.html"
    path.write_text(dashboard.html(made), encoding="utf-8")
    return path


@pytest.fixture
def opened(chromium, page_file):
    """The page as it opens, and all that it asked for and said."""
    context = chromium.new_context()
    page, heard = context.new_page(), []
    page.on("request", lambda asked: heard.append(asked.url))
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(page_file.as_uri())
    yield page, heard
    context.close()


def test_it_asks_for_nothing_and_runs_nothing(opened, page_file):
    page, heard = opened
    assert heard == [page_file.as_uri()]
    assert page.title() == "Coverage of shop"
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert HOSTILE in page.inner_text("main")


def test_were_there_a_script_it_would_not_run(opened):
    page, heard = opened
    page.evaluate(
        "() => { const one = document.createElement('script'); one.textContent = 'document.title = 1';"
        " document.body.append(one) }"
    )
    assert page.title() == "Coverage of shop"
    assert any("Content Security Policy" in said for said in heard)


@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_every_width(opened, width):
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("document.querySelector('.trend').getBoundingClientRect().height") > 100


def test_it_is_printed_dark_on_white_whatever_the_screen_is(opened):
    page, _ = opened
    inks = []
    for media, scheme in (("screen", "light"), ("print", "dark")):
        page.emulate_media(media=media, color_scheme=scheme)
        inks += page.evaluate(
            "['h1', '.tile .good, .trend text'].map(q => getComputedStyle(document.querySelector(q)).color)"
        )
    assert inks[:2] == inks[2:]


@pytest.mark.parametrize("width", WIDTHS)
def test_words_have_room_and_a_figure_stays_in_one_line(opened, width):
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    sizes = "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    evidence = page.locator("section:last-child td:last-child").evaluate_all(sizes)
    assert len(evidence) == 3
    assert min(wide for wide, _ in evidence) > 200
    figures = page.locator(".bar > span").evaluate_all(sizes)
    assert max(high for _, high in figures) < 30


def test_each_dot_says_what_it_is_and_lies_where_the_scale_has_it(opened):
    page, _ = opened
    dots = page.locator(".trend .series circle")
    assert dots.count() == 30
    told = page.locator(".trend .main title").all_text_contents()
    assert told[-1].startswith("2026-03-08 10:00: 70.00 %, src/<script>")
    heights = {text: page.locator(".trend text", has_text=text).first.bounding_box()["y"] for text in ("25 %", "100 %")}
    middle = dots.nth(9).bounding_box()["y"]
    assert heights["100 %"] < middle < heights["25 %"]


def test_the_trend_can_be_read_as_a_table(opened):
    page, _ = opened
    assert page.locator("#trend tbody tr").first.is_hidden()
    page.get_by_text("The same as a table").click()
    rows = page.locator("#trend tbody tr")
    assert rows.count() == 30
    assert "different tests" in rows.last.inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_better(chromium, page_file, judges, scheme, width):
    context = chromium.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.add_script_tag(path=judges / "node_modules" / "axe-core" / "axe.min.js")
    found = page.evaluate("axe.run()")
    context.close()
    assert len(found["passes"]) > 10
    assert json.dumps([(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]) == "[]"
