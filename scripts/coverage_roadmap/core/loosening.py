"""Loosening: what is less than it was, and what a config asks for less: the ways to a figure by asking for less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import (
    BoardClosed,
    Coverage,
    Criterion,
    DocumentedInPr,
    Phase,
    Roadmap,
    Story,
    Threshold,
    Waiver,
)
from coverage_roadmap.core.waiver import of_scope, part_of_scope


class Loosening(Struct, frozen=True):
    """One thing that is less than it was."""

    where: str
    """The config's key; a file, a folder, or `scope` and a file."""
    before: str
    after: str
    waivable: str = ""
    """What a waiver of it names; empty where none fits."""
    was: Fraction | None = None
    """Percent, where it is a figure that a waiver can name."""
    present: Fraction | None = None

    def __str__(self) -> str:
        """As one line: where, from what, to what."""
        return f"{self.where}: {self.before} -> {self.after}"


def loosened(before: Roadmap, after: Roadmap, renames: Mapping[str, str] | None = None) -> list[Loosening]:
    """What `after` asks for less than `before`, in the config's order.

    Args:
        before: the config before.
        after: the config now.
        renames: from a file's old path to its new one: a story may follow it.
    """
    return [
        *_lower("threshold", before.threshold, after.threshold, "threshold"),
        *_lower("headroom", -before.headroom, -after.headroom),
        *_lower("dip-below", before.dip_below, after.dip_below),
        *_gone("source", before.source, after.source, of_scope("source")),
        *_gone("tests", before.tests, after.tests, of_scope("tests")),
        *_grown("exclude", before.exclude, after.exclude, of_scope("tests")),
        *_gone("history.branch", [before.history.branch], [after.history.branch]),
        *_severity(before, after),
        *_phases(before, after, renames or {}),
        *_waivers(before.waivers, after.waivers),
    ]


def _lower(key: str, before: Decimal, after: Decimal, waivable: str = "") -> Iterator[Loosening]:
    if after < before:
        figures = (Fraction(before), Fraction(after)) if waivable else (None, None)
        yield Loosening(key, show_threshold(abs(before)), show_threshold(abs(after)), waivable, *figures)


def _gone(key: str, before: Iterable[str], after: Iterable[str], waivable: str = "") -> Iterator[Loosening]:
    kept = set(after)
    yield from (Loosening(key, name, "nothing", _named(waivable, name)) for name in before if name not in kept)


def _grown(key: str, before: Iterable[str], after: Iterable[str], waivable: str = "") -> Iterator[Loosening]:
    known = set(before)
    yield from (Loosening(key, "nothing", name, _named(waivable, name)) for name in after if name not in known)


def _named(waivable: str, name: str) -> str:
    """What a waiver names: of the scope just this one."""
    return waivable if part_of_scope(waivable) is None else of_scope(f"{part_of_scope(waivable)} {name}")


def _severity(before: Roadmap, after: Roadmap) -> Iterator[Loosening]:
    ranks = ("off", "warning", "error")
    for rule, now in after.check.severity.items():
        then = before.check.severity.get(rule, "error")
        if ranks.index(now) < ranks.index(then):
            yield Loosening(f"check.severity.{rule}", then, now)
    yield from _grown("check.ignore", (i.path for i in before.check.ignore), (i.path for i in after.check.ignore))


def _phases(before: Roadmap, after: Roadmap, renames: Mapping[str, str]) -> Iterator[Loosening]:
    now = {phase.name: phase for phase in after.phases}
    for phase in before.phases:
        if phase.name in now:
            yield from _phase(phase, now[phase.name])
        else:
            yield Loosening(f"phases.{phase.name}", f"fail-under {show_threshold(phase.fail_under)}", "nothing")
    stories_now = {story.id: (phase, story) for phase, story in after.stories()}
    for phase, story in before.stories():
        if story.id in stories_now:
            yield from _story((phase, story), stories_now[story.id], renames)
        else:
            yield Loosening(f"phases.{phase.name}.{story.id}", "a story", "nothing")


def _phase(before: Phase, after: Phase) -> Iterator[Loosening]:
    key = f"phases.{before.name}"
    yield from _lower(f"{key}.fail-under", before.fail_under, after.fail_under, f"{before.name} fail-under")
    yield from _grown(f"{key}.exclude", before.exclude, after.exclude, of_scope("tests"))
    left = [criterion for criterion in after.exit if criterion not in before.exit]
    for criterion in (one for one in before.exit if one not in after.exit):
        like = next((c for c in left if type(c) is type(criterion)), None)
        name = name_of(criterion)
        if like is None:
            asked = Fraction(criterion.at_least) if isinstance(criterion, Coverage | Threshold) else None
            fallen = None if asked is None else Fraction(0)  # a waiver of a lower figure is none of the whole
            yield Loosening(f"{key}.exit", name, "nothing", f"{before.name} {name}", asked, fallen)
            continue
        left.remove(like)
        yield from _criterion(f"{key}.exit.{name}", f"{before.name} {name}", criterion, like)


def name_of(criterion: Criterion) -> str:
    """The criterion's name in the config."""
    match criterion:
        case Coverage():
            return "coverage"
        case Threshold():
            return "threshold"
        case BoardClosed():
            return "board-closed"
        case DocumentedInPr():
            return "documented-in-pr"
        case _:
            return "green"


def _criterion(key: str, waivable: str, before: Criterion, after: Criterion) -> Iterator[Loosening]:
    if isinstance(before, Coverage | Threshold) and isinstance(after, Coverage | Threshold):
        yield from _lower(f"{key}.at-least", before.at_least, after.at_least, waivable)
    if isinstance(before, Coverage) and isinstance(after, Coverage):
        for name, then, now in (
            ("sustained-runs", before.sustained_runs, after.sustained_runs),
            ("sustained-days", before.sustained_days, after.sustained_days),
        ):
            if now < then:
                yield Loosening(f"{key}.{name}", f"{then}", f"{now}", f"{waivable} {name}")
    if isinstance(before, BoardClosed | DocumentedInPr) and isinstance(after, BoardClosed | DocumentedInPr):
        yield from _gone(f"{key}.stories", before.stories, after.stories, waivable)


def _story(before: tuple[Phase, Story], after: tuple[Phase, Story], renames: Mapping[str, str]) -> Iterator[Loosening]:
    (phase, story), (phase_now, story_now) = before, after
    key = f"phases.{phase.name}.{story.id}"
    for name, then, now in (("modules", story.modules, story_now.modules), ("tests", story.tests, story_now.tests)):
        yield from _gone(f"{key}.{name}", [path for path in then if renames.get(path) not in now], now)
    yield from _lower(f"{key}.target", phase.target_of(story), phase_now.target_of(story_now))


def _waivers(before: Iterable[Waiver], after: Iterable[Waiver]) -> Iterator[Loosening]:
    then = {waiver.what: waiver for waiver in before}
    for waiver in after:
        known = then.get(waiver.what)
        if known is None:
            continue
        if waiver.until > known.until:
            yield Loosening(f"waivers.{waiver.what}.until", str(known.until), str(waiver.until))
        if known.to is not None and (waiver.to is None or waiver.to < known.to):
            now = "anything" if waiver.to is None else show_threshold(waiver.to)
            yield Loosening(f"waivers.{waiver.what}.to", show_threshold(known.to), now)
