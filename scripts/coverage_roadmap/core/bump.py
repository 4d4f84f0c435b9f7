"""A bump: raises the threshold at each of its sites, and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from coverage_roadmap.core import site
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.site import Site
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.errors import NotMetError, UsageError

DECIMALS = 6
"""As many as the config takes."""


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
        old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (self.before, self.after))
        name = plain(self.file)
        lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
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
    if int(value.as_tuple().exponent) < -DECIMALS:
        raise UsageError(f"has more than {DECIMALS} decimals", where=f"--to {text}", next_step="for example --to 60.5")
    return value


def plan(texts: Mapping[str, str], to: Decimal, evidence: Summary | None, present: Decimal, phase: str = "") -> Bump:
    """Decide a bump.

    Args:
        texts: the files that may hold sites, by the name that is shown.
        to: percent.
        evidence: the running phase's newest evidence.
        present: the config's threshold, in percent.
        phase: the running phase's name, for the advice.

    Raises:
        UsageError: it would lower a site, or a file with a site cannot be parsed.
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
            "there is no evidence of the running phase at this commit",
            where=f"--to {shown}",
            next_step=f"commit, then run it: nox -s {phase}" if phase else "every phase is closed",
        )
    ratio = evidence.totals.ratio
    if not ratio.total:
        raise NotMetError("nothing was measured in the evidence", where=evidence.id)
    if not ratio.meets(to):
        raise NotMetError(
            f"the evidence is {ratio} %: CI would turn red",
            where=f"--to {shown}",
            next_step=f"cover {many(ratio.lacks(to), 'more line')} first",
        )
    edits = [edit for name, text in texts.items() if (edit := _edit(name, text, to))]
    return Bump(to, edits, [s for _, s in found if s.value == to], evidence)


def _edit(name: str, text: str, to: Decimal) -> Edit | None:
    found = site.find(name, text)
    sites = [s for s in found if s.value != to]
    if not sites:
        return None
    after = text
    for one in reversed(sites):
        after = after[: one.start] + show_threshold(to) + after[one.end :]
    again = [(s.line, s.value) for s in site.find(name, after)]
    if site.settings(name, text) is None or again != [(s.line, to) for s in found]:
        raise UsageError("cannot be edited safely", where=name, next_step="mend the file, or edit it by hand")
    return Edit(name, text, after, sites)
