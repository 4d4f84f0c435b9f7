"""Pages as HTML: the templates, with all that they are given made plain and escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

from coverage_roadmap.core.text import plain
from coverage_roadmap.render.page import Block, Section
from coverage_roadmap.render.shortening import shorten


class Shown(Struct, frozen=True):
    """A block, and the name of its kind, by which a template chooses."""

    kind: str
    it: Block


class Blocks(Struct, frozen=True):
    """A section with its blocks as templates take them."""

    heading: str
    blocks: list[Shown]


def filled(template: str, values: dict[str, Any]) -> str:
    """A template of ours, filled: every text is escaped, and a name that it misses is an error."""
    environment = Environment(
        loader=PackageLoader("coverage_roadmap.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"told": lambda text: shorten(plain(text)), "lines": _lines}
    return environment.get_template(template).render(values)


def shown(block: Block) -> Shown:
    """A block for a template."""
    return Shown(type(block).__name__, block)


def blocks(section: Section) -> Blocks:
    """A section for a template."""
    return Blocks(section.heading, [shown(block) for block in section.blocks])


def _lines(text: str) -> str:
    return "\n".join(plain(line.expandtabs()) for line in text.splitlines())
