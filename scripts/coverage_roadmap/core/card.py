"""Cards: in which column a story stands, by evidence."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.verdict import Answer, Verdict


class Column(StrEnum):
    """The columns of the board, from left to right."""

    BACKLOG = "Backlog"
    IN_PROGRESS = "In Progress"
    READY_FOR_REVIEW = "Ready for Review"
    DONE = "Done"


class Card(Struct, frozen=True):
    """A story with its column, and the evidence for it."""

    phase: str
    story: Story
    column: Column
    reason: str


def card(phase: Phase, story: Story, done: Verdict, branch: str | None, on_branch: Collection[str]) -> Card:
    """The card of a story.

    Args:
        phase: the story's phase.
        story: the story.
        done: whether the story is done.
        branch: the branch that works on it; None where there is none.
        on_branch: which of the story's tests are on that branch.
    """
    if done.answer is Answer.MET:
        return Card(phase.name, story, Column.DONE, done.reason)
    if branch and set(story.tests) <= set(on_branch):
        return Card(phase.name, story, Column.READY_FOR_REVIEW, f"its tests are on {branch}")
    if branch:
        return Card(phase.name, story, Column.IN_PROGRESS, f"branch {branch}")
    if story.owner and story.design:
        return Card(phase.name, story, Column.IN_PROGRESS, f"{story.owner} has a test design: {story.design}")
    return Card(phase.name, story, Column.BACKLOG, done.reason)
