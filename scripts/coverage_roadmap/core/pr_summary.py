"""A pull request's summary: totals before and after, patch coverage, affected modules, what a phase asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from coverage_roadmap.core.baseline import renamed
from coverage_roadmap.core.comparable import differences
from coverage_roadmap.core.finding import Judged
from coverage_roadmap.core.hunk import FileDiff
from coverage_roadmap.core.measurement import Counts, Detail, FileFigures, FileTests, Scope, total
from coverage_roadmap.core.patch import Lines, Patch, patch
from coverage_roadmap.core.percent import points_between
from coverage_roadmap.core.roadmap import DocumentedInPr, Phase, Roadmap, Story
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.standing import PhaseStanding
from coverage_roadmap.core.story import ModuleProgress, progress
from coverage_roadmap.core.text import many, named
from coverage_roadmap.core.verdict import Verdict


class Side(Struct, frozen=True):
    """What was measured before or after: a record, or a coverage.json."""

    label: str
    files: Mapping[str, FileFigures]
    """By path in the project. The lines of files that nobody asks for may be left out."""
    branch: bool
    of: str = ""
    """What it speaks for, such as the merge base; empty where that is not known."""
    scope: Scope | None = None
    """None where it is not known."""
    selection: str | None = None
    python: str | None = None
    coverage: str = ""
    """The version of coverage.py; empty where it is not known."""

    @property
    def totals(self) -> Counts:
        """The sum over the files."""
        return total(one.counts for one in self.files.values())


class Module(Struct, frozen=True):
    """A file that a change affects: it is changed, or its figures are others than before."""

    path: str
    before: Counts | None
    """None where it was not measured, or nothing is known of before."""
    after: Counts | None
    stories: Sequence[str]

    @property
    def points(self) -> Fraction | None:
        """What its percentage moved by; None where a side has none."""
        return points_between(self.before.ratio if self.before else None, self.after.ratio if self.after else None)

    def dip(self, below: Decimal) -> str:
        """How it stands where it is below `below` percent: `dipped`, `new` or `still`; empty where it is not."""
        if self.after is None or not self.after.ratio.is_below(below):
            return ""
        if self.before is None or not self.before.ratio.total:
            return "new"
        return "still" if self.before.ratio.is_below(below) else "dipped"


class Missed(Struct, frozen=True):
    """Changed lines that are not covered; `url` leads to them, and is empty where nothing does."""

    path: str
    first: int
    last: int
    url: str = ""

    @property
    def where(self) -> str:
        """File and lines."""
        return f"{self.path}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")


class Documented(Struct, frozen=True):
    """A story's part of the section that an exit criterion asks for."""

    phase: str
    story: Story
    modules: Sequence[ModuleProgress]
    tests: Sequence[tuple[str, str]]
    """Each of its tests, and what became of it."""

    @property
    def known(self) -> bool:
        """Whether each of its modules is measured: a section without figures documents nothing."""
        return bool(self.modules) and all(one.ratio is not None for one in self.modules)


class PrSummary(Struct, frozen=True):
    """All that a pull request's summary tells. What is None is unknown, with the reason beside it."""

    base: str | None
    """The commit that is compared with."""
    head: str | None
    before: Side | None
    no_before: str
    after: Side | None
    no_after: str
    patch: Patch | None
    no_patch: str
    modules: Sequence[Module]
    missed: Sequence[Missed]
    below: Decimal
    """Below this a file has dipped. Percent."""
    standing: PhaseStanding | None = None
    """The running phase's; None where all are closed."""
    documented: Sequence[Documented] = ()
    findings: Sequence[Judged] | None = None
    """What fails the check; None where it was not asked."""
    gate: Verdict | None = None
    """Whether patch coverage is high enough; None where nothing is demanded."""
    warnings: Sequence[str] = ()

    @property
    def points(self) -> Fraction | None:
        """What the total moved by; None where the two are not to be compared."""
        if self.before is None or self.after is None or self.before.branch != self.after.branch:
            return None
        return points_between(self.before.totals.ratio, self.after.totals.ratio)


def judge_patch(diffs: Sequence[FileDiff], after: Side, source: Sequence[str]) -> Patch:
    """Patch coverage of what changed, by what was measured after."""
    names = [diff.new for diff in diffs if diff.new in after.files]
    figures = {name: after.files[name] for name in names if name}
    return patch(diffs, {n: Lines(f.covered_lines, f.missing_lines) for n, f in figures.items()}, source)


def modules(
    roadmap: Roadmap, diffs: Sequence[FileDiff], before: Side | None, after: Side, found: Patch | None
) -> list[Module]:
    """The affected modules: those that moved, the greatest fall first, then the others by path."""
    stories: dict[str, list[str]] = {}
    for phase, story in roadmap.stories():
        for module in story.modules:
            stories.setdefault(module, []).append(f"{story.id} ({phase.name})")
    renames = {one.old: one.new for one in diffs if one.old and one.new and one.old != one.new}
    old = renamed(before.files, renames) if before else {}
    changed = {file.path for file in found.files} if found else set()
    both = old.keys() | after.files.keys() if before else ()
    moved = {path for path in both if _counts(old, path) != _counts(after.files, path)}
    made = [
        Module(path, _counts(old, path), _counts(after.files, path), stories.get(path, ()))
        for path in sorted(changed | moved)
    ]
    return sorted(made, key=lambda m: (m.points is None or not m.points, m.points or 0))


def _counts(files: Mapping[str, FileFigures], path: str) -> Counts | None:
    figures = files.get(path)
    return figures.counts if figures else None


def warnings(before: Side | None, after: Side | None, found: Patch | None) -> Iterator[str]:
    """What is to be said before the figures are believed."""
    if before and after:
        yield from differences(before, after)
    if found and found.unmeasured:
        told = f"{many(len(found.unmeasured), 'changed source file')} not measured"
        yield f"{told}: {named(found.unmeasured, 1)}"


def asked_for(roadmap: Roadmap, diffs: Sequence[FileDiff]) -> list[tuple[Phase, Story]]:
    """The stories that exit criteria want documented: those of the running phase, and those of another open phase's
    criterion where the change touches one of its stories; one summary is to name them all."""
    stories = {story.id: (phase, story) for phase, story in roadmap.stories()}
    changed = [path for one in diffs for path in {one.old, one.new} if path]

    def touched(name: str) -> bool:
        story = stories[name][1]
        places = [*story.modules, *(test.split("::")[0] for test in story.tests)]
        return any(is_within(path, place) for path in changed for place in places)

    wanted = [(p, c) for p in roadmap.phases if p.closed is None for c in p.exit if isinstance(c, DocumentedInPr)]
    asked = [name for p, c in wanted if p is roadmap.running or any(map(touched, c.stories)) for name in c.stories]
    return [stories[name] for name in dict.fromkeys(asked)]


def document(phase: Phase, story: Story, detail: Detail | None, present: Collection[str]) -> Documented:
    """A story's part of the section that an exit criterion asks for.

    Args:
        phase: the story's phase.
        story: the story.
        detail: files and tests of what was measured; None where nothing was. A coverage.json tells of no tests.
        present: which of the story's modules and test files are there.
    """
    modules = progress(phase, story, detail.files, present) if detail else []
    outcomes = detail.tests.files if detail else {}
    return Documented(phase.name, story, modules, [(test, _outcome(test, outcomes, present)) for test in story.tests])


def _outcome(test: str, outcomes: Mapping[str, FileTests], present: Collection[str]) -> str:
    """What became of a story's tests."""
    if test.split("::")[0] not in present:
        return "not there yet"
    if not outcomes:
        return "unknown whether they ran"
    own = [told for file, told in outcomes.items() if is_within(file, test)]
    passed, skipped = sum(one.passed for one in own), sum(one.skipped for one in own)
    other = sum(one.collected for one in own) - passed - skipped
    counts = ((passed, "passed"), (skipped, "skipped"), (other, "with another outcome"))
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "did not run"
