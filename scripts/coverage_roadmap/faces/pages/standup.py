"""How the stand-up is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.standup import Standup
from coverage_roadmap.render import views
from coverage_roadmap.render.page import Page


def page(value: Standup) -> Page:
    """For people."""
    return Page(f"Stand-up of {value.on:%Y-%m-%d}", [views.topic(topic) for topic in value.topics])


def data(value: Standup) -> dict[str, Any]:
    """For machines."""
    topics = [
        {"title": t.title, "items": [{"mark": i.mark.name.lower(), "text": i.text} for i in t.items]}
        for t in value.topics
    ]
    return {"on": f"{value.on:%Y-%m-%d}", "topics": topics}
