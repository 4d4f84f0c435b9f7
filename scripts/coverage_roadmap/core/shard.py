"""Shards: which of several jobs runs which test.

The plugin loads this file by its path in the project's own environment, so it stands alone, for Python 3.9 and later.

Longest first: what takes longest goes to the shard that has least. Times are whole microseconds, so that their sums are
the same in any order, and all that is equal is ordered by name: each job of a matrix comes to the same shards.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping

LEAST = 1_000
"""What pytest itself takes for a test that takes no time. Microseconds."""
UNKNOWN = 10_000
"""What a test takes where not one is known. Microseconds."""
EVEN = 1.02
"""So much longer than the shortest possible may the longest shard be, before files are divided further."""
PARTS = (1, 2, 4, 8, 16, 32)
"""A file that takes more than a shard's fair part divided by this is divided: one after the other is tried."""

Unit = tuple[int, str, list[str]]
"""Tests that stay together: their microseconds, their name, their node ids."""


def assign(tests: Mapping[str, str], seconds: Mapping[str, float], of: int) -> dict[str, int]:
    """The shard of each test, 1 to `of`.

    Tests of a group stay together. Those of a file do as far as the shards come out even: the longest files are divided
    first. What has no known duration takes the median of those that have one.

    Args:
        tests: the group of each test by its node id; empty where it has none.
        seconds: known durations by node id. Seconds.
        of: the number of shards.
    """
    known = {test: max(LEAST, round(seconds[test] * 1_000_000)) for test in tests if test in seconds}
    usual = sorted(known.values())[(len(known) - 1) // 2] if known else UNKNOWN  # the median; of two the lower
    times = {test: known.get(test, usual) for test in sorted(tests)}
    fair = sum(times.values()) / of
    enough = EVEN * max([fair, *times.values()])
    shares: list[list[Unit]] = []
    for part in PARTS:
        shares = _spread(_units(times, tests, fair / part), of)
        if max(map(_load, shares)) <= enough:
            break
    else:
        shares = _spread(_units(times, tests, 0), of)
    return {test: number for number, share in enumerate(shares, 1) for _, _, ids in share for test in ids}


def longest(seconds: Mapping[str, float], of: int) -> float:
    """How long the longest of `of` shards takes, where just these tests run. Seconds."""
    loads = [0.0] * of
    for test, number in assign(dict.fromkeys(seconds, ""), seconds, of).items():
        loads[number - 1] += seconds[test]
    return max(loads)


def mark(seconds: Mapping[str, float]) -> str:
    """What tells durations from others: the same for the same ones in any order; 12 hex digits, empty for none."""
    told = repr(sorted((test, round(one * 1_000_000)) for test, one in seconds.items()))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:12] if seconds else ""


def _units(times: Mapping[str, int], groups: Mapping[str, str], most: float) -> list[Unit]:
    """The tests as they stay together: by group, by file where that takes no more than `most`, else each by itself."""
    together: dict[str, list[str]] = {}
    for test in times:
        together.setdefault("@" + groups[test] if groups[test] else test.split("::")[0], []).append(test)
    units: list[Unit] = []
    for name, ids in together.items():
        whole = sum(times[test] for test in ids)
        if groups[ids[0]] or whole <= most:
            units.append((whole, name, ids))
        else:
            units += [(times[test], test, [test]) for test in ids]
    return units


def _spread(units: list[Unit], of: int) -> list[list[Unit]]:
    """Longest first, each to the shard that has least; of equal ones the first."""
    shares: list[list[Unit]] = [[] for _ in range(of)]
    heap = [(0, number) for number in range(of)]
    for unit in sorted(units, key=lambda one: (-one[0], one[1])):
        load, number = heap[0]
        shares[number].append(unit)
        heapq.heapreplace(heap, (load + unit[0], number))
    return shares


def _load(share: list[Unit]) -> int:
    return sum(unit[0] for unit in share)
