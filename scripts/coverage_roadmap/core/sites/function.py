"""Functions of a shell script: where they are defined, and whether one always ends the script with success."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from coverage_roadmap.core.sites.shell import PIPES, Command, Group, Item

_LEAVES = frozenset({"exit", "return"})
_WORDS = 2
"""Of `function run`."""
_FAR = 200
"""A function of more commands is not judged."""


def is_body(items: Sequence[Item], index: int) -> bool:
    """Whether a group is the body of a function: `run() { … }`, `function run { … }`."""
    before = items[index - 1].node if index else None
    if isinstance(before, Command):
        return bool(before.words) and before.words[0].text == "function"
    return before is not None and not before.items


def defined(items: Sequence[Item]) -> dict[str, Group]:
    """The functions that some commands define, by their names; the last one of a name."""
    found = {}
    for index, item in enumerate(items):
        if isinstance(item.node, Group) and is_body(items, index):
            near = [one.node for one in items[max(0, index - 2) : index] if isinstance(one.node, Command)]
            words = _words(near[-1]) if near else []
            name = words[1:_WORDS] if words[:1] == ["function"] else words
            if len(name) == 1:
                found[name[0]] = item.node
    return found


def ends_well(body: Group, functions: Mapping[str, Group]) -> bool:
    """Whether a function's last command is `exit 0`, and nothing in it may leave another exit status before."""
    last = body.items[-1].node if body.items else None
    if not isinstance(last, Command) or last.keyword or _words(last) != ["exit", "0"]:
        return False
    if body.items[-2:-1] and body.items[-2].after in ("&&", "||", *PIPES):
        return False
    every = [_words(one) for one in islice(_commands(body), _FAR + 1)]
    others = [words[0] for words in every if words and words != ["exit", "0"]]
    return len(every) <= _FAR and not any(one in _LEAVES or one in functions for one in others)


def _commands(group: Group) -> Iterator[Command]:
    for item in group.items:
        if isinstance(item.node, Group):
            yield from _commands(item.node)
        else:
            yield item.node


def _words(command: Command) -> list[str]:
    return [word.text for word in command.words]
