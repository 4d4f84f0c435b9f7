"""Puts the stand-up where the team reads it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.commands import tracking
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.comparison import Comparison
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.standup import Topic
from coverage_roadmap.core.tracker import mirror, posting
from coverage_roadmap.core.tracker.mirror import Plan
from coverage_roadmap.core.tracker.operation import Operation
from coverage_roadmap.core.tracker.posting import Post
from coverage_roadmap.core.tracker.ticket import STANDUP, mark_of
from coverage_roadmap.core.tracker.tracker import Tracker
from coverage_roadmap.errors import ExitCode, TrackerError
from coverage_roadmap.render import standup as texts


class Posted(Struct, frozen=True):
    """What was done in the tracker."""

    tracker: str
    plan: Plan = Plan()
    refused: Sequence[tuple[Operation, str]] = ()
    failed: str = ""
    """Why nothing more could be done; empty where all was."""

    @property
    def exit_code(self) -> ExitCode:
        """Whether the tracker refused something."""
        return ExitCode.TRACKER if self.refused or self.failed else ExitCode.DONE


def post(context: Context, here: Here, period: Period, topics: Sequence[Topic], week: Comparison | None) -> Posted:
    """Post the stand-up and the week's diff: a second time in a week what was posted is brought up to date.

    Raises:
        ConfigError: the config names no tracker.
    """
    tracker = tracking.needed(context, here)
    shown = texts.page(period.until, period.since, topics)
    wanted = Post(
        mark=mark_of(STANDUP, "weekly", tracking.place_of(here)),
        title="Coverage stand-up",
        block=texts.TICKET,
        about=posting.week(period.until),
        comment=texts.comment(shown, week),
    )
    try:
        made = _plan(tracker, wanted)
        return Posted(tracker.name, made, tracking.carry_out(context, tracker, made.operations))
    except TrackerError as error:
        return Posted(tracker.name, failed=str(error).replace("\n", ";"))


def _plan(tracker: Tracker, wanted: Post) -> Plan:
    held = tracker.read(())
    ticket = posting.found(wanted.mark, held)
    if ticket:
        held = mirror.heard(held, {ticket.number: tracker.comments(ticket)})
    return posting.plan(wanted, replace(held, notes=()))
