"""A process that is held to a time limit with all that it starts.

At the limit nothing is left alive: what detached itself (`setsid`, a double fork) is handed to us by the kernel on
Linux (`PR_SET_CHILD_SUBREAPER`); elsewhere descendants are noted while they run.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
from msgspec import Struct

from coverage_roadmap.errors import ToolError

_SUBREAPER = 36
_TICK = 0.2
"""How soon a signal is heard. Seconds."""
_TOGETHER = 0.5
"""Signals that come within this time are one. Seconds."""
_SAVING = 12.0
"""How long an interrupted process may take to save what it measured. Seconds."""
_LAST_WAIT = 10.0


class Limit(Struct, frozen=True):
    """A limit of `seconds`, and when before it each step is taken, in seconds before the limit."""

    seconds: float

    @property
    def stop(self) -> float:
        """No further test is begun."""
        return min(10.0, self.seconds * 0.2)

    @property
    def interrupt(self) -> float:
        """The root process gets SIGINT, and can still save."""
        return min(6.0, self.seconds * 0.12)

    @property
    def terminate(self) -> float:
        """All get SIGTERM."""
        return min(2.0, self.seconds * 0.05)


class Ended(Struct, frozen=True):
    """How a supervised process ended."""

    status: int
    """Its exit code; negative: the signal that ended it."""
    seconds: float
    timed_out: bool
    interrupted: bool
    left_over: int
    """Processes that it left alive, and that were ended."""


def supervise(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], limit: Limit) -> Ended:
    """Run `command` in a session of its own, its output where ours goes, until it ends or its limit comes.

    An interrupt (Ctrl-C, SIGTERM, SIGHUP) is handed on once as SIGINT with twelve seconds to save; a second one, or the
    end of these, ends the whole tree at once.

    Raises:
        ToolError: the command cannot be started.
    """
    _adopt_orphans()
    before = {child.pid for child in psutil.Process().children()}
    began = time.monotonic()
    with _Asked() as asked:
        try:
            process = subprocess.Popen(command, cwd=cwd, env=dict(env), start_new_session=True)
        except OSError as error:
            raise ToolError(f"cannot be started: {error.strerror}", where=command[0]) from error
        watch = _Watch(process, began, limit, before)
        try:
            timed_out = watch.until_end(asked)
            seconds = time.monotonic() - began
        finally:
            left_over = watch.end_all()
    return Ended(process.returncode, seconds, timed_out, asked.times > 0, left_over)


class _Asked:
    """How often a person or the system asked us to stop. Signals that come together are one: `timeout` sends two.

    What is ignored when we come (SIGHUP under nohup) stays ignored.
    """

    def __init__(self) -> None:
        self.times = 0
        self.last = -math.inf
        self.previous: dict[int, Any] = {}

    def __enter__(self) -> _Asked:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self.previous[number] = signal.signal(number, self._count)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self.previous.items():
            signal.signal(number, handler)

    def _count(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self.last > _TOGETHER:
            self.times, self.last = self.times + 1, now


class _Watch:
    """One supervised process, and what is known of its descendants."""

    def __init__(self, process: subprocess.Popen[bytes], began: float, limit: Limit, before: set[int]) -> None:
        self.process = process
        self.limit_at = began + limit.seconds
        self.limit = limit
        self.before = before
        self.known: set[psutil.Process] = set()
        self.noted_at = began

    def until_end(self, asked: _Asked) -> bool:
        """Wait for the end, taking each step when it is due. Returns whether it timed out."""
        steps = [
            (self.limit_at - self.limit.interrupt, self._interrupt),
            (self.limit_at - self.limit.terminate, self._terminate),
            (self.limit_at, self._kill),
        ]
        timed_out = False
        heard = 0
        while self.process.poll() is None:
            now = time.monotonic()
            if asked.times > heard:
                heard += 1
                if heard == 1:
                    self._interrupt()
                    steps = [(now + _SAVING - 2, self._terminate), (now + _SAVING, self._kill)]
                    steps = [(min(self.limit_at, moment), step) for moment, step in steps]
                else:
                    steps = [(now, self._kill)]
            elif steps and now >= steps[0][0]:
                timed_out = timed_out or not heard
                steps.pop(0)[1]()
            else:
                self._wait(min(_TICK, steps[0][0] - now) if steps else _TICK)
        return timed_out

    def _wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        if sys.platform != "linux" and time.monotonic() - self.noted_at > 1:
            self.noted_at = time.monotonic()
            self._note_descendants()

    def _note_descendants(self) -> None:
        with contextlib.suppress(psutil.Error):
            self.known.update(psutil.Process(self.process.pid).children(recursive=True))

    def _interrupt(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)

    def _terminate(self) -> None:
        for process in self._alive():
            with contextlib.suppress(psutil.Error):
                process.terminate()

    def _kill(self) -> None:
        for process in self._alive():
            with contextlib.suppress(psutil.Error):
                process.kill()

    def _alive(self) -> list[psutil.Process]:
        """The process and all its descendants, the adopted ones too, less zombies."""
        with contextlib.suppress(psutil.Error):
            self.known.update(psutil.Process(self.process.pid).children(recursive=True))
        if self.process.returncode is None:
            with contextlib.suppress(psutil.Error):
                self.known.add(psutil.Process(self.process.pid))
        for child in psutil.Process().children():
            if child.pid not in self.before:
                with contextlib.suppress(psutil.Error):
                    self.known.update([child, *child.children(recursive=True)])
        self.known = {process for process in self.known if _is_alive(process)}
        return list(self.known)

    def end_all(self) -> int:
        """Kill until nothing is left, and reap what is ours. Returns how many were still alive."""
        ended: set[psutil.Process] = set()
        until = time.monotonic() + _LAST_WAIT
        while (alive := self._alive()) and time.monotonic() < until:
            ended.update(alive)
            self._kill()
            psutil.wait_procs(alive, timeout=0.2)
        if self.process.returncode is None:
            self.process.wait()
        self._reap()
        return len(ended)

    def _reap(self) -> None:
        for child in psutil.Process().children():
            if child.pid not in self.before:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child.pid, os.WNOHANG)


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _adopt_orphans() -> None:
    """From now on, what loses its parent below us becomes our child (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
