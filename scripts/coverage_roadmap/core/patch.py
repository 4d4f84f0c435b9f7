"""Patch coverage: the lines that a change adds or alters, as `git diff` shows them, that are measured and covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core.hunk import FileDiff, added
from coverage_roadmap.core.percent import NONE, Ratio, show_threshold
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.text import many, named
from coverage_roadmap.core.verdict import Answer, Verdict

Spans = Sequence[tuple[int, int]]
"""Ranges of lines, both ends in, in their order."""


class Lines(Struct, frozen=True):
    """The statements of a measured file, by the lines on which they begin."""

    covered: Spans
    missing: Spans


class FilePatch(Struct, frozen=True):
    """A measured file with changed lines."""

    path: str
    changed: int
    """Lines that were added or altered, statements or not."""
    covered: int
    """Statements among them that ran."""
    missed: Spans
    """Statements among them that did not."""

    @property
    def ratio(self) -> Ratio:
        """Covered of measured changed lines."""
        return Ratio(self.covered, self.covered + size(self.missed))


class Patch(Struct, frozen=True):
    """A change, as a measurement of its new side sees it."""

    files: Sequence[FilePatch]
    """Measured files with changed lines, by path."""
    unmeasured: Sequence[str] = ()
    """Source files with changed lines that the measurement does not know, by path."""

    @property
    def ratio(self) -> Ratio:
        """Covered of measured changed lines of all files."""
        return sum((file.ratio for file in self.files), NONE)

    @property
    def told(self) -> str:
        """The figure with its counts; says so where no changed line is measured, which is not 100 %."""
        ratio = self.ratio
        if not ratio.total:
            return "unknown: no changed line is measured"
        return f"{ratio} % ({ratio.covered} of {many(ratio.total, 'changed line')})"


def patch(diffs: Sequence[FileDiff], measured: Mapping[str, Lines], source: Sequence[str]) -> Patch:
    """Judge a change.

    Args:
        diffs: what changed; a file that is gone has no changed line.
        measured: the statements of the measured files among the new ones, by path in the project.
        source: the folders that are to be measured.
    """
    files, unmeasured = [], []
    for diff in sorted(diffs, key=lambda one: one.new or ""):
        changed = added(diff.hunks)
        if diff.new is None or not changed:
            continue
        lines = measured.get(diff.new)
        if lines is not None:
            covered = size(list(shared(changed, lines.covered)))
            files.append(FilePatch(diff.new, size(changed), covered, tuple(shared(changed, lines.missing))))
        elif diff.new.endswith(".py") and any(is_within(diff.new, folder) for folder in source):
            unmeasured.append(diff.new)
    return Patch(files, unmeasured)


def size(spans: Spans) -> int:
    """How many lines ranges hold."""
    return sum(last - first + 1 for first, last in spans)


def shared(ours: Spans, theirs: Spans) -> Iterator[tuple[int, int]]:
    """The lines that both hold, as ranges; each is to be in order and without overlap."""
    left, right = 0, 0
    while left < len(ours) and right < len(theirs):
        first = max(ours[left][0], theirs[right][0])
        last = min(ours[left][1], theirs[right][1])
        if first <= last:
            yield first, last
        if ours[left][1] < theirs[right][1]:
            left += 1
        else:
            right += 1


def gate(
    patch: Patch | None, at_least: Decimal, lacking: str = "", *, is_omitted: Callable[[str], bool] = lambda _: False
) -> Verdict:
    """Whether a change is covered well enough.

    A change without measured lines is, unless it is to source files that were to be measured and were not.

    Args:
        patch: the change; None where it cannot be measured.
        at_least: percent.
        lacking: why it cannot be.
        is_omitted: whether the scope leaves a file out.
    """
    question = f"patch coverage at least {show_threshold(at_least)}"
    if patch is None:
        return Verdict(question, Answer.UNKNOWN, lacking)
    if not patch.ratio.total:
        unseen = [path for path in patch.unmeasured if not is_omitted(path)]
        if unseen:
            return Verdict(question, Answer.UNKNOWN, f"no changed line is measured; not measured: {named(unseen)}")
        return Verdict(question, Answer.MET, "no changed line is measured")
    answer = Answer.MET if patch.ratio.meets(at_least) else Answer.NOT_MET
    lacks = patch.ratio.lacks(at_least)
    more = f"; {many(lacks, 'more line')} to cover" if lacks else ""
    return Verdict(question, answer, f"{patch.told}{more}")
