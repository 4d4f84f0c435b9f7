"""A GitHub of our own on loopback: it holds state, and answers as GitHub does where the mirror asks."""

import re
import threading
from dataclasses import dataclass, field
from urllib.parse import unquote

from .graph import Graph

COLUMNS = ("Backlog", "In Progress", "Ready for Review", "Done")
WHEN = "2026-11-01T10:00:00Z"
TOKEN = "ghp_never-to-be-shown-5f2c"


@dataclass
class Exchange:
    """One question and its answer."""

    method: str
    path: str
    query: dict
    body: object
    status: int
    answer: object


@dataclass
class Fault:
    """What happens instead of the answer, or beside it: once, to the first question that fits."""

    fits: str
    status: int = 0
    headers: dict = field(default_factory=dict)
    body: object = None
    drop: str = ""
    """`before` or `after` it is done."""
    slow: float = 0
    times: int = 1


def user(login, kind="User"):
    return {"login": login, "id": 1, "type": kind}


class Hub(Graph):
    """The state of one repository, its board and its people."""

    def __init__(self):
        self.repository = {"full_name": "acme/shop", "archived": False, "has_issues": True}
        self.issues, self.comments, self.labels, self.milestones = {}, {}, {}, []
        self.collaborators, self.me, self.members = {"anna", "bob", "Carl"}, user("robot"), {"robot", "anna", "bob"}
        self.project, self.items, self.pulls, self.pinned = None, {}, [], []
        self.log, self.faults, self.token, self.per_page = [], [], TOKEN, 100
        self.moved_to, self.numbers, self.lock = "", 0, threading.RLock()
        self.judge = self.cut = None
        self.hidden = False

    # what people do

    def open(self, title, body="", who="anna", **given):
        """An issue of a person's."""
        issue = self._issue({"title": title, "body": body}, user(who))
        issue.update(given)
        return issue

    def board(self, columns=COLUMNS, *, writable=True, closed=False, readable=True):
        """A Projects v2 board."""
        options = [{"id": f"option-{n}", "name": name} for n, name in enumerate(columns)]
        self.project = {
            "id": "PVT_1",
            "closed": closed,
            "viewerCanUpdate": writable,
            "field": {"id": "FIELD_1", "options": options},
        }
        self.readable = readable

    def column(self, number):
        """Where an issue stands on the board."""
        item = self.items.get(self.issues[number]["node_id"])
        return item and item["column"]

    def marked(self, key):
        """The issues of a card."""
        return [one for one in self.issues.values() if f"<!-- coverage-roadmap: card {key} -->" in (one["body"] or "")]

    def asked(self, pattern):
        """The questions whose method and path fit."""
        return [one for one in self.log if re.search(pattern, f"{one.method} {one.path}")]

    def writes(self):
        """What was written."""
        graph = [one for one in self.asked("POST /graphql") if "mutation" in one.body["query"]]
        return [one for one in self.log if one.method != "GET" and one.path != "/graphql"] + graph

    # what the API does

    def answer(self, method, path, query, body):
        """The status and the value; a link where a list goes on."""
        if path == "/graphql":
            return 200, self._graph(body["query"], body["variables"])
        base = f"/repos/{self.repository['full_name']}"
        if path.startswith("/repos/acme/old"):
            return 301, {"message": "Moved Permanently", "url": "/"}
        if not path.startswith(base):
            return 404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"}
        rest = path[len(base) :]
        if method != "GET" and self.repository["archived"]:
            return 403, {"message": "Repository was archived so is read-only."}
        for pattern, verbs in ROUTES.items():
            found = re.fullmatch(pattern, rest)
            if found and method in verbs:
                return getattr(self, verbs[method])(*map(unquote, found.groups()), body=body, query=query)
        return 404, {"message": "Not Found"}

    def _repo(self, *, body, query):
        return 200, {**self.repository, "open_issues_count": sum(i["state"] == "open" for i in self.issues.values())}

    def _list(self, *, body, query):
        wanted = [
            i
            for i in ([] if self.hidden else self.issues.values())
            if query.get("state", "open") in ("all", i["state"])
        ]
        listed = wanted + [{**p, "state": "open"} for p in self.pulls]
        ordered = sorted(listed, key=lambda one: one["number"], reverse=query.get("direction", "desc") == "desc")
        return 200, [self._whole(one) for one in ordered]

    def _whole(self, issue):
        said = [one for one in self.comments.values() if one["issue"] == issue["number"]]
        return {key: value for key, value in issue.items() if key != "gone"} | {"comments": len(said)}

    def _issue(self, given, who):
        self.numbers += 1
        number = self.numbers
        issue = {
            "id": 1000 + number,
            "number": number,
            "node_id": f"I_{number}",
            "title": given["title"],
            "body": given.get("body"),
            "state": "open",
            "locked": False,
            "html_url": f"https://github.test/acme/shop/issues/{number}",
            "user": who,
            "author_association": "MEMBER" if who["login"] in self.members else "NONE",
            "assignees": [user(one) for one in given.get("assignees", []) if self._may(one)],
            "labels": [self._label(one) for one in given.get("labels", [])],
            "milestone": next((m for m in self.milestones if m["number"] == given.get("milestone")), None),
        }
        self.issues[number] = issue
        return issue

    def _may(self, who):
        return who.casefold() in {one.casefold() for one in self.collaborators}

    def _label(self, name):
        made = {"id": len(self.labels), "name": name, "color": "ededed", "default": False, "description": None}
        return self.labels.setdefault(name.casefold(), made)

    def _create(self, *, body, query):
        if not self.repository["has_issues"]:
            return 410, {"message": "Issues are disabled for this repo"}
        return 201, self._whole(self._issue(body, self.me))

    def _at(self, number):
        return self.issues.get(int(number))

    def _get(self, number, *, body, query):
        issue = self._at(number)
        if issue is None:
            return 404, {"message": "Not Found"}
        return (410, {"message": "This issue was deleted"}) if issue.get("gone") else (200, self._whole(issue))

    def _patch(self, number, *, body, query):
        status, _ = self._get(number, body=None, query=query)
        issue = self._at(number)
        if status == 200:
            issue.update({k: body[k] for k in ("title", "body", "state") if k in body})
            if "milestone" in body:
                issue["milestone"] = next(m for m in self.milestones if m["number"] == body["milestone"])
        return self._get(number, body=None, query=query)

    def _add_labels(self, number, *, body, query):
        issue = self._at(number)
        there = {one["name"].casefold() for one in issue["labels"]}
        issue["labels"] += [self._label(one) for one in body["labels"] if one.casefold() not in there]
        return 200, issue["labels"]

    def _drop_label(self, number, name, *, body, query):
        issue = self._at(number)
        left = [one for one in issue["labels"] if one["name"].casefold() != name.casefold()]
        if len(left) == len(issue["labels"]):
            return 404, {"message": "Label does not exist"}
        issue["labels"] = left
        return 200, left

    def _assign(self, number, *, body, query):
        issue = self._at(number)
        issue["assignees"] += [user(one) for one in body["assignees"] if self._may(one)]
        return 201, self._whole(issue)

    def _unassign(self, number, *, body, query):
        issue = self._at(number)
        issue["assignees"] = [one for one in issue["assignees"] if one["login"] not in body["assignees"]]
        return 200, self._whole(issue)

    def _assignable(self, who, *, body, query):
        return (204, None) if self._may(who) else (404, {"message": "Not Found"})

    def _comments(self, number, *, body, query):
        return 200, [self._comment(one) for one in self.comments.values() if one["issue"] == int(number)]

    def _comment(self, one):
        return {key: value for key, value in one.items() if key != "issue"}

    def _say(self, number, *, body, query):
        if self._at(number)["locked"]:
            return 403, {"message": "Unable to create comment because issue is locked."}
        made = {"id": 500 + len(self.comments), "issue": int(number), "body": body["body"], "user": self.me}
        made["author_association"] = "MEMBER"
        self.comments[made["id"]] = made
        return 201, self._comment(made)

    def _reword(self, number, *, body, query):
        if int(number) not in self.comments:
            return 404, {"message": "Not Found"}
        self.comments[int(number)]["body"] = body["body"]
        return 200, self._comment(self.comments[int(number)])

    def _labels(self, *, body, query):
        return 200, list(self.labels.values())

    def _make_label(self, *, body, query):
        if body["name"].casefold() in self.labels:
            errors = [{"resource": "Label", "code": "already_exists", "field": "name"}]
            return 422, {"message": "Validation Failed", "errors": errors, "documentation_url": "https://d.test"}
        self._label(body["name"]).update(color=body["color"], description=body["description"])
        return 201, self._label(body["name"])

    def _phases(self, *, body, query):
        return 200, self.milestones

    def _make_phase(self, *, body, query):
        if any(one["title"] == body["title"] for one in self.milestones):
            errors = [{"resource": "Milestone", "code": "already_exists", "field": "title"}]
            return 422, {"message": "Validation Failed", "errors": errors, "documentation_url": "https://d.test"}
        made = {"number": len(self.milestones) + 1, "title": body["title"], "description": body["description"]}
        self.milestones.append({**made, "state": "open"})
        return 201, self.milestones[-1]


ROUTES = {
    "": {"GET": "_repo"},
    "/issues": {"GET": "_list", "POST": "_create"},
    "/issues/([0-9]+)": {"GET": "_get", "PATCH": "_patch"},
    "/issues/([0-9]+)/labels": {"POST": "_add_labels"},
    "/issues/([0-9]+)/labels/([^/]+)": {"DELETE": "_drop_label"},
    "/issues/([0-9]+)/assignees": {"POST": "_assign", "DELETE": "_unassign"},
    "/issues/([0-9]+)/comments": {"GET": "_comments", "POST": "_say"},
    "/issues/comments/([0-9]+)": {"PATCH": "_reword"},
    "/assignees/([^/]+)": {"GET": "_assignable"},
    "/labels": {"GET": "_labels", "POST": "_make_label"},
    "/milestones": {"GET": "_phases", "POST": "_make_phase"},
}
