"""Exit criteria: each gives a verdict with its reason."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import datetime
from itertools import islice, takewhile

from msgspec import Struct, field

from coverage_roadmap.core import documentation, roadmap
from coverage_roadmap.core.measurement import Kind, Summary
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.sites.site import Site
from coverage_roadmap.core.text import many
from coverage_roadmap.core.verdict import Answer, Verdict, worst

LOOKED_AT = 1000
"""A series that is not sustained within so many of the newest records is not looked for further back."""
_NO_RUN = "no full run of this phase is recorded here"


class Facts(Struct, frozen=True):
    """What the criteria of one phase are judged on."""

    records: Iterable[Summary] = ()
    """The phase's records, newest first, of its own selection; walked as far as is needed."""
    reachable: Container[str] | None = None
    """Those of the records' commits that the default branch reaches; None where that cannot be told."""
    stories: dict[str, Verdict] = field(default_factory=dict)
    """Whether each story is done."""
    sites: Sequence[Site] | None = None
    """Where the threshold is written, as committed; None where that cannot be told."""
    documented: Sequence[documentation.Recorded] = ()
    """What pull requests documented."""
    legs: Collection[str] = ()
    """The other Pythons of the matrix: a run on any other one is of no leg, and has no session."""
    unreached: str = ""
    """Why it cannot be told what the default branch reaches."""


def judge(criterion: roadmap.Criterion, facts: Facts) -> Verdict:
    """The verdict of one exit criterion."""
    match criterion:
        case roadmap.Green():
            return _green(facts)
        case roadmap.Coverage():
            return _coverage(criterion, facts)
        case roadmap.Threshold():
            return _threshold(criterion, facts)
        case roadmap.BoardClosed():
            return _board_closed(criterion, facts)
        case _:
            return documentation.judge(criterion.stories, facts.documented)


def _green(facts: Facts) -> Verdict:
    """By the newest measured tree: no leg's newest whole run on it may have failed, in whichever order they ran."""
    of_legs = (r for r in facts.records if _is_whole(r) and (not _other(r) or _other(r) in facts.legs))
    newest = next(of_legs, None)
    if newest is None:
        strange = next(filter(_is_whole, facts.records), None)
        reason = f"Python {_other(strange)} is not in the matrix" if strange else _NO_RUN
        return Verdict("green", Answer.UNKNOWN, reason)
    by_leg = {_other(newest): newest}
    for record in takewhile(lambda r: r.tree == newest.tree and len(by_leg) <= len(facts.legs), of_legs):
        by_leg.setdefault(_other(record), record)
    verdicts = [_green_of(by_leg[leg]) for leg in sorted(by_leg, key=bool)]
    return next((verdict for verdict in verdicts if verdict.answer is not Answer.MET), verdicts[0])


def _is_whole(record: Summary) -> bool:
    return record.kind is not Kind.PARTIAL or bool(record.outcomes.not_imported)


def _other(record: Summary) -> str:
    """The Python of another leg; empty for the canonical one."""
    return "" if record.provenance.leg.canonical else record.provenance.leg.python


def _green_of(record: Summary) -> Verdict:
    question = "green"
    tests, other = record.outcomes, _other(record)
    on = f" on Python {other}" if other else ""
    if record.kind is not Kind.FULL:
        return Verdict(question, Answer.NOT_MET, f"{record.why_no_evidence}{on}", other)
    if not tests.green:
        wrong = len(tests.failed) + len(tests.errors)
        reason = f"{wrong} of {many(tests.collected, 'test')} failed" if wrong else many(len(tests.flaky), "flaky test")
        return Verdict(question, Answer.NOT_MET, f"{reason}{on}", other)
    aside = [f"{n} {word}" for n, word in ((tests.skipped, "skipped"), (tests.xfailed, "xfailed")) if n]
    return Verdict(question, Answer.MET, ", ".join([f"{tests.passed} passed", *aside]) + on, other)


def _coverage(criterion: roadmap.Coverage, facts: Facts) -> Verdict:
    wanted = show_threshold(criterion.at_least)
    runs = criterion.sustained_runs
    question = f"coverage at least {wanted}" + (f", sustained over {runs} trees" if runs > 1 else "")
    newest = next((r for r in facts.records if r.whole), None)
    if newest is None:
        other = next((r for r in facts.records if r.kind is Kind.FULL), None)
        reason = other.why_no_evidence if other else _NO_RUN
        return Verdict(question, Answer.UNKNOWN, reason)
    if not newest.totals.ratio.total:
        return Verdict(question, Answer.NOT_MET, "nothing was measured")
    if not newest.totals.ratio.meets(criterion.at_least):
        lacks = many(newest.totals.ratio.lacks(criterion.at_least), "more line")
        return Verdict(question, Answer.NOT_MET, f"{newest.totals.ratio}: {lacks} to cover", lacks)
    if facts.reachable is None:
        return Verdict(question, Answer.UNKNOWN, f"{newest.totals.ratio} here; {facts.unreached}")
    return _sustained(criterion, question, facts, newest)


def _sustained(criterion: roadmap.Coverage, question: str, facts: Facts, newest: Summary) -> Verdict:
    """The newest measurement of each of the last measured trees on the default branch. Rule: *sustained*."""
    good: list[Summary] = []
    seen = set()
    for record in islice(facts.records, LOOKED_AT):
        commit = record.provenance.commit
        if record.kind is Kind.PARTIAL or commit is None or commit not in (facts.reachable or ()):
            continue
        if not record.provenance.leg.canonical or record.tree != record.provenance.head or record.tree in seen:
            continue
        seen.add(record.tree)
        if record.kind is not Kind.FULL or not record.outcomes.green:
            what = "had failing tests" if record.kind is Kind.FULL else f"is {record.kind}"
            return Verdict(question, Answer.NOT_MET, f"the run at {commit[:8]} {what}")
        if not record.totals.ratio.meets(criterion.at_least):
            return Verdict(question, Answer.NOT_MET, f"{record.totals.ratio} at {commit[:8]}")
        good.append(record)
        if len(good) >= criterion.sustained_runs and _days(good) >= criterion.sustained_days:
            there = good[0].provenance.commit or ""
            at = f" at {there[:8]}" if there != newest.provenance.commit else ""
            return Verdict(question, Answer.MET, f"{good[0].totals.ratio}{at}" + _over(len(good)))
    if len(good) < criterion.sustained_runs:
        reason = f"{len(good)} of {criterion.sustained_runs} on the default branch"
        if not newest.evidence:
            reason += f"; {newest.why_no_evidence}"
        return Verdict(question, Answer.UNKNOWN, reason)
    return Verdict(question, Answer.UNKNOWN, f"spans {_days(good)} of {criterion.sustained_days} days")


def _over(count: int) -> str:
    return f" over {count} trees" if count > 1 else ""


def _days(records: Sequence[Summary]) -> int:
    times = [datetime.fromisoformat(record.provenance.started) for record in records]
    return (max(times) - min(times)).days


def _threshold(criterion: roadmap.Threshold, facts: Facts) -> Verdict:
    question = f"threshold at least {show_threshold(criterion.at_least)} everywhere"
    if facts.sites is None:
        return Verdict(question, Answer.UNKNOWN, "there is no commit to read the sites from")
    low = [site for site in facts.sites if site.value < criterion.at_least]
    if low:
        named = ", ".join(f"{site.where} {show_threshold(site.value)}" for site in low[:2])
        return Verdict(question, Answer.NOT_MET, named + (f" and {len(low) - 2} more" if len(low) > 2 else ""))
    if not facts.sites:
        return Verdict(question, Answer.NOT_MET, "no site demands a threshold")
    return Verdict(question, Answer.MET, f"{many(len(facts.sites), 'site')}, as committed")


def _board_closed(criterion: roadmap.BoardClosed, facts: Facts) -> Verdict:
    question = "board closed"
    verdicts = [
        facts.stories.get(story, Verdict(story, Answer.UNKNOWN, "not looked at")) for story in criterion.stories
    ]
    answer = worst(verdict.answer for verdict in verdicts)
    if answer is Answer.MET:
        return Verdict(question, answer, ", ".join(criterion.stories))
    first = next(verdict for verdict in verdicts if verdict.answer is answer)
    return Verdict(question, answer, f"{first.question}: {first.reason}", first.question)


def judge_all(criteria: Sequence[roadmap.Criterion], facts: Facts) -> list[Verdict]:
    """One verdict for each criterion, in the config's order."""
    return [judge(criterion, facts) for criterion in criteria]
