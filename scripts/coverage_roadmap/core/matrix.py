"""The CI matrix: one job for each phase and Python."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from coverage_roadmap.core.leg import is_canonical, session_name
from coverage_roadmap.core.roadmap import Phase, Roadmap


class Job(Struct, frozen=True):
    """One job."""

    phase: str
    python: str
    session: str
    canonical: bool

    @property
    def name(self) -> str:
        """As CI shows it."""
        return f"{self.phase} on {self.python}"


def jobs(roadmap: Roadmap, phases: list[Phase], fallback: str) -> list[Job]:
    """The jobs of the phases: the canonical leg first.

    Args:
        roadmap: the config.
        phases: which of its phases.
        fallback: the Python where the config names none, such as 3.11.
    """
    first = roadmap.canonical or fallback
    pythons = dict.fromkeys([first, *roadmap.matrix])
    return [
        Job(
            phase.name,
            python,
            session_name(phase.name, None if python == first else python),
            is_canonical(roadmap, python),
        )
        for phase in phases
        for python in pythons
    ]


def strategy(decided: Sequence[Job]) -> dict[str, list[dict[str, str | bool]]]:
    """What `strategy.matrix` takes: an `include` list."""
    return {
        "include": [
            {"name": j.name, "phase": j.phase, "python": j.python, "session": j.session, "canonical": j.canonical}
            for j in decided
        ]
    }
