"""A command's value in one of three views: a page for the terminal, Markdown, or JSON."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from coverage_roadmap.render import markdown

FORMATS = ("table", "md", "json")
"""The three views of one value; a command may have further ones."""


def show(value: Any, pages: ModuleType, form: str) -> None:
    """Print a command's value, by its module of `faces.pages`."""
    if form == "json":
        import json  # as below: what one view needs, the others do not wait for

        sys.stdout.write(json.dumps({"format": 0, **pages.data(value)}, indent=2, ensure_ascii=True) + "\n")
    elif form == "md":
        sys.stdout.write(markdown.view(pages.page(value)))
    elif form not in FORMATS:
        sys.stdout.write(getattr(pages, form)(value))
    else:
        from coverage_roadmap.faces import terminal

        terminal.show(pages.page(value))
