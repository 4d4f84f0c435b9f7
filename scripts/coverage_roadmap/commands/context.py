"""What a command is given by its face: where it was called, the clock, and a way to say something while it works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from coverage_roadmap.adapters.clock import Clock


class Context(Struct, frozen=True):
    """The caller's side of a command."""

    environ: Mapping[str, str]
    folder: Path
    clock: Clock
    say: Callable[[str], None]
    progress: Callable[[str], object] = len
    """Tells how far a long piece of work is, apart from what is printed; by default nobody."""
