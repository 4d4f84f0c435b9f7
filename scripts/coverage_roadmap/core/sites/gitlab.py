"""GitLab's CI file: what its jobs run, and their variables."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from coverage_roadmap.core.sites.command import Shell
from coverage_roadmap.core.sites.document import Node
from coverage_roadmap.core.sites.reading import Fate, Reading
from coverage_roadmap.core.sites.steps import MEND_NEVER, NEVER, Steps

_NO_JOBS = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script"}
    | {"after_script", "spec"}
)
_MOST_PARENTS = 10
_DEEPEST = 10

_TESTS_FAILED = "1"
"""What pytest and coverage.py exit with below a threshold, or where tests failed: pytest with 1, too."""


def read(reading: Reading, root: Node) -> None:
    """Read the file: the shell of a job's scripts stops at errors, in pipes too."""
    reading.whole = True
    steps = Steps(reading)
    _includes(reading, root.get("include"))
    _variables(steps, root.get("variables"))
    shell = Shell(errexit=True, pipefail=True)
    for node in _lines(root.at("default", "before_script") or root.get("before_script")):
        steps.script(node, shell)
    steps.run()  # so that every job's shell starts where these leave it
    for node in _lines(root.at("default", "after_script") or root.get("after_script")):
        steps.script(node, Shell(errexit=True, pipefail=True), _AFTER)
    for name, job in root.pairs():
        if name not in _NO_JOBS:
            _job(steps, job, _parents(root, job), shell, template=name.startswith("."))
    steps.run()


_AFTER = [("the exit status of after_script is not looked at", "move it into script")]


def _parents(root: Node, job: Node) -> list[Node]:
    """The job and what it extends, nearest first."""
    found = [job]
    for one in found:
        extends = one.get("extends")
        names = [node.value for node in _lines(extends)][::-1]
        found += [parent for name in names if (parent := root.get(name)) and parent not in found]
        if len(found) > _MOST_PARENTS:
            break
    return found


def _job(steps: Steps, job: Node, levels: list[Node], shell: Shell, *, template: bool) -> None:
    def get(key: str) -> Node | None:
        return next((found for level in levels if (found := level.get(key))), None)

    _variables(steps, job.get("variables"))
    own = replace(shell)
    fate = _fate(get("allow_failure"), get("when"), get("rules"))
    for node in _lines(get("before_script")):
        steps.script(node, own, fate, template=template)
    for node in _lines(get("script")):
        steps.script(node, own, fate, template=template)
    for node in _lines(get("after_script")):
        steps.script(node, replace(shell), _AFTER, template=template)


def _fate(allowed: Node | None, when: Node | None, rules: Node | None) -> Fate:
    fate = []
    if allowed and allowed.value.lower() == "true":
        fate.append(("allow_failure: true on its job", "take allow_failure away"))
    codes = allowed.get("exit_codes") if allowed else None
    if codes and _TESTS_FAILED in (codes.value, *(one.value for one in codes.listed())):
        fate.append(("allow_failure of exit code 1 on its job", "take that exit code away"))
    every = {rule.text("when") for rule in rules.listed()} if rules else {when.value if when else ""}
    if every == {"never"}:
        fate.append((f"{NEVER}: when: never", MEND_NEVER))
    elif every and every <= {"never", "manual"}:
        fate.append(("its job runs by hand alone: when: manual", MEND_NEVER))
    return fate


def _lines(node: Node | None, depth: int = 0) -> Iterator[Node]:
    """The scalars of a script: one, a list, or lists in lists."""
    if node and node.kind == "scalar":
        yield node
    for below in node.listed() if node and depth < _DEEPEST else ():
        yield from _lines(below, depth + 1)


def _variables(steps: Steps, variables: Node | None) -> None:
    for name, value in variables.pairs() if variables else ():
        steps.variable(name, value.get("value") or value)


def _includes(reading: Reading, include: Node | None) -> None:
    for one in (include.listed() or [include]) if include else ():
        if not one.get("template"):  # GitLab's own hold no threshold of ours
            reading.doubt(one.start, "an included file is not looked into", elsewhere=True)
