"""`diff`: two measurements beside each other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated

from coverage_roadmap.adapters import coverage_json
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core.comparison import Comparison, Side, compare
from coverage_roadmap.errors import ExitCode, RecordError, UsageError


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison."""

    comparison: Comparison
    exit_code: ExitCode = ExitCode.DONE


def diff(
    context: Context,
    *,
    from_: Annotated[str, "a coverage.json, or a record's id"],
    to: Annotated[str, "a coverage.json, or a record's id"],
) -> Diff:
    """Compare two measurements: totals, files, dips.

    Example: invoke diff --from week1.json --to week2.json --format json
    """
    here = look(context)
    before, after = _side(context, here, from_, "--from"), _side(context, here, to, "--to")
    return Diff(compare(before, after, here.roadmap.dip_below))


def _side(context: Context, here: Here, named: str, option: str) -> Side:
    path = context.folder / named
    if os.path.isfile(path):  # noqa: PTH113 - unlike pathlib's, it takes a name of any length
        return coverage_json.read(path, named)
    record_id = named.rstrip("/").rsplit("/", 1)[-1]  # a report names the record with its folder
    found = here.records.named(record_id)
    if not found:
        raise UsageError(
            "is neither a file nor a record", where=f"{option} {named}", next_step="records are named in the reports"
        )
    if len(found) > 1:
        raise UsageError(f"fits {len(found)} records", where=f"{option} {named}", next_step="give more of the id")
    record = found[0]
    figures = here.records.files(record)
    if figures is None:
        raise RecordError("its per-file part cannot be read", where=record.id)
    return Side(
        record.id,
        {name: file.counts for name, file in figures.items()},
        record.scope.branch,
        record.selection,
        record.provenance.leg.python,
        record.kind,
        record.scope,
    )
