"""Deltas: what a story brought to its modules."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.measurement import Counts, Detail
from coverage_roadmap.core.percent import Ratio, points_between, show_points
from coverage_roadmap.core.roadmap import Story
from coverage_roadmap.core.selection import is_within


class Delta(Struct, frozen=True):
    """A story's modules, joined, before its tests and now."""

    before: Ratio | None = None
    after: Ratio | None = None
    records: tuple[str, str] = ("", "")
    """Their ids."""
    unknown: str = ""
    """Why there is none; empty where there is one."""

    @property
    def points(self) -> Fraction | None:
        """What the modules' percentage moved by; None where it is unknown."""
        return points_between(self.before, self.after)

    @property
    def lines(self) -> int | None:
        """How many more lines (and branches) are covered; None where that is unknown."""
        return self.after.covered - self.before.covered if self.before and self.after else None

    @property
    def told(self) -> str:
        """The delta, in words."""
        if self.points is None or self.lines is None:
            return f"delta unknown: {self.unknown}"
        moved = f"{show_points(self.points)} points, {self.lines:+d} covered"
        return f"its modules {self.before} % to {self.after} %: {moved}, since {self.records[0]}"


def began(story: Story, detail: Detail) -> bool:
    """Whether one of the story's tests passed in a record."""
    passed = [file for file, tests in detail.tests.files.items() if tests.passed]
    return any(is_within(file, test.split("::")[0]) for test in story.tests for file in passed)


def delta(story: Story, before: tuple[str, Detail] | None, after: tuple[str, Detail] | None) -> Delta:
    """What a story brought.

    Args:
        story: the story.
        before: the last record without its tests: id, and files; None where there is none.
        after: its last evidence.
    """
    if after is None:
        return Delta(unknown="its last evidence cannot be read")
    if not began(story, after[1]):
        return Delta(unknown="none of its tests passed in the last evidence")
    if before is None:
        return Delta(unknown="no record from before its tests")
    old, new = (_modules(story, detail) for _, detail in (before, after))
    if old is None or new is None:
        return Delta(unknown="its modules were not measured in both records")
    return Delta(old, new, (before[0], after[0]))


def _modules(story: Story, detail: Detail) -> Ratio | None:
    """Its modules joined; None where none was measured."""
    counts = [detail.files[module].counts for module in dict.fromkeys(story.modules) if module in detail.files]
    ratio = sum(counts, Counts()).ratio
    return ratio if ratio.total else None
