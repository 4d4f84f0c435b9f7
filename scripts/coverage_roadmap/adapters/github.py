"""GitHub as a tracker: issues with labels, assignees, milestones and comments; columns by `github_board` or labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from msgspec import UNSET

from coverage_roadmap.adapters import github_answers as answers
from coverage_roadmap.adapters.github_board import Columns
from coverage_roadmap.adapters.github_http import Client
from coverage_roadmap.adapters.github_writing import Writer
from coverage_roadmap.core.board.card import Column
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.operation import Operation
from coverage_roadmap.core.tracker.pulls import Pull
from coverage_roadmap.core.tracker.ticket import Comment, Held, Milestone, Ticket
from coverage_roadmap.errors import TicketError, TrackerError

_PULL_PAGES = 4


class GitHub:
    """One repository.

    Args:
        client: talks with the API.
        repository: `owner/name`.
        project: the number of a Projects v2 board; None for labels.
    """

    def __init__(self, client: Client, repository: str, project: int | None) -> None:
        """Ask nothing yet."""
        self._client, self._repository = client, repository
        self._columns = Columns(client, repository.partition("/")[0], project) if project else None
        self._writer: Writer | None = None
        self._assignable: dict[str, bool] = {}
        self._notes: list[str] = []
        self._lasting: list[str] = []
        """Notes that hold for every reading: it is not asked again about these."""

    @property
    def name(self) -> str:
        """The repository and its host."""
        return f"{self._repository} at {self._client.host.removeprefix('api.')}"

    @property
    def _path(self) -> str:
        return f"/repos/{self._repository}"

    def read(self, owners: Sequence[str]) -> Held:
        """All that concerns us; see `core.tracker.tracker`."""
        issues = self._look("all")
        labels = {one.name for one in self._client.pages(f"{self._path}/labels", answers.Named) if one.name}
        found = list(self._client.pages(f"{self._path}/milestones", answers.Phase, state="all"))
        self._writer = Writer(self._client, self._path, self._columns, self._trusts, issues, found)
        may = [who for who in owners if self._may_be_assigned(who)]
        return Held(
            tickets=tuple(self._tickets(issues)),
            labels=frozenset(labels),
            milestones=tuple(
                Milestone(one.title, tickets.phase_of(one.description or ""), one.number) for one in found
            ),
            assignable=frozenset(may),
            board=self._columns.name if self._columns else "",
            notes=tuple(self._notes),
        )

    def open_tickets(self) -> Sequence[Ticket]:
        """Those with a marker of ours."""
        return self._tickets(self._look("open"))

    def pulls(self) -> Sequence[Pull]:
        """The open pull requests, those that moved last first, as far as there are not too many."""
        owner, _, name = self._repository.partition("/")
        found: list[Pull] = []
        after: str | None = None
        for _ in range(_PULL_PAGES):
            asked = {"owner": owner, "name": name, "after": after}
            told = self._client.graphql(answers.PULLS, asked, answers.Pulls).repository
            if told is None:
                raise TrackerError("is not there, or the token may not read it", where=self.name)
            listed = told.pull_requests
            for node in listed.nodes:
                if node:
                    files = [one.path for one in node.files.nodes if one] if node.files else []
                    found.append(Pull(node.head_ref_name, node.is_draft, node.url, tuple(files)))
            if not listed.page_info.has_next_page:
                break
            after = listed.page_info.end_cursor
        return found

    def comments(self, ticket: Ticket) -> tuple[Comment, ...]:
        """Ours: by their markers, and by who may write here."""
        path = f"{self._path}/issues/{ticket.number}/comments"
        listed = self._client.pages(path, answers.Said)
        said = [one for one in listed if tickets.about_of(one.body) and self._trusts(one)]
        return tuple(Comment(one.id, tickets.about_of(one.body), one.body) for one in said)

    def carry_out(self, operation: Operation) -> None:
        """Do it; what it stands on was read before."""
        if self._writer is None:
            self.read(())
        if self._writer:
            self._writer.carry_out(operation)

    def _look(self, state: str) -> list[answers.Issue]:
        """The repository, its board and its issues, pull requests among them.

        Raises:
            TrackerError: the repository is not there, is archived, or keeps its issues from the token.
        """
        advice = "look at board.repository, and at what the token may do"
        try:
            there = self._client.get(self._path, answers.Repository)
        except TicketError as error:
            told = f"there is no such repository, or the token may not read it: {error.what}"
            raise TrackerError(told, where=self.name, next_step=advice) from None
        if there.full_name.casefold() != self._repository.casefold():
            self._lasting.append(f"{self._repository} is {there.full_name} now: write that to board.repository")
            self._repository = there.full_name
        if there.archived or not there.has_issues:
            told = "is archived: nothing can be written there" if there.archived else "has its issues switched off"
            raise TrackerError(told, where=self.name, next_step="change that there, or name another board.repository")
        if self._columns and (why := self._columns.look()):
            self._lasting.append(f"{self._columns.name}: {why}; columns are labels")
            self._columns = None
        self._notes = list(self._lasting)
        query = {"state": state, "sort": "created", "direction": "asc"}
        found = list(self._client.pages(f"{self._path}/issues", answers.Issue, **query))
        if not found and there.open_issues_count:
            told = f"says that {there.open_issues_count} issues are open, and lists none: the token may not read them"
            raise TrackerError(told, where=self.name, next_step=advice)
        return found

    def _tickets(self, issues: Iterable[answers.Issue]) -> list[Ticket]:
        """Those issues that have a marker of ours and were opened by one who may write here."""
        marked = [one for one in issues if one.pull_request is UNSET and tickets.marks_in(one.body or "")]
        ours = [one for one in marked if self._trusts(one)]
        for one in marked:
            if one not in ours:
                who = one.user.login if one.user else "nobody"
                self._notes.append(f"#{one.number} has a marker of ours, and {who} may not write here: it is not taken")
        places = self._columns.read([one.node_id for one in ours]) if self._columns else {}
        made = []
        for one in ours:
            at = places.get(one.node_id)
            column = "" if at is None else tickets.ARCHIVED if at.archived and at.column != Column.DONE else at.column
            made.append(_ticket(one, column))
        return made

    def _trusts(self, made: answers.Issue | answers.Said) -> bool:
        """Whether it was made by one who may write here. Of some members GitHub keeps silent that they are."""
        return made.trusted or (made.user is not None and self._may_be_assigned(made.user.login))

    def _may_be_assigned(self, who: str) -> bool:
        if who not in self._assignable:
            answer = self._client.call("GET", f"{self._path}/assignees/{quote(who, safe='')}", fine=(404,))
            self._assignable[who] = answer.status != 404
        return self._assignable[who]


def _ticket(issue: answers.Issue, column: str) -> Ticket:
    return Ticket(
        marks=tickets.marks_in(issue.body or ""),
        number=issue.number,
        title=issue.title,
        body=issue.body or "",
        labels=issue.label_names,
        assignees=tuple(one.login for one in issue.assignees or ()),
        milestone=issue.milestone.title if issue.milestone else "",
        is_open=issue.state == "open",
        column=column,
        url=issue.html_url,
    )
