"""Loosening: our own files, edited to ask for less than before."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from coverage_roadmap.core.baseline import FILE
from coverage_roadmap.core.finding import Finding, State
from coverage_roadmap.core.loosening import loosened
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.tightening import tighten


class ConfigAsksForLess(Rule):
    """The config asks for less than it did at the merge base.

    A phase, a criterion, a story, a target, a scope key, a severity or a waiver that asks for less is the cheapest way
    to a figure. Put it back, or write a waiver with a reason, an owner and a day: `invoke waive`.

    On the default branch itself it is compared with the remote's, so that what is committed straight to it is seen
    before it is pushed. Once it is pushed there is nothing left to compare with: CI that runs on such a push names the
    commit before it, on GitHub by `--since ${{ github.event.before }}`.
    """

    id = "LOOSE001"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each key that asks for less; unknown without something to compare with."""
        if facts.before is None:
            yield Finding(facts.config, 0, facts.no_before, "name one: --since REV", state=State.UNKNOWN)
            return
        for one in loosened(facts.before, facts.roadmap, facts.renames):
            # a plan may change: each key can be waived by its name, but for a waiver itself
            waivable = one.waivable or ("" if one.where.startswith("waivers.") else one.where)
            mend = f"put it back, or waive it: invoke waive --what {quote(waivable)}" if waivable else "put it back"
            text = f"{one.where} asks for less: {one.before} before, {one.after} now"
            yield Finding(facts.config, 0, text, mend, waivable, State.FOUND, one.was, one.present)


class BaselineAsksForLess(Rule):
    """The committed baseline asks for less than it did at the merge base.

    Floors only rise. A lower floor, a smaller scope or fewer tests in `coverage-baseline.json` needs a waiver.
    """

    id = "LOOSE002"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each floor that fell, each part of the scope that shrank; a baseline that went."""
        before, after = facts.baseline_before, facts.baseline
        if before is None:
            return
        if after is None:
            yield Finding(FILE, 0, f"there was a baseline before: {facts.no_baseline}", "put it back")
            return
        known = {*after.files, *after.tests}  # what it still calls by the old name did not follow the renaming yet
        renames = {old: new for old, new in facts.renames.items() if old not in known}
        for one in tighten(before, after, [], facts.day, renames=renames, existing=facts.existing):
            mend = f"put it back, or waive it: invoke waive --what {quote(one.waivable)}"
            yield Finding(FILE, 0, str(one), mend, one.waivable, State.FOUND, one.was, one.present)


class BaselineOfNoRecord(Rule):
    """The committed baseline is not what its record gives.

    It is written by `invoke baseline` from evidence, and by nobody's hand. Make it anew.
    """

    id = "LOOSE003"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """What differs, where the record can be had; a baseline that cannot be read."""
        for fault in facts.faults if facts.judges(FILE) else ():
            yield Finding(FILE, fault.line, fault.text, "make it anew: invoke baseline")


RULES = (ConfigAsksForLess(), BaselineAsksForLess(), BaselineOfNoRecord())
