"""The plan of a run: which tests, which gate, and what narrows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core import selection
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

    @property
    def by_hand(self) -> tuple[str, ...]:
        """All that was given by hand, for the record."""
        return (f"--story={self.story.id}", *self.words) if self.story else self.words

    @property
    def heading(self) -> str:
        """The title that the report shows."""
        return self.phase.heading() if self.phase else "The tests of no story"


def make(roadmap: Roadmap, name: str, story_id: str, gate: str, words: Sequence[str]) -> Plan:
    """Make the plan.

    Args:
        roadmap: the config.
        name: a phase, or `phase0`.
        story_id: narrows the run to one story of any phase; empty for none.
        gate: `phase` (its fail-under), `threshold` (what CI demands now) or `none`.
        words: what was given by hand for pytest.

    Raises:
        UsageError: no such phase or story.
    """
    phase = next((p for p in roadmap.phases if p.name == name), None)
    if phase is None and name != PHASE_ZERO:
        known = [PHASE_ZERO, *(p.name for p in roadmap.phases)]
        raise UsageError(nearest(name, known, "phase"), where=name)
    story = next((s for _, s in roadmap.stories() if s.id == story_id), None)
    if story_id and story is None:
        raise UsageError(nearest(story_id, [s.id for _, s in roadmap.stories()], "story"), where=f"--story {story_id}")
    if story:
        chosen = selection.of_story(roadmap, story)
    else:
        chosen = selection.of_phase(roadmap, phase) if phase else selection.of_phase_zero(roadmap)
    gates = {"phase": phase.fail_under if phase else None, "threshold": roadmap.threshold if phase else None}
    whole = not story and not narrowing(words)
    return Plan(roadmap, name, phase, story, chosen, tuple(words), gates.get(gate) if whole else None)
