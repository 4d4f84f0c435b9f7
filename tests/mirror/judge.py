"""GitHub's own descriptions as judges: each request must be accepted, and each answer is what is described."""

import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest
from graphql import build_schema, execute, parse, validate
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

REPO = "/repos/{owner}/{repo}"
PATHS = {
    f"{REPO}{rest}": re.compile(rf"/repos/[^/]+/[^/]+{pattern}")
    for rest, pattern in {
        "": "",
        "/issues": "/issues",
        "/issues/{issue_number}": "/issues/[0-9]+",
        "/issues/{issue_number}/labels": "/issues/[0-9]+/labels",
        "/issues/{issue_number}/labels/{name}": "/issues/[0-9]+/labels/.+",
        "/issues/{issue_number}/assignees": "/issues/[0-9]+/assignees",
        "/issues/{issue_number}/comments": "/issues/[0-9]+/comments",
        "/issues/comments/{comment_id}": "/issues/comments/[0-9]+",
        "/assignees/{assignee}": "/assignees/[^/]+",
        "/labels": "/labels",
        "/milestones": "/milestones",
    }.items()
}
CONCRETE = {
    "RepositoryOwner": "Organization",
    "ProjectV2Owner": "Organization",
    "ProjectV2FieldConfiguration": "ProjectV2SingleSelectField",
    "ProjectV2ItemFieldValue": "ProjectV2ItemFieldSingleSelectValue",
    "Node": "Issue",
}
SAMPLES = {"uri": "https://x.test/", "date-time": "2026-11-01T10:00:00Z", "date": "2026-11-01", "email": "a@x.test"}


def fetched(folder):
    """The folder of npm's package with a description; without npm that is a failure in CI, else the test is skipped."""
    lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    if shutil.which("npm") is None:
        lack("npm is not here")
    words = ["npm", "pack", "--silent", "@octokit/openapi", "@octokit/graphql-schema"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=250)
    if done.returncode:
        lack(f"npm cannot fetch the descriptions: {done.stderr[-300:]}")
    for path in folder.glob("*.tgz"):
        with tarfile.open(path) as archive:
            archive.extractall(folder / path.name.split("-")[1], filter="data")
    return folder


class Judge:
    """Holds exchanges against one edition of GitHub's description, and its schema."""

    def __init__(self, folder, edition="api.github.com"):
        whole = json.loads((folder / f"openapi/package/generated/{edition}.json").read_text(encoding="utf-8"))
        self.spec = {**whole, "paths": {path: whole["paths"][path] for path in PATHS}, "servers": [{"url": "/"}]}
        self.spec.pop("webhooks", None)
        self.spec["components"] = _needed(self.spec["paths"], whole["components"])
        self.api = OpenAPI.from_dict(self.spec, config=Config(spec_validator_cls=None))
        self.schema = build_schema(
            (folder / "graphql/package/schema.graphql").read_text(encoding="utf-8"), assume_valid=True
        )
        self.judged = 0

    def resolved(self, schema):
        while "$ref" in schema:
            *_, kind, name = schema["$ref"].split("/")
            schema = self.spec["components"][kind][name]
        return schema

    def schema_of(self, method, path, status):
        """The schema of an answer; None where none is described."""
        template = next(name for name, pattern in PATHS.items() if pattern.fullmatch(path))
        responses = self.spec["paths"][template][method.lower()]["responses"]
        if str(status) not in responses:
            return None
        content = self.resolved(responses[str(status)]).get("content", {})
        return content.get("application/json", {}).get("schema")

    def completed(self, method, path, status, value):
        """The answer with all else that the description demands."""
        if path == "/graphql" or value is None or not path.startswith("/repos/acme/shop"):
            return value
        schema = self.schema_of(method, path, status)
        return self.filled(schema, value) if schema else value

    def filled(self, schema, value=None, given=False):
        """A value with the required parts that it lacks."""
        schema = self.resolved(schema)
        for choice in ("allOf", "oneOf", "anyOf"):
            if choice in schema and schema.get("type") != "object":
                fitting = [self.resolved(one) for one in schema[choice]]
                kind = {str: "string", dict: "object", list: "array", int: "integer"}.get(type(value), "object")
                return self.filled(next((o for o in fitting if o.get("type") == kind), fitting[0]), value, given)
        if isinstance(value, dict):
            known = schema.get("properties", {})
            made = {
                name: self.filled(known[name], part, True) if name in known else part for name, part in value.items()
            }
            lacking = [name for name in schema.get("required", ()) if name not in value]
            return {**{name: self.filled(known[name]) for name in lacking}, **made}
        if isinstance(value, list):
            return [self.filled(schema.get("items", {}), one, True) for one in value]
        return value if value is not None or given else self.sample(schema)

    def sample(self, schema):
        if schema.get("nullable"):
            return None
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type"):
            case "string":
                return SAMPLES.get(schema.get("format"), "x")
            case "integer" | "number":
                return 1
            case "boolean":
                return False
            case "array":
                return []
            case _:
                return self.filled({**schema, "type": "object"}, {})

    def judge(self, exchange):
        """Hold one question and its answer against the description."""
        self.judged += 1
        if exchange.path == "/graphql":
            return self.judge_graph(exchange)
        if not exchange.path.startswith("/repos/acme/shop"):
            return None
        body = json.dumps(exchange.body).encode() if exchange.body is not None else None
        request = MockRequest(
            "https://api.github.com",
            exchange.method.lower(),
            exchange.path,
            args=exchange.query,
            data=body,
            content_type="application/json",
        )
        self.api.validate_request(request)
        schema = self.schema_of(exchange.method, exchange.path, exchange.status)
        assert schema or exchange.status in (204, 410), (exchange.method, exchange.path, exchange.status)
        template = next(name for name, pattern in PATHS.items() if pattern.fullmatch(exchange.path))
        described = self.spec["paths"][template][exchange.method.lower()].get("parameters", ())
        assert set(exchange.query) <= {self.resolved(one)["name"] for one in described}, exchange.query
        if schema:
            data = json.dumps(exchange.answer).encode()
            answer = MockResponse(data, status_code=exchange.status, content_type="application/json")
            self.api.validate_response(request, answer)
        return None

    def judge_graph(self, exchange):
        """The query is one of the schema's, and the answer one that the schema gives to it."""
        document = parse(exchange.body["query"])
        assert validate(self.schema, document) == []
        if "errors" in exchange.answer:
            return
        result = execute(
            self.schema,
            document,
            root_value=exchange.answer["data"],
            variable_values=exchange.body["variables"],
            type_resolver=lambda value, info, kind: CONCRETE[kind.name],
        )
        assert result.errors is None, result.errors
        assert result.data == exchange.answer["data"]


def _needed(paths, components):
    """The components that the paths lead to."""
    made, queue = {kind: {} for kind in components}, [json.dumps(paths)]
    while queue:
        for kind, name in set(re.findall(r'"#/components/([^/"]+)/([^"]+)"', queue.pop())):
            if name not in made[kind]:
                made[kind][name] = components[kind][name]
                queue.append(json.dumps(made[kind][name]))
    return made
