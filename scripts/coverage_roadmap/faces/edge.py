"""The one place that prints an error and picks the exit code."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.adapters.files import refused
from coverage_roadmap.commands.context import Context
from coverage_roadmap.core.text import inert, plain
from coverage_roadmap.errors import ExitCode, RoadmapError


def context() -> Context:
    """The real one."""
    return Context(os.environ, Path.cwd(), SystemClock(), _say, _progress)


def _say(line: str) -> None:
    with output():
        print(inert(plain(line)))


def _progress(line: str) -> None:
    print(inert(plain(line)), file=sys.stderr, flush=True)


def settle_streams() -> None:
    """Make both streams take any text: where the terminal's encoding has no such sign, its escape is shown; a stream
    that the caller closed takes all and keeps nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until we end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def output() -> Iterator[None]:
    """Print inside. Where the reader has gone (`| head`), the rest is dropped and no exit code is changed.

    Raises:
        ToolError: what is printed cannot be written, such as on a full disk.
    """
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the end of Python says nothing more
        if not isinstance(error, BrokenPipeError):
            raise refused(error, Path("standard output")) from error


def guarded(work: Callable[[], int]) -> int:
    """Do `work`, and turn whatever goes wrong into words and an exit code."""
    try:
        with _ended_as_interrupted():
            return work()
    except RoadmapError as error:
        say_error(error)
        return error.code
    except KeyboardInterrupt:
        say_error("interrupted")
        return ExitCode.INTERRUPTED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say_error(f"{where}{error.strerror or error}")
        return ExitCode.TOOL
    except Exception:  # noqa: BLE001 - our own bug: keep the details, show one line
        say_error(f"this is a bug of ours; the details are in {_keep_details()}")
        return ExitCode.BUG


@contextlib.contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Inside, what asks us to end is heard as Ctrl-C is, so that what was started is ended with us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def say_error(what: object) -> None:
    """Print an error, in plain words, where errors go."""
    lines = [inert(plain(line)) for line in f"coverage-roadmap: {what}".split("\n")]
    print("\n".join(lines), file=sys.stderr, flush=True)


def _keep_details() -> str:
    import tempfile
    import traceback  # both only for this: they take as long to import as a small command takes

    try:
        with tempfile.NamedTemporaryFile("w", prefix="coverage-roadmap-", suffix=".txt", delete=False) as file:
            file.write(traceback.format_exc())
            return file.name
    except OSError:
        traceback.print_exc()
        return "the lines above"
