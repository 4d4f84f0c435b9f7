"""The stand-up: the roadmap's weekly checklist, from facts.

The tool ticks or crosses what it verified; what a person must do is an open box; what cannot be told is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from coverage_roadmap.core.card import Card, Column
from coverage_roadmap.core.measurement import Detail, Kind, Summary
from coverage_roadmap.core.percent import show_points, show_threshold
from coverage_roadmap.core.sites.site import Site
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
    detail: Detail | None
    """Files and tests of these days' newest full record of the canonical leg; None where there is none."""
    seconds: Mapping[str, float] | None
    """How long each test of these days' newest record took; None where there is none, or that cannot be read."""
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
    return [
        Topic("Open coverage tickets", list(_cards(facts))),
        Topic("Distance to the phase's exit", list(_distance(facts))),
        Topic("Slowest failing tests", list(_failing(facts))),
        Topic("Slowest tests", list(_slowest(facts))),
        Topic("CI threshold", list(_threshold(facts))),
        Topic(f"Files below {show_threshold(facts.dip_below)} %", list(_dips(facts))),
        Topic("Assistance needed", list(_assistance(facts))),
    ]


def _cards(facts: Facts) -> Iterator[Item]:
    if facts.tracker == "none":
        yield Item(Mark.UNKNOWN, "tickets: no tracker is set")
    else:
        yield Item(Mark.UNKNOWN, f"tickets: {facts.tracker} is not read")
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
        yield _to_goal(facts, facts.running)
        for verdict in facts.running.verdicts:
            mark = {Answer.MET: Mark.TICKED, Answer.NOT_MET: Mark.CROSSED}.get(verdict.answer, Mark.UNKNOWN)
            yield Item(mark, f"{verdict.question}: {verdict.reason}")
    yield from (Item(Mark.CROSSED, f"regression: {lost}") for lost in facts.regressions)


def _to_goal(facts: Facts, standing: PhaseStanding) -> Item:
    name, newest, distance = standing.phase.name, standing.newest, standing.distance
    if newest is None or distance is None:
        return Item(Mark.UNKNOWN, f"{name}: {standing.undistanced}")
    goal = f"{show_threshold(distance.goal)} %"
    recent = any(record.id == newest.id for record in facts.records)
    when = "" if recent else f", measured on {newest.provenance.started[:10]}"
    if distance.lines:
        far = f"{show_points(distance.points).lstrip('+')} points, {many(distance.lines, 'line')}"
        return Item(Mark.CROSSED, f"{name}: {far} short of {goal}{when}")
    reached = f"{name}: {newest.totals.ratio} % reaches {goal}{when}"
    if doubt := standing.stale or newest.why_no_evidence:
        return Item(Mark.UNKNOWN, f"{reached}; {doubt}")
    return Item(Mark.TICKED if recent else Mark.UNKNOWN, reached)


def _unknown(facts: Facts, what: str) -> Item:
    lacking = f"no {what} in the last {many(facts.days, 'day')}"
    return Item(Mark.UNKNOWN, lacking if facts.running else "no phase is running")


def _failing(facts: Facts) -> Iterator[Item]:
    record = next(iter(facts.records), None)
    if record is None:
        yield _unknown(facts, "run")
        return
    tests, seconds = record.outcomes, facts.seconds or {}
    if record.kind is Kind.FAILED:
        yield Item(Mark.CROSSED, f"{record.why_no_evidence}, {record.id}")
    broken = sorted([*tests.failed, *tests.errors], key=lambda f: -seconds.get(f.id, 0))
    wrong = [f"{f.id} ({seconds.get(f.id, 0):.2f} s): {f.reason}" for f in broken]
    wrong += [f"{f.id} does not import: {f.reason}" for f in tests.not_imported]
    wrong += [f"{test} passed only when run again" for test in tests.flaky]
    yield from (Item(Mark.CROSSED, text) for text in wrong[:SHOWN])
    if len(wrong) > SHOWN:
        yield Item(Mark.CROSSED, f"and {len(wrong) - SHOWN} more")
    if wrong or record.kind is Kind.FAILED:
        return
    if record.kind is Kind.FULL and tests.green:
        yield Item(Mark.TICKED, f"none: {tests.passed} passed in {record.id}")
    else:
        why = "nothing passed" if record.kind is Kind.FULL else f"the last run is {record.kind}"
        yield Item(Mark.UNKNOWN, f"none failed, and {why}")


def _slowest(facts: Facts) -> Iterator[Item]:
    if not facts.seconds:
        yield _unknown(facts, "run with timed tests")
        return
    slowest = sorted(facts.seconds.items(), key=lambda item: -item[1])[:SHOWN]
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
    if facts.detail is None or not facts.detail.files:
        nothing = Item(Mark.UNKNOWN, "nothing was measured")
        yield _unknown(facts, "full run of the canonical leg") if facts.detail is None else nothing
        return
    low = [
        (figures.counts.ratio, path)
        for path, figures in facts.detail.files.items()
        if figures.counts.ratio.total and not figures.counts.ratio.meets(facts.dip_below)
    ]
    low.sort(key=lambda item: (-item[0].missed, item[1]))
    for ratio, path in low[:SHOWN]:
        yield Item(Mark.CROSSED, f"{path} {ratio} %, {ratio.missed} missed")
    if len(low) > SHOWN:
        yield Item(Mark.CROSSED, f"and {many(len(low) - SHOWN, 'more file')}")
    if not low:
        yield Item(Mark.TICKED, "none")


def _assistance(facts: Facts) -> Iterator[Item]:
    if facts.tracker == "none":
        yield Item(Mark.OPEN, "name the team's tracker, so that the board can be mirrored there")
    else:
        yield Item(Mark.OPEN, f"mirror the board to {facts.tracker} by hand: it is not written yet")
    for lacking in facts.lacking:
        yield Item(Mark.CROSSED, f"{lacking} is not in the project's requirements: invoke doctor --fix")
    yield from (Item(Mark.OPEN, note) for note in facts.notes)
