"""`diff`: two measurements beside each other."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import config_file
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.sides import pair
from coverage_roadmap.core.comparison import Comparison, compare
from coverage_roadmap.errors import ExitCode


class Diff(Struct, frozen=True):
    """The comparison."""

    comparison: Comparison
    exit_code: ExitCode = ExitCode.DONE


def diff(
    context: Context,
    *,
    from_: Annotated[str, "a coverage.json, an age such as 7d, a record's id, or a commit (by default 7d)"] = "",
    to: Annotated[str, "the same (by default the newest full record)"] = "",
    phase: Annotated[str, "the phase whose records are looked at, by default the running one"] = "",
    fail_on_dip: Annotated[bool, "exit with 1 where a file has fallen below dip-below, or is new and below"] = False,
) -> Diff:
    """Compare two measurements: totals, packages, files, dips, and why the total moved.

    Example: invoke diff --from 7d --format md
    """
    roadmap = config_file.load(context.environ, context.folder).roadmap
    two = pair(context, from_, to, phase)
    found = compare(two.before, two.after, roadmap.dip_below, two.lineage, two.alike, two.notes)
    dips = fail_on_dip and (found.dipped or found.new_below)
    return Diff(found, ExitCode.NOT_MET if dips else ExitCode.DONE)
