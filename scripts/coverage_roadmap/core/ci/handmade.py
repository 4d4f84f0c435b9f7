"""Hand-made parts of a CI file, which are kept, and edits by hand elsewhere in it, which are told.

A file's head holds the sum of all of it that is ours; where that is not so any more, somebody edited it.
"""

from __future__ import annotations

import hashlib

import yaml

from coverage_roadmap.core.ci import marking
from coverage_roadmap.errors import UsageError

Parts = dict[str, list[str]]


def sealed(text: str) -> str:
    """A text of ours with the sum of what is ours in its head, as its second line."""
    first, _, rest = text.partition("\n")
    return f"{first}\n{marking.SUM}{_sum(text, '')}\n{rest}"


def is_ours(text: str) -> bool:
    """Whether a file begins as ours do."""
    return text.startswith(marking.HEAD)


def is_edited(text: str, where: str) -> bool:
    """Whether a file of ours was edited by hand, outside of the hand-made parts.

    Raises:
        UsageError: a marker is missing, doubled or in the wrong place.
    """
    lines = text.split("\n")
    stated = lines[1].removeprefix(marking.SUM) if len(lines) > 1 and lines[1].startswith(marking.SUM) else ""
    return stated != _sum("\n".join([lines[0], *lines[2:]]), where)


def same_config(text: str, ours: str) -> bool:
    """Whether a file was made from the same config as ours: their first lines are alike."""
    return text.partition("\n")[0] == ours.partition("\n")[0]


def parts(text: str, where: str) -> Parts:
    """The hand-made parts of a text, by name, as lines; those that say nothing are left out.

    Raises:
        UsageError: a marker is missing, doubled or in the wrong place.
    """
    found: Parts = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if inside and bare == marking.end(inside):
            inside = ""
        elif _name(bare, marking.end("")):
            raise _broken(f"line {number} ends a hand-made part that did not begin", where)
        elif name := _name(bare, marking.begin("")):
            if inside or name in found:
                raise _broken(f"line {number} begins a hand-made part in another, or a second time", where)
            inside = name
            found[name] = []
        elif inside:
            found[inside].append(line)
    if inside:
        raise _broken(f"the hand-made part {inside} does not end", where)
    return {name: lines for name, lines in found.items() if any(line.strip() for line in lines)}


def filled(text: str, kept: Parts, where: str) -> str:
    """A text of ours with hand-made parts in it.

    Raises:
        UsageError: there is no room for one of them, or with them the file is no YAML, or says a thing twice.
    """
    made: list[str] = []
    left = dict(kept)
    for line in text.split("\n"):
        made.append(line)
        if name := _name(line.strip(), marking.begin("")):
            made += left.pop(name, [])
    if left:
        told = f"has no room any more for the hand-made part {next(iter(left))}"
        raise UsageError(told, where=where, next_step="move it into another, or take it out with its markers")
    whole = "\n".join(made)
    if kept:
        _refuse_unclear(whole, where)
    return whole


def _name(line: str, marker: str) -> str:
    return line.removeprefix(marker) if line.startswith(marker) else ""


def _broken(told: str, where: str) -> UsageError:
    return UsageError(f"its markers are broken: {told}", where=where, next_step="mend them, or delete the file")


def _sum(text: str, where: str) -> str:
    """The sum of a text less its hand-made parts; 16 hex digits."""
    own: list[str] = []
    inside = False
    if where:
        parts(text, where)
    for line in text.split("\n"):
        inside = inside and not _name(line.strip(), marking.end(""))
        if not inside:
            own.append(line)
        inside = inside or bool(_name(line.strip(), marking.begin("")))
    return hashlib.sha256("\n".join(own).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refuse_unclear(text: str, where: str) -> None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise UsageError(f"its hand-made parts make it no YAML: {told}", where=where, next_step="mend them") from error
    nodes, seen = [root], set()
    for node in nodes:
        if id(node) in seen:  # what an alias names again
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                told = f"its hand-made parts say {twice} a second time"
                raise UsageError(told, where=where, next_step="take one of them out")
            nodes += [below for _, below in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += node.value
