"""Stories: how far each module is, and whether a story is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from coverage_roadmap.core.measurement import Detail, FileFigures
from coverage_roadmap.core.percent import Ratio, show_threshold
from coverage_roadmap.core.roadmap import Phase, Roadmap, Story
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.verdict import Answer, Verdict


class Presence(StrEnum):
    """Whether a module can be judged."""

    MEASURED = "measured"
    ABSENT = "absent"
    OMITTED = "omitted"
    UNKNOWN = "unknown"


class ModuleProgress(Struct, frozen=True):
    """A story's module against its target (percent)."""

    story: str
    phase: str
    module: str
    target: Decimal
    presence: Presence
    ratio: Ratio | None = None
    missing_lines: tuple[tuple[int, int], ...] = ()

    @property
    def lacks(self) -> int:
        """Lines that are still to be covered to reach the target; 0 where it is reached or cannot be told."""
        return self.ratio.lacks(self.target) if self.ratio else 0

    @property
    def at_target(self) -> bool:
        """Whether the module was measured and is at its target."""
        return self.ratio is not None and not self.ratio.is_below(self.target)


def progress(
    phase: Phase, story: Story, files: Mapping[str, FileFigures], existing: Collection[str]
) -> list[ModuleProgress]:
    """How far the modules of `story` are.

    Args:
        phase: the story's phase.
        story: the story.
        files: the measured files, by their path in the project.
        existing: which of the roadmap's modules exist.
    """
    target = phase.target_of(story)
    result = []
    for module in story.modules:
        figures = files.get(module)
        if figures is None:
            presence = Presence.OMITTED if module in existing else Presence.ABSENT
            result.append(ModuleProgress(story.id, phase.name, module, target, presence))
        else:
            ratio = figures.counts.ratio
            lines = figures.missing_lines
            result.append(ModuleProgress(story.id, phase.name, module, target, Presence.MEASURED, ratio, lines))
    return result


def hidden(
    roadmap: Roadmap, files: Mapping[str, FileFigures], existing: Collection[str], only: Story | None = None
) -> list[ModuleProgress]:
    """Modules of stories that are absent or omitted, in any phase: what a figure may not be reached by."""
    stories = [(p, s) for p, s in roadmap.stories() if only is None or s is only]
    found = [m for p, s in stories for m in progress(p, s, files, existing) if m.presence is not Presence.MEASURED]
    return list({m.module: m for m in found}.values())


def done(
    phase: Phase,
    story: Story,
    evidence: Detail | None,
    at_tip: Collection[str] | None,
    lacking: str = "",
) -> Verdict:
    """Whether a story is done: its tests at the default branch's tip, one of them passed in its last evidence, its
    modules at their target. Rule: `board-closed` in the roadmap's criteria.

    Args:
        phase: the story's phase.
        story: the story.
        evidence: files and tests of the newest evidence of the story's phase; None where there is none.
        at_tip: which of the story's tests are at the tip of the default branch; None where that cannot be told.
        lacking: why it cannot.
    """
    if at_tip is None:
        return Verdict(story.id, Answer.UNKNOWN, lacking)
    if missing := [test for test in story.tests if test not in at_tip]:
        return Verdict(story.id, Answer.NOT_MET, f"{missing[0]} is not on the default branch")
    if evidence is None:
        return Verdict(story.id, Answer.UNKNOWN, f"no evidence of {phase.name} yet")
    passed = [file for file, tests in evidence.tests.files.items() if tests.passed]
    if not any(is_within(file, test) for test in story.tests for file in passed):
        return Verdict(story.id, Answer.NOT_MET, "none of its tests passed in the last evidence")
    for module in progress(phase, story, evidence.files, story.modules):
        if not module.at_target:
            now = module.ratio if module.ratio is not None else "not measured"
            return Verdict(story.id, Answer.NOT_MET, f"{module.module} {now} of {show_threshold(module.target)}")
    return Verdict(story.id, Answer.MET, "tests merged and passed, modules at target")
