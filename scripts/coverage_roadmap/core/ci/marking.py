"""The lines between which a part of a CI file is hand-made, and the head that tells a file of ours.

Rendering writes them, and reading a file that is there looks for them.
"""

from __future__ import annotations

HEAD = "# Written by coverage-roadmap from "
SUM = "# Its sha256 without hand-made parts: "


def begin(name: str) -> str:
    """The line before a hand-made part."""
    return f"# coverage-roadmap: hand-made {name}"


def end(name: str) -> str:
    """The line after it."""
    return f"# coverage-roadmap: end of hand-made {name}"
