"""`standup`: the roadmap's weekly checklist, from records, git, the config and the tracker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import posting, tracking, weekly
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look, since_of
from coverage_roadmap.commands.posting import Posted
from coverage_roadmap.core.standup import Topic, checklist
from coverage_roadmap.errors import ExitCode


class Standup(Struct, frozen=True):
    """The checklist, when it was made, and since when it looks."""

    on: datetime
    since: datetime
    topics: Sequence[Topic]
    posted: Posted | None = None
    """What was done in the tracker; None where that was not asked for."""

    @property
    def exit_code(self) -> ExitCode:
        """Whether it was posted, where it was to be."""
        return self.posted.exit_code if self.posted else ExitCode.DONE


def standup(
    context: Context,
    *,
    since: Annotated[str, "how far to look back: 14d, 2w, or a date"] = "7d",
    post: Annotated[bool, "put it and the week's diff on a pinned ticket of the tracker, a comment a week"] = False,
) -> Standup:
    """Print the weekly checklist, from what was measured.

    Example: invoke standup --since 14d --format md
    """
    now = context.clock.now()
    looked = since_of(since, now)
    here = look(context)
    facts = weekly.facts(here, looked, tracking.told(context, here))
    made = Standup(now, looked.since, checklist(facts))
    if not post:
        return made
    return Standup(now, looked.since, made.topics, posting.post(context, here, looked, made.topics, facts.comparison))
