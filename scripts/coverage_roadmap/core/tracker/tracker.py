"""The tracker, as a Protocol: GitHub and a Markdown file are two, and a further one needs no change of the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coverage_roadmap.core.tracker.operation import Operation
from coverage_roadmap.core.tracker.pulls import Pull
from coverage_roadmap.core.tracker.ticket import Comment, Held, Ticket


class Tracker(Protocol):
    """Where the team keeps its tickets. Every method may raise TrackerError: it refused, or cannot be reached."""

    @property
    def name(self) -> str:
        """What it is called in words for people."""

    def read(self, owners: Sequence[str]) -> Held:
        """All that it holds with a marker of ours, closed tickets too; and who of these owners may be assigned."""

    def open_tickets(self) -> Sequence[Ticket]:
        """The open tickets with a marker of ours, their columns as labels tell them or the tracker's own board."""

    def pulls(self) -> Sequence[Pull]:
        """The open pull requests, the newest first."""

    def comments(self, ticket: Ticket) -> tuple[Comment, ...]:
        """Our comments of a ticket."""

    def carry_out(self, operation: Operation) -> None:
        """Do it.

        Raises:
            TicketError: this one is refused; others may go on.
        """
