"""The trend as a chart: SVG that stands in a page, without script, styles or the date of its making."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct
from pygal import XY

from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.text import plain
from coverage_roadmap.core.trend import Point, Trend

# pygal's finder of maps is of the old kind, of which Python 3.11 warns at each import that follows; we use no map
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Of the seconds that moments are counted in."""
_SIZE = (960, 320)
_GRID = (0, 25, 50, 75, 100)
"""Percent. The whole scale is shown: one that is cut makes a small step look large."""
_APART = 5
"""Labels that stand nearer to each other, in percent, would cover each other."""
_MANY = 60
"""So many dots would cover each other, were they of the usual size."""
_DATES = 6
"""So many stand below the chart at most."""


class Level(Struct, frozen=True):
    """A percentage that is to be reached, drawn as a line across."""

    name: str
    percent: Decimal


def svg(trend: Trend, levels: Sequence[Level], told: str) -> str:
    """The chart.

    Args:
        trend: its lines; at least one.
        levels: what is to be reached.
        told: what the chart says, for who cannot see it.
    """
    moments = sorted(point.at.astimezone(UTC) for line in trend.lines for point in line.points)
    first, last = min(moments[0], moments[-1] - timedelta(days=1)), moments[-1]
    chart = XY(  # of seconds: its chart of moments asks Python for what that gives up
        width=_SIZE[0],
        height=_SIZE[1],
        css=(),
        js=(),
        no_prefix=True,
        show_legend=False,
        truncate_label=-1,
        range=(0, 100),
        xrange=(first.timestamp(), last.timestamp()),
        y_labels=[{"value": float(at), "label": label} for at, label in _labels(levels)],
        x_labels=_dates(first, last),
        x_value_formatter=lambda second: f"{_BEGINNING + timedelta(seconds=second):%Y-%m-%d}",
        dots_size=3 if len(moments) < _MANY else 1.5,
        title=None,
    )
    kinds = []
    for line in reversed(trend.lines):  # what is drawn last lies on top
        chart.add(None, list(map(_dot, line.points)))
        kinds.append("apart" if line.apart else "main")
    for level in levels:
        across = [(moment.timestamp(), float(level.percent)) for moment in (first, last)]
        chart.add(None, across, show_dots=False)
        kinds.append("level")
    chart.add_xml_filter(lambda root: _bare(root, kinds, told))
    return str(chart.render(disable_xml_declaration=True))


def _labels(levels: Sequence[Level]) -> Iterable[tuple[Decimal, str]]:
    """What stands at the scale: the levels, where they leave each other room, and the grid where they do."""
    placed: list[tuple[Decimal, str]] = []
    for at, label in [
        *((level.percent, f"{plain(level.name)} {show_threshold(level.percent)}") for level in levels),
        *((Decimal(at), f"{at} %") for at in _GRID),
    ]:
        if all(abs(at - other) >= _APART for other, _ in placed):
            placed.append((at, label))
    return sorted(placed)


def _dates(first: datetime, last: datetime) -> list[float]:
    """Days at even distances, each once; in seconds."""
    days = (last - first).days
    count = min(_DATES, days + 1)
    steps = [timedelta(days=round(n * days / max(1, count - 1))) for n in range(count)]
    return [(first + step).timestamp() for step in steps]


def _dot(point: Point) -> dict[str, Any]:
    there = {"value": (point.at.timestamp(), float(point.ratio.percent or 0)), "label": _told(point)}
    return there if point.green else {**there, "node": {"class": "failed"}}


def _told(point: Point) -> str:
    commit = f", {point.commit[:8]}" if point.commit else ""
    failed = "" if point.green else ", tests failed"
    return f"{point.at:%Y-%m-%d %H:%M}: {point.ratio} %, {plain(point.phase)}{commit}{failed}"


def _bare(root: Any, kinds: Sequence[str], told: str) -> Any:
    """The drawing without what is not part of it, its series named by their kinds, and each dot with its words."""
    for parent in [*root.iter()]:
        for child in [*parent]:
            if not isinstance(child.tag, str) or child.get("class") == "plot tooltip-overlay" or child.tag == "defs":
                parent.remove(child)
    for number, kind in enumerate(kinds):
        for element in root.iter("g"):
            if f"serie-{number}" in (element.get("class") or "").split():
                element.set("class", f"series {kind}")
    for dots in root.iter("g"):
        if dots.get("class") == "dots":
            _name(dots)
    root.attrib.pop("id", None)
    root.set("class", "trend")
    root.set("role", "img")
    root.set("aria-label", told)
    for title in root.findall("title"):
        root.remove(title)
    return root


def _name(dots: Any) -> None:
    """A dot's words as its title, which a browser shows; of what pygal's script would need, nothing is left."""
    label = next((child.text for child in dots if child.get("class") == "label"), "")
    for child in [*dots]:
        if child.tag == "desc":
            dots.remove(child)
    title = dots.makeelement("title", {})
    title.text = label
    dots.insert(0, title)
