"""coverage.json files, as coverage.py writes them: hostile until read with types and bounds."""

from __future__ import annotations

from pathlib import Path

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.core.comparison import Side
from coverage_roadmap.core.measurement import Count, Counts
from coverage_roadmap.errors import RecordError

LARGEST = 2**30
AGAIN = "write it anew with: coverage json"
FORMATS = (2, 3)
"""What coverage.py writes since 5.x (2) and since 7.4 (3)."""


class _Meta(msgspec.Struct):
    format: int = 1
    version: str = ""
    branch_coverage: bool = False


class _Summary(msgspec.Struct):
    num_statements: Count
    missing_lines: Count
    excluded_lines: Count = 0
    num_branches: Count = 0
    missing_branches: Count = 0


class _File(msgspec.Struct):
    summary: _Summary


class _Report(msgspec.Struct):
    meta: _Meta
    files: dict[str, _File]


def read(path: Path, label: str) -> Side:
    """One side of a comparison.

    Raises:
        RecordError: it is no coverage.json, of an unknown format, or its counts are impossible.
    """
    try:
        report = msgspec.json.decode(files.read_bounded(path, LARGEST), type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"is no coverage.json: {error}", where=label, next_step=AGAIN) from error
    if report.meta.format not in FORMATS:
        raise RecordError(f"is of format {report.meta.format}, which we do not know", where=label, next_step=AGAIN)
    return Side(
        label,
        {name: _counts(name, file.summary, label) for name, file in report.files.items()},
        report.meta.branch_coverage,
    )


def _counts(name: str, numbers: _Summary, label: str) -> Counts:
    try:
        return Counts(
            numbers.num_statements,
            numbers.missing_lines,
            numbers.excluded_lines,
            numbers.num_branches,
            numbers.missing_branches,
        )
    except ValueError as error:
        raise RecordError(f"has impossible counts for {name}: {error}", where=label, next_step=AGAIN) from error
