"""The config's reference page and its JSON Schema, written from the types; `--check` compares."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from coverage_roadmap.core.roadmap import Roadmap

DOCS = Path(__file__).resolve().parent.parent / "docs"
HEAD = """# The config

All of it is one table, `[tool.coverage-roadmap]`, in a `pyproject.toml`: the one that the environment variable
`COVERAGE_ROADMAP_CONFIG` names, else the nearest one upwards that has the table. Paths are relative to `project`, and
`project` to the file. For an editor's completion there is a [JSON Schema](config.schema.json).

This page is written by `nox -s docs`.
"""


class _Schema(GenerateJsonSchema):
    """A percentage is a number, as TOML has it; pydantic would take one in quotes too."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "number", "minimum": 0, "maximum": 100}

    def encode_default(self, dft: Any) -> Any:
        return float(dft) if isinstance(dft, Decimal) else super().encode_default(dft)


def pages() -> dict[Path, str]:
    """Each page with its content."""
    schema = Roadmap.model_json_schema(by_alias=True, schema_generator=_Schema)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return {
        DOCS / "config.md": reference(schema),
        DOCS / "config.schema.json": json.dumps(schema, indent=2, default=str) + "\n",
    }


def reference(schema: dict[str, Any]) -> str:
    """The reference page: a table of keys for each table of the config."""
    parts = [HEAD, *_table("[tool.coverage-roadmap]", schema)]
    for name, table in schema["$defs"].items():
        parts += _table(_heading(name, table), table)
    return "\n".join(parts)


def _heading(name: str, table: dict[str, Any]) -> str:
    tag = table["properties"].get("criterion", {}).get("const")
    return f'Criterion "{tag}"' if tag else name


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
    if "const" in told:
        return f"`{told['const']}`"
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
