"""The plan of a run: which tests, which gate, and what narrows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core import selection
from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.roadmap import Phase, Roadmap, Story
from coverage_roadmap.core.selection import PHASE_ZERO, Selection
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError


class Plan(Struct, frozen=True):
    """What a run is to do."""

    roadmap: Roadmap
    name: str
    phase: Phase | None
    """None for phase zero."""
    story: Story | None
    """Where the run is narrowed to one."""
    selection: Selection
    words: tuple[str, ...]
    """Further words for pytest, given by hand."""
    gate: Decimal | None
    """The total below which the run fails, in percent."""
    shard: Shard | None = None
    """Where the run is one of several that are combined."""
    planned_from: str = ""
    """The record whose durations spread the tests over the shards; empty for the newest full one."""

    @property
    def narrowed(self) -> tuple[str, ...]:
        """What was given by hand and may narrow the run."""
        return (f"--story={self.story.id}", *self.words) if self.story else self.words

    @property
    def by_hand(self) -> tuple[str, ...]:
        """All that was given by hand, for the record."""
        return (f"--shard={self.shard}", *self.narrowed) if self.shard else self.narrowed

    @property
    def heading(self) -> str:
        """The title that the report shows."""
        return self.phase.heading() if self.phase else "The tests of no story"


def make(
    roadmap: Roadmap,
    name: str,
    story_id: str,
    gate: str,
    words: Sequence[str],
    shard: Shard | None = None,
    planned_from: str = "",
) -> Plan:
    """Make the plan.

    Args:
        roadmap: the config.
        name: a phase, or `phase0`.
        story_id: narrows the run to one story of any phase; empty for none.
        gate: `phase` (its fail-under), `threshold` (what CI demands now) or `none`.
        words: what was given by hand for pytest.
        shard: makes the run one of several, which has no gate of its own.
        planned_from: the record whose durations spread the tests over the shards.

    Raises:
        UsageError: no such phase or story, or options that do not go together.
    """
    phase = next((p for p in roadmap.phases if p.name == name), None)
    if phase is None and name != PHASE_ZERO:
        known = [PHASE_ZERO, *(p.name for p in roadmap.phases)]
        raise UsageError(nearest(name, known, "phase"), where=name)
    story = next((s for _, s in roadmap.stories() if s.id == story_id), None)
    if story_id and story is None:
        raise UsageError(nearest(story_id, [s.id for _, s in roadmap.stories()], "story"), where=f"--story {story_id}")
    if story and shard:
        raise UsageError("give one of the two", where="--story and --shard")
    if planned_from and not shard:
        raise UsageError("goes with --shard alone", where=f"--planned-from {planned_from}")
    if story:
        chosen = selection.of_story(roadmap, story)
    else:
        chosen = selection.of_phase(roadmap, phase) if phase else selection.of_phase_zero(roadmap)
    gates = {"phase": phase.fail_under if phase else None, "threshold": roadmap.threshold if phase else None}
    whole = not story and not shard and not narrowing(words)
    gated = gates.get(gate) if whole else None
    return Plan(roadmap, name, phase, story, chosen, tuple(words), gated, shard, planned_from)
