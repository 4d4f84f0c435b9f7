"""What a team keeps in order: the threshold's sites, waivers, and what it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.standup.facts import Facts
from coverage_roadmap.core.standup.item import About, Item, Mark
from coverage_roadmap.core.text import many
from coverage_roadmap.core.waiver import expired

SOON = 14
"""A waiver that ends within so many days is named. Days."""


def threshold(facts: Facts) -> Iterator[Item]:
    """Whether each site demands what the config says; what cannot be read as one is unknown."""
    wanted = show_threshold(facts.threshold)
    for site in facts.sites.sites:
        agrees = site.value == facts.threshold
        beside = "" if agrees else f", the config says {wanted}"
        about: About = {"site": site.where, "value": float(site.value)}
        mark = Mark.TICKED if agrees else Mark.CROSSED
        yield Item(mark, f"{site.where}: {show_threshold(site.value)}{beside}", about)
    for place in facts.sites.unclear:
        yield Item(Mark.UNKNOWN, f"{place.where}: {place.reason}", {"site": place.where, "value": None})
    if not facts.sites.sites:
        yield Item(Mark.UNKNOWN, "no site demands a threshold")


def waivers(facts: Facts) -> Iterator[Item]:
    """Waivers that have ended, or end soon."""
    today = facts.period.until.date()
    due = [one for one in facts.waivers if (one.until - today).days <= SOON]
    for waiver in sorted(due, key=lambda one: (one.until, one.what)):
        about: About = {"what": waiver.what, "owner": waiver.owner, "days": (waiver.until - today).days}
        if expired(waiver, today):
            yield Item(Mark.CROSSED, f"{_named(waiver)} expired on {waiver.until}", about)
        else:
            days = (waiver.until - today).days
            left = f"expires in {many(days, 'day')}" if days else "expires today"
            yield Item(Mark.OPEN, f"{_named(waiver)} {left}, on {waiver.until}", about)
    if not due:
        lasting = f": {many(len(facts.waivers), 'waiver')} beyond that" if facts.waivers else ""
        yield Item(Mark.TICKED, f"none has expired or does within {SOON} days{lasting}")


def _named(waiver: Waiver) -> str:
    return f"{waiver.what} ({waiver.owner}: {waiver.reason})"


def assistance(facts: Facts) -> Iterator[Item]:
    """What the team is asked for."""
    if not facts.tracker:
        yield Item(Mark.OPEN, "set board.tracker to the team's tracker, so that the board can be mirrored there")
    elif facts.untold:
        yield Item(Mark.OPEN, f"make {facts.tracker} answer, so that the board can be mirrored there")
    elif not facts.lacking and not facts.notes:
        yield Item(Mark.TICKED, f"nothing: {facts.tracker} answers, and no requirement is missing")
    for lacking in facts.lacking:
        about = {"requirement": lacking}
        yield Item(Mark.CROSSED, f"{lacking} is not in the project's requirements: invoke doctor --fix", about)
    yield from (Item(Mark.OPEN, note) for note in facts.notes)
