"""How many pytest workers pay: what was measured on this machine decides, one is the default.

Each worker imports and collects everything again, so that several often cost more than they give.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

WORTH_TRYING = 40.0
"""A run on one worker that takes less is not worth an attempt. Seconds."""
MUST_GAIN = 0.9
"""Several workers must take at most this share of one worker's time to be taken."""


class Timed(Struct, frozen=True):
    """A full, green run of the same selection on the same leg and number of processors."""

    workers: int
    seconds: float
    green: bool


class Choice(Struct, frozen=True):
    """A number of workers, and why."""

    workers: int
    why: str


def choose(wanted: int | str, cpus: int, runs: Iterable[Timed]) -> Choice:
    """Choose the number of workers.

    Args:
        wanted: the config's `workers`.
        cpus: processors that this process may use.
        runs: what was measured before.
    """
    if isinstance(wanted, int):
        return Choice(wanted, "as the config says")
    known = [run for run in runs if run.seconds > 0]
    alone = [run.seconds for run in known if run.workers == 1 and run.green]
    if cpus < 2 or not alone:
        return Choice(1, "one until more is measured to pay")
    from statistics import median  # takes longer to import than anything else here, and few have measured so much

    tried = [run for run in known if run.workers > 1]
    if not tried:
        if median(alone) < WORTH_TRYING:
            return Choice(1, f"a run of {median(alone):.0f} s gains nothing from more")
        return Choice(cpus, f"tried once, since one takes {median(alone):.0f} s")
    if any(not run.green for run in tried):
        return Choice(1, "tests failed on several that pass on one")
    together = median(run.seconds for run in tried)
    if together <= MUST_GAIN * median(alone):
        return Choice(
            max(run.workers for run in tried), f"measured {median(alone) / together:.1f} times as fast as one"
        )
    return Choice(1, "several were measured, and did not pay")
