"""The stand-up: the roadmap's weekly checklist, from facts.

The tool ticks or crosses what it verified; what a person must do is an open box; what cannot be told is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from coverage_roadmap.core.card import Card, Column
from coverage_roadmap.core.measurement import FileFigures, Kind, Summary
from coverage_roadmap.core.percent import show_points, show_threshold
from coverage_roadmap.core.site import Site
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.text import many
from coverage_roadmap.core.verdict import Answer

SHOWN = 5


class Mark(StrEnum):
    """How an item of the checklist stands."""

    TICKED = "[x]"
    CROSSED = "[!]"
    OPEN = "[ ]"
    UNKNOWN = "[?]"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading of the checklist with its items."""

    title: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stand-up is made of."""

    days: int
    running: PhaseStanding | None
    records: Sequence[Summary]
    """The running phase's records of these days, newest first."""
    files: Mapping[str, FileFigures] | None
    """The newest full record's files."""
    cards: Sequence[Card]
    sites: Sequence[Site]
    threshold: Decimal
    dip_below: Decimal
    regressions: Sequence[str] = ()
    lacking: Sequence[str] = ()
    """Requirements of stories that the project does not list."""
    tracker: str = "none"
    notes: Sequence[str] = field(default_factory=tuple)


def checklist(facts: Facts) -> list[Topic]:
    """The topics, in the roadmap's order."""
    topics = [
        Topic("Open coverage tickets", list(_cards(facts))),
        Topic("Distance to the phase's exit", list(_distance(facts))),
        Topic("Slowest failing tests", list(_failing(facts))),
        Topic("Slowest tests", list(_slowest(facts))),
        Topic("CI threshold", list(_threshold(facts))),
        Topic(f"Files below {show_threshold(facts.dip_below)} %", list(_dips(facts))),
        Topic("Assistance needed", list(_assistance(facts))),
    ]
    return [topic for topic in topics if topic.items]


def _cards(facts: Facts) -> Iterator[Item]:
    if facts.tracker == "none":
        yield Item(Mark.UNKNOWN, "tickets: no tracker is set")
    for column in Column:
        for card in facts.cards:
            if card.column is column:
                owner = card.story.owner or "no owner"
                mark = Mark.TICKED if column is Column.DONE else Mark.OPEN
                yield Item(mark, f"{column}: {card.phase} {card.story.id} ({owner}): {card.reason}")


def _distance(facts: Facts) -> Iterator[Item]:
    if facts.running is None:
        yield Item(Mark.TICKED, "every phase is closed")
    else:
        standing = facts.running
        if standing.distance is None:
            yield Item(Mark.UNKNOWN, f"{standing.phase.name}: no full run is recorded")
        elif standing.distance.lines:
            goal = show_threshold(standing.distance.goal)
            far = f"{show_points(standing.distance.points).lstrip('+')} points, {many(standing.distance.lines, 'line')}"
            yield Item(Mark.CROSSED, f"{standing.phase.name}: {far} short of {goal} %")
        for verdict in standing.verdicts:
            mark = {Answer.MET: Mark.TICKED, Answer.NOT_MET: Mark.CROSSED}.get(verdict.answer, Mark.UNKNOWN)
            yield Item(mark, f"{verdict.question}: {verdict.reason}")
    yield from (Item(Mark.CROSSED, f"regression: {lost}") for lost in facts.regressions)


def _newest(facts: Facts) -> Summary | None:
    return next((record for record in facts.records if record.kind is not Kind.FAILED), None)


def _failing(facts: Facts) -> Iterator[Item]:
    record = _newest(facts)
    if record is None:
        yield Item(Mark.UNKNOWN, f"no run in the last {many(facts.days, 'day')}")
        return
    tests = record.outcomes
    broken = sorted([*tests.failed, *tests.errors], key=lambda f: -tests.seconds.get(f.id, 0))
    for failure in broken[:SHOWN]:
        yield Item(Mark.CROSSED, f"{failure.id} ({tests.seconds.get(failure.id, 0):.2f} s): {failure.reason}")
    if not broken and record.kind is Kind.FULL:
        yield Item(Mark.TICKED, f"none: {tests.passed} passed in {record.id}")
    elif not broken:
        yield Item(Mark.UNKNOWN, f"none failed, and the last run is {record.kind}")


def _slowest(facts: Facts) -> Iterator[Item]:
    record = _newest(facts)
    if record is None:
        yield Item(Mark.UNKNOWN, f"no run in the last {many(facts.days, 'day')}")
        return
    slowest = sorted(record.outcomes.seconds.items(), key=lambda item: -item[1])[:SHOWN]
    yield from (Item(Mark.OPEN, f"{seconds:.2f} s {test}") for test, seconds in slowest)


def _threshold(facts: Facts) -> Iterator[Item]:
    wanted = show_threshold(facts.threshold)
    for site in facts.sites:
        mark = Mark.TICKED if site.value == facts.threshold else Mark.CROSSED
        agrees = "" if site.value == facts.threshold else f", the config says {wanted}"
        yield Item(mark, f"{site.where}: {show_threshold(site.value)}{agrees}")
    if not facts.sites:
        yield Item(Mark.UNKNOWN, "no site demands a threshold")


def _dips(facts: Facts) -> Iterator[Item]:
    if facts.files is None:
        yield Item(Mark.UNKNOWN, "no full run to look at")
        return
    low = [
        (figures.counts.ratio, path)
        for path, figures in facts.files.items()
        if figures.counts.ratio.total and not figures.counts.ratio.meets(facts.dip_below)
    ]
    low.sort(key=lambda item: (-item[0].missed, item[1]))
    for ratio, path in low[:SHOWN]:
        yield Item(Mark.CROSSED, f"{path} {ratio} %, {ratio.missed} missed")
    if len(low) > SHOWN:
        yield Item(Mark.CROSSED, f"and {len(low) - SHOWN} more files")
    if not low:
        yield Item(Mark.TICKED, "none")


def _assistance(facts: Facts) -> Iterator[Item]:
    if facts.tracker == "none":
        yield Item(Mark.OPEN, "name the team's tracker, so that the board can be mirrored there")
    for lacking in facts.lacking:
        yield Item(Mark.CROSSED, f"{lacking} is not in the project's requirements: invoke doctor --fix")
    yield from (Item(Mark.OPEN, note) for note in facts.notes)
