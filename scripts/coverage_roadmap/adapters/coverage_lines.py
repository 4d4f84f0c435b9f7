"""A coverage.json as a measurement of the project: the counts of all files, and the lines of those that are wanted."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from coverage_roadmap.adapters import coverage_json
from coverage_roadmap.adapters.coverage_json import AGAIN, Report
from coverage_roadmap.adapters.git import Repository
from coverage_roadmap.core.measurement import FileFigures, ranges
from coverage_roadmap.errors import RecordError


class Read(Struct, frozen=True):
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
    report = coverage_json.read(path, label)
    starts = (f"{project}/", repository.prefix if repository else "")
    places = {name: _place(name, starts) for name in report.counts}
    figures = {place: _figures(report, name, lines=place in wanted) for name, place in places.items()}
    if figures and not any((project / name).is_file() for name in figures if "\0" not in name):
        told = f"holds none of the project's files: its first is {next(iter(report.counts))}"
        raise RecordError(told, where=label, next_step=f"make it in {project}: coverage json")
    return Read(figures, report.branch)


def _place(name: str, starts: tuple[str, ...]) -> str:
    """A file's path in the project."""
    for start in starts:
        if start and name.startswith(start):
            return name[len(start) :]
    return name


def _figures(report: Report, name: str, *, lines: bool) -> FileFigures:
    counts = report.counts[name]
    if not lines:
        return FileFigures(counts)
    told = report.lines(name)
    if told is None:
        what = f"is no coverage.json: lines of {name} are not as many as its counts say"
        raise RecordError(what, where=report.label, next_step=AGAIN)
    return FileFigures(counts, ranges(list(told.missed)), ranges(list(told.covered)))
