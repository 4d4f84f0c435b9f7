"""Gains: which files give the most for the least work."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from itertools import pairwise

from msgspec import Struct

from coverage_roadmap.core.measurement import FileFigures

Spans = tuple[tuple[int, int], ...]


class Gain(Struct, frozen=True):
    """A file with what it misses."""

    path: str
    missed: int
    """Lines, and branches where they are measured."""
    blocks: int
    """Blocks of missed lines with no covered line between them, and branches that lead past all of these."""


def cheapest(files: Mapping[str, FileFigures]) -> list[Gain]:
    """The files that miss something, the cheapest first: what they miss lies in the longest blocks on the average,
    since one test that enters a block covers most of it; of equal ones first the file that misses more."""
    gains = [Gain(path, f.counts.ratio.missed, _blocks(f)) for path, f in files.items() if f.counts.ratio.missed]
    return sorted(gains, key=lambda gain: (-gain.missed / gain.blocks, -gain.missed, gain.path))


def _blocks(file: FileFigures) -> int:
    """How many tests it takes at least, so to say; one where it is not known which lines are missed."""
    missing, covered = file.missing_lines, file.covered_lines
    apart = sum(
        bisect(covered, (last, 0)) != bisect(covered, (first, 0)) for (_, last), (first, _) in pairwise(missing)
    )
    beside = {
        start for start, end in file.missing_arcs if not (_holds(missing, abs(start)) or _holds(missing, abs(end)))
    }
    return max(1, bool(missing) + apart + len(beside))


def _holds(spans: Spans, line: int) -> bool:
    return any(first <= line <= last for first, last in spans)
