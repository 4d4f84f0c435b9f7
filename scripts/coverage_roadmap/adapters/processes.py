"""Short processes that answer. What runs long is held by `supervision`, whose import takes longer than most answers."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

from coverage_roadmap.errors import ToolError

_LAST_WAIT = 5.0
"""How long a process that was killed may take to be gone. Seconds."""
_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks us to end; Windows has not all of them."""


def answer(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    seconds: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """Run a short command and return what it printed, whatever its exit code.

    Raises:
        ToolError: it cannot be started, or takes longer than `seconds`.
    """
    pipe = subprocess.PIPE
    with _Asked() as asked:
        try:
            process = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=None if stdin is None else pipe, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise ToolError(f"cannot be started: {error.strerror}", where=command[0], next_step="install it") from error
        with process, _none_left(process, asked):
            try:
                asked.hear()
                out, told = process.communicate(stdin, timeout=seconds)
            except subprocess.TimeoutExpired as error:
                raise ToolError(f"gave no answer in {seconds:.0f} s", where=" ".join(command[:2])) from error
    return subprocess.CompletedProcess(command, process.returncode, out, told)


class _Asked:
    """Keeps what asks us to end waiting while it would leave a process behind: while one is being started, which nobody
    could end before it is known, and while it is being ended. In between, the handlers that stood are called.

    Where nobody handles a signal it does what it does. Only the main thread is ever interrupted.
    """

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.holds = True
        self.handlers: dict[int, Any] = {}

    def __enter__(self) -> _Asked:
        if threading.current_thread() is threading.main_thread():
            try:
                for number in _ENDING:
                    if callable(handler := signal.getsignal(number)):
                        self.handlers[number] = handler
                        signal.signal(number, self._come)
            except BaseException:  # by one that came before its turn
                self._give_back()
                raise
        return self

    def hear(self) -> None:
        """From now on a signal is handed on, and first those that wait."""
        self.holds = False
        while self.waiting:
            self._come(self.waiting.pop(0), None)

    def __exit__(self, *_: object) -> None:
        self._give_back()
        for number in self.waiting:
            signal.raise_signal(number)

    def _give_back(self) -> None:
        try:
            for number, handler in self.handlers.items():
                signal.signal(number, handler)
        except BaseException:  # by the first that was given back: the others too, and then it goes on
            self._give_back()
            raise

    def _come(self, number: int, frame: FrameType | None) -> None:
        if self.holds:
            self.waiting.append(number)
            return
        self.holds = True  # where the handler raises, the process is being ended from here on
        self.handlers[number](number, frame)
        self.holds = False


class Conversation:
    """A process that answers a line with a line, as long as it is asked."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes], seconds: float) -> None:
        """Take a process that was started, and the file that its errors go to."""
        self._process, self._errors, self._seconds = process, errors, seconds

    def tell(self, line: bytes) -> None:
        """Ask something. Where the process is gone, the answer says so."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line + b"\n")
                self._process.stdin.flush()

    def hear(self) -> bytes:
        """The next line that it says.

        Raises:
            ToolError: it ended, or did not answer in time; with its last words.
        """
        out = self._process.stdout
        limit = threading.Timer(self._seconds, self._process.kill)
        limit.start()
        try:
            line = out.readline() if out is not None else b""
        finally:
            limit.cancel()
        if line.endswith(b"\n"):
            return line
        status = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines() or [f"exit status {status}"]
        raise ToolError(lines[-1])


@contextlib.contextmanager
def conversing(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, seconds: float
) -> Iterator[Conversation]:
    """Start a process that answers, and end it afterwards.

    Args:
        command: its words.
        cwd: its folder.
        env: its environment variables.
        seconds: how long each answer may take.

    Raises:
        ToolError: it cannot be started.
    """
    import tempfile  # as with psutil below

    pipe = subprocess.PIPE
    with tempfile.TemporaryFile() as errors, _Asked() as asked:
        try:
            process = subprocess.Popen(command, cwd=cwd, env=env, stdin=pipe, stdout=pipe, stderr=errors, bufsize=0)
        except OSError as error:
            raise ToolError(f"cannot be started: {error.strerror}", where=command[0], next_step="install it") from error
        with process, _none_left(process, asked):
            asked.hear()
            yield Conversation(process, errors, seconds)
            process.kill()  # it has answered; to let it end by itself takes longer


@contextlib.contextmanager
def _none_left(process: subprocess.Popen[bytes], asked: _Asked) -> Iterator[None]:
    """Where it is left by an error, end the process with what it started: git asks a remote through helpers."""
    try:
        yield
    except BaseException:
        asked.holds = True
        import psutil  # takes longer to import than most answers

        below: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            below = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        for one in below:
            with contextlib.suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(below, timeout=_LAST_WAIT)
        raise
