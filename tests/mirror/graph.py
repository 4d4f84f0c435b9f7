"""What the hub answers to GraphQL."""


class Graph:
    """The board, pull requests and pinning."""

    def _graph(self, query, variables):
        name = next(word for word in GRAPH if word in query)
        answer = getattr(self, GRAPH[name])(variables)
        return answer if "errors" in answer else {"data": answer}

    def _project(self, variables):
        if self.project is None or not self.readable or variables["number"] != 7:
            told = f"Could not resolve to a ProjectV2 with the number {variables['number']}."
            fault = {"type": "NOT_FOUND", "message": told, "path": ["repositoryOwner", "projectV2"]}
            return {"data": {"repositoryOwner": {"projectV2": None}}, "errors": [fault]}
        return {"repositoryOwner": {"projectV2": self.project}}

    def _items(self, variables):
        nodes = []
        for one in variables["ids"]:
            item = self.items.get(one)
            shown = [self._item(item)] if item and not item.get("hidden") else []
            nodes.append({"id": one, "projectItems": {"totalCount": 1 if item else 0, "nodes": shown}})
        return {"nodes": nodes}

    def _item(self, item):
        value = {"name": item["column"]} if item["column"] else None
        archived = item.get("archived", False)
        return {"id": item["id"], "isArchived": archived, "project": {"id": "PVT_1"}, "fieldValueByName": value}

    def _add_item(self, variables):
        item = {"id": f"ITEM_{variables['issue']}", "column": ""}
        item = self.items.setdefault(variables["issue"], item)
        return {"addProjectV2ItemById": {"item": {"id": item["id"]}}}

    def _move_item(self, variables):
        item = next(one for one in self.items.values() if one["id"] == variables["item"])
        options = {one["id"]: one["name"] for one in self.project["field"]["options"]}
        item["column"] = options[variables["option"]]
        return {"updateProjectV2ItemFieldValue": {"projectV2Item": {"id": item["id"]}}}

    def _pulls(self, variables):
        made = [
            {
                "headRefName": one["branch"],
                "isDraft": one["draft"],
                "url": one["html_url"],
                "files": {"nodes": [{"path": path} for path in one["files"]]},
            }
            for one in self.pulls
        ]
        start = int(variables["after"] or 0)
        page = {"hasNextPage": start + 50 < len(made), "endCursor": str(start + 50)}
        return {"repository": {"pullRequests": {"nodes": made[start : start + 50], "pageInfo": page}}}

    def _pin(self, variables):
        if len(self.pinned) == 3:
            return {"data": {"pinIssue": None}, "errors": [{"type": "UNPROCESSABLE", "message": "Maximum 3 pinned"}]}
        self.pinned.append(variables["id"])
        return {"pinIssue": {"issue": {"id": variables["id"]}}}


GRAPH = {
    "repositoryOwner(": "_project",
    "nodes(ids": "_items",
    "addProjectV2ItemById(": "_add_item",
    "updateProjectV2ItemFieldValue(": "_move_item",
    "pullRequests(": "_pulls",
    "pinIssue(": "_pin",
}
