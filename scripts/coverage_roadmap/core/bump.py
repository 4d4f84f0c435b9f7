"""A bump: raises the threshold at each of its sites, and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from coverage_roadmap.core import sites
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import show_percent, show_threshold
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.site import Found, Outline, Site, Unclear
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.errors import NotMetError, UsageError

_NUMBER = regex(r"([0-9]+(?:\.[0-9]*)?)")


class Edit(Struct, frozen=True):
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


class Bump(Struct, frozen=True):
    """What a bump does: its edits, on the evidence of a record."""

    to: Decimal
    edits: Sequence[Edit]
    unchanged: Sequence[Site]
    """Sites that demand it already."""
    evidence: Summary
    unclear: Sequence[Unclear] = ()
    """Places that are not touched, each with its reason."""


def automatic(evidence: Summary | None, headroom: Decimal, present: Decimal) -> Decimal:
    """The threshold that the evidence is good for: its total, rounded down, less the headroom; never a lower one.

    Args:
        evidence: the newest evidence.
        headroom: points.
        present: the threshold now, in percent.

    Raises:
        NotMetError: there is no evidence, or nothing was measured in it.
    """
    percent = evidence.totals.ratio.percent if evidence else None
    if percent is None:
        raise NotMetError("there is no evidence to take it from", where="--auto", next_step="commit, run the phase")
    return max(present, Decimal(show_percent(percent)) - headroom)


def message(decided: Bump) -> str:
    """What the commit of a bump says: the threshold, and the evidence that it rests on."""
    ratio, provenance = decided.evidence.totals.ratio, decided.evidence.provenance
    measured = f"{ratio} % in {decided.evidence.id}, measured at {(provenance.commit or 'no commit')[:12]}"
    return f"Coverage threshold: {show_threshold(decided.to)} %\n\nEvidence: {measured}\n"


def plan(
    texts: Mapping[str, str],
    to: Decimal,
    evidence: Summary | None,
    present: Decimal,
    phase: str = "",
    *,
    found: Found | None = None,
    may_lower: bool = False,
) -> Bump:
    """Decide a bump.

    Args:
        texts: the files that may hold sites, by the name that is shown.
        to: percent.
        evidence: the running phase's newest evidence.
        present: the config's threshold, in percent.
        phase: the running phase's name, for the advice.
        may_lower: whether a waiver permits a threshold as low as that.
        found: what is ours in the texts, where that is not all of it.

    Raises:
        UsageError: it would lower a site.
        NotMetError: there is no evidence, or it does not reach `to`.
    """
    every, unclear = (found.sites, found.unclear) if found else _look(texts)
    if not may_lower:
        _refuse_to_lower(every, to, present)
    grounds = _refuse_above(evidence, to, phase)
    by_file: dict[str, list[Site]] = {}
    for site in every:
        if site.value != to:
            by_file.setdefault(site.file, []).append(site)
    decided = [_edit(name, texts[name], changed, to) for name, changed in by_file.items()]
    return Bump(
        to,
        [one for one in decided if isinstance(one, Edit)],
        [site for site in every if site.value == to],
        grounds,
        [*unclear, *(one for one in decided if isinstance(one, Unclear))],
    )


def _refuse_to_lower(every: Sequence[Site], to: Decimal, present: Decimal) -> None:
    above = [site for site in every if site.value > to]
    if above or present > to:
        where = above[0].where if above else "threshold"
        value = above[0].value if above else present
        raise UsageError(
            f"a bump only raises: {where} demands {show_threshold(value)} already",
            where=f"--to {show_threshold(to)}",
            next_step=f"give {show_threshold(value)} or more, or waive it: invoke waive --what threshold",
        )


def _refuse_above(evidence: Summary | None, to: Decimal, phase: str) -> Summary:
    """The evidence, where it reaches `to`."""
    if evidence is None:
        raise NotMetError(
            "there is no evidence of the running phase at this commit",
            where=f"--to {show_threshold(to)}",
            next_step=f"commit, then run it: nox -s {phase}" if phase else "every phase is closed",
        )
    ratio = evidence.totals.ratio
    if not ratio.total:
        raise NotMetError("nothing was measured in the evidence", where=evidence.id)
    if not ratio.meets(to):
        raise NotMetError(
            f"the evidence is {ratio} %: CI would turn red",
            where=f"--to {show_threshold(to)}",
            next_step=f"cover {many(ratio.lacks(to), 'more line')} first",
        )
    return evidence


def _look(texts: Mapping[str, str]) -> tuple[Sequence[Site], Sequence[Unclear]]:
    found = [sites.find(name, text) for name, text in texts.items()]
    return [site for one in found for site in one.sites], [unclear for one in found for unclear in one.unclear]


def _edit(name: str, text: str, changed: Sequence[Site], to: Decimal) -> Edit | Unclear:
    """The edit of one file; where it would change more than values, why it is not touched."""
    after = text
    for one in reversed(changed):
        after = after[: one.start] + show_threshold(to) + after[one.end :]
    starts = {site.start for site in changed}
    wanted = [(s.line, to if s.start in starts else s.value) for s in sites.find(name, text).sites]
    again = [(s.line, s.value) for s in sites.find(name, after).sites]
    outlines = sites.outline(name, text), sites.outline(name, after)
    if again != wanted or not _differs_in_values(*outlines, len(changed), show_threshold(to)):
        return Unclear(name, changed[0].line, "cannot be edited safely: more than the value would change")
    return Edit(name, text, after, changed)


def _differs_in_values(before: Outline | None, after: Outline | None, count: int, shown: str) -> bool:
    """Whether so many numbers became the one that is shown, and nothing else differs to the file's own reader."""
    if before is None or after is None or [key for key, _ in before] != [key for key, _ in after]:
        return False
    swapped = []
    for (_, old), (_, new) in zip(before, after, strict=True):
        if old != new:
            was, now = _NUMBER.split(old), _NUMBER.split(new)
            if len(was) != len(now):
                return False
            swapped += [(x, y) for x, y in zip(was, now, strict=True) if x != y]
    return len(swapped) == count and all(_NUMBER.fullmatch(x) and y == shown for x, y in swapped)
