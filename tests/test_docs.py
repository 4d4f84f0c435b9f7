"""What is written for people and tools from the code: the schema for editors, the rules' page, the pre-commit hook."""

import runpy
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from coverage_roadmap.core.check import RULES
from coverage_roadmap.faces.arguments import parse
from coverage_roadmap.faces.console import COMMANDS, face

ROOT = Path(__file__).parents[1]
DOCS = runpy.run_path(str(ROOT / ".ci" / "docs.py"))
SCHEMA = DOCS["schema"]()
ROADMAP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage-roadmap"]


def refused(**keys):
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors({**ROADMAP, **keys})]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert refused() == []


def test_every_key_of_every_table_is_explained():
    tables = [SCHEMA, *SCHEMA["$defs"].values()]
    unexplained = [
        f"{table['title']}.{key}"
        for table in tables
        for key, told in table["properties"].items()
        if key != "criterion" and not told.get("description")
    ]
    assert unexplained == []
    assert all(table["description"] for table in tables)
    assert all(table["additionalProperties"] is False for table in tables)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sorce", ["src"]),
        ("source", []),
        ("threshold", "55"),
        ("threshold", 101),
        ("timeout", 0),
        ("workers", "lots"),
        ("python", "2.7"),
        ("board", {"tracker": "jira"}),
        ("phases", [{"name": "phase1"}]),
        ("phases", [{"name": "Phase", "fail-under": 3}]),
        ("phases", [{"name": "phase1", "fail-under": 3, "exit": [{"criterion": "green", "at-least": 3}]}]),
        ("phases", [{"name": "phase1", "fail-under": 3, "exit": [{"criterion": "gren"}]}]),
    ],
)
def test_an_editor_refuses_what_we_refuse(key, value):
    assert len(refused(**{key: value})) == 1


def test_a_default_stands_in_the_schema_as_in_toml():
    keys = SCHEMA["properties"]
    assert (keys["source"]["default"], keys["headroom"]["default"], keys["timeout"]["default"]) == (["src"], 0.5, 600)
    assert keys["phases"].get("default", "needed") == "needed"
    assert SCHEMA["$defs"]["Waiver"]["properties"]["from"]["default"] is None


def test_each_page_that_is_written_from_the_code_is_the_present_one():
    stale = [path.name for path, text in DOCS["pages"]().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run nox -s docs"


def test_the_rules_page_has_each_rule_with_its_severity_and_advice():
    page = DOCS["rules"]()
    for rule in RULES:
        section = page.partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0]
        assert f"**{rule.title}** Severity: {rule.severity}" in section
        assert rule.advice.partition("\n")[2].strip() in section
    assert page.count("\n## ") == len(RULES)
    assert "| [SCOPE001](#scope001) | Files are not measured any more. | error, firm | no |" in page
    assert (
        "| [TEST005](#test005) | Tests were skipped, removed or deselected since the baseline. | error | yes |" in page
    )


def test_the_pre_commit_hook_is_one_that_pre_commit_reads_and_calls_a_command_of_ours():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"]) == ("coverage-roadmap-check", "python")
    assert (hook["pass_filenames"], hook["always_run"]) == (False, True)
    assert set(hook) == {"id", "name", "description", "entry", "language", "pass_filenames", "always_run"}
    program, command, *words = hook["entry"].split()
    assert program == "coverage-roadmap"
    assert command in COMMANDS
    assert parse(face(command), words) == {}
