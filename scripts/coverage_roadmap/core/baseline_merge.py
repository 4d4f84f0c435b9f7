"""The merge of two branches' baselines, as a git merge driver does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

import msgspec

from coverage_roadmap.core import floor
from coverage_roadmap.core.baseline import Baseline, BaselineFile, Identity, file_of, whole
from coverage_roadmap.core.measurement import FileTests, Scope
from coverage_roadmap.errors import NotMetError

T = TypeVar("T")


def merge(base: Baseline | None, ours: Baseline, theirs: Baseline) -> Baseline:
    """Join the baselines of two branches, entry by entry; packages and totals are summed up anew.

    An entry that one branch changed is taken from it; of one that both changed, the tighter. What one branch dropped
    and the other changed is kept: were it really gone, the next baseline drops it.

    Args:
        base: where the branches parted; None where there was none yet.
        ours: the one.
        theirs: the other; the result is the same the other way round.

    Raises:
        NotMetError: they cannot be joined: two projects, or lines on one side and branches on the other.
    """
    if base in (ours, theirs):
        return theirs if base == ours else ours
    if (ours.project, ours.config) != (theirs.project, theirs.config):
        raise NotMetError(
            f"are of two projects: {ours.project} by {ours.config}, {theirs.project} by {theirs.config}",
            where="the two baselines",
            next_step="take the one that belongs here, then: invoke baseline",
        )
    if ours.scope.branch != theirs.scope.branch:
        raise NotMetError(
            "count lines on one side and lines and branches on the other, which no sum can join",
            where="the two baselines",
            next_step="take one of them, finish the merge, run the phase, then: invoke baseline",
        )
    return whole(
        Identity(ours.project, ours.config),
        _scope(base.scope if base else Scope(), ours.scope, theirs.scope),
        _joined(base.evidence if base else (), ours.evidence, theirs.evidence),
        _entries(base.files if base else {}, ours.files, theirs.files, _tighter_file),
        _entries(base.pragmas if base else {}, ours.pragmas, theirs.pragmas, _fewer),
        _joined(base.unmeasured if base else (), ours.unmeasured, theirs.unmeasured),
        _entries(base.tests if base else {}, ours.tests, theirs.tests, _more_tests),
    )


def _entries(
    base: Mapping[str, T], ours: Mapping[str, T], theirs: Mapping[str, T], tighter: Callable[[T, T], T]
) -> dict[str, T]:
    joined = {}
    for key in {**ours, **theirs}:
        before, one, other = base.get(key), ours.get(key), theirs.get(key)
        if one == other or other == before:
            kept = one
        elif one == before:
            kept = other
        else:
            kept = one if other is None else other if one is None else tighter(one, other)
        if kept is not None:
            joined[key] = kept
    return joined


def _joined(base: Collection[T], ours: Collection[T], theirs: Collection[T]) -> set[T]:
    """Both sides' members, less those that a side took out."""
    before, one, other = set(base), set(ours), set(theirs)
    return (one & other) | ((one ^ other) - before)


def _scope(base: Scope, ours: Scope, theirs: Scope) -> Scope:
    words = {
        name: tuple(_joined(getattr(base, name), getattr(ours, name), getattr(theirs, name)))
        for name in ("source", "include", "omit", "exclude")
    }
    return msgspec.structs.replace(ours, **words)


def _tighter_file(one: BaselineFile, other: BaselineFile) -> BaselineFile:
    """The tighter floor; a floor is tighter than none."""
    if one.floor != other.floor:
        return one if one.floor else other
    return file_of(floor.tighter(one.counts, other.counts), held=one.floor)


def _fewer(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return min(one, other, key=lambda lines: (len(lines), lines))


def _more_tests(one: FileTests, other: FileTests) -> FileTests:
    return FileTests(
        max(one.collected, other.collected), max(one.passed, other.passed), min(one.skipped, other.skipped)
    )
