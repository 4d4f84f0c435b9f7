"""The topics, and what is said where there are no data."""

import pytest

from coverage_roadmap.core.standup import Mark, checklist
from coverage_roadmap.core.standup.item import Item, first

CHECKED = {"Open coverage tickets", "Stalled stories", "Next step", "Waivers", "Assistance needed"}
"""Topics that need no record."""


def test_the_topics_are_the_roadmaps_and_each_says_something_even_without_any_data(facts):
    topics = checklist(facts(running=None))
    assert [topic.title for topic in topics] == [
        *("Open coverage tickets", "Stalled stories", "Distance to the phase's exit", "Next step"),
        *("What moved the total", "Slowest failing tests", "Flaky tests", "Slowest tests", "CI threshold"),
        *("Fell below 50 %", "Still below 50 %", "Waivers", "Assistance needed"),
    ]
    assert all(topic.items for topic in topics)


def test_nothing_is_ticked_on_missing_data(facts, running):
    criteria = [{"criterion": "green"}, {"criterion": "coverage", "at-least": 61}]
    topics = checklist(facts(running=running((), exit=criteria)))
    lacking = [item for topic in topics if topic.title not in CHECKED for item in topic.items]
    assert lacking
    assert {item.mark for item in lacking} == {Mark.UNKNOWN}


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(0, 0, []), (5, 5, []), (6, 5, ["and 1 more file"]), (9, 5, ["and 4 more files"])]
)
def test_the_first_five_are_named_and_the_others_counted(count, shown, more):
    items = list(first((Item(Mark.CROSSED, str(n)) for n in range(count)), "file"))
    assert [item.text for item in items] == [*map(str, range(shown)), *more]
    assert {item.mark for item in items} <= {Mark.CROSSED}
