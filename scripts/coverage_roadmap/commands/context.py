"""What a command is given by its face: where it was called, the clock, and a way to say something while it works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage_roadmap.adapters.clock import Clock


@dataclass(frozen=True, slots=True)
class Context:
    """The caller's side of a command."""

    environ: Mapping[str, str]
    folder: Path
    clock: Clock
    say: Callable[[str], None]
