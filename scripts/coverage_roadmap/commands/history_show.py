"""`history.show`: one record, with its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look, record_named
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.errors import ExitCode, NotMetError


class Shown(Struct, frozen=True):
    """A record."""

    summary: Summary
    detail: Detail | None
    """None where it cannot be had."""
    notes: Sequence[str] = ()
    prefix: str = ""
    """The project's path from the repository's top, with a slash at its end; empty at the top."""
    exit_code: ExitCode = ExitCode.DONE


def history_show(
    context: Context,
    *,
    record: Annotated[str, "a record's id, or its beginning; by default the newest"] = "",
    canonical: Annotated[bool, "by default the newest full one of the canonical leg"] = False,
) -> Shown:
    """Show one record: where it comes from, its figures, its tests.

    Example: invoke history.show --record 20260105T090000
    """
    here = look(context)
    newest = next((one for one in here.records.all() if one.whole or not canonical), None)
    if newest is None:
        raise NotMetError(
            "there is no such record" if canonical else "there is no record",
            where="history",
            next_step="nox -s " + here.roadmap.current.name,
        )
    summary = record_named(here, record, "--record") if record else newest
    prefix = here.repository.prefix if here.repository else ""
    return Shown(summary, here.detail(summary), here.records.notes, prefix)
