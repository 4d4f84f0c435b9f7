"""The one config, `[tool.coverage-roadmap]`, as types with descriptions: its reference page and schema come of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, field

from coverage_roadmap.core.ci.table import Ci
from coverage_roadmap.core.percent import Percent, show_threshold
from coverage_roadmap.core.table import Python, Table, form

T = TypeVar("T")
Slug = Annotated[str, form(r"[a-z0-9][a-z0-9-]*", longest=80)]
RuleId = Annotated[str, form(r"[A-Z]{1,20}[0-9]{3}")]
OneOrMore = Annotated[list[str], Meta(min_length=1)]
Points = Percent


def build(kind: type[T], value: object) -> T:
    """Make a value of the config's types out of what TOML holds, strictly: nothing is turned into another type.

    Raises:
        ValueError: it is not of that type; of several problems the first.
    """
    try:
        return msgspec.convert(value, kind, builtin_types=(date,), dec_hook=_read)
    except msgspec.ValidationError as refused:  # no ValueError before msgspec 0.21
        raise ValueError(str(refused)) from refused


def _read(kind: type[Any], value: object) -> Any:
    return kind.read(value)


class Story(Table, frozen=True, kw_only=True):
    """A piece of test work: modules, the tests that cover them, an owner, a target."""

    id: Slug
    """The story's name, unique in the roadmap."""
    modules: OneOrMore
    """The modules that the story covers, as paths in the project."""
    tests: OneOrMore
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


class Green(Table, frozen=True, kw_only=True, tag_field="criterion", tag="green"):
    """A full run, local or CI, without failure or error; no other leg failed on the same measured tree."""


class Coverage(Table, frozen=True, kw_only=True, tag_field="criterion", tag="coverage"):
    """The total is at least `at-least`, sustained over so many measured trees and days."""

    at_least: Percent
    """The total that is to be reached. Percent."""
    sustained_runs: Annotated[int, Meta(ge=1, le=20)] = 1
    """Over how many of the newest measured trees."""
    sustained_days: Annotated[int, Meta(ge=0, le=365)] = 0
    """Over how many days these must span. Days."""


class Threshold(Table, frozen=True, kw_only=True, tag_field="criterion", tag="threshold"):
    """Each site of the threshold demands at least `at-least`."""

    at_least: Percent
    """What each site is to demand. Percent."""


class BoardClosed(Table, frozen=True, kw_only=True, tag_field="criterion", tag="board-closed"):
    """Each of the stories is done."""

    stories: Annotated[list[Slug], Meta(min_length=1)]
    """Ids of stories of this roadmap."""


class DocumentedInPr(Table, frozen=True, kw_only=True, tag_field="criterion", tag="documented-in-pr"):
    """A recorded pull request summary names each of the stories."""

    stories: Annotated[list[Slug], Meta(min_length=1)]
    """Ids of stories of this roadmap."""


Criterion = Green | Coverage | Threshold | BoardClosed | DocumentedInPr


class Closed(Table, frozen=True, kw_only=True):
    """When and on what evidence a phase was closed; written by `invoke close`."""

    on: date
    """The day."""
    commit: Annotated[str, form(r"[0-9a-f]{40,64}")]
    """The commit that was measured."""
    record: str
    """The record's id."""


class Phase(Table, frozen=True, kw_only=True):
    """A step up: a fail-under, stories, exit criteria."""

    name: Annotated[str, form(r"[a-z][a-z0-9_]*", longest=40)]
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


class History(Table, frozen=True, kw_only=True):
    """Where the durable history is kept."""

    branch: Annotated[str, form(r"[A-Za-z0-9][A-Za-z0-9._/-]*", longest=100)] = "coverage-history"
    """The orphan branch of the project's git repository."""


class Board(Table, frozen=True, kw_only=True):
    """How the board is derived."""

    tracker: Literal["none", "github", "file"] = "none"
    """The team's tracker: issues on GitHub, or a Markdown file."""
    repository: Annotated[str, form(r"([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+)?", longest=200)] = ""
    """The repository on GitHub that has the issues, such as `acme/shop`; by default what the remote `origin` names."""
    api: Annotated[str, form(r"(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?)?", longest=200)] = ""
    """The address of the API, such as `https://github.example.com/api/v3`; by default that of the remote's host."""
    project: Annotated[int, Meta(ge=1)] | None = None
    """The number of the owner's Projects v2 board whose field Status has the columns; by default these are labels."""
    file: str = "coverage-tickets.md"
    """The Markdown file of `tracker = "file"`."""
    branch_pattern: Annotated[str, form(r".*\{story\}.*", longest=200)] = "coverage/{story}"
    """How branches are named that work on a story; `{story}` stands for its id."""


class Waiver(Table, frozen=True, kw_only=True):
    """A recorded, owned, expiring permission to lower something."""

    what: str
    """What is lowered: a floor by its file's path, `threshold`, a phase with its criterion, or a part of the scope:
    `scope src/old/*`, `scope branch`, `scope` with `source`, `include`, `exclude`, `partial`, `tests` and a value."""
    from_: Percent | None = field(default=None, name="from")
    """From what. Percent."""
    to: Percent | None = None
    """To what. Percent."""
    hides: Annotated[int, Meta(ge=0)] | None = None
    """How many statements a part of the scope may hide; `invoke waive` writes how many it hides now. `scope branch`
    and `scope tests` hide none: the one is a switch, and tests that are lost besides are found by their counts."""
    reason: Annotated[str, Meta(min_length=1)]
    """Why."""
    owner: Annotated[str, Meta(min_length=1)]
    """Who answers for it."""
    until: date
    """The day on which it ends."""


class Ignore(Table, frozen=True, kw_only=True):
    """Files that rules of `check` pass over. Scope, floors and evidence are judged in every file."""

    path: Annotated[str, Meta(min_length=1)]
    """A pattern of paths in the project, such as `vendored/*`."""
    reason: Annotated[str, Meta(min_length=1)]
    """Why."""
    rules: list[RuleId] = []
    """The rules that pass over them; by default all that may."""


class Check(Table, frozen=True, kw_only=True):
    """How `check` judges."""

    severity: dict[RuleId, Literal["error", "warning", "off"]] = {}
    """By rule, such as `TEST002 = "warning"`. Scope, floors and evidence keep theirs: only a waiver permits them."""
    ignore: list[Ignore] = []
    """Files that are passed over, with the reasons."""


class Roadmap(Table, frozen=True, kw_only=True):
    """The whole config: a project, its gate, its phases, its board."""

    project: str = "."
    """The project's folder, relative to the config file. All other paths are relative to it."""
    source: OneOrMore = field(default_factory=lambda: ["src"])
    """The folders that are measured."""
    tests: OneOrMore = field(default_factory=lambda: ["tests"])
    """The tests: folders or files."""
    exclude: list[str] = []
    """Tests that no phase runs: paths or node ids."""
    requirements: list[str] = []
    """Requirements files for the sessions' environments."""
    install: list[str] = []
    """Further arguments of the installer, such as `["-e", ".[test]"]`."""
    env: dict[str, str] = {}
    """Environment variables of the test run; not `COVERAGE_RCFILE` and `PYTEST_ADDOPTS`, whose words belong into
    `pytest-args`."""
    pytest_args: list[str] = []
    """Further arguments of every phase's pytest."""
    timeout: Annotated[float, Meta(gt=0, le=86_400)] = 600
    """The limit of a whole phase run. Seconds."""
    test_timeout: Annotated[float, Meta(ge=0, le=86_400)] = 60
    """The limit of one test; 0 leaves it to the project's own settings. Seconds."""
    workers: Literal["auto"] | Annotated[int, Meta(ge=1, le=64)] = "auto"
    """The number of pytest workers; `auto` takes what was measured to pay."""
    python: Python | None = None
    """The canonical leg: the only Python that is evidence. By default the first of `matrix`, else any."""
    matrix: list[Python] = []
    """The Pythons that CI runs."""
    threshold: Percent = Percent(0)
    """The coverage that CI demands now. Percent."""
    headroom: Points = Percent("0.5")
    """What an automatic bump leaves between measurement and threshold. Points."""
    dip_below: Percent = Percent(50)
    """Below this a file has dipped. Percent."""
    default_branch: str = ""
    """By default what origin/HEAD names, else main, else master."""
    history: History = History()
    """The durable history."""
    board: Board = Board()
    """The board."""
    ci: Ci = Ci()
    """CI's jobs and workflows."""
    check: Check = Check()
    """The check."""
    phases: Annotated[list[Phase], Meta(min_length=1)]
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

    @property
    def current(self) -> Phase:
        """The running phase, or the last one where all are closed."""
        return self.running or self.phases[-1]

    def stories(self) -> list[tuple[Phase, Story]]:
        """Every story with its phase, in the roadmap's order."""
        return [(phase, story) for phase in self.phases for story in phase.stories]
