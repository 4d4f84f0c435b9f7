"""What a stand-up is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field

from coverage_roadmap.core.board import Card
from coverage_roadmap.core.branch import Branch, Dated
from coverage_roadmap.core.comparison import Comparison
from coverage_roadmap.core.failing import Trace
from coverage_roadmap.core.measurement import Detail, FileFigures, Summary
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.roadmap import Story, Waiver
from coverage_roadmap.core.sites.site import Found
from coverage_roadmap.core.standing import PhaseStanding


class Ticket(Struct, frozen=True):
    """A story with its card on the board."""

    card: Card
    story: Story
    named: Dated
    """When the config named the story first; for one without a branch."""

    @property
    def branch(self) -> Branch | None:
        """The branch that works on it; None where there is none."""
        return self.card.branch


class Facts(Struct, frozen=True):
    """All that the topics look at. Unless said otherwise records are the running phase's, of its own selection."""

    period: Period
    threshold: Decimal
    """What the config demands. Percent."""
    dip_below: Decimal
    """Percent."""
    running: PhaseStanding | None = None
    files: Mapping[str, FileFigures] | None = None
    """The files of the running phase's newest full record of the canonical leg, whenever it was made."""
    recent: Sequence[Summary] = ()
    """The records of the period, newest first."""
    tests: Mapping[str, float] | None = None
    """How long each test of the newest record of the period took; None where that cannot be read. Seconds."""
    failing: Mapping[str, Trace] = field(default_factory=dict)
    """How far back each test fails that fails in the newest record of the period."""
    newest: Summary | None = None
    """The newest full record of the canonical leg in the period."""
    detail: Detail | None = None
    """Its files and tests."""
    before: Summary | None = None
    """The newest full record of the canonical leg from before the period."""
    comparison: Comparison | None = None
    """`before` beside `newest`; None where one of them is missing or cannot be read."""
    tickets: Sequence[Ticket] = ()
    git: bool = True
    """Whether there is a git repository to look for branches in."""
    sites: Found = field(default_factory=Found)
    waivers: Sequence[Waiver] = ()
    regressions: Sequence[str] = ()
    lacking: Sequence[str] = ()
    """Requirements of stories that the project does not list."""
    tracker: str = ""
    """Its name; empty without one."""
    columns: Mapping[str, int] | None = None
    """How many open tickets stand in each column of it."""
    untold: str = ""
    """Why nothing is known of the tracker; empty where something is, or there is none."""
    notes: Sequence[str] = ()

    def nothing(self, what: str) -> str:
        """What is said where nothing of a kind was seen in the period."""
        return f"no {what} {self.period.words}" if self.running else "no phase is running"
