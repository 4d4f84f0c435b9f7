"""`standup`: the roadmap's weekly checklist, from the records of the last seven days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from coverage_roadmap.adapters import git, requirements
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.commands.status import phase_standings
from coverage_roadmap.core.card import Card, card
from coverage_roadmap.core.checkup import listed, normal
from coverage_roadmap.core.measurement import Kind, Summary
from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.standup import Facts, Topic, checklist
from coverage_roadmap.errors import ExitCode

DAYS = 7


@dataclass(frozen=True, slots=True)
class Standup:
    """The checklist."""

    on: datetime
    topics: Sequence[Topic]
    exit_code: ExitCode = ExitCode.DONE


def standup(context: Context) -> Standup:
    """Print the weekly checklist, from what was measured.

    Example: invoke standup --format md
    """
    here = look(context)
    now = context.clock.now()
    standings = phase_standings(here)
    running = next((standing for standing in standings if standing.running), None)
    own = judging.of_own_selection(here.roadmap, running.phase, here.records) if running else ()
    recent = list(takewhile(lambda record: _is_recent(record, now), own))
    full = (record for record in recent if record.kind is Kind.FULL)
    newest = next((record for record in full if record.provenance.leg.canonical), None)
    facts = Facts(
        days=DAYS,
        running=running,
        records=recent,
        detail=here.records.detail(newest) if newest else None,
        seconds=_seconds(here, recent),
        cards=cards(here),
        sites=judging.present_sites(here).found.sites,
        threshold=here.roadmap.threshold,
        dip_below=here.roadmap.dip_below,
        regressions=[f"{s.phase.name}: {s.regression}" for s in standings if s.regression],
        lacking=lacking(here),
        tracker=here.roadmap.board.tracker,
        notes=[str(error) for error in here.records.unreadable] + list(_from_the_future(recent, now)),
    )
    return Standup(now, checklist(facts))


def _seconds(here: Here, recent: Sequence[Summary]) -> Mapping[str, float] | None:
    detail = here.records.detail(recent[0]) if recent else None
    return detail.tests.seconds if detail else None


def _is_recent(record: Summary, now: datetime) -> bool:
    return now - timedelta(days=DAYS) <= datetime.fromisoformat(record.provenance.started)


def _from_the_future(records: Sequence[Summary], now: datetime) -> Sequence[str]:
    """Records that a clock which has gone back since would have made."""
    late = [r.id for r in records if datetime.fromisoformat(r.provenance.started) > now + timedelta(minutes=5)]
    return [f"{late[0]} lies in the future: a clock went back, or is wrong"] if late else []


def lacking(here: Here) -> list[str]:
    """Requirements of stories that the project's requirements files do not list."""
    there = listed(requirements.texts(here.located.project, here.roadmap))
    wanted = dict.fromkeys(name for _, story in here.roadmap.stories() for name in story.requires)
    return [name for name in wanted if normal(name) not in there]


def cards(here: Here) -> list[Card]:
    """One card for each story."""
    stories = here.roadmap.stories()
    done = judging.stories_done(here, stories, judging.default_branch(here))
    return [card(phase, story, done[story.id], *_branch_of(here, phase, story)) for phase, story in stories]


def _branch_of(here: Here, phase: Phase, story: Story) -> tuple[str | None, set[str]]:
    """The branch that works on a story, by the board's pattern, and the story's tests on it."""
    name = here.roadmap.board.branch_pattern.replace("{story}", story.id)
    if here.repository is None:
        return None, set()
    for revision in (f"refs/heads/{name}", f"refs/remotes/origin/{name}"):
        if git.resolve(here.repository.project, revision):
            return name, judging.tests_at(here, [(phase, story)], revision) or set()
    return None, set()
