"""What the stand-up looks like, and what of it stands in a tracker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coverage_roadmap.core.body import LIMIT
from coverage_roadmap.core.comparison import Comparison
from coverage_roadmap.core.standup import Mark, Topic
from coverage_roadmap.render import diff, fitting, markdown
from coverage_roadmap.render.fitting import Part
from coverage_roadmap.render.page import Facts, Items, Page, Section, Tone, Word

TICKET = """## Coverage stand-up

Each week has a comment of its own: the stand-up and what the week changed, from what was measured.
"""
"""Our part of the text of the ticket that the weeks are posted on."""
_MARKS = {Mark.TICKED: Tone.GOOD, Mark.CROSSED: Tone.BAD, Mark.UNKNOWN: Tone.UNSURE, Mark.OPEN: Tone.NONE}
_SPARE = 2_000
"""For markers, and for what people write into our comment. Characters."""


def page(on: datetime, since: datetime, topics: Sequence[Topic]) -> Page:
    """The stand-up."""
    return Page(f"Stand-up of {on:%Y-%m-%d}, since {since:%Y-%m-%d}", [_topic(topic) for topic in topics])


def comment(shown: Page, week: Comparison | None) -> str:
    """The stand-up and the week's diff as Markdown that a tracker takes; where it is too long, that is said."""
    unknown = Word("unknown: there are no two full runs to compare", Tone.UNSURE)
    changed = diff.sections(week) if week else [Section("", [Facts([("what the week changed", unknown)])])]
    parts = [Part(one, rank) for rank, one in enumerate((*shown.sections, *changed), 1)]
    return markdown.view(fitting.fit(shown.title, parts, LIMIT - _SPARE, markdown.view))


def _topic(value: Topic) -> Section:
    return Section(value.title, [Items([(Word(item.mark, _MARKS[item.mark]), item.text) for item in value.items])])
