"""How a push of the history is shown."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.commands.history_push import Pushed
from coverage_roadmap.render.page import Facts, Page, Section


def page(value: Pushed) -> Page:
    """For people."""
    done = value.published
    if done is None:
        told = "nothing: the repository has no remote, and the history stays here"
    elif done.commit is None:
        told = f"nothing: neither here nor on {done.remote} is there a branch {value.branch}"
    elif done.moved:
        told = f"{value.branch} to {done.remote}, at {done.commit[:8]}"
    else:
        told = f"nothing new: {done.remote} has all of {value.branch}"
    return Page("History push", [Section("", [Facts([("published", told)])])])


def data(value: Pushed) -> dict[str, Any]:
    """For machines."""
    done = value.published
    return {
        "branch": value.branch,
        "remote": done.remote if done else None,
        "commit": done.commit if done else None,
        "moved": bool(done and done.moved),
        "tries": done.tries if done else 0,
    }
