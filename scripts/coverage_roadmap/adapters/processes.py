"""Short processes that answer. What runs long is held by `supervision`, whose import takes longer than most answers."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from coverage_roadmap.errors import ToolError


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
    try:
        return subprocess.run(command, cwd=cwd, env=env, input=stdin, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"gave no answer in {seconds:.0f} s", where=" ".join(command[:2])) from error
    except OSError as error:
        raise ToolError(f"cannot be started: {error.strerror}", where=command[0], next_step="install it") from error
