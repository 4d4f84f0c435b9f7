"""Waivers: the only way out, so each must be owned, in date, and no wider than what it waives."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from coverage_roadmap.core.finding import Finding
from coverage_roadmap.core.floor import parts, share
from coverage_roadmap.core.loosening import name_of
from coverage_roadmap.core.percent import show_percent, show_threshold
from coverage_roadmap.core.roadmap import Coverage, Threshold, Waiver
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.text import many
from coverage_roadmap.core.waiver import LONGEST, covers, expired, part_of_scope


class Expired(Rule):
    """A waiver's day has passed.

    It was permission for a time. Mend what it waives and take it out, or let its owner say anew why it is needed.
    """

    id = "WAIVER001"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each waiver whose last day is before today."""
        for waiver in facts.roadmap.waivers:
            if expired(waiver, facts.day):
                text = f"the waiver of {waiver.what} ended on {waiver.until} ({waiver.owner}: {waiver.reason})"
                yield Finding(facts.config, 0, text, "mend what it waives, and take it out")


class NoOwner(Rule):
    """A waiver has no owner.

    Nobody would be asked. Name a person or a team.
    """

    id = "WAIVER002"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each waiver whose owner or reason is blank."""
        for waiver in facts.roadmap.waivers:
            if not waiver.owner.strip() or not waiver.reason.strip():
                lacking = "owner" if not waiver.owner.strip() else "reason"
                text = f"the waiver of {waiver.what} has no {lacking}"
                yield Finding(facts.config, 0, text, f"write its {lacking}")


class TooLong(Rule):
    """A waiver ends more than a year from now.

    It is permission for a time; one that nobody will look at again is a lower demand. Name a day within a year.
    """

    id = "WAIVER004"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each waiver whose last day lies further ahead than `invoke waive` would write."""
        for waiver in facts.roadmap.waivers:
            if (waiver.until - facts.day).days > LONGEST:
                text = f"the waiver of {waiver.what} lasts until {waiver.until}"
                yield Finding(facts.config, 0, text, f"name a day within {LONGEST} days")


class TooWide(Rule):
    """A waiver permits more than what it waives.

    Its `to` is below the present figure, so that the figure could fall further unseen: raise `to` to the figure. Or it
    is of the scope and names no part of it, or measured files, which could be hidden unseen: name just what is hidden.
    Or its `hides` is more than what is hidden, or is not there: write how many statements are.
    """

    id = "WAIVER003"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each waiver whose `to` is below what is there now by a point or more, or that takes in measured files."""
        for waiver in facts.roadmap.waivers:
            part = part_of_scope(waiver.what)
            if part is not None and (wide := _wide(part, facts)):
                yield Finding(facts.config, 0, f"the waiver of {waiver.what} {wide}", "name just what is hidden")
            if told := _unbound(waiver, facts.hidden.get(waiver.what)):
                text, mend = told
                yield Finding(facts.config, 0, f"the waiver of {waiver.what} {text}", mend)
            now = _now(waiver, facts)
            if waiver.to is not None and now is not None and Fraction(waiver.to) <= now - 1:
                to = show_threshold(waiver.to)
                text = f"the waiver of {waiver.what} permits {to}, and {show_percent(now)} is there"
                yield Finding(facts.config, 0, text, f"raise its to, up to {show_percent(now)}")


def _wide(part: str, facts: Facts) -> str:
    """What a waiver of a part of the scope permits beyond what is hidden; empty where it is one file, or no more."""
    if not part:
        return "names no part of the scope, and permits nothing"
    open_to = [path for path in facts.scoped if covers(part, path)] if part not in facts.scoped else []
    return f"permits {many(len(open_to), 'measured file')} to be hidden" if open_to else ""


def _unbound(waiver: Waiver, hidden: int | None) -> tuple[str, str] | None:
    """What a waiver of the scope permits beyond what is hidden now, and how to mend it; None where that is no more."""
    if hidden is None or hidden == waiver.hides:
        return None
    if waiver.hides is None:
        return f"does not say how many statements it hides, which are {hidden}", f"write hides = {hidden}"
    if hidden < waiver.hides:
        permitted = many(waiver.hides, "statement")
        return f"permits {permitted} to be hidden, of which {hidden} are", f"write hides = {hidden}"
    return None


def _now(waiver: Waiver, facts: Facts) -> Fraction | None:
    """What a waiver's subject comes to now, in percent; None where that is not known.

    A waiver of the threshold may be meant for the total, which falls below it, or for one of the sites.
    """
    if waiver.what == "threshold":
        total = facts.figures.totals.ratio.percent if facts.figures else None
        sites = [Fraction(site.value) for site in facts.found.sites]
        return min([total, Fraction(facts.roadmap.threshold), *sites]) if total is not None else None
    if waiver.what in facts.files:
        return min(map(share, parts(facts.files[waiver.what].counts).values()))
    asked = {f"{phase.name} fail-under": phase.fail_under for phase in facts.roadmap.phases}
    for phase in facts.roadmap.phases:
        for one in phase.exit:
            if isinstance(one, Coverage | Threshold):
                asked[f"{phase.name} {name_of(one)}"] = one.at_least
    return Fraction(asked[waiver.what]) if waiver.what in asked else None


RULES = (Expired(), NoOwner(), TooWide(), TooLong())
