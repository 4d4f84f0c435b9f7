"""The Python that runs a project's tests."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from coverage_roadmap.adapters import inside, processes
from coverage_roadmap.errors import ToolError


def choose(environ: Mapping[str, str], folder: Path, named: str) -> str:
    """The one that was named, else the active environment's, else our own.

    Args:
        environ: the environment variables.
        folder: the caller's folder, which a named path is relative to.
        named: a path or a command; empty for none.

    Raises:
        ToolError: there is none of that name.
    """
    if not named:
        active = Path(environ["VIRTUAL_ENV"]) / "bin" / "python" if environ.get("VIRTUAL_ENV") else None
        return str(active) if active and active.exists() else sys.executable
    path = str(folder / named) if os.sep in named else named
    if shutil.which(path) is None:
        raise ToolError("no such interpreter", where=f"--python {named}", next_step="name one that can be run")
    return path


def compiles(version: str, paths: Sequence[str], folder: Path) -> dict[str, bool]:
    """Whether a Python of a version, such as 3.13, compiles each of some files; empty where none is at hand.

    It is looked for on the `PATH` by that name, since a project may hold, and a record may name, anything.

    Args:
        version: the version, as the config takes it.
        paths: the files, from the folder.
        folder: where they are.
    """
    python = shutil.which(f"python{version}") if paths else None
    if python is None:
        return {}
    command = [python, "-I", "-S", str(inside.FOLDER / "coverage_roadmap_parses.py")]
    given = b"".join(os.fsencode(path) + b"\0" for path in paths)
    try:
        told = msgspec.json.decode(
            processes.answer(command, cwd=folder, stdin=given, seconds=30).stdout, type=list[bool]
        )
    except (ToolError, msgspec.DecodeError):
        return {}
    return dict(zip(paths, told, strict=True)) if len(told) == len(paths) else {}


_PROBE = """
import importlib.metadata as metadata, json, sys
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
print(json.dumps(["%d.%d" % sys.version_info[:2], {name: version(name) for name in sys.argv[1:]}]))
"""


def versions(python: str, names: Sequence[str], folder: Path) -> tuple[str, dict[str, str]]:
    """The Python of an interpreter (such as 3.11), and the version of each distribution in it; empty where missing.

    Raises:
        ToolError: it does not run.
    """
    done = processes.answer([python, "-c", _PROBE, *names], cwd=folder)
    try:
        return msgspec.json.decode(done.stdout, type=tuple[str, dict[str, str]])
    except msgspec.DecodeError as error:
        raise ToolError("does not run as a Python", where=python) from error
