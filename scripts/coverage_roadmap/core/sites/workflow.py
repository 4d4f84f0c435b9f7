"""GitHub's workflows and composite actions: what their steps run, and their variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import shell as shell_text
from coverage_roadmap.core.sites.command import Shell, joined
from coverage_roadmap.core.sites.document import Node
from coverage_roadmap.core.sites.reading import Fate, Reading, names_threshold
from coverage_roadmap.core.sites.steps import MEND_NEVER, NEVER, Steps

_EXPRESSION = regex(r"\$\{\{(.*)\}\}", re.DOTALL)

_FALSE = frozenset({"false", "!true", "0", "null", "''"})
_FAILS = regex(r"\bexit\s+[1-9$]|\bfalse\b")
_OUTCOME = regex(r"\bsteps\.([\w-]{1,100})\.outcome\b")
_RED = frozenset({"failure()", "cancelled()"})


def read(reading: Reading, root: Node) -> None:
    """Read a workflow, or an action that is made of steps."""
    steps = Steps(reading)
    reading.whole = True
    reading.by_hand = _starters(root) == {"workflow_dispatch"}
    _variables(steps, root.get("env"), "")
    jobs = dict(found.pairs()) if (found := root.get("jobs")) else {}
    for job in jobs.values():
        _job(
            steps, root, job, [(f"{NEVER}: it needs {name}, which never runs", MEND_NEVER) for name in _dead(job, jobs)]
        )
    if action := root.get("runs"):
        _job(steps, root, action, [])
    steps.run()


def _starters(root: Node) -> set[str]:
    """The events that start a workflow."""
    events = root.get("on")
    if events is None:
        return set()
    return {events.value} if events.kind == "scalar" else {*dict(events.pairs()), *(e.value for e in events.listed())}


def _dead(job: Node, jobs: Mapping[str, Node]) -> list[str]:
    """The jobs that never run and without which this one does not: they are skipped, and so it is."""
    needs = job.get("needs")
    names = [] if needs is None or job.get("if") else [needs.value, *(one.value for one in needs.listed())]
    return [name for name in names if name in jobs and _is_false(jobs[name].text("if"))]


def _job(steps: Steps, root: Node, job: Node, needed: Fate) -> None:
    fate = (*_fate(job, "job"), *needed)
    folder = job.text("defaults", "run", "working-directory") or root.text("defaults", "run", "working-directory")
    named = job.text("defaults", "run", "shell") or root.text("defaults", "run", "shell")
    _variables(steps, job.get("env"), folder)
    _uses(steps, job)
    below = found.listed() if (found := job.get("steps")) else []
    seen = _looked_at(below)
    for step in below:
        place = joined("", step.text("working-directory") or folder)
        _variables(steps, step.get("env"), place)
        _uses(steps, step)
        if (shell := _shell(step.text("shell") or named)) is not None:
            shell.folder = place
            shell.config = _config(root, job, step)
            steps.script(step.get("run"), shell, (*fate, *_fate(step, "step", seen=step.text("id") in seen)))


def _looked_at(steps: Sequence[Node]) -> set[str]:
    """The ids of the steps by whose outcome another one fails."""
    failing = [step for step in steps if _FAILS.search(step.text("run"))]
    return {name for step in failing for name in _OUTCOME.findall(f"{step.text('if')} {step.text('run')}")}


def _config(*levels: Node) -> str:
    found = [level.text("env", "COVERAGE_ROADMAP_CONFIG") for level in levels]
    return next(filter(None, reversed(found)), "")


def _variables(steps: Steps, env: Node | None, folder: str) -> None:
    for name, value in env.pairs() if env else ():
        steps.variable(name, value, folder)


def _uses(steps: Steps, step: Node) -> None:
    """The inputs of an action or a workflow that is written elsewhere."""
    given = step.get("with")
    for name, value in given.pairs() if given and step.get("uses") else ():
        if names_threshold(name.upper().replace("-", "_")):
            reason = "it is an input of an action or a workflow that is written elsewhere"
            steps.reading.doubt(value.start, reason, value.value, elsewhere=True)
        elif "--cov-fail-under" in value.value:
            steps.script(value, Shell(quiet=True, folder=step.text("working-directory")), _fate(step, "step"))


def _shell(name: str) -> Shell | None:
    """The shell that GitHub starts: without a name `bash -e`, with the name `bash` also pipefail; None for Python."""
    words = [word.text for word in shell_text.words(shell_text.Source(name, range(len(name))))]
    if len(words) > 1:
        flags = [word for word in words if re.fullmatch(r"-[a-z]+", word)]
        known = re.search(r"(?:^|/)(?:ba|z|da|k)?sh$", words[0])
        return Shell(any("e" in word for word in flags), "pipefail" in words, quiet=not known)
    if name == "python":
        return None
    return Shell(errexit=True, pipefail=name == "bash", quiet=name not in ("", "bash", "sh"))


def _constant(text: str) -> str:
    expression = _EXPRESSION.fullmatch(text.strip())
    return (expression[1] if expression else text).strip().lower()


def _is_false(condition: str) -> bool:
    """Whether a condition can never be met: one of the things that it joins by `&&` is false as it is written."""
    text = _constant(condition)
    return (
        "||" not in text
        and "(" not in text.replace("()", "")
        and any(term.strip() in _FALSE for term in text.split("&&"))
    )


def _fate(node: Node, what: str, *, seen: bool = False) -> Fate:
    fate = []
    if _is_false(condition := node.text("if")):
        fate.append((f"{NEVER}: if: {_constant(condition)}", MEND_NEVER))
    elif _constant(condition) in _RED:
        fate.append((f"its {what} runs only where another failed: if: {_constant(condition)}", MEND_NEVER))
    if _constant(node.text("continue-on-error")) == "true" and not seen:
        fate.append((f"continue-on-error: true on its {what}", "take continue-on-error away"))
    return fate
