"""Legs: one Python of the matrix each, and the names of their sessions."""

from __future__ import annotations

from coverage_roadmap.core.roadmap import Roadmap


def is_canonical(roadmap: Roadmap, python: str) -> bool:
    """Whether `python` (such as 3.11) is the canonical leg; where the config names none, every Python is."""
    return roadmap.canonical is None or python == roadmap.canonical


def other_legs(roadmap: Roadmap) -> list[str]:
    """The matrix less the canonical leg, in its order."""
    return [python for python in dict.fromkeys(roadmap.matrix) if python != roadmap.canonical]


def session_name(phase: str, python: str | None = None) -> str:
    """`phase3` for the canonical leg, `phase3-3.12` for another."""
    return f"{phase}-{python}" if python else phase
