"""`matrix`: the CI jobs, phase by Python by shard, for `strategy.matrix: ${{ fromJSON(...) }}`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import files
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.durations import durations
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core.artifact import MOST_SHARDS
from coverage_roadmap.core.matrix import Job, Split, jobs, split, strategy
from coverage_roadmap.errors import ExitCode, UsageError


class Matrix(Struct, frozen=True):
    """The jobs."""

    jobs: Sequence[Job]
    output: Path | None
    """The file of GitHub's step outputs, where there is one; the matrix is added to it."""
    splits: Sequence[Split] = ()
    """How each phase is divided."""
    exit_code: ExitCode = ExitCode.DONE

    @property
    def notes(self) -> list[str]:
        """What is to be said."""
        return [split.note for split in self.splits if split.note]


def matrix(
    context: Context,
    *,
    phase: Annotated[str, "this phase; by default the running one"] = "",
    all: Annotated[bool, "every phase"] = False,
    target_seconds: Annotated[str, "the time that a shard is to stay under; by default ci.target-seconds"] = "",
    max_shards: Annotated[str, "so many shards at most; by default ci.max-shards"] = "",
) -> Matrix:
    """Print the CI jobs as JSON, phase by Python by shard.

    Example: invoke matrix --all
    """
    here = look(context)
    roadmap = here.roadmap
    if phase and all:
        raise UsageError("give one of the two", where="--phase and --all")
    one = here.phase(phase) if phase else roadmap.current
    chosen = roadmap.phases if all else [one]
    target = _number(target_seconds, "--target-seconds", roadmap.ci.target_seconds, 86_400)
    most = int(_number(max_shards, "--max-shards", roadmap.ci.max_shards, MOST_SHARDS))
    splits = {p.name: _split(here, p.name, target, most) for p in chosen}
    output = context.environ.get("GITHUB_OUTPUT")
    made = jobs(roadmap, chosen, "{}.{}".format(*sys.version_info[:2]), splits)
    decided = Matrix(made, Path(output) if output else None, list(splits.values()))
    if decided.output:
        files.append_line(decided.output, f"matrix={json.dumps(strategy(decided.jobs))}")
    return decided


def _number(text: str, option: str, usual: float, most: int) -> float:
    """A whole number that a person gave.

    Raises:
        UsageError: it is none.
    """
    if not text:
        return usual
    if not re.fullmatch("[0-9]{1,6}", text) or not 0 < int(text) <= most:
        raise UsageError(f"is no number from 1 to {most}", where=f"{option} {text}")
    return int(text)


def _split(here: Here, phase: str, target: float, most: int) -> Split:
    known = durations(here, phase)
    if known.record is None:
        return Split(phase)
    where, in_tests = known.record.provenance, sum(known.seconds.values())
    beside = max(0.0, where.seconds - in_tests / max(1, where.workers)) / max(1, where.shards)
    return split(phase, known.seconds, beside, target, most, known.record.id)
