"""How the stand-up is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.core.standup import Item
from coverage_roadmap.render import mirror, standup
from coverage_roadmap.render.page import Page


def page(value: Standup) -> Page:
    """For people."""
    shown, posted = standup.page(value.on, value.since, value.topics), value.posted
    if posted is None:
        return shown
    return Page(
        shown.title, [*shown.sections, mirror.posted(posted.tracker, posted.plan, posted.refused, posted.failed)]
    )


def data(value: Standup) -> dict[str, Any]:
    """For machines."""
    topics = [{"title": topic.title, "items": [_item(item) for item in topic.items]} for topic in value.topics]
    made: dict[str, Any] = {"on": f"{value.on:%Y-%m-%d}", "since": f"{value.since:%Y-%m-%d}", "topics": topics}
    posted = value.posted
    if posted:
        told = mirror.data(posted.tracker, posted.plan, posted.refused, applied=True)
        made["posted"] = {**told, "failed": posted.failed or None}
    return made


def _item(item: Item) -> dict[str, Any]:
    return {"mark": item.mark.name.lower(), "text": item.text, "about": dict(item.about)}
