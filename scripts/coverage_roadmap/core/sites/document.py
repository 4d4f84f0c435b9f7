"""YAML, read by its events: nodes with their places in the text. It recurses nowhere, and its depth is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import yaml
from msgspec import Struct, field

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.shell import Source
from coverage_roadmap.core.sites.site import Outline

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is there: ten times as fast, and equal."""
_MOST_EVENTS = 100_000
_DEEPEST = 100
_MOST_MERGED = 20
_PROPERTIES = regex(r"(?:[&!]\S*\s++)*+")
_ESCAPE = regex(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)
_TAKEN_BACK = regex(r"(?:\\\r?\n[ \t]*)+")
Kind = Literal["scalar", "list", "map"]
_BLANKS = " \t\r\n"


class UnreadableError(Exception):
    """It is no YAML that can be looked into; holds the place and the reason."""

    def __init__(self, place: int, reason: str, *, broken: bool = False) -> None:
        """`place` is that of a character in the text; `broken`: it is no YAML at all, for anybody."""
        super().__init__(reason)
        self.broken = broken
        self.place = place
        self.reason = reason


class Node(Struct, eq=False):
    """A scalar, a list or a map."""

    kind: Kind
    start: int
    end: int
    value: str = ""
    """A scalar's."""
    style: str = ""
    """How a scalar is quoted."""
    items: list[Node] = field(default_factory=list)
    """A list's; a map's keys and values in turn."""
    used: int = 0
    """How many places it stands in, by its anchor."""
    twice: bool = False
    """Whether its key is written twice in its map."""

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """A map's keys that are plain words, with their values."""
        if self.kind == "map":
            for key, value in zip(self.items[::2], self.items[1::2], strict=True):
                if key.kind == "scalar":
                    yield key.value, value

    def listed(self) -> list[Node]:
        """A list's items; of anything else none."""
        return self.items if self.kind == "list" else []

    def get(self, key: str) -> Node | None:
        """What a map holds under a key, written there or merged into it; the last where it is written twice."""
        waiting, seen = [self], 0
        while waiting and seen < _MOST_MERGED:
            one = waiting.pop(0)
            seen += 1
            found = [value for name, value in one.pairs() if name == key]
            if found:
                return found[-1]
            for name, value in one.pairs():
                if name == "<<":
                    waiting += [value, *value.listed()]
        return None

    def at(self, *keys: str) -> Node | None:
        """What stands below, key by key."""
        one: Node | None = self
        for key in keys:
            one = one.get(key) if one else None
        return one

    def text(self, *keys: str) -> str:
        """A scalar's value below, key by key; empty where there is none."""
        found = self.at(*keys)
        return found.value if found else ""


class _Builder(Struct):
    first: int
    """Where the text begins, after its byte order mark."""
    roots: list[Node] = field(default_factory=list)
    opened: list[Node] = field(default_factory=list)
    anchors: dict[str | None, Node] = field(default_factory=dict)
    count: int = 0

    def take(self, event: Any) -> None:
        start, end = self.first + event.start_mark.index, self.first + event.end_mark.index
        anchor: str | None = getattr(event, "anchor", None)
        self.count += 1
        if self.count > _MOST_EVENTS:
            raise UnreadableError(start, "it is too large to look through")
        match event:
            case yaml.DocumentStartEvent():
                self.anchors.clear()
            case yaml.ScalarEvent():
                self._place(Node("scalar", start, end, event.value, event.style or ""), anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                node = Node("map" if isinstance(event, yaml.MappingStartEvent) else "list", start, end)
                self._place(node, anchor)
                self.opened.append(node)
                if len(self.opened) > _DEEPEST:
                    raise UnreadableError(start, f"it is nested more than {_DEEPEST} deep")
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                _mark_twice(self.opened.pop())
            case yaml.AliasEvent():
                if anchor not in self.anchors:
                    raise UnreadableError(start, f"there is no anchor {anchor}")
                self._place(self.anchors[anchor], None)

    def _place(self, node: Node, anchor: str | None) -> None:
        node.used += 1
        if anchor is not None:
            self.anchors[anchor] = node
        (self.opened[-1].items if self.opened else self.roots).append(node)


def _mark_twice(node: Node) -> None:
    known: dict[str, Node] = {}
    for key, value in node.pairs():
        if key in known:
            value.twice = known[key].twice = True
        known[key] = value


def load(text: str) -> list[Node]:
    """The documents of a YAML text.

    Raises:
        UnreadableError: it is none, or too large or too deep to look into.
    """
    first = int(text.startswith("\ufeff"))
    builder = _Builder(first)
    try:
        for event in yaml.parse(text[first:], Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = mark.index if mark else getattr(error, "position", 0)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML"
        raise UnreadableError(first + place, f"it cannot be parsed: {reason}", broken=True) from error
    except ValueError as error:  # half of a surrogate pair: it was no UTF-8
        raise UnreadableError(0, "it cannot be parsed: it is no UTF-8 text") from error
    return builder.roots


def outline(text: str) -> Outline | None:
    """Every scalar of it, in order, with what is opened and closed around; None where it cannot be parsed."""
    try:
        roots = load(text)
    except UnreadableError:
        return None
    found: list[tuple[tuple[str | int, ...], str]] = []
    seen: set[int] = set()
    waiting = roots[::-1]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            found.append((("again",), ""))
            continue
        seen.add(id(node))
        found.append(((len(node.items), node.kind, node.style), node.value))
        waiting += node.items[::-1]
    return found


def source(text: str, node: Node) -> Source:
    """A scalar's value, with where each character stands; what cannot be followed stands where it was lost."""
    value = node.value
    here = _PROPERTIES.match(text, node.start, node.end)
    start = here.end() if here else node.start
    if not node.style and text.startswith(value, start):
        return Source(value, range(start, start + len(value)))
    if node.style in ("|", ">"):
        start = text.find("\n", start) + 1
    elif node.style in ("'", '"'):
        start += 1
    return Source(value, _aligned(text, node, value, start))


def _aligned(text: str, node: Node, value: str, start: int) -> list[int]:
    """Walk through value and text together: blanks in the text may be more or fewer, all else must be equal."""
    places: list[int] = []
    here = start
    for char in value:
        while here < node.end and text[here] != char and text[here] in _BLANKS and char not in _BLANKS:
            here += 1
        here = min(here + _joined_line(text, node, here), node.end - 1)
        places.append(here)
        if node.style == '"' and text[here] == "\\":
            escape = _ESCAPE.match(text, here)
            here = escape.end() if escape else here + 1
        elif node.style == "'" and text.startswith("''", here):
            here += 2
        elif text[here] == char or (char in _BLANKS and text[here] in _BLANKS):
            here += 1
    return places


def _joined_line(text: str, node: Node, here: int) -> int:
    """How long a line end is that a double-quoted scalar takes back."""
    if node.style == '"' and (match := _TAKEN_BACK.match(text, here, node.end)):
        return match.end() - here
    return 0
