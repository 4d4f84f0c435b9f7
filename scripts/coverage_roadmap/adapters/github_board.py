"""Projects v2: the columns of a board of GitHub's. To a token that may not read one it is as if it were not there."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from coverage_roadmap.adapters.github_http import Client, GraphError
from coverage_roadmap.core.board.card import Column
from coverage_roadmap.errors import TicketError, TrackerError

_AT_ONCE = 50
"""So many issues are asked about in one question."""
PROJECT = """
query($owner: String!, $number: Int!) {
  repositoryOwner(login: $owner) {
    ... on ProjectV2Owner {
      projectV2(number: $number) {
        id
        closed
        viewerCanUpdate
        field(name: "Status") { ... on ProjectV2SingleSelectField { id options { id name } } }
      }
    }
  }
}
"""
ITEMS = """
query($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      id
      projectItems(first: 50, includeArchived: true) {
        totalCount
        nodes {
          id
          isArchived
          project { id }
          fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
        }
      }
    }
  }
}
"""
ADD = """
mutation($project: ID!, $issue: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $issue}) { item { id } }
}
"""
MOVE = """
mutation($project: ID!, $item: ID!, $field: ID!, $option: String!) {
  updateProjectV2ItemFieldValue(
    input: {projectId: $project, itemId: $item, fieldId: $field, value: {singleSelectOptionId: $option}}
  ) { projectV2Item { id } }
}
"""


class _Option(Struct):
    id: str
    name: str


class _Field(Struct):
    id: str = ""
    options: list[_Option] = []


class Project(Struct, rename="camel"):
    """A board."""

    id: str
    closed: bool
    viewer_can_update: bool
    field: _Field | None


class _Owner(Struct, rename={"project": "projectV2"}):
    project: Project | None = None


class _Found(Struct, rename="camel"):
    repository_owner: _Owner | None


class _Id(Struct):
    id: str


class _Value(Struct):
    name: str | None = None


class _Item(Struct, rename="camel"):
    id: str
    is_archived: bool
    project: _Id
    field_value_by_name: _Value | None


class _Items(Struct, rename="camel"):
    total_count: int
    nodes: list[_Item | None] | None


class _Issue(Struct, rename="camel"):
    id: str = ""
    project_items: _Items | UnsetType = UNSET


class _Nodes(Struct):
    nodes: list[_Issue | None]


class _Added(Struct):
    item: _Id | None


class _Adding(Struct, rename={"added": "addProjectV2ItemById"}):
    added: _Added | None


class _Moving(Struct, rename={"moved": "updateProjectV2ItemFieldValue"}):
    moved: object


class Standing(Struct, frozen=True):
    """Where an issue stands on a board."""

    item: str
    column: str
    archived: bool


class Columns:
    """The columns of one project.

    Args:
        client: talks with the API.
        owner: the repository's.
        number: the project's.
    """

    def __init__(self, client: Client, owner: str, number: int) -> None:
        """Ask nothing yet."""
        self._client, self._owner, self._number = client, owner, number
        self._project: Project | None = None
        self._items: dict[str, Standing] = {}

    @property
    def name(self) -> str:
        """For people, and for what a ticket keeps."""
        return f"project {self._number}"

    def look(self) -> str:
        """Find the project. Returns why the token cannot write its columns; empty where it can.

        Raises:
            TrackerError: there is none, or none that the token may read.
        """
        where = f"{self._client.host} {self.name} of {self._owner}"
        advice = "give the token the permission to read and write projects, or take board.project out of the config"
        try:
            found = self._client.graphql(PROJECT, {"owner": self._owner, "number": self._number}, _Found)
        except GraphError as error:
            raise TrackerError(
                f"is not there, or the token may not read it: {error.what}", where=where, next_step=advice
            ) from None
        project = found.repository_owner.project if found.repository_owner else None
        if project is None:
            raise TrackerError("is not there, or the token may not read it", where=where, next_step=advice)
        self._project = project
        names = {one.name.casefold() for one in project.field.options} if project.field else set()
        if lacking := [column for column in Column if column.casefold() not in names]:
            return f"its field Status has no {', '.join(lacking)}"
        if project.closed:
            return "it is closed"
        return "" if project.viewer_can_update else "the token may not write it"

    def read(self, issues: Sequence[str]) -> dict[str, Standing]:
        """Where issues stand, by their node ids; what is not on the board is not there.

        Raises:
            TrackerError: an issue is on boards of which the answer keeps silent.
        """
        project = self._known()
        for start in range(0, len(issues), _AT_ONCE):
            some = list(issues[start : start + _AT_ONCE])
            for issue in self._client.graphql(ITEMS, {"ids": some}, _Nodes).nodes:
                if issue is None or isinstance(issue.project_items, UnsetType):
                    continue
                items = [one for one in issue.project_items.nodes or () if one]
                own = next((one for one in items if one.project.id == project.id), None)
                if own:
                    column = own.field_value_by_name.name if own.field_value_by_name else None
                    self._items[issue.id] = Standing(own.id, column or "", own.is_archived)
                elif len(items) < min(issue.project_items.total_count, _AT_ONCE):
                    told = "some items of projects are kept from the token, so that none can be told from not there"
                    raise TrackerError(
                        told, where=self.name, next_step="give the token the permission to read projects"
                    )
        return self._items

    def move(self, issue: str, column: str) -> None:
        """Put an issue onto the board, into a column.

        Raises:
            TicketError: that is refused.
        """
        project = self._known()
        option = next(one for one in _options(project) if one.name.casefold() == column.casefold())
        try:
            item = self._items[issue].item if issue in self._items else self._add(project, issue)
            ids = {"project": project.id, "item": item, "field": project.field.id if project.field else ""}
            self._client.graphql(MOVE, {**ids, "option": option.id}, _Moving)
        except GraphError as error:
            raise TicketError(error.what, where=self.name) from None

    def _add(self, project: Project, issue: str) -> str:
        added = self._client.graphql(ADD, {"project": project.id, "issue": issue}, _Adding).added
        if added is None or added.item is None:
            raise TicketError("took no item", where=self.name)
        return added.item.id

    def _known(self) -> Project:
        if self._project is None:
            self.look()
        assert self._project is not None  # noqa: S101 - look raises where there is none
        return self._project


def _options(project: Project) -> list[_Option]:
    return project.field.options if project.field else []
