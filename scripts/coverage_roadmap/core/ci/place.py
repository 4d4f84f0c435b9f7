"""Where a config stands in its repository, and what CI's jobs must know to stand there too."""

from __future__ import annotations

import itertools
import re
from pathlib import PurePosixPath

from msgspec import Struct


class Place(Struct, frozen=True):
    """Where CI's jobs stand. Paths are from the repository's top."""

    config: str
    """The config file."""
    folder: str
    """The folder of the noxfile, in which the jobs work; `.` for the top."""
    project: str
    """The project's folder; `.` for the top."""
    branch: str
    """The default branch."""

    @property
    def slug(self) -> str:
        """What tells this config's files from another's: empty for the config at the top, else its folder's name."""
        folder = PurePosixPath(self.config).parent.as_posix()
        return re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")

    @property
    def name(self) -> str:
        """The same as CI shows it: `coverage`, `coverage-services-api`."""
        return f"coverage-{self.slug}" if self.slug else "coverage"

    @property
    def variable(self) -> str:
        """What `COVERAGE_ROADMAP_CONFIG` must name; empty where the config is found without."""
        beside = PurePosixPath(self.folder) / "pyproject.toml"
        return "" if PurePosixPath(self.config) == beside else relative(self.config, self.folder)

    def from_folder(self, path: str) -> str:
        """A path of the project, from the folder in which the jobs work."""
        return relative((PurePosixPath(self.project) / path).as_posix(), self.folder)

    def from_top(self, path: str) -> str:
        """A path below the folder in which the jobs work, from the repository's top."""
        return (PurePosixPath(self.folder) / path).as_posix()


def relative(path: str, folder: str) -> str:
    """A path from a folder, where both are from the same top."""
    target, start = PurePosixPath(path).parts, PurePosixPath(folder).parts
    pairs = zip(target, start, strict=False)
    same = len([*itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)])
    return PurePosixPath(*[".."] * (len(start) - same), *target[same:]).as_posix()
