"""A coverage.json as a measurement of the project: the counts of all files, and the lines of those that are wanted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from coverage_roadmap.adapters import files
from coverage_roadmap.adapters.git import Repository
from coverage_roadmap.core.measurement import Count, Counts, FileFigures, ranges
from coverage_roadmap.errors import RecordError

LARGEST = 2**30
AGAIN = "write it anew with: coverage json"
FORMATS = (2, 3)
"""What coverage.py writes since 5.x (2) and since 7.4 (3)."""
Line = Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class _Meta(msgspec.Struct):
    format: int = 1
    branch_coverage: bool = False


class _Summary(msgspec.Struct, gc=False):
    num_statements: Count
    missing_lines: Count
    excluded_lines: Count = 0
    num_branches: Count = 0
    missing_branches: Count = 0


class _File(msgspec.Struct, gc=False):
    executed_lines: msgspec.Raw
    missing_lines: msgspec.Raw
    summary: _Summary


class _Report(msgspec.Struct):
    meta: _Meta
    files: dict[str, _File]


@dataclass(frozen=True, slots=True)
class Read:
    """What a coverage.json tells."""

    files: dict[str, FileFigures]
    """By path in the project; lines stand in the wanted ones only."""
    branch: bool


def read(path: Path, label: str, repository: Repository | None, project: Path, wanted: Collection[str]) -> Read:
    """Read a report that was made in the project's folder, at the repository's top, or with absolute paths.

    Raises:
        RecordError: it is no coverage.json, of an unknown format, its counts are impossible, or none of its files is
            the project's.
    """
    try:
        report = msgspec.json.decode(files.read_bounded(path, LARGEST), type=_Report)
        if report.meta.format not in FORMATS:
            told = f"is of format {report.meta.format}, which we do not know"
            raise RecordError(told, where=label, next_step=AGAIN)
        starts = (f"{project}/", repository.prefix if repository else "")
        found = {_place(name, starts): file for name, file in report.files.items()}
        figures = {name: _figures(file, lines=name in wanted) for name, file in found.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise RecordError(f"is no coverage.json: {error}", where=label, next_step=AGAIN) from error
    if figures and not any((project / name).is_file() for name in figures if "\0" not in name):
        told = f"holds none of the project's files: its first is {next(iter(report.files))}"
        raise RecordError(told, where=label, next_step=f"make it in {project}: coverage json")
    return Read(figures, report.meta.branch_coverage)


def _place(name: str, starts: tuple[str, ...]) -> str:
    """A file's path in the project."""
    for start in starts:
        if start and name.startswith(start):
            return name[len(start) :]
    return name


def _figures(file: _File, *, lines: bool) -> FileFigures:
    told = file.summary
    counts = Counts(
        told.num_statements, told.missing_lines, told.excluded_lines, told.num_branches, told.missing_branches
    )
    if not lines:
        return FileFigures(counts)
    missing, covered = (msgspec.json.decode(raw, type=list[Line]) for raw in (file.missing_lines, file.executed_lines))
    if len(missing) != counts.missing or len(covered) != counts.statements - counts.missing:
        raise ValueError("its lines are not as many as its counts say")
    return FileFigures(counts, ranges(missing), ranges(covered))
