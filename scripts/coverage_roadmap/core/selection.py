"""The selection: the tests a run is meant to run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct

from coverage_roadmap.core.roadmap import Phase, Roadmap, Story

PHASE_ZERO = "phase0"


class Selection(Struct, frozen=True):
    """Tests to run and tests to leave out, as paths in the project or node ids."""

    tests: tuple[str, ...]
    exclude: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The same for the same tests in any order; 12 hex digits."""
        import hashlib
        import json  # whoever plans imports this module, and only records are known by a hash

        text = json.dumps([sorted(self.tests), sorted(self.exclude)])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def remaining(self) -> list[str]:
        """The tests less those that an excluded path holds; pytest would run a path that is named even if ignored."""
        return [test for test in self.tests if not any(is_within(test, path) for path in self.ignored)]

    @property
    def ignored(self) -> list[str]:
        """The excluded files and folders; excluded node ids are deselected."""
        return [e for e in self.exclude if "::" not in e]

    def arguments(self) -> list[str]:
        """Pytest's own words for the selection; for node ids their files, since an id that is not there ends pytest."""
        words = [f"--deselect={e}" if "::" in e else f"--ignore={e}" for e in self.exclude]
        return [*words, *dict.fromkeys(test.split("::")[0] for test in self.remaining)]

    @property
    def only(self) -> list[str]:
        """The tests, where some are node ids: the other tests of their files do not run."""
        return list(self.tests) if any("::" in test for test in self.tests) else []

    def absent(self, collected: Iterable[str]) -> list[str]:
        """The node ids of the selection that name none of the tests that were collected."""
        ids = list(collected)
        return [test for test in self.tests if "::" in test and not any(names(test, one) for one in ids)]


def names(node: str, test: str) -> bool:
    """Whether a node id names a test: it is it, or a class or a parametrised test that it belongs to."""
    return test == node or test.startswith((f"{node}::", f"{node}["))


def is_within(path: str, folder: str) -> bool:
    """Whether `path` (or the file of a node id) is `folder` or lies below it. Both relative to the project."""
    return PurePosixPath(path.split("::")[0]).is_relative_to(PurePosixPath(folder))


def of_phase(roadmap: Roadmap, phase: Phase) -> Selection:
    """The tests of the roadmap less the top `exclude` and the phase's own."""
    return Selection(tuple(roadmap.tests), tuple(dict.fromkeys([*roadmap.exclude, *phase.exclude])))


def of_phase_zero(roadmap: Roadmap) -> Selection:
    """The tests of the roadmap less every story's tests."""
    stories = [test for _, story in roadmap.stories() for test in story.tests]
    return Selection(tuple(roadmap.tests), tuple(dict.fromkeys([*roadmap.exclude, *stories])))


def of_story(roadmap: Roadmap, story: Story) -> Selection:
    """A story's own tests."""
    return Selection(tuple(story.tests), tuple(roadmap.exclude))


def outside(selection: Selection) -> list[str]:
    """Excludes that can exclude nothing, since they lie outside of all tests of the selection."""
    return [e for e in selection.exclude if not any(is_within(e, t) or is_within(t, e) for t in selection.tests)]
