"""`standup`: the roadmap's weekly checklist, from records, git and the config."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import weekly
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look, since_of
from coverage_roadmap.core.standup import Topic, checklist
from coverage_roadmap.errors import ExitCode


class Standup(Struct, frozen=True):
    """The checklist, when it was made, and since when it looks."""

    on: datetime
    since: datetime
    topics: Sequence[Topic]
    exit_code: ExitCode = ExitCode.DONE


def standup(context: Context, *, since: Annotated[str, "how far to look back: 14d, 2w, or a date"] = "7d") -> Standup:
    """Print the weekly checklist, from what was measured.

    Example: invoke standup --since 14d --format md
    """
    now = context.clock.now()
    looked = since_of(since, now)
    return Standup(now, looked.since, checklist(weekly.facts(look(context), looked)))
