"""How the stand-up is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.core.standup import Item
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Page


def page(value: Standup) -> Page:
    """For people."""
    return Page(
        f"Stand-up of {value.on:%Y-%m-%d}, since {value.since:%Y-%m-%d}", [views.topic(topic) for topic in value.topics]
    )


def data(value: Standup) -> dict[str, Any]:
    """For machines."""
    topics = [{"title": topic.title, "items": [_item(item) for item in topic.items]} for topic in value.topics]
    return {"on": f"{value.on:%Y-%m-%d}", "since": f"{value.since:%Y-%m-%d}", "topics": topics}


def _item(item: Item) -> dict[str, Any]:
    return {"mark": item.mark.name.lower(), "text": item.text, "about": dict(item.about)}
