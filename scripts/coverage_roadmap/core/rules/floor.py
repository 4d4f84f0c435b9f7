"""Floors: what a file, a package and the total may not fall below."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coverage_roadmap.core import tightening
from coverage_roadmap.core.finding import Finding, State
from coverage_roadmap.core.loosening import Loosening
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.rules.rule import Facts, Rule


def _fallen(facts: Facts) -> list[Loosening]:
    """What fell below its floor: files by their paths, packages by their folders."""
    now = {path: figures.counts for path, figures in facts.files.items()}
    return list(tightening.fallen(facts.floors, now))


def _found(one: Loosening, noun: str) -> Finding:
    text = f"the {noun} is below its floor: {one.before} in the baseline, {one.after} now"
    return Finding(one.where, 0, text, "cover what was lost", one.waivable, State.FOUND, one.was, one.present)


def _more(count: int) -> str:
    """So many more of what the figure counts: lines, and branches where they are measured."""
    return f"{count} more of its lines or branches" if count != 1 else "one more line or branch"


class FileBelowFloor(Rule):
    """A file fell below its floor.

    It covers less than the baseline says, in percent and in missed lines or branches both. Cover what was lost; where
    that cannot be, write a waiver of the file: `invoke waive --what PATH`.
    """

    id = "FLOOR001"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each file below its floor; unknown without a measurement."""
        if facts.baseline is not None and facts.figures is None:
            yield Finding(facts.config, 0, f"floors: {facts.no_figures}", facts.run, state=State.UNKNOWN)
        yield from (_found(one, "file") for one in _fallen(facts) if one.where in facts.files)


class PackageBelowFloor(Rule):
    """A package fell below its floor.

    The files of one folder together cover less than in the baseline, though each of them holds its own floor.
    """

    id = "FLOOR002"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each folder below its floor."""
        yield from (_found(one, "package") for one in _fallen(facts) if one.where not in facts.files)


class BelowThreshold(Rule):
    """The total is below the threshold.

    CI demands it now. Cover more; a lower threshold needs a waiver.
    """

    id = "FLOOR003"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """The total, unrounded, against the config's threshold."""
        if facts.figures is None:
            return
        ratio, wanted = facts.figures.totals.ratio, facts.roadmap.threshold
        if ratio.is_below(wanted):
            text = f"the total is {ratio} %, the threshold {show_threshold(wanted)}"
            mend = f"cover {_more(ratio.lacks(wanted))}"
            yield Finding(facts.config, 0, text, mend, "threshold", State.FOUND, Fraction(wanted), ratio.percent)


class Dip(Rule):
    """A file fell below `dip-below`.

    It was at or above it in the baseline, or is new, and more than half of it runs in no test.
    """

    id = "FLOOR004"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each file that crossed, and each new one that starts below."""
        limit, floors = facts.roadmap.dip_below, facts.floors
        for path, figures in facts.files.items():
            now = figures.counts.ratio
            then = floors.get(path)
            below_before = then is not None and not then.ratio.meets(limit)
            if facts.baseline is None or not now.is_below(limit) or below_before:
                continue
            before = f"{then.ratio} % in the baseline" if then else "new"
            text = f"{now} %, below {show_threshold(limit)}: {before}"
            mend = f"cover {_more(now.lacks(limit))}"
            yield Finding(path, 0, text, mend, path, State.FOUND, then.ratio.percent if then else None, now.percent)


RULES = (FileBelowFloor(), PackageBelowFloor(), BelowThreshold(), Dip())
