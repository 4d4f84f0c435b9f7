"""Work: what is known of the work on a card, from git and from a tracker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from coverage_roadmap.core.branch import Branch
from coverage_roadmap.core.measurement import Kind
from coverage_roadmap.core.roadmap import Story
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.core.text import many

_NAMED = 3
"""So many of a branch's files are named."""


def touched(story: Story, files: Iterable[str]) -> list[str]:
    """Those of the files that are the story's tests or modules, or lie below them."""
    own = paths_of([story])
    return [file for file in files if any(is_within(file, path) for path in own)]


def paths_of(stories: Iterable[Story]) -> list[str]:
    """The files and folders of stories' modules and tests."""
    named = (path for story in stories for path in (*story.modules, *(test.split("::")[0] for test in story.tests)))
    return list(dict.fromkeys(named))


class PullRequest(Struct, frozen=True):
    """An open pull request, as a tracker tells it."""

    branch: str
    """The short name of its branch."""
    draft: bool = False
    url: str = ""
    files: frozenset[str] = frozenset()
    """What it adds or changes, as paths in the project."""

    @property
    def told(self) -> str:
        """What it is, in words."""
        return f"{'a draft' if self.draft else 'an open'} pull request of {self.branch}"


class Tracked(Struct, frozen=True):
    """What a tracker knows of a card; without one nothing is."""

    assignees: tuple[str, ...] = ()
    pull: PullRequest | None = None
    url: str = ""
    """Where its ticket can be looked at."""


NOTHING = Tracked()


class Snippet(Struct, frozen=True):
    """What a branch's own measurement says of a story."""

    record: str
    kind: Kind
    passed: int
    modules: Sequence[ModuleProgress]

    @property
    def told(self) -> str:
        """The figures, in words."""
        figures = ", ".join(f"{m.module} {f'{m.ratio} %' if m.ratio else 'not measured'}" for m in self.modules)
        return f"{figures}; {self.passed} passed in {self.record} ({self.kind})"


class Work(Struct, frozen=True):
    """A branch that works on a story: it has what the default branch has not, by content."""

    branch: Branch
    commit: str
    """Its newest."""
    fits: bool
    """Whether its name fits the board's pattern."""
    ahead: tuple[str, ...] = ()
    """The files by which it does, as paths in the project: the story's where it changes any of these, else all."""
    tests: frozenset[str] = frozenset()
    """Which of the story's tests are on it."""
    untold: str = ""
    """Why it cannot be told what the default branch lacks of it; empty where it can."""
    snippet: Snippet | None = None
    unmeasured: str = ""
    """Why there is no snippet."""

    @property
    def told(self) -> str:
        """Why it counts, in words."""
        more = f" and {many(len(self.ahead) - _NAMED, 'more file')}" if len(self.ahead) > _NAMED else ""
        changes = f"changes {', '.join(self.ahead[:_NAMED])}{more}" if self.ahead else ""
        fits = "fits the pattern" if self.fits else ""
        return f"{self.branch.name} {' and '.join(filter(None, (fits, changes, self.untold)))}"

    def is_ready(self, story: Story, at_tip: Collection[str]) -> bool:
        """Whether all of the story's tests are on it, and it is what brings or changes one of them.

        Args:
            story: the story.
            at_tip: which of the story's tests are at the tip of the default branch.
        """
        brings = any(is_within(path, test.split("::")[0]) for path in self.ahead for test in story.tests)
        new = bool(self.untold) and not set(story.tests) <= set(at_tip)
        return set(story.tests) <= self.tests and (brings or new)


def brings(pull: PullRequest, story: Story, at_tip: Collection[str]) -> bool:
    """Whether a pull request that is no draft has all of the story's tests that the default branch lacks, or changes
    those that are there."""
    changed = {test for test in story.tests if any(is_within(path, test.split("::")[0]) for path in pull.files)}
    return not pull.draft and bool(changed) and set(story.tests) <= changed | set(at_tip)
