"""pre-commit's config, and the list of hooks that a repository offers."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.sites import command
from coverage_roadmap.core.sites.document import Node, source
from coverage_roadmap.core.sites.reading import Reading
from coverage_roadmap.core.sites.shell import Word, words
from coverage_roadmap.core.sites.steps import MEND_NEVER


def read(reading: Reading, root: Node) -> None:
    """Read every hook's entry with its args, as one command line."""
    for hook in _hooks(root):
        parts = list(_words(reading, hook))
        given = [node for node in (hook.get("entry"), *_items(hook.get("args"))) if node]
        shared = any(node.used > 1 or node.twice for node in given)
        reading.shared = "it is used in several places by an anchor, or its key is written twice" if shared else ""
        stages = {node.value for node in _items(hook.get("stages"))}
        fate = [("its hook runs by hand alone: stages: [manual]", MEND_NEVER)] if stages == {"manual"} else []
        command.command(reading, parts, fate)


def _hooks(root: Node) -> Iterator[Node]:
    repos = root.get("repos")
    yield from root.listed()
    for repo in repos.listed() if repos else ():
        hooks = repo.get("hooks")
        yield from hooks.listed() if hooks else ()


def _words(reading: Reading, hook: Node) -> Iterator[Word]:
    entry = hook.get("entry")
    if entry and entry.kind == "scalar":
        yield from words(source(reading.text, entry))
    for node in _items(hook.get("args")):
        text = source(reading.text, node)
        yield Word(text.text, text.at, bare=False)


def _items(node: Node | None) -> list[Node]:
    return [one for one in node.listed() if one.kind == "scalar"] if node else []
