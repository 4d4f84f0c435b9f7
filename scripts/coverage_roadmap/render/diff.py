"""A diff as a page: the totals, why they moved, packages, files, lines, dips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coverage_roadmap.core.comparison import Comparison, FileChange, Status
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.movement import Spans, Step
from coverage_roadmap.core.percent import Ratio, show_percent, show_threshold
from coverage_roadmap.render import figures, views
from coverage_roadmap.render.page import Block, Facts, Grid, Items, Section, Tone, Word, more

SHOWN = 30
"""So many files stand in a table of the page; the data for machines have all of them."""
_ALL = "invoke diff --format json"
STILL = 10
"""So many of the files that were below before, those that miss the most."""


def sections(value: Comparison, *, by_line: bool = True) -> list[Section]:
    """All that a diff tells people; the lines of each file where they are wanted."""
    below = show_threshold(value.below)
    branch = value.before.branch or value.after.branch
    made = [Section("", [Facts(_head(value, branch))])]
    if value.steps:
        made.append(Section("why the total moved", [_steps(value)]))
    dips = (
        (f"dipped below {below} %", value.dipped),
        (f"new and below {below} %", value.new_below),
    )
    made += [Section(heading, _table(found, "file", branch)) for heading, found in dips if found]
    if value.packages:
        made.append(Section("packages that changed", _table(value.packages, "package", branch)))
    files = _table(value.changes, "file", branch) if value.changes else [Facts([("files", "none changed")])]
    made.append(Section("files that changed" if value.changes else "", files))
    renamed = [(Word("was"), f"{one.was}: now {one.path}") for one in value.changes if one.was]
    if renamed:
        made.append(Section("renamed", _cut(renamed)))
    for heading, name in (
        ("unchanged lines newly covered", "newly_covered"),
        ("unchanged lines newly missed", "newly_missed"),
        ("new lines missed", "new_missed"),
    )[: None if by_line else 0]:
        made += _lines(heading, [(one.path, getattr(one.moved, name)) for one in value.changes])
    if value.still_below:
        worst = sorted(value.still_below, key=lambda one: (-one.after.ratio.missed if one.after else 0, one.path))
        heading = f"still below {below} %" if value.compares else f"below {below} %; unknown whether they were before"
        made.append(Section(heading, _table(worst, "file", branch, STILL)))
    return made


def _head(value: Comparison, branch: bool) -> list[tuple[str | Word, str | Word]]:
    sides = zip(("from", "to"), (value.before, value.after), value.totals, strict=True)
    facts: list[tuple[str | Word, str | Word]] = [(name, f"{s.label}: {_total(t, branch)}") for name, s, t in sides]
    if value.points is None:
        facts.append(("total", Word("unknown: a side has no percentage", Tone.UNSURE)))
    else:
        facts.append(("total", views.moved(value.points, " points")))
    return facts + [("warning", Word(warning, Tone.UNSURE)) for warning in value.warnings]


def _total(counts: Counts, branch: bool) -> str:
    whole = counts.ratio
    told = f"{whole} % ({whole.covered} of {whole.total})"
    lines, branches = _apart(counts)
    beside = f"branches {branches} %" if branches.total else "no branches"
    return f"{told}, lines {lines} %, {beside}" if branch else told


def _apart(counts: Counts) -> tuple[Ratio, Ratio]:
    return (
        Ratio(counts.statements - counts.missing, counts.statements),
        Ratio(counts.branches - counts.missing_branches, counts.branches),
    )


def _steps(value: Comparison) -> Grid:
    rows: list[list[str | Word]] = [["before", "", "", "", str(value.totals[0].ratio)]]
    rows += [_step(step) for step in value.steps]
    return Grid(["part", ">came", ">went", ">points", ">total then"], rows)


def _step(step: Step) -> list[str | Word]:
    came, gone = (f"{one.covered} of {one.total}" if one.total else "-" for one in (step.change.came, step.change.gone))
    points = views.moved(step.points)
    return [step.part, came, gone, points, show_percent(step.then)]


def _table(changes: Sequence[FileChange], noun: str, branch: bool, most: int = SHOWN) -> list[Block]:
    """Lines and branches apart where branches are measured."""
    apart = [">lines", ">now", ">branches", ">now"] if branch else [">before", ">after"]
    rows: list[list[str | Word]] = [[one.path, *_cells(one, branch), _moved(one)] for one in changes[:most]]
    return [Grid([noun, *apart, ">points"], rows), *more(len(changes) - most, _ALL)]


def _cells(change: FileChange, branch: bool) -> Iterator[str]:
    if not branch:
        yield from (str(side.ratio) if side else "-" for side in (change.before, change.after))
        return
    for part in (0, 1):
        yield from (str(_apart(side)[part]) if side else "-" for side in (change.before, change.after))


_GONE = {Status.ADDED: "new", Status.REMOVED: "gone", Status.ENTERED: "measured now", Status.LEFT: "not measured"}


def _moved(change: FileChange) -> Word:
    if change.points is None:
        return Word(_GONE.get(change.status, "-"))
    return views.moved(change.points)


def _lines(heading: str, found: Sequence[tuple[str, Spans]]) -> list[Section]:
    rows = [(path, spans) for path, spans in found if spans]
    shown: list[list[str | Word]] = [[path, figures.spans(spans)] for path, spans in rows[:SHOWN]]
    return [Section(heading, [Grid(["file", "lines"], shown), *more(len(rows) - SHOWN, _ALL)])] if rows else []


def _cut(rows: Sequence[tuple[Word, str]]) -> list[Block]:
    return [Items(rows[:SHOWN]), *more(len(rows) - SHOWN, _ALL)]
