"""Floors: what a file or a package may not fall below, lines and branches apart."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.measurement import Counts, total
from coverage_roadmap.core.percent import Ratio


class Fall(Struct, frozen=True):
    """The lines or the branches of a file or package, fallen below their floor."""

    part: str
    """`lines` or `branches`."""
    floor: Ratio
    present: Ratio

    @property
    def before(self) -> str:
        """The floor, as it is shown."""
        return _shown(self.part, self.floor)

    @property
    def after(self) -> str:
        """What is there now, as it is shown."""
        return _shown(self.part, self.present)


def parts(counts: Counts) -> dict[str, Ratio]:
    """Lines and branches apart."""
    return {
        "lines": Ratio(counts.statements - counts.missing, counts.statements),
        "branches": Ratio(counts.branches - counts.missing_branches, counts.branches),
    }


def falls(floor: Counts, now: Counts) -> list[Fall]:
    """What has fallen below its floor: only where the percentage and the missed count are both worse.

    Code that is taken out may lower the one, and code that is added with its tests may raise the other; neither alone
    says that less is tested. Where the floor counts nothing, nothing can fall.
    """
    present = parts(now)
    return [
        Fall(part, held, present[part])
        for part, held in parts(floor).items()
        if held.total and present[part].missed > held.missed and share(present[part]) < share(held)
    ]


def share(ratio: Ratio) -> Fraction:
    """The exact percentage, 100 where there is nothing to cover."""
    return Fraction(100) if ratio.percent is None else ratio.percent


def tighter(one: Counts, other: Counts) -> Counts:
    """Of two floors of one file the tighter, lines and branches apart: the higher percentage, then the fewer missed."""
    lines = max(one, other, key=lambda c: _rank(parts(c)["lines"]))
    branches = max(one, other, key=lambda c: _rank(parts(c)["branches"]))
    excluded = min(one.excluded, other.excluded)
    return Counts(lines.statements, lines.missing, excluded, branches.branches, branches.missing_branches)


def packages(files: Mapping[str, Counts]) -> dict[str, Counts]:
    """The sums of files by the folder that holds them, sorted."""
    held: dict[str, list[Counts]] = {}
    for path, counts in files.items():
        held.setdefault(path.rpartition("/")[0] or ".", []).append(counts)
    return {folder: total(held[folder]) for folder in sorted(held)}


def _rank(ratio: Ratio) -> tuple[Fraction, int, int]:
    return share(ratio), -ratio.missed, ratio.total


def _shown(part: str, ratio: Ratio) -> str:
    percent = f"{ratio} %" if ratio.total else "none"
    return f"{part} {percent}, {ratio.missed} missed"
