"""Codecov's settings: the target of the whole project's status."""

from __future__ import annotations

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.document import Node, source
from coverage_roadmap.core.sites.reading import NUMBER, Reading

_PERCENT = regex(rf"({NUMBER.pattern})%?")

_OFF = frozenset({"false", "no", "off"})
_SLACK = 5
"""What Codecov's own `threshold`, which is a slack, may take off. Points."""


def read(reading: Reading, root: Node) -> None:
    """Read the statuses that are about the whole project: `auto` is none, and those of flags or paths are a part."""
    statuses = root.at("coverage", "status", "project")
    for _, status in statuses.pairs() if statuses else ():
        target = status.get("target")
        if target is None or target.kind != "scalar" or target.value == "auto":
            continue
        if status.get("flags") or status.get("paths"):
            continue
        reading.shared = "it is used in several places by an anchor, or its key is written twice"
        reading.shared = reading.shared if target.used > 1 or target.twice else ""
        text = source(reading.text, target)
        number = _PERCENT.fullmatch(text.text)
        reading.value(text.part(*number.span(1)) if number else text, "codecov", "", target.start)
        if status.text("informational").lower() == "true":
            reading.flaw(target.start, "informational: true on its status", "take informational away")
        if status.text("enabled").lower() in _OFF:
            reading.flaw(target.start, "enabled: false switches its status off", "take enabled away")
        slack = _PERCENT.fullmatch(status.text("threshold"))
        if slack and float(slack[1]) > _SLACK:
            reading.flaw(target.start, f"its threshold lets the figure fall {slack[1]} points below", "lower it to 1%")
