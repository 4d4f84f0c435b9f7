"""Figures: what the total moved by, and the files that fell below the bound or are still below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from coverage_roadmap.core.comparison import FileChange
from coverage_roadmap.core.movement import Part, Step
from coverage_roadmap.core.percent import Ratio, show_points
from coverage_roadmap.core.standup.facts import Facts
from coverage_roadmap.core.standup.item import Item, Mark, first
from coverage_roadmap.core.text import many


def movement(facts: Facts) -> Iterator[Item]:
    """The total before the period and now, and why it moved, in parts that add up exactly."""
    moved = facts.comparison
    if moved is None:
        yield Item(Mark.UNKNOWN, not_compared(facts))
        return
    yield from (Item(Mark.UNKNOWN, warning) for warning in moved.warnings)
    if moved.points is None:
        yield Item(Mark.UNKNOWN, "a side has no percentage")
        return
    before, after = moved.totals
    labels = f"{before.ratio} % in {moved.before.label}, {after.ratio} % in {moved.after.label}"
    sure = not moved.warnings
    yield _step(f"{show_points(moved.points)} points: {labels}", "total", moved.points, sure=sure)
    for step in moved.steps:
        yield _step(f"{show_points(step.points)} {step.part}: {_lines(step)}", step.part, step.points, sure=sure)


def _step(text: str, part: str, points: Fraction, *, sure: bool) -> Item:
    """What something moved the total by; unknown where there is a warning that the two may not be comparable."""
    mark = Mark.TICKED if points >= 0 else Mark.CROSSED
    return Item(mark if sure else Mark.UNKNOWN, text, {"part": part, "points": float(points)})


def _lines(step: Step) -> str:
    """What came and what went."""
    came, gone = step.change.came, step.change.gone
    if step.part in (Part.GAINED, Part.LOST):
        return many(came.total, "line")
    told = [f"{came.covered} of {came.total} covered"] if came.total else []
    told += [f"{gone.covered} of {gone.total} were covered"] if gone.total else []
    return ", ".join(told)


def not_compared(facts: Facts) -> str:
    """Why there are no two records to compare."""
    full = "full run of the canonical leg"
    if facts.running is None or facts.newest is None:
        return facts.nothing(full)
    if facts.before is not None:
        return "a record's per-file part cannot be read"
    phase = facts.running.phase.name
    return f"no full run of {phase} on the canonical leg from before {facts.period.since:%Y-%m-%d} to compare with"


def fell(facts: Facts) -> Iterator[Item]:
    """Files that fell below the bound in the period, and new ones that are below."""
    moved = facts.comparison
    if moved is None:
        yield Item(Mark.UNKNOWN, not_compared(facts))
        return
    found = _worst([*moved.dipped, *moved.new_below])
    yield from first((_low(path, now, _was(before)) for path, now, before in found), "file")
    if not found:
        yield Item(Mark.UNKNOWN if moved.warnings else Mark.TICKED, "; ".join(["none", *moved.warnings]))


def still(facts: Facts) -> Iterator[Item]:
    """Files that are below the bound and were before; all that are below where nothing is known of before."""
    if facts.detail is None or not facts.detail.files:
        nothing = "nothing was measured" if facts.detail else facts.nothing("full run of the canonical leg")
        yield Item(Mark.UNKNOWN, nothing)
        return
    found = _worst(facts.comparison.still_below if facts.comparison else _below(facts))
    yield from first((_low(path, now) for path, now, _ in found), "file")
    if not found:
        yield Item(Mark.TICKED, "none")


def _below(facts: Facts) -> list[FileChange]:
    files = {path: figures.counts for path, figures in facts.detail.files.items()} if facts.detail else {}
    low = {path: c for path, c in files.items() if c.ratio.is_below(facts.dip_below)}
    return [FileChange(path, counts, counts) for path, counts in low.items()]


def _worst(changes: Sequence[FileChange]) -> list[tuple[str, Ratio, Ratio | None]]:
    """Those that miss the most first: path, figures now and before."""
    found = [(c.path, c.after.ratio, c.before.ratio if c.before else None) for c in changes if c.after]
    return sorted(found, key=lambda one: (-one[1].missed, one[0]))


def _was(before: Ratio | None) -> str:
    return f", {before} % before" if before and before.total else ", new"


def _low(path: str, now: Ratio, was: str = "") -> Item:
    return Item(
        Mark.CROSSED,
        f"{path} {now} %, {now.missed} missed{was}",
        {"file": path, "percent": float(str(now)), "missed": now.missed},
    )
