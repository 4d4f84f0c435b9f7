"""The console program: `coverage-roadmap COMMAND ...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from coverage_roadmap import __version__
from coverage_roadmap.commands.run import run
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError
from coverage_roadmap.faces import edge
from coverage_roadmap.faces.arguments import face_of, parse
from coverage_roadmap.render import terminal

COMMANDS = (run,)


def main() -> None:
    """The entry point."""
    sys.exit(edge.guarded(lambda: call(sys.argv[1:])))


def call(arguments: Sequence[str]) -> int:
    """Do what the words say. Returns the exit code.

    Raises:
        RoadmapError: what a user can cause.
    """
    faces = {face.name: face for face in map(face_of, COMMANDS)}
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help"):
        width = max(map(len, faces))
        lines = [f"  {name:{width}}  {face.summary}" for name, face in faces.items()]
        print("\n".join(["usage: coverage-roadmap COMMAND ...", "", *lines, "", "COMMAND --help tells more."]))
        return 0
    if first == "--version":
        print(__version__)
        return 0
    if first not in faces:
        raise UsageError(nearest(first, faces, "command"), where=first, next_step="coverage-roadmap --help")
    face = faces[first]
    own = list(arguments[1:])
    if any(word in ("-h", "--help") for word in (own[: own.index("--")] if "--" in own else own)):
        print(face.usage())
        return 0
    report = face.command(edge.context(), **parse(face, own))
    terminal.show(report, edge.console())
    return int(report.exit_code)
