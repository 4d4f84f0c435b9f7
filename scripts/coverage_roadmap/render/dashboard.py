"""What the dashboard looks like: one page of HTML that needs nothing else, and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from coverage_roadmap.core.dashboard import Dashboard, Package
from coverage_roadmap.core.measurement import Counts, Summary
from coverage_roadmap.core.percent import Ratio, show_points, show_threshold
from coverage_roadmap.core.standup import checklist
from coverage_roadmap.core.standup.files import not_compared
from coverage_roadmap.core.text import many
from coverage_roadmap.core.trend import Trend
from coverage_roadmap.render import board, chart, diff, standup, views, web
from coverage_roadmap.render.chart import Level
from coverage_roadmap.render.page import Bar, Block, Cell, Facts, Grid, Section, Tone, Word, more

MARK = "<!-- coverage-roadmap dashboard -->"
"""Stands in the page's template: what is not marked so is not ours to replace."""
_PACKAGES = 60
_FILES = 30
_CARDS = 30
"""So many stand in a table, or a column of the board: those that miss the most."""
_PHASES = 8
"""So many of the phases that are open are drawn; more would hide the climb."""
_NONE = "-"


class _Tile(Struct, frozen=True):
    """One figure with its name, and what is to be known of it."""

    label: str
    value: Word
    note: str


class _Part(Struct, frozen=True):
    """What stands under one heading."""

    heading: str
    sections: Sequence[web.Blocks]


def html(value: Dashboard) -> str:
    """The page."""
    words = _in_words(value.trend)
    drawn = chart.svg(value.trend, _levels(value), words) if value.trend.lines else ""
    return web.filled(
        "dashboard.html",
        {
            "title": f"Coverage of {value.project}",
            "made": f"made on {value.on:%Y-%m-%d %H:%M} UTC",
            "tiles": list(_tiles(value)),
            "warnings": list(dict.fromkeys([*value.facts.notes, *value.board.notes])),
            "chart": drawn,
            "apart": len(value.trend.lines) > 1,
            "failed": any(not point.green for line in value.trend.lines for point in line.points),
            "trend": words,
            "notes": value.trend.notes,
            "points": web.shown(_points(value.trend)),
            "parts": [_Part(heading, list(map(web.blocks, made))) for heading, made in _parts(value) if made],
        },
    )


def _in_words(trend: Trend) -> str:
    """What the first line of the trend says, in words."""
    if not trend.lines:
        return "unknown: no full run of the canonical leg is recorded in this period"
    first = trend.lines[0]
    start, end = first.points[0], first.points[-1]
    if first.count == 1:
        return f"1 run, on {start.at:%Y-%m-%d}: {start.ratio} %"
    told = f"{first.count} runs since {start.at:%Y-%m-%d}: {start.ratio} % to {end.ratio} %"
    return f"{told}, {show_points(first.moved)} points"


def _tiles(value: Dashboard) -> Iterator[_Tile]:
    newest, facts = value.newest, value.facts
    if newest is None:
        yield _Tile("Total", Word("unknown", Tone.UNSURE), value.board.figures.lacking)
    else:
        yield _Tile("Total", Word(f"{newest.totals.ratio} %"), _total(value, newest))
    sites = facts.sites.sites
    differ = sum(site.value != facts.threshold for site in sites)
    where = f"at {many(len(sites), 'site')}" if sites else "no site demands it"
    where += f", {differ} of which demand another" if differ else ""
    demanded = Word(f"{show_threshold(facts.threshold)} %", Tone.BAD if differ or not sites else Tone.NONE)
    yield _Tile("CI threshold", demanded, where)
    yield _phase(value)
    if newest:
        yield from _run(value, newest)


def _total(value: Dashboard, newest: Summary) -> str:
    counted = views.counted(newest)
    week, since = value.week, f"{value.facts.period.since:%Y-%m-%d}"
    if value.otherwise:
        return f"{counted}; measured otherwise before {since}"
    if week is None or week.points is None:
        return counted
    return f"{counted}; {show_points(week.points)} points since {since}"


def _phase(value: Dashboard) -> _Tile:
    running = value.facts.running
    if running is None:
        return _Tile("Running phase", Word("none", Tone.GOOD), "every phase is closed")
    if running.distance is None:
        return _Tile("Running phase", Word(running.phase.name), f"unknown how far: {running.undistanced}")
    goal = show_threshold(running.distance.goal)
    lacks = many(running.distance.lines, "more covered line")
    far = f"{lacks} to {goal} %" if running.distance.lines else f"{goal} % is reached"
    return _Tile("Running phase", Word(running.phase.name), far)


def _run(value: Dashboard, newest: Summary) -> Iterator[_Tile]:
    outcomes = newest.outcomes
    failed = len(outcomes.failed) + len(outcomes.errors) + len(outcomes.not_imported)
    bad = ", ".join(f"{count} {name}" for count, name in ((failed, "failed"), (len(outcomes.flaky), "flaky")) if count)
    beside = f"{outcomes.skipped} skipped" + (f", {outcomes.xfailed} xfailed" if outcomes.xfailed else "")
    tests = Word(bad or f"{outcomes.passed} passed", Tone.BAD if bad else Tone.GOOD)
    yield _Tile("Tests", tests, f"{outcomes.passed} passed, {beside}" if bad else beside)
    stale = value.current.stale
    doubt = newest.why_no_evidence or stale
    word = "not evidence" if newest.why_no_evidence else "stale" if stale else "evidence"
    note = f"{_made(value, newest)}, {newest.id}" + (f": {doubt}" if doubt else "")
    yield _Tile("Newest full run", Word(word, Tone.UNSURE if doubt else Tone.GOOD), note)


def _made(value: Dashboard, newest: Summary) -> str:
    """When it was; no age, which would be untrue on the day after."""
    at = f"{datetime.fromisoformat(newest.provenance.started).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{at}, in the future" if value.facts.period.is_future(newest) else at


def _levels(value: Dashboard) -> list[Level]:
    open_ = [Level(one.phase.name, one.phase.fail_under) for one in value.standings if one.phase.closed is None]
    return [*open_[:_PHASES], Level("threshold", value.facts.threshold)]


def _points(trend: Trend) -> Grid:
    """The chart in words; the newest first."""
    rows: list[list[Cell]] = []
    for line in trend.lines:
        for point in reversed(line.points):
            tests = Word("passed", Tone.GOOD) if point.green else Word("failed", Tone.BAD)
            commit, when = point.commit[:8] if point.commit else _NONE, f"{point.at:%Y-%m-%d %H:%M}"
            rows.append([when, str(point.ratio), point.phase, commit, tests, "; ".join(line.apart)])
    return Grid(["when", ">total", "phase", "commit", "tests", "measured otherwise"], rows)


def _parts(value: Dashboard) -> Iterator[tuple[str, Sequence[Section]]]:
    yield "Roadmap", [views.standing(one) for one in value.standings]
    week, since = value.facts.comparison, value.facts.period.since
    yield "Stand-up", standup.page(value.on, since, checklist(value.facts)).sections
    changed = diff.sections(week, by_line=False) if week else _unknown("moved", not_compared(value.facts))
    yield f"What changed since {since:%Y-%m-%d}", changed
    yield "Packages", _packages(value, value.packages)
    yield f"Files below {show_threshold(value.facts.dip_below)} %", _files(value, value.below)
    yield "Board", board.page(value.board, value.forge, _CARDS).sections


def _unknown(what: str, why: str) -> list[Section]:
    return [Section("", [Facts([(what, Word(f"unknown: {why}", Tone.UNSURE))])])]


def _packages(value: Dashboard, found: Sequence[Package]) -> list[Section]:
    if value.board.figures.files is None:
        return _unknown("packages", value.board.figures.lacking)
    rows: list[list[Cell]] = []
    for one in found[:_PACKAGES]:
        points = Word("unknown", Tone.UNSURE) if one.points is None else views.moved(one.points)
        rows.append([one.path, _bar(one.counts.ratio), str(one.counts.ratio.missed), points])
    return _table(["package", "total", ">missed", ">points"], rows, len(found))


def _files(value: Dashboard, low: Sequence[tuple[str, Counts]]) -> list[Section]:
    if value.board.figures.files is None:
        return _unknown("files", value.board.figures.lacking)
    if not low:
        return [Section("", [Facts([("files", Word("none", Tone.GOOD))])])]
    rows: list[list[Cell]] = [[path, _bar(one.ratio, Tone.BAD), str(one.ratio.missed)] for path, one in low[:_FILES]]
    return _table(["file", "total", ">missed"], rows, len(low))


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], count: int) -> list[Section]:
    blocks: list[Block] = [Grid(columns, rows)] if rows else []
    blocks += more(count - len(rows), "invoke dashboard --format json")
    return [Section("", blocks)] if blocks else []


def _bar(ratio: Ratio, tone: Tone = Tone.NONE) -> Cell:
    return Bar(f"{ratio} %", float(ratio.percent), tone) if ratio.percent is not None else _NONE
