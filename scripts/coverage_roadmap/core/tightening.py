"""Tightening: a new baseline asks for at least as much as the old one; what asks for less needs a waiver."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from coverage_roadmap.core import floor
from coverage_roadmap.core.baseline import Baseline, renamed
from coverage_roadmap.core.loosening import Loosening
from coverage_roadmap.core.measurement import Counts, FileTests
from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.text import many
from coverage_roadmap.core.waiver import fits, of_scope


def tighten(
    old: Baseline,
    new: Baseline,
    waivers: Iterable[Waiver],
    today: date,
    *,
    renames: Mapping[str, str] | None = None,
    existing: Collection[str] = (),
) -> list[Loosening]:
    """What `new` asks for less than `old`, less what a waiver permits; empty where it only tightens.

    Args:
        old: the baseline before.
        new: the one that is to take its place.
        waivers: the config's.
        today: the day, on which a waiver may have expired.
        renames: from a file's old path to its new one.
        existing: the files that are there now, so that a file which is only not measured any more is told from one
            that went.
    """
    moved = renames or {}
    found = [
        *_scope(old, new, moved, {*existing, *new.unmeasured}),
        *fallen(renamed(old.floors, moved), {path: file.counts for path, file in new.files.items()}),
        *fewer_tests(renamed(old.tests, moved), new.tests),
    ]
    return [one for one in found if not any(fits(w, one.waivable, one.was, one.present, today) for w in waivers)]


def fallen(floors: Mapping[str, Counts], now: Mapping[str, Counts]) -> Iterator[Loosening]:
    """The files and packages that are below their floors.

    A package is judged by those of its files that have a floor and hold it, the same on both sides: so a file is
    complained of once, and a file that is new, moved or gone makes no package fall.

    Args:
        floors: by file.
        now: what was measured, by file; a file that is not among it is passed over.
    """
    broken = {path: falls for path in floors if path in now and (falls := floor.falls(floors[path], now[path]))}
    kept = [path for path in floors if path in now and path not in broken]
    before, after = (floor.packages({path: side[path] for path in kept}) for side in (floors, now))
    broken |= {folder: falls for folder in before if (falls := floor.falls(before[folder], after[folder]))}
    for path, falls in sorted(broken.items()):
        for fall in falls:
            was, is_ = floor.share(fall.floor), floor.share(fall.present)
            yield Loosening(path, fall.before, fall.after, path, was, is_)


def _scope(old: Baseline, new: Baseline, moved: Mapping[str, str], existing: Collection[str]) -> Iterator[Loosening]:
    lost = _lost_sources(old.scope.source, new.scope.source, existing)
    for path, file in renamed(old.files, moved).items():
        told = any(is_within(path, one) for one in lost) and not any(is_within(path, one) for one in new.scope.source)
        if path not in new.files and path in existing and file.counts.ratio.total and not told:
            yield Loosening(f"scope {path}", many(file.statements, "statement"), "not measured", of_scope(path))
    for source in lost:
        yield _setting(f"source {source}", "none", f"source {source}")
    if not old.scope.include and new.scope.include:
        every = f"include {', '.join(new.scope.include)}"
        yield _setting("every file", every, every)
    for pattern in _beyond(old.scope.include, new.scope.include) if new.scope.include else []:
        yield _setting(f"include {pattern}", "none", f"include {pattern}")
    for pattern in _beyond(new.scope.omit, old.scope.omit):
        yield _setting("none", f"omit {pattern}", pattern)
    for pattern in _beyond(new.scope.exclude, old.scope.exclude):
        yield _setting("none", f"exclude {pattern}", f"exclude {pattern}")
    if old.scope.branch and not new.scope.branch:
        yield _setting("lines and branches", "lines", "branch")
    yield from _pragmas(old, new, moved)


def _setting(before: str, after: str, part: str) -> Loosening:
    return Loosening("scope", before, after, of_scope(part))


def _lost_sources(before: Iterable[str], after: Sequence[str], existing: Collection[str]) -> list[str]:
    """The folders that are there and no source any more; one that went is none to measure."""
    gone = [source for source in before if not any(is_within(source, wider) for wider in after)]
    return [source for source in gone if any(is_within(path, source) for path in existing)]


def _pragmas(old: Baseline, new: Baseline, moved: Mapping[str, str]) -> Iterator[Loosening]:
    """The files with more pragmas, where all of them together leave out more than before.

    Code that is moved takes its pragma along: then the sums stay.
    """
    then, now = old.totals, new.totals
    if now.pragmas <= then.pragmas and now.counts.excluded <= then.counts.excluded:
        return
    before = renamed(old.pragmas, moved)
    for path, lines in new.pragmas.items():
        known = len(before.get(path, ()))
        if len(lines) > known:
            more = many(len(lines), "pragma")
            yield Loosening(f"scope {path}", many(known, "pragma"), more, of_scope(path))


def fewer_tests(before: Mapping[str, FileTests], now: Mapping[str, FileTests]) -> Iterator[Loosening]:
    """The test files that collect or pass fewer tests than before; a file that went passes none."""
    for path, then in before.items():
        here = now.get(path, FileTests())
        if here.collected < then.collected or here.passed < then.passed:
            was, is_ = (f"{t.passed} of {many(t.collected, 'test')} passed" for t in (then, here))
            yield Loosening(path, was, is_, path)


def _beyond(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words that are not among the others."""
    return [word for word in words if word not in others]
