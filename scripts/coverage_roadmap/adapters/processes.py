"""Short processes that answer. What runs long is held by `supervision`, whose import takes longer than most answers."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from coverage_roadmap.errors import ToolError

_LAST_WAIT = 5.0
"""How long a process that was killed may take to be gone. Seconds."""


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
    try:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=None if stdin is None else pipe, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise ToolError(f"cannot be started: {error.strerror}", where=command[0], next_step="install it") from error
    with process, _none_left(process):
        try:
            out, told = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ToolError(f"gave no answer in {seconds:.0f} s", where=" ".join(command[:2])) from error
    return subprocess.CompletedProcess(command, process.returncode, out, told)


@contextlib.contextmanager
def _none_left(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Where it is left by an error, end the process with what it started: git asks a remote through helpers."""
    try:
        yield
    except BaseException:
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
