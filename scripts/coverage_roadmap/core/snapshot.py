"""The snapshot of week 0: where a roadmap begins, from its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core import floor
from coverage_roadmap.core.flaky import flaky
from coverage_roadmap.core.measurement import Counts, Kind, Summary

SHOWN = 10
"""How many gaps are shown of packages, and of modules."""


class Gap(Struct, frozen=True):
    """A package or module with lines (and branches) that are not covered."""

    path: str
    counts: Counts


class Snapshot(Struct, frozen=True):
    """What a roadmap begins with."""

    evidence: Summary
    threshold: Decimal
    """What the config demands. Percent."""
    sites: Sequence[str]
    """Where a threshold is written, with its value, as people read it."""
    flaky: Sequence[str]
    """Tests that passed and failed at the evidence's measured tree."""
    runs: int
    """The runs of that tree that this was seen in."""
    packages: Sequence[Gap]
    modules: Sequence[Gap]


def snapshot(
    evidence: Summary,
    files: Mapping[str, Counts],
    records: Iterable[Summary],
    threshold: Decimal,
    sites: Sequence[str],
) -> Snapshot:
    """Make the snapshot.

    Args:
        evidence: the record that the baseline is made of.
        files: its figures, by file.
        records: all records; those of the evidence's measured tree tell which tests are flaky.
        threshold: the config's, in percent.
        sites: where a threshold is written.
    """
    wanted = (evidence.tree, evidence.selection, Kind.FULL)
    same = [record for record in records if (record.tree, record.selection, record.kind) == wanted]
    return Snapshot(
        evidence,
        threshold,
        sites,
        [one.test for one in flaky(same)],
        len(same),
        _gaps(floor.packages(files)),
        _gaps(files),
    )


def _gaps(counts: Mapping[str, Counts]) -> list[Gap]:
    """The most missed first."""
    gaps = [Gap(path, one) for path, one in counts.items() if one.ratio.missed]
    return sorted(gaps, key=lambda gap: (-gap.counts.ratio.missed, gap.path))[:SHOWN]
