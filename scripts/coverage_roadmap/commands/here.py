"""Where a command stands: the config, the project's repository, and all records that can be had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

from msgspec import Struct, field

from coverage_roadmap.adapters import config_file, git, records, store
from coverage_roadmap.commands.context import Context
from coverage_roadmap.core import forge, period
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.core.period import Period
from coverage_roadmap.core.roadmap import Phase, Roadmap
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError

T = TypeVar("T")
About = TypeVarTuple("About")


class Here(Struct, frozen=True, eq=False):
    """What most commands begin with. What was asked for it is remembered."""

    located: config_file.Located
    repository: git.Repository | None
    records: records.Records
    details: dict[str, Detail | None] = field(default_factory=dict)
    """Those that were read, by the record's id."""
    made: dict[tuple[object, ...], object] = field(default_factory=dict)
    """What was asked for once."""

    def once(self, make: Callable[[Here, *About], T], *about: *About) -> T:
        """What `make` gives for this and for what it is asked about; it is called once."""
        asked = (make, *about)
        if asked not in self.made:
            self.made[asked] = make(self, *about)
        return cast("T", self.made[asked])

    @property
    def roadmap(self) -> Roadmap:
        """The config."""
        return self.located.roadmap

    @property
    def top(self) -> Path:
        """The repository's folder, or else the project's."""
        return self.repository.top if self.repository else self.located.project

    def detail(self, record: Summary) -> Detail | None:
        """The files and tests of a record, which are read once; None where they cannot be had."""
        if record.id not in self.details:
            self.details[record.id] = self.records.detail(record)
        return self.details[record.id]

    def phase(self, name: str) -> Phase:
        """The phase of that name; the running one where the name is empty.

        Raises:
            UsageError: there is none.
        """
        if not name:
            running = self.roadmap.running
            if running is None:
                raise UsageError("every phase is closed", next_step="name one: --phase NAME")
            return running
        by_name = {phase.name: phase for phase in self.roadmap.phases}
        if name == PHASE_ZERO:
            told = f"has neither gate nor exit, and is no step of the roadmap: choose one of {', '.join(by_name)}"
            raise UsageError(told, where=f"--phase {name}")
        if name not in by_name:
            raise UsageError(nearest(name, by_name, "phase"), where=f"--phase {name}")
        return by_name[name]


def look(context: Context) -> Here:
    """Load the config, find the repository and read the records.

    Raises:
        ConfigError: no config, or one with problems.
    """
    return look_by(config_file.load(context.environ, context.folder))


def look_by(located: config_file.Located) -> Here:
    """Find the repository and read the records of a config that is loaded."""
    repository = git.find(located.project)
    cache = store.Store(located.project)
    return Here(located, repository, records.read(cache, repository, located.roadmap.history.branch))


def record_named(here: Here, start: str, option: str) -> Summary:
    """The record whose id begins so; a report names it with its folder.

    Args:
        here: where the command stands.
        start: the id's beginning.
        option: where it was given, for the error.

    Raises:
        UsageError: there is none, or more than one.
    """
    found = only_record(here, start.rstrip("/").rsplit("/", 1)[-1], f"{option} {start}")
    if found is None:
        raise UsageError("names no record", where=f"{option} {start}", next_step="see invoke history")
    return found


def only_record(here: Here, begins: str, where: str) -> Summary | None:
    """The record whose id begins so; None where there is none.

    Raises:
        UsageError: there are several.
    """
    found = here.records.named(begins)
    if len(found) > 1:
        raise UsageError(f"fits {len(found)} records", where=where, next_step="give more of the id")
    return found[0] if found else None


def look_to_edit(context: Context) -> Here:
    """Look, for a command that edits people's files: what a killed one left undone is finished first.

    Raises:
        ConfigError: no config, or one with problems.
        ToolError: a file cannot be written.
    """
    from coverage_roadmap.adapters import edits  # of its imports those who only look need none

    here = look(context)
    finished = edits.finish(here.records.cache, here.top)
    for path in finished:
        context.say(f"{path}: finished the edit that was begun here")
    return look(context) if finished else here


def since_of(since: str, now: datetime, option: str = "--since") -> Period:
    """The period since an age or a date.

    Args:
        since: as it was given.
        now: the present moment.
        option: by which it was given.

    Raises:
        UsageError: it is no age and no past date.
    """
    try:
        return period.of(since, now)
    except ValueError as error:
        raise UsageError(
            "is no age and no date that is past", where=f"{option} {since}", next_step=str(error)
        ) from error


def home_of(context: Context, repository: git.Repository) -> forge.Forge | None:
    """Where the repository can be looked at; None where that is not known."""
    server, slug = (context.environ.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"))
    return forge.of_actions(server, slug) or forge.of_remote(git.setting(repository, "remote.origin.url"))
