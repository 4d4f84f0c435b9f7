"""What becomes of a command's failure in its script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.function import ends_well
from coverage_roadmap.core.sites.reading import Fate
from coverage_roadmap.core.sites.shell import PIPES, Command, Group, Item

_SUCCEEDS = frozenset({"true", "/bin/true", "/usr/bin/true", ":", "echo", "printf"})
_LEAVES = frozenset({"exit", "return", "break", "continue"})
_ENDS = frozenset({"else", "elif", "fi", "done", "esac"})
_LAST_FAILED = frozenset({"--lf", "--last-failed"})
_FAR = 200
"""How many commands are looked at after a gate; what would come later is not judged."""
_PIPE = ("its exit status is that of the last command of a pipe, without pipefail", "set -o pipefail before it")
_SWALLOWED = ("its failure is swallowed by `||` and a command that succeeds", "take the `||` away")
_RERUN = (
    "its failure is swallowed by `||` and a run of the tests without the threshold",
    "take the `||` away, or repeat the threshold behind it",
)
_LATER = (
    "its failure is lost: other commands follow, and the shell does not stop at an error",
    "set -e before it, or make it the last",
)
_CHAINED = (
    "its failure is lost: other commands follow, and set -e does not stop at a command before `&&`",
    "write what follows the `&&` on a line of its own",
)
_BACKGROUND = ("it runs in the background, where nobody sees it fail", "take the `&` away")
_TURNED = ("`!` turns its failure into a success", "take the `!` away")
_CONDITION = (
    "its failure is swallowed: it is the condition of an `if` that does nothing where it fails",
    "let it stand alone, or exit 1 where it fails",
)

_TRAPPED = ("its failure is swallowed by a trap that ends with exit 0", "take `exit 0` out of what the trap runs")
_AT_THE_END = frozenset({"EXIT", "0", "ERR"})
_DECIDES = regex(r"&&|\|\||\b(?:if|case|while|until|for)\b|\bexit\s+[^0\s]")
"""What in a trap may leave another exit status than its last command's."""


def trapped(words: Sequence[str], before: Fate, functions: Mapping[str, Group]) -> Fate:
    """What becomes of every later failure of a shell.

    Args:
        words: of a `trap`.
        before: what those before it came to.
        functions: the script's, which the trap may call.
    """
    action, *signals = [word for word in words if word != "--"] or [""]
    if _AT_THE_END.isdisjoint(signal.removeprefix("SIG") for signal in signals):
        return before
    steps = [step for part in action.split("\n") for step in map(str.strip, part.split(";")) if step]
    if not steps or _DECIDES.search(action):
        return ()
    called = functions.get(steps[-1].split()[0])
    return (_TRAPPED,) if steps[-1] == "exit 0" or (called and ends_well(called, functions)) else ()


def lost(items: Sequence[Item], index: int, *, errexit: bool, pipefail: bool, measured: bool = False) -> Fate:
    """Why nobody sees the command at `index` fail; empty where it is seen, or cannot be told.

    Args:
        items: the commands of its group.
        index: its own place among them.
        errexit: whether the shell stops at an error.
        pipefail: whether a pipe fails with any of its commands.
        measured: whether every pytest measures, and may hold a threshold by its settings.
    """
    node = items[index].node
    if isinstance(node, Command) and node.tested:
        return _of_condition(node, items[index : index + _FAR])
    near = items[index : index + _FAR]
    end = _pipe_end(near, 0)
    if near[0].after in PIPES and not pipefail:
        asked = any("PIPESTATUS" in word for item in near[end + 1 : end + 2] for word in _words(item))
        return () if asked else (_PIPE,)
    chained = False
    while end < len(near) - 1 and near[end].after == "&&":
        chained = True
        end = _pipe_end(near, end + 1)
    if near[end].after == "||":
        fallback = _until_line_end(near, end + 1)
        if fallback and all(_succeeds(item) for item in fallback):
            return (_SWALLOWED,)
        return (_RERUN,) if len(fallback) == 1 and not measured and _reruns(items[index], fallback[0]) else ()
    if near[end].after == "&":
        return () if any(_words(item)[:1] == ["wait"] for item in near[end + 1 :]) else (_BACKGROUND,)
    if (errexit and not chained) or not _goes_on(near[end + 1 :]):
        return ()
    return (_CHAINED if errexit else _LATER,)


def _pipe_end(items: Sequence[Item], index: int) -> int:
    while index < len(items) - 1 and items[index].after in PIPES:
        index += 1
    return index


def _until_line_end(items: Sequence[Item], index: int) -> list[Item]:
    found = []
    for item in items[index:]:
        found.append(item)
        if item.after not in ("&&", "||", *PIPES):
            break
    return found


def _reruns(gate: Item, fallback: Item) -> bool:
    """Whether the fallback runs what failed last again: where only the threshold was missed, all of it passes."""
    again = _words(fallback)
    return (
        any("--cov-fail-under" in word for word in _words(gate))
        and not _LAST_FAILED.isdisjoint(again)
        and not any("cov" in word for word in again)
    )


def _of_condition(node: Command, near: Sequence[Item]) -> Fate:
    """What becomes of a condition's failure; nothing is said where it cannot be told. `near` begins with its item."""
    if node.keyword == "!":
        return () if near[0].after in ("&&", "||") else (_TURNED,)
    last = next((i for i, item in enumerate(near) if _words(item)[:1] == ["fi"]), None)
    if node.keyword != "if" or near[0].after not in (";", "\n") or last is None or _goes_by(near[last]):
        return ()
    body = near[1:last]
    if len(near) > last + 1 and any(_words(item)[:1] and _words(item)[0] in _LEAVES for item in body):
        return ()  # what follows is the other way
    if node.negated:
        return (_CONDITION,) if body and all(_succeeds(item) for item in body) else ()
    other = any(_has_other(item) for item in body)
    return () if other or any("=" in word for item in body for word in _words(item)) else (_CONDITION,)


def _has_other(item: Item) -> bool:
    """Whether it is of another way than that of success, or of a condition within."""
    return isinstance(item.node, Group) or item.node.keyword in ("else", "elif", "if") or "else" in _words(item)


def _goes_by(fi: Item) -> bool:
    """Whether something is done with the exit status of the whole `if`."""
    return fi.after in ("&&", "||", *PIPES)


def _words(item: Item) -> list[str]:
    return [word.text for word in item.node.words] if isinstance(item.node, Command) else []


def _succeeds(item: Item) -> bool:
    """Whether it always succeeds."""
    if isinstance(item.node, Group):
        return bool(item.node.items) and all(_succeeds(one) for one in item.node.items)
    words = _words(item)
    return bool(words) and (words[0] in _SUCCEEDS or words[:2] in (["exit", "0"], ["return", "0"]))


def _goes_on(items: Sequence[Item]) -> bool:
    """Whether commands follow that do not look at the exit status."""
    if not items or len(items) >= _FAR - 1:
        return False
    for item in items:
        words = _words(item)
        if isinstance(item.node, Group) or item.node.keyword or (words and words[0] in _ENDS):
            return False
        if any("$?" in word or "PIPESTATUS" in word for word in words):
            return False
    return True
