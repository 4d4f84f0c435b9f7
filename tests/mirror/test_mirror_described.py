"""What is read of an answer is what GitHub's description promises, of github.com and of an enterprise's server."""

import re

import pytest
from graphql import parse, validate
from msgspec import NODEFAULT
from msgspec.structs import fields

from coverage_roadmap.adapters import github_answers as answers
from coverage_roadmap.adapters import github_board

from .judge import Judge

pytestmark = pytest.mark.slow
READ = {
    ("GET", "/repos/acme/shop", 200): answers.Repository,
    ("GET", "/repos/acme/shop/issues", 200): answers.Issue,
    ("POST", "/repos/acme/shop/issues", 201): answers.Issue,
    ("GET", "/repos/acme/shop/issues/1", 200): answers.Issue,
    ("POST", "/repos/acme/shop/issues/1/assignees", 201): answers.Issue,
    ("GET", "/repos/acme/shop/issues/1/comments", 200): answers.Said,
    ("GET", "/repos/acme/shop/labels", 200): answers.Named,
    ("POST", "/repos/acme/shop/issues/1/labels", 200): answers.Named,
    ("GET", "/repos/acme/shop/milestones", 200): answers.Phase,
    ("POST", "/repos/acme/shop/milestones", 201): answers.Phase,
}
QUERIES = [answers.PULLS, answers.PIN, *(getattr(github_board, name) for name in ("PROJECT", "ITEMS", "ADD", "MOVE"))]


@pytest.fixture(scope="session", params=["api.github.com", "ghes-3.19"])
def edition(request, descriptions):
    return Judge(descriptions, request.param)


@pytest.mark.parametrize("question", READ, ids=lambda one: "-".join(map(str, one)))
def test_each_part_that_must_be_there_is_promised(edition, question):
    schema = edition.resolved(edition.schema_of(*question))
    item = edition.resolved(schema["items"]) if schema.get("type") == "array" else schema
    for part in fields(READ[question]):
        assert part.encode_name in item["properties"], part.name
        needed = part.default is NODEFAULT and part.default_factory is NODEFAULT
        assert not needed or part.encode_name in item["required"], part.name


@pytest.mark.parametrize("query", QUERIES, ids=lambda text: re.search(r"[a-zA-Z0-9]+\(", text.split("{", 1)[1])[0])
def test_each_question_is_one_of_the_schema_s(judge, query):
    assert validate(judge.schema, parse(query)) == []
