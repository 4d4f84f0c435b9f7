"""Writes to GitHub, one operation at a time.

Two mirrors at once are kept apart as far as GitHub lets us: before an issue is opened, those opened since we read are
looked through for its marker. Between that look and the opening another may still open one: then the next run takes
the older and tells of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

from msgspec import UNSET
from msgspec.structs import replace

from coverage_roadmap.adapters import github_answers as answers
from coverage_roadmap.adapters.connection import Answer
from coverage_roadmap.adapters.github_board import Columns
from coverage_roadmap.adapters.github_http import Client, GraphError, UncertainError
from coverage_roadmap.core.tracker import operation as op
from coverage_roadmap.core.tracker import ticket as tickets
from coverage_roadmap.core.tracker.ticket import COLUMN_LABELS, column_label, has
from coverage_roadmap.errors import TicketError

_COLOURS = {"board": "bfd4f2", "coverage": "0e8a16", "module": "d4c5f9"}
_TRIES = 3


class Writer:
    """Carries out operations.

    Args:
        client: talks with the API.
        path: of the repository in it.
        columns: of the board; None where columns are labels.
        trusts: whether something was made by one who may write here.
        issues: all that were read.
        milestones: likewise.
    """

    def __init__(
        self,
        client: Client,
        path: str,
        columns: Columns | None,
        trusts: Callable[[answers.Issue | answers.Said], bool],
        issues: Iterable[answers.Issue],
        milestones: Iterable[answers.Phase],
    ) -> None:
        """Write nothing yet."""
        self._client, self._path, self._columns, self._trusts = client, path, columns, trusts
        self._issues = {one.number: one for one in issues}
        self._newest = max(self._issues, default=0)
        self._milestones = {one.title: one.number for one in milestones}
        self._seen: dict[str, int] = {}
        """The issues that were opened since we read, by their marks."""

    def carry_out(self, operation: op.Operation) -> None:
        """Do it; see `core.tracker.tracker`."""
        match operation:
            case op.MakeLabel():
                self._make_label(operation.name)
            case op.MakeMilestone():
                self._make_milestone(operation)
            case op.Create():
                self._once(lambda: self._create(operation), lambda: self._meanwhile(operation.mark))
            case _:
                number = operation.number or self._seen.get(operation.mark, 0)
                if not number:
                    raise TicketError("was not opened", where=operation.mark)
                self._change(number, operation)

    def _change(self, number: int, operation: op.Change) -> None:
        issue = f"{self._path}/issues/{number}"
        match operation:
            case op.Retitle(title=title):
                self._patch(number, title=title)
            case op.Write(body=body):
                self._write(number, body)
            case op.Label(labels=labels):
                answer = self._client.call("POST", f"{issue}/labels", {"labels": list(labels)})
                there = [one.name or "" for one in self._client.decode(answer, list[answers.Named])]
                _taken(issue, labels, there)
            case op.Unlabel(labels=labels):
                self._unlabel(issue, labels)
            case op.Assign(who=who):
                answer = self._client.call("POST", f"{issue}/assignees", {"assignees": [who]})
                took = self._client.decode(answer, answers.Issue).assignees or []
                _taken(issue, [who], [one.login for one in took])
            case op.Unassign(who=who):
                self._client.call("DELETE", f"{issue}/assignees", {"assignees": [who]})
            case op.SetMilestone(milestone=milestone):
                self._patch(number, milestone=self._milestone(milestone))
            case op.Move(column=column):
                self._move(number, column)
            case op.Say(about=about, body=body):
                say = f"{issue}/comments"
                self._once(
                    lambda: self._client.call("POST", say, {"body": body}, again=False), lambda: self._said(say, about)
                )
            case op.Reword(comment=comment, body=body):
                self._client.call("PATCH", f"{self._path}/issues/comments/{comment}", {"body": body})
            case op.Close():
                self._patch(number, state="closed", state_reason="completed")
            case op.Reopen():
                self._patch(number, state="open", state_reason="reopened")
            case _:
                self._pin(number)

    def _once(self, send: Callable[[], object], there: Callable[[], object]) -> None:
        """Do what must not be done twice: where an answer is lost, look whether it was done."""
        for tried in count(1):
            if there():
                return
            try:
                send()
            except UncertainError:
                if tried == _TRIES:
                    raise
                self._client.rest(tried)
            else:
                return

    def _create(self, operation: op.Create) -> None:
        wanted: dict[str, Any] = {
            "title": operation.title,
            "body": operation.body,
            "labels": list(operation.labels),
            "assignees": list(operation.assignees),
        }
        if operation.milestone:
            wanted["milestone"] = self._milestone(operation.milestone)
        answer = self._client.call("POST", f"{self._path}/issues", wanted, again=False)
        issue = self._client.decode(answer, answers.Issue)
        self._issues[issue.number] = issue
        self._seen[operation.mark] = issue.number
        _taken(f"{self._path}/issues/{issue.number}", operation.labels, issue.label_names)

    def _meanwhile(self, mark: str) -> int:
        """The number of an issue with this mark that was opened since we looked last; 0 where there is none."""
        newest = self._newest
        query = {"state": "all", "sort": "created", "direction": "desc"}
        for issue in self._client.pages(f"{self._path}/issues", answers.Issue, **query):
            if issue.number <= self._newest:
                break
            newest = max(newest, issue.number)
            marks = tickets.marks_in(issue.body or "") if issue.pull_request is UNSET else ()
            if marks and issue.number not in self._issues and self._trusts(issue):
                self._issues[issue.number] = issue
                for found in marks:
                    self._seen[found] = min(self._seen.get(found, issue.number), issue.number)
        self._newest = newest
        return self._seen.get(mark, 0)

    def _said(self, path: str, about: str) -> bool:
        listed = self._client.pages(path, answers.Said)
        return any(tickets.about_of(one.body) == about and self._trusts(one) for one in listed)

    def _patch(self, number: int, **values: Any) -> Answer:
        return self._client.call("PATCH", f"{self._path}/issues/{number}", values)

    def _write(self, number: int, body: str) -> None:
        """Write a body, unless a person wrote in it since we read it."""
        path = f"{self._path}/issues/{number}"
        known, now = self._issues[number], self._client.get(path, answers.Issue)
        if now.html_url != known.html_url:
            raise TicketError(f"was transferred to {now.html_url}", where=path)
        if (now.body or "") != (known.body or ""):
            raise TicketError("its text was changed while we worked: run it again", where=path)
        self._patch(number, body=body)
        self._issues[number] = replace(known, body=body)

    def _unlabel(self, issue: str, labels: Iterable[str]) -> None:
        for name in labels:
            self._client.call("DELETE", f"{issue}/labels/{quote(name, safe='')}", fine=(404,))

    def _move(self, number: int, column: str) -> None:
        known = self._issues[number]
        if self._columns:
            self._columns.move(known.node_id, column)
            return
        issue, wanted = f"{self._path}/issues/{number}", column_label(column)
        self._client.call("POST", f"{issue}/labels", {"labels": [wanted]})
        others = [name for name in COLUMN_LABELS if name != wanted and has(known.label_names, name)]
        self._unlabel(issue, others)

    def _make_label(self, name: str) -> None:
        colour = _COLOURS.get(name.partition(":")[0].partition("-")[0], "ededed")
        wanted = {"name": name, "color": colour, "description": "by coverage-roadmap"}
        answer = self._client.call("POST", f"{self._path}/labels", wanted, fine=(422,))
        if answer.status == 422 and "already_exists" not in answer.message:
            raise TicketError(answer.message, where=f"label {name}")

    def _make_milestone(self, operation: op.MakeMilestone) -> None:
        path = f"{self._path}/milestones"
        wanted = {"title": operation.title, "description": tickets.phase_text(operation.mark)}

        def send() -> None:
            answer = self._client.call("POST", path, wanted, again=False)
            self._milestones[operation.title] = self._client.decode(answer, answers.Phase).number

        def there() -> bool:
            if operation.title not in self._milestones:
                listed = self._client.pages(path, answers.Phase, state="all")
                self._milestones |= {one.title: one.number for one in listed}
            return operation.title in self._milestones

        self._once(send, there)

    def _milestone(self, title: str) -> int:
        if title not in self._milestones:
            raise TicketError("there is no such milestone", where=title)
        return self._milestones[title]

    def _pin(self, number: int) -> None:
        try:
            self._client.graphql(answers.PIN, {"id": self._issues[number].node_id}, answers.Pinned)
        except GraphError as error:
            if "already pinned" not in error.what.lower():
                raise TicketError(f"is not pinned: {error.what}", where=f"#{number}") from None


def _taken(where: str, wanted: Sequence[str], there: Iterable[str]) -> None:
    """GitHub passes over without a word what a token may not set."""
    there = list(there)
    if lost := [name for name in wanted if not has(there, name)]:
        raise TicketError(f"{', '.join(lost)} was not taken: the token may not set it", where=where)
