"""`status`: how each phase stands; with `--story`, what is still missing in its modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.commands import evidence, judging
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core import story as stories
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.selection import of_phase, of_story
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import ExitCode, UsageError


class Status(Struct, frozen=True):
    """The phases, or one story's modules with the record that they were measured in."""

    phases: Sequence[PhaseStanding]
    story: str = ""
    modules: Sequence[ModuleProgress] = ()
    measured_in: Summary | None = None
    notes: Sequence[str] = ()
    exit_code: ExitCode = ExitCode.DONE


def status(
    context: Context, *, story: Annotated[str, "show the missing lines of this story's modules instead"] = ""
) -> Status:
    """Show how each phase stands, and what its exit lacks.

    Example: invoke status --story quality-monitor
    """
    here = look(context)
    found = _of_story(here, story) if story else Status(phase_standings(here))
    return replace(found, notes=here.records.notes)


def phase_standings(here: Here) -> list[PhaseStanding]:
    """Every phase, judged now."""
    head = evidence.head_tree(here)
    return [judging.standing(here, phase, head) for phase in here.roadmap.phases]


def _of_story(here: Here, wanted: str) -> Status:
    found = next(((p, s) for p, s in here.roadmap.stories() if s.id == wanted), None)
    if found is None:
        raise UsageError(nearest(wanted, [s.id for _, s in here.roadmap.stories()], "story"), where=f"--story {wanted}")
    phase, one = found
    own = _own(here, phase, one)
    newest, figures = next(((r, f) for r in own if (f := here.records.files(r)) is not None), (None, None))
    existing = {module for module in one.modules if (here.located.project / module).is_file()}
    modules = stories.progress(phase, one, figures, existing) if figures is not None else []
    return Status((), one.id, modules, newest)


def _own(here: Here, phase: Phase, story: Story) -> Iterator[Summary]:
    """The whole runs of the phase, and those of the story alone; newest first."""
    whole, alone = of_phase(here.roadmap, phase).hash, of_story(here.roadmap, story).hash
    for record in here.records.of(phase.name):
        if record.selection == alone or (record.selection == whole and not narrowing(record.provenance.arguments)):
            yield record
