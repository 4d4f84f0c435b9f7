"""What the stand-up is made of: gathered from records, git and the project's files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import dropwhile, islice

from msgspec import Struct

from coverage_roadmap.adapters import branches, requirements
from coverage_roadmap.commands import evidence, sides, surveying
from coverage_roadmap.commands.carding import stories_cards
from coverage_roadmap.commands.here import Here
from coverage_roadmap.commands.status import phase_standings
from coverage_roadmap.core.board import Card, Column
from coverage_roadmap.core.branch import Dated
from coverage_roadmap.core.checkup import listed, normal
from coverage_roadmap.core.comparison import Comparison, compare
from coverage_roadmap.core.failing import Trace, trace
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.standup import Facts, Ticket
from coverage_roadmap.core.tracker.pulls import Told
from coverage_roadmap.errors import RecordError

NAMED = 3
"""So many records of the future are named."""


class _Walked(Struct, frozen=True):
    """The running phase's records, as far as they are walked."""

    recent: Sequence[Summary] = ()
    future: Sequence[Summary] = ()
    """Those that are later than now."""
    before: Summary | None = None
    """The newest full one of the canonical leg from before the period."""

    @property
    def newest(self) -> Summary | None:
        """The newest full one of the canonical leg in the period."""
        return next((record for record in self.recent if record.whole), None)


def facts(here: Here, period: Period, known: Told) -> Facts:
    """Gather what a stand-up of this period is made of, with what the tracker tells."""
    standings = here.once(phase_standings)
    running = next((standing for standing in standings if standing.running), None)
    own = evidence.of_own_selection(here.roadmap, running.phase, here.records) if running else ()
    walked = _walk(own, period)
    last = next(iter(walked.recent), None)
    told, newest, latest = (
        here.detail(record) if record else None for record in (last, walked.newest, running.newest if running else None)
    )
    surveyed = surveying.present_sites(here)
    stories = stories_cards(here, known.tracked)
    return Facts(
        period=period,
        threshold=here.roadmap.threshold,
        dip_below=here.roadmap.dip_below,
        running=running,
        files=latest.files if latest else None,
        recent=walked.recent,
        tests=told.tests.seconds if told else None,
        failing=_failing(here, last, own) if last else {},
        detail=newest,
        newest=walked.newest,
        before=walked.before,
        comparison=_compared(here, walked, period),
        tickets=tickets(here, stories.cards),
        git=here.repository is not None,
        sites=surveyed.found,
        waivers=here.roadmap.waivers,
        regressions=[f"{s.phase.name}: {s.regression}" for s in standings if s.regression],
        lacking=lacking(here),
        tracker=known.name,
        columns=known.columns,
        untold=known.unknown,
        notes=[*here.records.notes, *stories.notes, *_from_the_future(walked)],
    )


def _walk(own: Iterable[Summary], period: Period) -> _Walked:
    """Walk the records, newest first, until the one from before the period."""
    recent: list[Summary] = []
    future: list[Summary] = []
    for record in own:
        if period.is_future(record):
            future.append(record)
        elif period.holds(record):
            recent.append(record)
        elif record.whole and record.id < period.earliest_id:  # else its start is another than its id's
            return _Walked(recent, future, record)
    return _Walked(recent, future)


def _failing(here: Here, last: Summary, own: Iterable[Summary]) -> Mapping[str, Trace]:
    """How far back each test fails that fails in the last record."""

    def ran(record: Summary) -> set[str] | None:
        detail = here.detail(record)
        return {*detail.tests.seconds, *detail.tests.files} if detail else None

    older = islice(dropwhile(lambda record: record.id != last.id, own), 1, None)
    return trace(last, older, ran)


def _compared(here: Here, walked: _Walked, period: Period) -> Comparison | None:
    """The record from before the period beside the newest one in it; None without one, or where it cannot be read."""
    if walked.before is None or walked.newest is None:
        return None
    with contextlib.suppress(RecordError):
        two = sides.of_records(here, walked.before, walked.newest, period.until)
        return compare(two.before, two.after, here.roadmap.dip_below, two.lineage, two.alike, two.notes)
    return None


def _from_the_future(walked: _Walked) -> list[str]:
    """Records that a clock which has gone back since would have made."""
    named = ", ".join(record.id for record in walked.future[:NAMED])
    more = len(walked.future) - NAMED
    named += f" and {more} more" if more > 0 else ""
    lie = "lies" if len(walked.future) == 1 else "lie"
    return [f"{named} {lie} in the future: a clock went back, or is wrong"] if walked.future else []


def lacking(here: Here) -> list[str]:
    """Requirements of stories that the project's requirements files do not list."""
    there = listed(requirements.texts(here.located.project, here.roadmap))
    wanted = dict.fromkeys(name for _, story in here.roadmap.stories() for name in story.requires)
    return [name for name in wanted if normal(name) not in there]


def tickets(here: Here, cards: Sequence[Card]) -> list[Ticket]:
    """One for each story, with its card on the board."""
    without = [card.key for card in cards if card.column is not Column.DONE and card.branch is None]
    none = Dated(None, "no git repository")
    named = branches.stories_named(here.repository, here.located.file, without) if here.repository else {}
    return [Ticket(card, card.story, named.get(card.key, none)) for card in cards if card.story]
