"""The stand-up: the roadmap's weekly checklist, from facts.

The tool ticks or crosses what it verified; what a person must do is an open box; what cannot be told is unknown.
"""

from __future__ import annotations

from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.standup import distance, files, keeping, stories, tests
from coverage_roadmap.core.standup.facts import Facts, Ticket
from coverage_roadmap.core.standup.item import SHOWN, Item, Mark, Topic

__all__ = ["SHOWN", "Facts", "Item", "Mark", "Ticket", "Topic", "checklist"]


def checklist(facts: Facts) -> list[Topic]:
    """The topics, in the roadmap's order."""
    low = f"{show_threshold(facts.dip_below)} %"
    topics = {
        "Open coverage tickets": stories.tickets,
        "Stalled stories": stories.stalled,
        "Distance to the phase's exit": distance.distance,
        "Next step": distance.next_step,
        "What moved the total": files.movement,
        "Slowest failing tests": tests.failing,
        "Flaky tests": tests.flaky_ones,
        "Slowest tests": tests.slowest,
        "CI threshold": keeping.threshold,
        f"Fell below {low}": files.fell,
        f"Still below {low}": files.still,
        "Waivers": keeping.waivers,
        "Assistance needed": keeping.assistance,
    }
    return [Topic(title, list(items(facts))) for title, items in topics.items()]
