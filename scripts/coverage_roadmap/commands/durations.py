"""What shards are planned from: how long the tests took."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from coverage_roadmap.commands.here import Here, record_named
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.errors import RecordError


class Durations(Struct, frozen=True):
    """How long tests took, by their node ids, in seconds, and the record that says so; None where there is none."""

    seconds: Mapping[str, float]
    record: Summary | None

    @property
    def name(self) -> str:
        """The record's id; empty where there is none."""
        return self.record.id if self.record else ""


def durations(here: Here, phase: str, planned_from: str = "") -> Durations:
    """What a phase's shards are planned from: the record that is named, else the phase's newest full one.

    Raises:
        UsageError: no record has that name.
        RecordError: what it says of its tests cannot be had.
    """
    if planned_from:
        named = record_named(here, planned_from, "--planned-from")
        detail = here.detail(named)
        if detail is None:
            raise RecordError(
                "what it says of its tests cannot be read", where=named.id, next_step="plan again: invoke matrix"
            )
        return Durations(detail.tests.seconds, named)
    for record in here.records.of(phase):
        if record.whole and (detail := here.detail(record)) and detail.tests.seconds:
            return Durations(detail.tests.seconds, record)
    return Durations({}, None)
