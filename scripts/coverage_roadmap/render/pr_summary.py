"""What a pull request's summary looks like: its parts by importance, and as data for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.pr_summary import Documented, Module, PrSummary, Side
from coverage_roadmap.core.text import plain
from coverage_roadmap.render import figures, markdown, views
from coverage_roadmap.render.fitting import Part, fit
from coverage_roadmap.render.page import Block, Cell, Facts, Grid, Items, Link, Page, Section, Tone, Word, more

TITLE = "Coverage"
_NAMED = 200
"""A record's or file's name in the totals is cut after so many signs."""
_ROWS = 100
"""So many rows of a table are shown to people."""
_FINDINGS = 20
"""So many failing findings are named."""


def page(value: PrSummary) -> Page:
    """The summary; of a table that is longer than anybody reads its beginning."""
    return Page(TITLE, [_beginning(part.section) for part in _parts(value)])


def _beginning(section: Section) -> Section:
    *above, last = section.blocks
    if not isinstance(last, Grid) or len(last.rows) <= _ROWS:
        return section
    shown = Grid(last.columns, last.rows[:_ROWS])
    return Section(section.heading, [*above, shown, *more(len(last.rows) - _ROWS)])


def block(value: PrSummary, limit: int) -> str:
    """The summary as Markdown of at most `limit` characters, with a line end at its end."""
    return markdown.view(fit(TITLE, _parts(value), limit, markdown.view))


def sections(value: PrSummary) -> str:
    """What exit criteria ask for, as Markdown."""
    return markdown.view(Page(TITLE, [_documented(one) for one in value.documented]))


def _parts(value: PrSummary) -> list[Part]:
    """In the order in which they are shown; the rank says what is shortened first."""
    lines = [
        [Link(one.where, one.url) if one.url else one.where, f"{one.last - one.first + 1}"] for one in value.missed
    ]
    parts = [
        *(Part(section) for section in views.gate(value.gate)),
        Part(Section("", [Facts(_totals(value))])),
        *(Part(section, 1) for section in views.warnings(value.warnings)),
        *(Part(_documented(one), 2) for one in value.documented),
        *(Part(section, 3) for section in _findings(value)),
        *(Part(section, rank) for rank, section in _dips(value)),
    ]
    if value.modules:
        rows = [_module(module) for module in value.modules]
        parts.append(Part(Section("affected modules", [Grid(_COLUMNS, rows)]), 8))
    if lines:
        parts.append(Part(Section("uncovered changed lines", [Grid(["lines", ">count"], lines)]), 9))
    if value.standing:
        parts.append(Part(views.standing(value.standing), 4))
    return parts


def _totals(value: PrSummary) -> list[tuple[str | Word, Cell]]:
    rows: list[tuple[str | Word, Cell]] = [
        ("before", _side(value.before) if value.before else _unknown(value.no_before)),
        ("after", _side(value.after) if value.after else _unknown(value.no_after)),
    ]
    if value.points is not None:
        rows.append(("total", views.moved(value.points, " points")))
    rows.append(("patch coverage", value.patch.told if value.patch else _unknown(value.no_patch)))
    if value.after is None and value.standing:
        rows.append(("next", f"nox -s {value.standing.phase.name}, on this branch"))
    return rows


def _side(side: Side) -> str:
    ratio = side.totals.ratio
    unit = "lines and branches" if side.branch else "lines"
    told = f"{ratio} % ({ratio.covered} of {ratio.total} {unit})" if ratio.total else "unknown: nothing was measured"
    return f"{told}, {_cut(side.label)}" + (f", of {_cut(side.of)}" if side.of else "")


def _unknown(why: str) -> Word:
    return Word(f"unknown: {_cut(why)}", Tone.UNSURE)


def _cut(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= _NAMED else f"{shown[:_NAMED]}..."


_COLUMNS = ["module", ">before", ">after", ">points", "stories"]


def _module(module: Module) -> list[Cell]:
    before, after = (str(side.ratio) if side else "-" for side in (module.before, module.after))
    moved = "" if module.points is None else views.moved(module.points)
    return [module.path, before, after, moved, ", ".join(module.stories)]


def _dips(value: PrSummary) -> Iterator[tuple[int, Section]]:
    """With their ranks: what fell goes last, since it is few and what the change is to be held to."""
    below = show_threshold(value.below)
    known = value.before is not None
    for rank, kind, heading in (
        (5, "dipped", f"dipped below {below} %"),
        (6, "new", f"new and below {below} %" if known else f"below {below} %; unknown whether they were before"),
        (7, "still", f"still below {below} %"),
    ):
        found = [module for module in value.modules if module.dip(value.below) == kind]
        if found:
            rows: list[list[Cell]] = [[one.path, Word(str(one.after.ratio), Tone.BAD)] for one in found if one.after]
            yield rank, Section(heading, [Grid(["module", ">now"], rows)])


def _findings(value: PrSummary) -> Iterator[Section]:
    if value.findings is None:
        yield Section("check", [Facts([("findings", "not asked: invoke check")])])
        return
    rows = [
        (Word(one.rule, Tone.BAD), f"{one.where}: {one.finding.text}" if one.where else one.finding.text)
        for one in value.findings[:_FINDINGS]
    ]
    more = len(value.findings) - len(rows)
    blocks: list[Block] = [Items(rows)] if rows else [Facts([("findings", "nothing fails")])]
    yield Section("check", [*([Facts([("more", f"{more}: invoke check")])] if more else []), *blocks])


def _documented(value: Documented) -> Section:
    tests: list[tuple[str | Word, Cell]] = list(value.tests)
    known = (
        views.modules(list(value.modules)) if value.modules else Facts([("coverage", _unknown("nothing measured it"))])
    )
    return Section(f"{value.phase}: {value.story.id}", [Facts(tests), known])


def data(value: PrSummary) -> dict[str, Any]:
    """For machines; never shortened."""
    return {
        "base": value.base,
        "head": value.head,
        "before": _side_data(value.before, value.no_before),
        "after": _side_data(value.after, value.no_after),
        "points": figures.points(value.points),
        "patch": _patch_data(value),
        "gate": figures.verdict(value.gate) if value.gate else None,
        "modules": [_module_data(module, value) for module in value.modules],
        "uncovered": [
            {"file": one.path, "first": one.first, "last": one.last, "url": one.url or None} for one in value.missed
        ],
        "phase": views.standing_data(value.standing) if value.standing else None,
        "documented": [_documented_data(one) for one in value.documented],
        "failing": None if value.findings is None else [views.judged_data(one, fails=True) for one in value.findings],
        "warnings": list(value.warnings),
    }


def _side_data(side: Side | None, why: str) -> dict[str, Any]:
    if side is None:
        return {"unknown": why}
    return {"label": side.label, "of": side.of or None, "totals": figures.counts(side.totals)}


def _patch_data(value: PrSummary) -> dict[str, Any]:
    if value.patch is None:
        return {"unknown": value.no_patch}
    files = [
        {
            "file": one.path,
            "changed": one.changed,
            "total": figures.ratio(one.ratio),
            "missed_lines": [list(span) for span in one.missed],
        }
        for one in value.patch.files
    ]
    return {"total": figures.ratio(value.patch.ratio), "files": files, "unmeasured": list(value.patch.unmeasured)}


def _module_data(module: Module, value: PrSummary) -> dict[str, Any]:
    return {
        "module": module.path,
        "before": figures.counts(module.before),
        "after": figures.counts(module.after),
        "points": figures.points(module.points),
        "stories": list(module.stories),
        "dip": module.dip(value.below) or None,
    }


def _documented_data(value: Documented) -> dict[str, Any]:
    return {
        "phase": value.phase,
        "story": value.story.id,
        "modules": [views.module_data(module) for module in value.modules],
        "tests": [{"test": test, "outcome": outcome} for test, outcome in value.tests],
    }
