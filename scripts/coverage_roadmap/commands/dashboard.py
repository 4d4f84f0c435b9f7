"""`dashboard`: the roadmap at one look, as a page of HTML that needs nothing else."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import files
from coverage_roadmap.commands import boarding, tracking, weekly
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, home_of, look, since_of
from coverage_roadmap.commands.status import phase_standings
from coverage_roadmap.core.dashboard import Dashboard
from coverage_roadmap.core.trend import trend
from coverage_roadmap.errors import ExitCode, ToolError, UsageError

USUAL = "dashboard.html"
"""In the cache, unless it is to be written elsewhere."""


class Dashed(Struct, frozen=True):
    """The dashboard, and the file that it was written to."""

    dashboard: Dashboard
    written: str
    exit_code: ExitCode = ExitCode.DONE


def dashboard(
    context: Context,
    *,
    since: Annotated[str, "what is told of changes looks back so far: 14d, 2w, or a date"] = "7d",
    trend_since: Annotated[str, "the trend begins so long ago: 52w, or a date"] = "365d",
    write: Annotated[str, "the file of HTML (by default .coverage-roadmap/dashboard.html)"] = "",
) -> Dashed:
    """Write a page of HTML: trend, phases, changes, packages, stand-up and board.

    Example: invoke dashboard --write public/index.html
    """
    now = context.clock.now()
    looked, shown = since_of(since, now), since_of(trend_since, now, "--trend-since")
    here = look(context)
    told = tracking.told(context, here)
    facts = weekly.facts(here, looked, told)
    changes = since_of(boarding.PERIOD, now)
    made = Dashboard(
        here.located.project.name,
        now,
        facts,
        trend(here.records.all(), shown, here.roadmap.current.name),
        here.once(phase_standings),
        boarding.whole(here, changes, told.tracked, told.notes),
        home_of(context, here.repository) if here.repository else None,
    )
    return Dashed(made, _written(context, here, write, made))


def _written(context: Context, here: Here, name: str, made: Dashboard) -> str:
    """Write the page. Returns the file, as it is to be opened."""
    try:
        from coverage_roadmap.render import dashboard as pages  # of its libraries who reads the terminal needs none
    except ModuleNotFoundError as error:
        install = "pip install 'coverage-roadmap[dashboard]'"
        raise ToolError(f"{error.name} is not installed", where="dashboard", next_step=install) from error
    text = pages.html(made)
    path = context.folder / name if name else here.records.cache.root / USUAL
    named = name or str(path)

    def replaced(there: str) -> str:
        if there and pages.MARK not in there[:200]:
            raise UsageError("is no dashboard of ours, and is left alone", where=named, next_step="name another file")
        return text

    if not name:
        here.records.cache.open()
    files.rewrite(path, named, replaced, top=here.top)
    return named
