"""What is read of GitHub's answers; all else in them is passed over."""

from __future__ import annotations

from msgspec import UNSET, Raw, Struct, UnsetType

_WRITERS = ("OWNER", "MEMBER", "COLLABORATOR")


class Repository(Struct):
    """GET /repos/{owner}/{repo}."""

    full_name: str
    archived: bool
    has_issues: bool
    open_issues_count: int


class User(Struct):
    """Who did something."""

    login: str
    type: str


def _may_write(association: str, user: User | None) -> bool:
    return association in ("", *_WRITERS) or (user is not None and user.type == "Bot")


class Named(Struct):
    """A label."""

    name: str | None = None


class Phase(Struct):
    """A milestone."""

    number: int
    title: str
    description: str | None


class Issue(Struct):
    """An issue, or what is also one: a pull request."""

    number: int
    node_id: str
    title: str
    state: str
    html_url: str
    labels: list[str | Named]
    comments: int
    user: User | None
    author_association: str = ""
    assignees: list[User] | None = None
    milestone: Phase | None = None
    body: str | None = None
    pull_request: Raw | UnsetType = UNSET

    @property
    def trusted(self) -> bool:
        """Whether GitHub says at once that its author may write here: anybody can copy our markers."""
        return _may_write(self.author_association, self.user)

    @property
    def label_names(self) -> tuple[str, ...]:
        """Its labels."""
        names = (one if isinstance(one, str) else one.name for one in self.labels)
        return tuple(name for name in names if name)


class Said(Struct):
    """A comment of an issue."""

    id: int
    user: User | None
    author_association: str = ""
    body: str = ""

    @property
    def trusted(self) -> bool:
        """As an issue is."""
        return _may_write(self.author_association, self.user)


class Path(Struct):
    """A file of a pull request."""

    path: str


class Paths(Struct):
    """The files of a pull request."""

    nodes: list[Path | None]


class PullNode(Struct, rename="camel"):
    """A pull request, by GraphQL."""

    head_ref_name: str
    is_draft: bool
    url: str
    files: Paths | None


class Page(Struct, rename="camel"):
    """Where a list goes on."""

    has_next_page: bool
    end_cursor: str | None


class PullList(Struct, rename="camel"):
    """Pull requests."""

    nodes: list[PullNode | None]
    page_info: Page


class PullsOf(Struct, rename="camel"):
    """A repository's."""

    pull_requests: PullList


class Pulls(Struct):
    """The answer to `PULLS`."""

    repository: PullsOf | None


class Pinned(Struct, rename="camel"):
    """The answer to `PIN`."""

    pin_issue: Raw


PULLS = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, first: 50, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      nodes { headRefName isDraft url files(first: 100) { nodes { path } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
PIN = """
mutation($id: ID!) { pinIssue(input: {issueId: $id}) { issue { id } } }
"""
