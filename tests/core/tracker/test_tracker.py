"""A third tracker, in memory: it needs no change of the core."""

from coverage_roadmap.core.board import Column
from coverage_roadmap.core.tracker import mirror
from coverage_roadmap.core.tracker.entry import Entry
from coverage_roadmap.core.tracker.operation import applied
from coverage_roadmap.core.tracker.ticket import Held
from coverage_roadmap.core.tracker.tracker import Tracker


class Memory:
    name = "memory"

    def __init__(self):
        self.held = Held()

    def read(self, owners):
        return self.held

    def open_tickets(self):
        return [one for one in self.held.tickets if one.is_open]

    def pulls(self):
        return ()

    def comments(self, ticket):
        return ticket.comments

    def carry_out(self, operation):
        self.held = applied(self.held, operation)


def test_a_board_is_mirrored_to_any_tracker():
    tracker: Tracker = Memory()
    entries = [
        Entry(f"card {key}", key, "x\n", column, comment="y\n") for key, column in zip("abcd", Column, strict=True)
    ]
    for one in mirror.plan(entries, tracker.read(())).operations:
        tracker.carry_out(one)
    assert [one.title for one in tracker.open_tickets()] == ["a", "b", "c"]
    assert len(tracker.comments(tracker.read(()).tickets[3])) == 1
    assert mirror.plan(entries, tracker.read(())).operations == ()
