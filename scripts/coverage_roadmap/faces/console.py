"""The console program: `coverage-roadmap COMMAND ...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from coverage_roadmap import __version__
from coverage_roadmap.commands.bump import bump
from coverage_roadmap.commands.close import close
from coverage_roadmap.commands.diff import diff
from coverage_roadmap.commands.doctor import doctor
from coverage_roadmap.commands.exit_check import exit_check
from coverage_roadmap.commands.matrix import matrix
from coverage_roadmap.commands.run import run
from coverage_roadmap.commands.standup import standup
from coverage_roadmap.commands.status import status
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError
from coverage_roadmap.faces import edge, shown
from coverage_roadmap.faces.arguments import Face, Option, face_of, parse

COMMANDS = (run, status, exit_check, close, bump, diff, standup, matrix, doctor)


def faces() -> dict[str, Face]:
    """Each command by its name, in the order in which they are listed."""
    made = {}
    for command in COMMANDS:
        default = "json" if command is matrix else "table"
        view = Option("format", str, "how the result is shown", default, shown.FORMATS)
        face = face_of(command, [] if command is run else [view])
        made[face.name] = face
    return made


def main() -> None:
    """The entry point."""
    sys.exit(edge.guarded(lambda: call(sys.argv[1:])))


def call(arguments: Sequence[str]) -> int:
    """Do what the words say. Returns the exit code.

    Raises:
        RoadmapError: what a user can cause.
    """
    known = faces()
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help"):
        width = max(map(len, known))
        lines = [f"  {name:{width}}  {face.summary}" for name, face in known.items()]
        return _tell("\n".join(["usage: coverage-roadmap COMMAND ...", "", *lines, "", "COMMAND --help tells more."]))
    if first == "--version":
        return _tell(__version__)
    if first not in known:
        raise UsageError(nearest(first, known, "command"), where=first, next_step="coverage-roadmap --help")
    face = known[first]
    own = list(arguments[1:])
    if any(word in ("-h", "--help") for word in (own[: own.index("--")] if "--" in own else own)):
        return _tell(face.usage())
    given = parse(face, own)
    form = given.pop("format", "json" if face.command is matrix else "table")
    result = face.command(edge.context(), **given)
    with edge.output():
        shown.show(result, form)
    return int(result.exit_code)


def _tell(text: str) -> int:
    with edge.output():
        print(text)
    return 0
