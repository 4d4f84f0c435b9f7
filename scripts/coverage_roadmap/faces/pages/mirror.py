"""How a mirror is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.mirror import Mirrored
from coverage_roadmap.render import mirror
from coverage_roadmap.render.page import Page


def page(value: Mirrored) -> Page:
    """For people."""
    return mirror.page(value.tracker, value.plan, value.refused, applied=value.applied)


def data(value: Mirrored) -> dict[str, Any]:
    """For machines."""
    return mirror.data(value.tracker, value.plan, value.refused, applied=value.applied)
