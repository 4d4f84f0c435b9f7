"""A bump: raises the threshold at each of its sites, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from coverage_roadmap.core import site
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.site import Site
from coverage_roadmap.errors import NotMetError, UsageError


@dataclass(frozen=True, slots=True)
class Edit:
    """One file, before and after."""

    file: str
    before: str
    after: str
    sites: Sequence[Site]
    """The sites in it that change."""

    def diff(self) -> str:
        """As a unified diff."""
        old, new = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        lines = difflib.unified_diff(old, new, f"a/{self.file}", f"b/{self.file}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Bump:
    """What a bump does: its edits, on the evidence of a record."""

    to: Decimal
    edits: Sequence[Edit]
    unchanged: Sequence[Site]
    """Sites that demand it already."""
    evidence: Summary


def read_target(text: str) -> Decimal:
    """The percentage that was asked for.

    Raises:
        UsageError: it is no number from 0 to 100.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 100:
        raise UsageError("is no percentage from 0 to 100", where=f"--to {text}", next_step="for example --to 60")
    return value


def plan(texts: Mapping[str, str], to: Decimal, evidence: Summary | None, present: Decimal) -> Bump:
    """Decide a bump.

    Args:
        texts: the files that may hold sites, by the name that is shown.
        to: percent.
        evidence: the running phase's newest evidence.
        present: the config's threshold, in percent.

    Raises:
        UsageError: it would lower a site, or the config has no threshold to raise.
        NotMetError: there is no evidence, or it does not reach `to`.
    """
    shown = show_threshold(to)
    found = [(name, s) for name, text in texts.items() for s in site.find(name, text)]
    above = [s for _, s in found if s.value > to]
    if above or present > to:
        where = above[0].where if above else "threshold"
        value = above[0].value if above else present
        raise UsageError(
            f"a bump only raises: {where} demands {show_threshold(value)} already",
            where=f"--to {shown}",
            next_step=f"give {show_threshold(value)} or more",
        )
    if evidence is None:
        raise NotMetError(
            "there is no evidence of the running phase",
            where=f"--to {shown}",
            next_step="commit, and run the phase on the canonical leg",
        )
    if not evidence.totals.ratio.meets(to):
        raise NotMetError(
            f"the evidence is {evidence.totals.ratio} %: CI would turn red",
            where=f"--to {shown}",
            next_step=f"cover {evidence.totals.ratio.lacks(to)} more lines first",
        )
    edits = [edit for name, text in texts.items() if (edit := _edit(name, text, to))]
    return Bump(to, edits, [s for _, s in found if s.value == to], evidence)


def _edit(name: str, text: str, to: Decimal) -> Edit | None:
    sites = [s for s in site.find(name, text) if s.value != to]
    after = text
    for one in reversed(sites):
        after = after[: one.start] + show_threshold(to) + after[one.end :]
    if not sites:
        return None
    expected = [(s.line, to) for s in site.find(name, text)]
    if [(s.line, s.value) for s in site.find(name, after)] != expected:
        raise UsageError("would change more than the threshold", where=name, next_step="edit this file by hand")
    return Edit(name, text, after, sites)
