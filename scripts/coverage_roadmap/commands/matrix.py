"""`matrix`: the CI jobs, phase by Python, for `strategy.matrix: ${{ fromJSON(...) }}`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import config_file, files
from coverage_roadmap.commands.context import Context
from coverage_roadmap.core.matrix import Job, jobs, strategy
from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import ExitCode, UsageError


class Matrix(Struct, frozen=True):
    """The jobs."""

    jobs: Sequence[Job]
    output: Path | None
    """The file of GitHub's step outputs, where there is one; the matrix is added to it."""
    exit_code: ExitCode = ExitCode.DONE


def matrix(
    context: Context,
    *,
    phase: Annotated[str, "this phase; by default the running one"] = "",
    all: Annotated[bool, "every phase"] = False,
) -> Matrix:
    """Print the CI jobs as JSON, phase by Python.

    Example: invoke matrix --all
    """
    roadmap = config_file.load(context.environ, context.folder).roadmap
    if phase and all:
        raise UsageError("give one of the two", where="--phase and --all")
    names = [p.name for p in roadmap.phases]
    if phase and phase not in names:
        raise UsageError(nearest(phase, names, "phase"), where=f"--phase {phase}")
    last = roadmap.current
    chosen = [p for p in roadmap.phases if all or p.name == (phase or last.name)]
    output = context.environ.get("GITHUB_OUTPUT")
    decided = Matrix(jobs(roadmap, chosen, "{}.{}".format(*sys.version_info[:2])), Path(output) if output else None)
    if decided.output:
        files.append_line(decided.output, f"matrix={json.dumps(strategy(decided.jobs))}")
    return decided
