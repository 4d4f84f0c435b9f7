"""The CI matrix: one job for each phase, Python and shard."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from coverage_roadmap.core import shard
from coverage_roadmap.core.artifact import MOST_SHARDS, Shard, folder_name
from coverage_roadmap.core.leg import is_canonical, session_name
from coverage_roadmap.core.roadmap import Phase, Roadmap
from coverage_roadmap.errors import UsageError

WORTH = 1.05
"""Where no number of shards stays under the wanted time: so much longer than with the most may the longest take."""


class Split(Struct, frozen=True):
    """Into how many shards a phase is divided, and why."""

    phase: str
    of: int = 1
    longest: float | None = None
    """How long the longest is expected to take. Seconds; None where nothing is known."""
    target: float = 0
    """What it was to stay under. Seconds."""
    planned_from: str = ""
    """The record whose durations say so."""
    beside: float = 0
    """What a job takes beside its tests. Seconds."""

    @property
    def note(self) -> str:
        """What is to be said of it."""
        if self.longest is None:
            return f"{self.phase}: one shard, since no full run of the canonical leg has recorded durations yet"
        told = f"the longest shard takes about {self.longest:.0f} s, and was to stay under {self.target:g}"
        if self.beside >= self.target:
            told += f", which none can: a job takes {self.beside:.1f} s beside its tests; raise ci.target-seconds"
        return f"{self.phase}: {told}" if self.longest > self.target else ""


def split(phase: str, seconds: Mapping[str, float], beside: float, target: float, most: int, record: str) -> Split:
    """The fewest shards of which the longest stays under the wanted time.

    Args:
        phase: its name.
        seconds: how long each test took. Seconds.
        beside: what a job takes beside its tests: start and collection. Seconds.
        target: the time to stay under. Seconds.
        most: how many shards there may be.
        record: the id of the record that says how long.
    """
    if not seconds:
        return Split(phase)
    bound = max(target - beside, WORTH * shard.longest(seconds, most))
    least = min(most, max(1, math.ceil(sum(seconds.values()) / bound))) if bound > 0 else 1
    of = next((number for number in range(least, most) if shard.longest(seconds, number) <= bound), most)
    return Split(phase, of, shard.longest(seconds, of) + beside, target, record, beside)


class Job(Struct, frozen=True):
    """One job."""

    phase: str
    python: str
    session: str
    canonical: bool
    shard: Shard = Shard(1, 1)
    planned_from: str = ""

    @property
    def name(self) -> str:
        """As CI shows it."""
        whole = f"{self.phase} on {self.python}"
        return f"{whole}, shard {self.shard}" if self.shard.of > 1 else whole

    @property
    def arguments(self) -> list[str]:
        """What follows the session's `--`."""
        return ["--shard", str(self.shard), *(["--planned-from", self.planned_from] if self.planned_from else [])]

    @property
    def artifact(self) -> str:
        """The name of what it leaves, which no other job of the matrix has."""
        return folder_name(self.phase, self.python, self.shard)


def pythons(roadmap: Roadmap, fallback: str = "") -> list[str]:
    """The Pythons that run, the canonical leg first; where the config names none, `fallback`, if there is one."""
    first = roadmap.canonical or fallback
    return list(dict.fromkeys([*([first] if first else []), *roadmap.matrix]))


def jobs(roadmap: Roadmap, phases: Sequence[Phase], fallback: str, splits: Mapping[str, Split]) -> list[Job]:
    """The jobs of the phases: the canonical leg first.

    Args:
        roadmap: the config.
        phases: which of its phases.
        fallback: the Python where the config names none, such as 3.11.
        splits: how each phase is divided, by its name.

    Raises:
        UsageError: there are more than a CI provider takes.
    """
    every = pythons(roadmap, fallback)
    made = [
        Job(
            phase.name,
            python,
            session_name(phase.name, None if python == every[0] else python),
            is_canonical(roadmap, python),
            Shard(number, splits[phase.name].of),
            splits[phase.name].planned_from,
        )
        for phase in phases
        for python in every
        for number in range(1, splits[phase.name].of + 1)
    ]
    if len(made) > MOST_SHARDS:
        lower = "lower ci.max-shards, or name one phase: --phase"
        raise UsageError(f"{len(made)} jobs are more than the {MOST_SHARDS} of a matrix", next_step=lower)
    return made


def strategy(decided: Sequence[Job]) -> dict[str, list[dict[str, str | bool]]]:
    """What `strategy.matrix` takes: an `include` list."""
    return {
        "include": [
            {
                **{"name": j.name, "phase": j.phase, "python": j.python, "session": j.session},
                **{"arguments": " ".join(j.arguments), "shard": str(j.shard), "artifact": j.artifact},
                "canonical": j.canonical,
            }
            for j in decided
        ]
    }
