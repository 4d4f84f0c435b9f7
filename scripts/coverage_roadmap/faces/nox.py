"""Nox sessions: one for each phase and leg, made from the config, and `combine`.

They call the console program, in this process.

The environment is nox's; what is installed in it is noted there, so that a second start installs and resolves nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import nox
from msgspec.structs import replace

from coverage_roadmap.adapters import config_file, files, processes, requirements
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.core.leg import other_legs, session_name
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.errors import ExitCode, RoadmapError, ToolError
from coverage_roadmap.faces import console, edge

TOOLS = ("pytest", "pytest-cov", "pytest-timeout", "pytest-xdist", "pyfakefs", "coverage")
"""What every phase's environment holds, beside the project's own requirements."""
STAMP = "coverage-roadmap-installed.txt"


def register() -> None:
    """Register the sessions of all phases, and end nox with our words and code where the config is off."""
    try:
        located = config_file.load(os.environ, _callers_folder(os.environ))
    except RoadmapError as error:
        edge.say_error(error)
        sys.exit(error.code)
    nox.options.default_venv_backend = "uv|virtualenv"
    nox.options.error_on_missing_interpreters = True
    if config_file.VARIABLE in os.environ:  # another project's environments stand apart from this one's
        nox.options.envdir = f".nox/{hashlib.sha256(str(located.file).encode()).hexdigest()[:8]}"
    canonical = _found(located.roadmap.canonical)
    titles = {PHASE_ZERO: "The tests of no story"} | {p.name: p.heading() for p in located.roadmap.phases}
    for phase, title in titles.items():
        _register(located, phase, canonical, session_name(phase), title)
        for python in other_legs(located.roadmap):
            _register(located, phase, python, session_name(phase, python), f"{title}, on Python {python}")
    _register(located, "", canonical, "combine", "Combine the artifacts of shards: -- artifacts/")


def _callers_folder(environ: Mapping[str, str]) -> Path:
    """Nox has gone to the noxfile's folder; the shell's word tells where it was called, where that holds the config."""
    called = Path(environ.get("PWD", ""))
    named = environ.get(config_file.VARIABLE, "")
    return called if named and (called / named).exists() else Path.cwd()


def _found(python: str | None) -> str | None:
    """The canonical Python where it is another than nox's own and answers; None for nox's own."""
    if python is None or python == "{}.{}".format(*sys.version_info[:2]):
        return None
    executable = shutil.which(f"python{python}")
    if executable is None:
        return None
    try:
        done = processes.answer([executable, "-c", ""], cwd=Path.cwd(), seconds=20)
    except ToolError:
        return None
    return python if done.returncode == 0 else None


def _register(located: Located, phase: str, python: str | None, name: str, title: str) -> None:
    def session_of_phase(session: nox.Session) -> None:
        command = ["run", phase] if phase else ["combine"]
        words = [*command, "--python", _prepare(session, located), *session.posargs]
        session.log(f"coverage-roadmap {' '.join(words)}")
        context = replace(edge.context(), environ=_environ(session, located))
        code = edge.guarded(lambda: console.call(words, context))
        if code == ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        if code:
            session.error(f"coverage-roadmap ended with {code}")

    session_of_phase.__doc__ = title
    nox.session(python=python, name=name, reuse_venv=True, default=False)(session_of_phase)


def _environ(session: nox.Session, located: Located) -> dict[str, str]:
    """What a program that the session starts gets: nox's own changes, the environment's programs first, and our config.

    The console program is called here and not started, since that would import and read all of it a second time.
    """
    changed = {**os.environ, **session.env, config_file.VARIABLE: str(located.file)}
    environ = {name: value for name, value in changed.items() if value is not None}
    paths = [*(session.bin_paths or []), environ.get("PATH", os.defpath)]
    return {**environ, "PATH": os.pathsep.join(paths)}


def _prepare(session: nox.Session, located: Located) -> str:
    """Install what is not installed yet. Returns the interpreter that runs the tests."""
    if session.venv_backend == "none":
        return sys.executable
    roadmap = located.roadmap
    stamp = Path(session.virtualenv.location) / STAMP
    texts = requirements.texts(located.project, roadmap)
    wanted = hashlib.sha256(repr((TOOLS, roadmap.install, sorted(texts.items()))).encode()).hexdigest()
    if not stamp.exists() or files.read_text(stamp).strip() != wanted:
        if stamp.exists():  # what is no longer required must not linger
            shutil.rmtree(session.virtualenv.location)
            session.virtualenv.create()
        lists = [word for path in roadmap.requirements for word in ("-r", path)]
        with session.chdir(located.project):
            # uv leaves compiling to the first import, which every run pays where bytecode may not be written
            compiled = ["--compile-bytecode"] if session.venv_backend == "uv" else []
            session.install(*compiled, *lists, *roadmap.install, *TOOLS)
        files.write_whole(stamp, f"{wanted}\n".encode())
    return str(Path(session.bin) / "python")
