"""The pages on config and rules, and the schemas of config, diff and board, from the types; `--check` compares."""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import msgspec
from msgspec.structs import fields

from coverage_roadmap.core import roadmap
from coverage_roadmap.core.advice import form
from coverage_roadmap.core.check import RULES
from coverage_roadmap.core.ci import table as ci
from coverage_roadmap.core.finding import FIRM
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.rules.rule import Rule
from coverage_roadmap.render import board_data, diff_data

DOCS = Path(__file__).resolve().parent.parent / "docs"
HEAD = """# The config

All of it is one table, `[tool.coverage-roadmap]`, in a `pyproject.toml`: the one that the environment variable
`COVERAGE_ROADMAP_CONFIG` names, else the nearest one upwards that has the table. Paths are relative to `project`, and
`project` to the file. For an editor's completion there is a [JSON Schema](config.schema.json).

This page is written by `nox -s docs`.
"""
RULES_HEAD = """# The rules of `check`

`invoke check` asks each of these rules, and exits with 1 where one of severity `error` finds something.
`invoke check --explain SCOPE002` prints one rule's advice.

- `check.severity` in the config sets a rule to `error`, `warning` or `off`. A firm rule keeps its own: what it finds is
  permitted by a waiver alone (`invoke waive`), with a reason, an owner and a last day. A rule of `LOOSE` is judged by
  the config as it was before the change.
- `check.ignore` names files that rules pass over, with the reason; firm rules pass over none.
- What cannot be told is `unknown` and fails nothing. With `--require-measurement` a rule that needs a measurement
  fails without one.

This page is written by `nox -s docs`.
"""


def pages() -> dict[Path, str]:
    """Each page with its content."""
    made = schema()
    return {
        DOCS / "config.md": reference(made),
        DOCS / "config.schema.json": json.dumps(made, indent=2) + "\n",
        DOCS / "diff.schema.json": published(diff_data, diff_data.Diff, "A coverage diff, format 1"),
        DOCS / "board.schema.json": published(board_data, board_data.Board, "A coverage board, format 1"),
        DOCS / "rules.md": rules(),
    }


def schema() -> dict[str, Any]:
    """The JSON Schema: what msgspec makes of the types, with the words and the defaults that stand at each key."""
    own = fields(Roadmap)
    made, tables = msgspec.json.schema_components(
        [key.type for key in own], schema_hook=_percent, ref_template="#/$defs/{name}"
    )
    whole = {
        **{"title": "Roadmap", "description": Roadmap.__doc__, "type": "object", "additionalProperties": False},
        "properties": {key.encode_name: told for key, told in zip(own, made, strict=True)},
        "required": [key.encode_name for key in own if key.required],
    }
    words = {**_words(roadmap), **_words(ci)}
    for name, table in [("Roadmap", whole), *tables.items()]:
        for key in fields(getattr(roadmap, name)):
            told = table["properties"][key.encode_name]
            told["description"] = words[name, key.name]
            if "enum" in told:
                told["enum"] = list(get_args(key.type))  # in our order: msgspec sorts them
            if not key.required:
                default = key.default if key.default_factory is msgspec.NODEFAULT else key.default_factory()
                told["default"] = msgspec.to_builtins(default, enc_hook=float)
    whole = {"$defs": dict(sorted(tables.items())), **whole}
    return {**_as_editors_know(whole), "$schema": "https://json-schema.org/draft/2020-12/schema"}


def _percent(_: type) -> dict[str, Any]:
    return {"type": "number", "minimum": 0, "maximum": 100}


def published(module: ModuleType, whole_type: type, title: str) -> str:
    """The JSON Schema of what a command writes with `--format json`, by the types of that format."""
    made = msgspec.json.schema(whole_type, ref_template="#/$defs/{name}")
    words = _words(module)
    for (name, key), text in words.items():
        made["$defs"][name]["properties"][key.rstrip("_")]["description"] = text
    whole = made["$defs"].pop(whole_type.__name__)
    titled = {**whole, "title": title, "$defs": made["$defs"]}
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**_as_editors_know(titled), **dialect}, indent=2) + "\n"


def _words(module: ModuleType) -> dict[tuple[str, str], str]:
    """What stands under each attribute of each type."""
    classes = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)]
    return {
        (each.name, key): inspect.cleandoc(text)
        for each in classes
        for pair in itertools.pairwise(each.body)
        for key, text in _described(*pair)
    }


def _described(node: ast.stmt, after: ast.stmt) -> list[tuple[str, str]]:
    match node, after:
        case ast.AnnAssign(target=ast.Name(id=key)), ast.Expr(value=ast.Constant(value=str(text))):
            return [(key, text)]
    return []


def _as_editors_know(told: Any, *, named: bool = False) -> Any:
    """Patterns in the schema's own dialect, and each table's parts (not its keys) in one order."""
    if isinstance(told, list):
        return [_as_editors_know(one) for one in told]
    if not isinstance(told, dict):
        return told
    parts = told if named else dict(sorted(told.items()))
    made = {
        part: _as_editors_know(one, named=part in ("properties", "$defs", "default")) for part, one in parts.items()
    }
    return made | {"pattern": form(made["pattern"])} if "pattern" in made and not named else made


def reference(schema: dict[str, Any]) -> str:
    """The reference page: a table of keys for each table of the config."""
    parts = [HEAD, *_table("[tool.coverage-roadmap]", schema)]
    for name, table in schema["$defs"].items():
        parts += _table(_heading(name, table), table)
    return "\n".join(parts)


def rules() -> str:
    """The rules' page: each rule's id, title, severity and advice, in the order in which they are asked."""
    parts = [RULES_HEAD, "| rule | what it finds | severity | needs a measurement |", "| --- | --- | --- | --- |"]
    for rule in RULES:
        needs = "yes" if rule.needs_measurement else "no"
        parts.append(f"| [{rule.id}](#{rule.id.lower()}) | {rule.title} | {_severity(rule)} | {needs} |")
    for rule in RULES:
        parts.append(f"\n## {rule.id}\n\n**{rule.title}** Severity: {_severity(rule)}.\n")
        parts.append(rule.advice.partition("\n")[2].strip())
    return "\n".join([*parts, ""])


def _severity(rule: Rule) -> str:
    return f"{rule.severity}, firm" if rule.id.startswith(FIRM) else str(rule.severity)


def _heading(name: str, table: dict[str, Any]) -> str:
    told = table["properties"].get("criterion")
    return f'Criterion "{told["enum"][0]}"' if told else name


def _table(heading: str, table: dict[str, Any]) -> list[str]:
    lines = [f"## {heading}\n", f"{table['description']}\n", "| key | type | default | what it says |"]
    lines.append("| --- | --- | --- | --- |")
    for key, told in table["properties"].items():
        needed = key in table.get("required", ())
        default = "needed" if needed else f"`{json.dumps(told.get('default', None), default=str)}`"
        words = told.get("description", "which criterion it is").replace("\n", " ").replace("|", "\\|")
        lines.append(f"| `{key}` | {_kind(told)} | {default} | {words} |")
    return [*lines, ""]


def _kind(told: dict[str, Any]) -> str:
    if "enum" in told:
        return " or ".join(f"`{one}`" for one in told["enum"])
    if "$ref" in told:
        return str(told["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf"):
        if key in told:
            return " or ".join(dict.fromkeys(_kind(one) for one in told[key] if one.get("type") != "null"))
    if told.get("type") == "array":
        return f"list of {_kind(told['items'])}"
    return str(told.get("type", "any"))


def main() -> int:
    """Write or compare."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is not what the types give: run nox -s docs")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], encoding="utf-8")
        print(f"{path.relative_to(DOCS.parent)} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
