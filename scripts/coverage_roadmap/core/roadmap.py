"""The roadmap: the one config, `[tool.coverage-roadmap]`, as types.

Every key has its description and its default here; the reference page and the JSON Schema are generated from it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coverage_roadmap.core.percent import show_threshold

Python = Annotated[str, Field(pattern=r"^3\.(9|[1-9][0-9])$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]


def _exact(value: Any) -> Any:
    """Take TOML's numbers as exact decimals; leave the rest for the type to refuse."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Percent = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100, allow_inf_nan=False, decimal_places=6)]
Points = Percent


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Table(BaseModel):
    """What all tables of the config share: strict types, kebab-case keys, no unknown key."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=_kebab,
        populate_by_name=False,
        use_attribute_docstrings=True,
    )


class Story(Table):
    """A piece of test work: modules, the tests that cover them, an owner, a target."""

    id: Slug
    """The story's name, unique in the roadmap."""
    modules: list[str] = Field(min_length=1)
    """The modules that the story covers, as paths in the project."""
    tests: list[str] = Field(min_length=1)
    """The tests that cover them: files, folders or node ids. They need not exist yet."""
    target: Percent | None = None
    """The coverage that each module is to reach; by default the phase's fail-under. Percent."""
    owner: str = ""
    """Who has taken the story."""
    design: str = ""
    """A link to the test design."""
    fixtures: list[str] = []
    """Fixtures to reuse."""
    scenarios: list[str] = []
    """What the tests are to show."""
    requires: list[str] = []
    """Distributions that the tests need, by their names on the package index."""


class Green(Table):
    """A full run, local or CI, without failure or error."""

    criterion: Literal["green"]


class Coverage(Table):
    """The total is at least `at-least`, sustained over so many measured trees and days."""

    criterion: Literal["coverage"]
    at_least: Percent
    """The total that is to be reached. Percent."""
    sustained_runs: int = Field(default=1, ge=1, le=20)
    """Over how many of the newest measured trees."""
    sustained_days: int = Field(default=0, ge=0, le=365)
    """Over how many days these must span. Days."""


class Threshold(Table):
    """Each site of the threshold demands at least `at-least`."""

    criterion: Literal["threshold"]
    at_least: Percent
    """What each site is to demand. Percent."""


class BoardClosed(Table):
    """Each of the stories is done."""

    criterion: Literal["board-closed"]
    stories: list[Slug] = Field(min_length=1)
    """Ids of stories of this roadmap."""


class DocumentedInPr(Table):
    """A recorded pull request summary names each of the stories."""

    criterion: Literal["documented-in-pr"]
    stories: list[Slug] = Field(min_length=1)
    """Ids of stories of this roadmap."""


Criterion = Annotated[Green | Coverage | Threshold | BoardClosed | DocumentedInPr, Field(discriminator="criterion")]


class Closed(Table):
    """When and on what evidence a phase was closed; written by `invoke close`."""

    on: date
    """The day."""
    commit: str = Field(pattern=r"^[0-9a-f]{40,64}$")
    """The commit that was measured."""
    record: str
    """The record's id."""


class Phase(Table):
    """A step up: a fail-under, stories, exit criteria."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    """The session's name: `nox -s <name>`."""
    title: str = ""
    """What `nox -l` shows."""
    fail_under: Percent
    """The coverage below which a run of the phase fails. Percent."""
    label: str = ""
    """The label of the phase's cards."""
    exclude: list[str] = []
    """Tests that the phase does not run, beside the roadmap's own: paths or node ids."""
    exit: list[Criterion] = []
    """The exit criteria."""
    stories: list[Story] = []
    """The phase's pieces of test work."""
    closed: Closed | None = None
    """Written by `invoke close`."""

    def target_of(self, story: Story) -> Decimal:
        """The coverage that each module of `story` is to reach. Percent."""
        return self.fail_under if story.target is None else story.target

    def heading(self) -> str:
        """The title, else one made from the fail-under."""
        return self.title or f"Raise to {show_threshold(self.fail_under)} %"


class History(Table):
    """Where the durable history is kept."""

    branch: str = Field(default="coverage-history", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=100)
    """The orphan branch of the project's git repository."""


class Board(Table):
    """How the board is derived."""

    tracker: Literal["none", "github"] = "none"
    """The team's tracker."""
    branch_pattern: str = "coverage/{story}"
    """How branches are named that work on a story."""


class Waiver(Table):
    """A recorded, owned, expiring permission to lower something."""

    what: str
    """What is lowered: a file's floor, `threshold`, a criterion, `scope`."""
    from_: Percent | None = Field(default=None, alias="from")
    """From what. Percent."""
    to: Percent | None = None
    """To what. Percent."""
    reason: str = Field(min_length=1)
    """Why."""
    owner: str = Field(min_length=1)
    """Who answers for it."""
    until: date
    """The day on which it ends."""


class Roadmap(Table):
    """The whole config: a project, its gate, its phases, its board."""

    project: str = "."
    """The project's folder, relative to the config file. All other paths are relative to it."""
    source: list[str] = Field(default=["src"], min_length=1)
    """The folders that are measured."""
    tests: list[str] = Field(default=["tests"], min_length=1)
    """The tests: folders or files."""
    exclude: list[str] = []
    """Tests that no phase runs: paths or node ids."""
    requirements: list[str] = []
    """Requirements files for the sessions' environments."""
    install: list[str] = []
    """Further arguments of the installer, such as `["-e", ".[test]"]`."""
    env: dict[str, str] = {}
    """Environment variables of the test run."""
    pytest_args: list[str] = []
    """Further arguments of every phase's pytest."""
    timeout: float = Field(default=600, gt=0, le=86_400)
    """The limit of a whole phase run. Seconds."""
    test_timeout: float = Field(default=60, ge=0, le=86_400)
    """The limit of one test; 0 leaves it to the project's own settings. Seconds."""
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=64)] = "auto"
    """The number of pytest workers; `auto` takes what was measured to pay."""
    python: Python | None = None
    """The canonical leg: the only Python that is evidence. By default the first of `matrix`, else any."""
    matrix: list[Python] = []
    """The Pythons that CI runs."""
    threshold: Percent = Decimal(0)
    """The coverage that CI demands now. Percent."""
    headroom: Points = Decimal("0.5")
    """What an automatic bump leaves between measurement and threshold. Points."""
    dip_below: Percent = Decimal(50)
    """Below this a file has dipped. Percent."""
    default_branch: str = ""
    """By default what origin/HEAD names, else main, else master."""
    history: History = History()
    """The durable history."""
    board: Board = Board()
    """The board."""
    phases: list[Phase] = Field(min_length=1)
    """The steps, from low to high."""
    waivers: list[Waiver] = []
    """Permissions to lower something."""

    @property
    def canonical(self) -> str | None:
        """The Python that is evidence, such as 3.11; None where the config names none, and any is."""
        return self.python or (self.matrix[0] if self.matrix else None)

    @property
    def running(self) -> Phase | None:
        """The first phase that is not closed; None where all are."""
        return next((phase for phase in self.phases if phase.closed is None), None)

    def stories(self) -> list[tuple[Phase, Story]]:
        """Every story with its phase, in the roadmap's order."""
        return [(phase, story) for phase in self.phases for story in phase.stories]
