"""The trend as SVG: what stands in it, and nothing of what its library would add."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.trend import Line, Point, Trend
from coverage_roadmap.render.chart import Level, svg

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def points(*percents, days=3, green=True, commit="c" * 40):
    return [
        Point("id", BEGAN + timedelta(days=days * n), Ratio(percent, 100), "phase2", commit, green)
        for n, percent in enumerate(percents)
    ]


def drawn(*lines, levels=()):
    return ET.fromstring(svg(Trend([Line(line, len(line)) for line in lines]), levels, "what it says"))


def found(root, kind, tag):
    return [one for group in root.iter("g") if group.get("class") == f"series {kind}" for one in group.iter(tag)]


@pytest.fixture
def plain_root():
    """A chart without the namespace in its tags."""

    def make(*lines, levels=()):
        root = drawn(*lines, levels=levels)
        for element in root.iter():
            element.tag = element.tag.removeprefix(SVG)
        return root

    return make


def test_each_record_is_a_dot_at_its_height_with_its_words(plain_root):
    root = plain_root(points(0, 50, 100))
    heights = [float(dot.get("cy")) for dot in found(root, "main", "circle")]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2])
    assert [title.text for title in found(root, "main", "title")] == [
        "2026-01-05 09:00: 0.00 %, phase2, cccccccc",
        "2026-01-08 09:00: 50.00 %, phase2, cccccccc",
        "2026-01-11 09:00: 100.00 %, phase2, cccccccc",
    ]
    told = [title.text for title in found(plain_root(points(5, green=False, commit=None)), "main", "title")]
    assert told == ["2026-01-05 09:00: 5.00 %, phase2, tests failed"]


def test_the_whole_scale_is_shown_and_levels_are_named_where_they_have_room(plain_root):
    levels = [Level("phase2", Decimal(60)), Level("phase3", Decimal("62.5")), Level("threshold", Decimal(100))]
    root = plain_root(points(60, 61), levels=levels)
    scale = [text.text for text in root.iter("text")]
    assert scale[:6] == ["0 %", "25 %", "50 %", "phase2 60", "75 %", "threshold 100"]
    assert len(found(root, "level", "path")) == 3
    assert found(root, "level", "circle") == []


def test_a_moment_is_placed_by_utc(plain_root):
    zone = datetime.fromisoformat("2026-01-08T11:00:00+02:00")
    there = [*points(1, 2), Point("id", zone, Ratio(3, 100), "phase2", None, True)]
    across = [float(dot.get("cx")) for dot in found(plain_root(there), "main", "circle")]
    assert across[1] == pytest.approx(across[2])


def test_dates_stand_below_each_once(plain_root):
    for days, count in ((0, 2), (1, 2), (30, 6)):
        dates = [text.text for text in plain_root(points(50, 50, days=days)).iter("text") if text.text[:4] == "2026"]
        assert (len(dates), len(set(dates))) == (count, count)


def test_a_chart_of_one_moment_tells_no_day_that_is_to_come(plain_root):
    dates = [text.text for text in plain_root(points(50)).iter("text") if text.text[:4] == "2026"]
    assert dates == ["2026-01-04", "2026-01-05"]


def test_a_run_whose_tests_failed_is_marked(plain_root):
    root = plain_root([*points(1, 2), *points(5, green=False)])
    assert [dot.get("class") == "failed" for dot in found(root, "main", "circle")] == [False, False, True]


def test_many_dots_are_small(plain_root):
    sizes = [found(plain_root(points(*[50] * n)), "main", "circle")[0].get("r") for n in (59, 60)]
    assert sizes == ["3", "1.5"]


def test_nothing_is_left_of_script_style_or_the_day_of_making(plain_root):
    text = svg(Trend([Line(points(50, 60), 2), Line(points(40), 1, ["x"])]), [], 'a "b" <c>')
    for foreign in ("<script", "<style", "<!--", "<desc", "pygal", "tooltip-overlay", "href", "onload"):
        assert foreign not in text
    assert 'role="img"' in text
    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in text
    again = svg(Trend([Line(points(50, 60), 2), Line(points(40), 1, ["x"])]), [], 'a "b" <c>')
    assert text == again
