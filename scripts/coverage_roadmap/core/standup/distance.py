"""The distance to the exit of the running phase: to its goal, and to each criterion, in points and in lines."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coverage_roadmap.core import roadmap, story
from coverage_roadmap.core.board import Column
from coverage_roadmap.core.gain import cheapest
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import Percent, show_points, show_threshold
from coverage_roadmap.core.standing import Distance, PhaseStanding
from coverage_roadmap.core.standup.facts import Facts
from coverage_roadmap.core.standup.item import Item, Mark
from coverage_roadmap.core.text import many
from coverage_roadmap.core.verdict import Answer

NAMED = 3
"""So many of the cheapest files are named."""
_MARKS = {Answer.MET: Mark.TICKED, Answer.NOT_MET: Mark.CROSSED, Answer.UNKNOWN: Mark.UNKNOWN}


def distance(facts: Facts) -> Iterator[Item]:
    """How far the running phase is from its goal and from each of its criteria; then what closed ones have lost."""
    standing = facts.running
    if standing is None:
        yield Item(Mark.TICKED, "every phase is closed")
    else:
        yield _to_goal(facts, standing)
        for criterion, verdict in zip(standing.phase.exit, standing.verdicts, strict=True):
            beside = _beside(facts, standing, criterion) if verdict.answer is not Answer.MET else ""
            yield Item(_MARKS[verdict.answer], f"{verdict.question}: {verdict.reason}{beside}")
    yield from (Item(Mark.CROSSED, f"regression: {lost}") for lost in facts.regressions)


def next_step(facts: Facts) -> Iterator[Item]:
    """The command that would help most towards that exit."""
    if facts.running is None:
        yield Item(Mark.TICKED, "none: every phase is closed")
    else:
        step = facts.running.next_step
        yield Item(Mark.OPEN, step, {"phase": facts.running.phase.name, "next": step})


def _to_goal(facts: Facts, standing: PhaseStanding) -> Item:
    name, newest, to_go = standing.phase.name, standing.newest, standing.distance
    if newest is None or to_go is None:
        return Item(Mark.UNKNOWN, f"{name}: {standing.undistanced}")
    recent = facts.period.holds(newest)
    when = "" if recent else f", measured on {newest.provenance.started[:10]}"
    if to_go.lines:
        return _short(facts, name, newest, to_go, when)
    reached = f"{name}: {newest.totals.ratio} % reaches {show_threshold(to_go.goal)} %{when}"
    if doubt := standing.stale or newest.why_no_evidence:
        return Item(Mark.UNKNOWN, f"{reached}; {doubt}")
    return Item(Mark.TICKED if recent else Mark.UNKNOWN, reached)


def _short(facts: Facts, name: str, newest: Summary, to_go: Distance, when: str) -> Item:
    """What lacks, and the files in which it is won for the least work."""
    unit = "line or branch" if newest.scope.branch else "line"
    lines = f"{to_go.lines} more covered {_plural(unit) if to_go.lines > 1 else unit}"
    text = f"{name}: {_points(to_go.points)} short of {show_threshold(to_go.goal)} %, {lines}{when}"
    gains = cheapest(facts.files or {})[:NAMED]
    named = [f"{gain.path} ({gain.missed} missed in {many(gain.blocks, 'block')})" for gain in gains]
    if named:
        are = f"the {_NUMBERS[len(named)]} cheapest files are" if len(named) > 1 else "the cheapest file is"
        text += f"; {are} {', '.join(named)}"
    return Item(Mark.CROSSED, text, {"points": float(round(to_go.points, 4)), "lines": to_go.lines})


_NUMBERS = {2: "two", 3: "three"}


def _plural(unit: str) -> str:
    return "lines or branches" if "or" in unit else f"{unit}s"


def _points(points: Fraction) -> str:
    return f"{show_points(points).lstrip('+')} points"


def _beside(facts: Facts, standing: PhaseStanding, criterion: roadmap.Criterion) -> str:
    """What a criterion that is not met lacks, beside what its verdict says."""
    match criterion:
        case roadmap.Coverage(at_least=wanted):
            percent = standing.newest.totals.ratio.percent if standing.newest else None
            lacks = Fraction(wanted) - percent if percent is not None else Fraction(0)
            return f", {_points(lacks)}" if lacks > 0 else ""
        case roadmap.Threshold(at_least=wanted):
            return _to_threshold(facts, wanted)
        case roadmap.BoardClosed(stories=stories):
            return _to_close(facts, standing.phase, set(stories))
        case _:
            return ""


def _to_threshold(facts: Facts, wanted: Percent) -> str:
    """By how much the lowest site is short, as the sites lie there; they count once they are committed."""
    values = [site.value for site in facts.sites.sites]
    if not values:
        return ""
    lacks = Fraction(wanted) - Fraction(min(values))
    return f"; the lowest lacks {_points(lacks)}" if lacks > 0 else "; what lies there reaches it and is not committed"


def _to_close(facts: Facts, phase: roadmap.Phase, wanted: set[str]) -> str:
    """How many stories are open, and how many lines their modules lack to their targets: the higher one where a module
    has several."""
    closed = {ticket.story.id for ticket in facts.tickets if ticket.card.column is Column.DONE}
    still = [one for one in phase.stories if one.id in wanted - closed]
    modules = [m for one in still for m in story.progress(phase, one, facts.files or {}, one.modules)]
    lacks = sum({module.module: module.lacks for module in sorted(modules, key=lambda m: m.lacks)}.values())
    count = f"; {len(wanted - closed)} of {len(wanted)} open" if wanted - closed else ""
    return f"{count}, {many(lacks, 'more line')} to their targets" if lacks else count
