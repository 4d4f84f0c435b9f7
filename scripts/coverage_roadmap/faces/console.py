"""The console program: `coverage-roadmap COMMAND ...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from coverage_roadmap import __version__
from coverage_roadmap.commands.context import Context
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError
from coverage_roadmap.faces import edge, shown
from coverage_roadmap.faces.arguments import Face, Option, columns, face_of, parse

COMMANDS = {
    "run": "render.report",
    "status": "faces.pages.status",
    "exit-check": "faces.pages.exit_check",
    "close": "faces.pages.close",
    "baseline": "faces.pages.baseline",
    "check": "faces.pages.check",
    "waive": "faces.pages.waive",
    "bump": "faces.pages.bump",
    "diff": "faces.pages.diff",
    "standup": "faces.pages.standup",
    "board": "faces.pages.board",
    "targets": "faces.pages.targets",
    "mirror": "faces.pages.mirror",
    "history": "faces.pages.history",
    "history.show": "faces.pages.history_show",
    "history.push": "faces.pages.history_push",
    "history.prune": "faces.pages.history_prune",
    "pr-summary": "faces.pages.pr_summary",
    "dashboard": "faces.pages.dashboard",
    "matrix": "faces.pages.matrix",
    "combine": "faces.pages.combine",
    "ci": "faces.pages.ci",
    "doctor": "faces.pages.doctor",
}
"""Each command, in the order in which they are listed, with the module that has its `page` and its `data`."""


FURTHER = {"check": ("github",), "history.show": ("cobertura",)}
"""Views that only one command has; its module has a function of that name for each."""


def face(name: str) -> Face:
    """A command's face. Only its own module is imported, since to import them all takes longer than most commands."""
    module_name = name.replace("-", "_").replace(".", "_")
    module = import_module(f"coverage_roadmap.commands.{module_name}")
    view = Option("format", str, "how the result is shown", _form(name), (*shown.FORMATS, *FURTHER.get(name, ())))
    return face_of(name, getattr(module, module_name), [] if name == "run" else [view])


def main() -> None:
    """The entry point."""
    edge.settle_streams()
    sys.exit(edge.guarded(lambda: call(sys.argv[1:])))


def call(arguments: Sequence[str], context: Context | None = None) -> int:
    """Do what the words say, by default where this process is. Returns the exit code.

    Raises:
        RoadmapError: what a user can cause.
    """
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help"):
        lines = columns([*COMMANDS], [face(name).summary for name in COMMANDS])
        return _tell("\n".join(["usage: coverage-roadmap COMMAND ...", "", *lines, "", "COMMAND --help tells more."]))
    if first == "--version":
        return _tell(__version__)
    if first not in COMMANDS:
        raise UsageError(nearest(first, COMMANDS, "command"), where=first, next_step="coverage-roadmap --help")
    chosen = face(first)
    own = list(arguments[1:])
    if any(word in ("-h", "--help") for word in (own[: own.index("--")] if "--" in own else own)):
        return _tell(chosen.usage())
    if own and f"{first}.{own[0]}" in COMMANDS:
        raise UsageError(f"no such option: did you mean {first}.{own[0]}?", where=own[0])
    given = parse(chosen, own)
    form = given.pop("format", _form(first))
    result = chosen.command(context or edge.context(), **given)
    with edge.output():
        if first == "run":
            print()  # pytest's own words stand above
        shown.show(result, import_module(f"coverage_roadmap.{COMMANDS[first]}"), form)
    return int(result.exit_code)


def _form(name: str) -> str:
    return {"matrix": "json", "baseline": "md"}.get(name, "table")


def _tell(text: str) -> int:
    with edge.output():
        print(text)
    return 0
