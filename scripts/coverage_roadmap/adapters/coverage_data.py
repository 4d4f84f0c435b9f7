"""Figures from coverage's data, made by the coverage.py that measured, and read with types and bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from coverage_roadmap.adapters import files, inside, processes
from coverage_roadmap.adapters.coverage_counts import Numbers
from coverage_roadmap.core.measurement import FileFigures, Scope, ranges
from coverage_roadmap.errors import RecordError

LARGEST = 2**30
_NOTHING = 5


class _File(msgspec.Struct):
    summary: Numbers
    missing_lines: list[int] = []
    executed_lines: list[int] = []
    missing_branches: list[tuple[int, int]] = []
    executed_branches: list[tuple[int, int]] = []


class _Report(msgspec.Struct):
    files: dict[str, _File]


class _Resolved(msgspec.Struct):
    include: list[str]
    omit: list[str]
    exclude: list[str]
    branch: bool
    lost: list[str] = []
    python: str = ""
    coverage: str = ""


class Figures(msgspec.Struct, frozen=True):
    """The measured files by their path in the project, and the scope."""

    files: dict[str, FileFigures]
    scope: Scope
    lost: tuple[str, ...] = ()
    """Data files that killed processes left and that cannot be read, in coverage.py's words."""
    python: str = ""
    """The Python that counted, such as 3.11."""
    coverage: str = ""
    """The version of coverage.py that counted."""


def read(
    python: str,
    folder: Path,
    *,
    project: Path,
    source: Sequence[str],
    config_file: str,
    memory: Path,
    env: Mapping[str, str],
) -> Figures | None:
    """The figures of the data in `folder`; None where nothing was measured.

    Args:
        python: the interpreter that measured.
        folder: the run's folder; its `data/.coverage` is read, and what killed processes left beside it.
        project: the project's folder.
        source: the folders that were measured.
        config_file: coverage's config file, as pytest-cov was told; empty for its default.
        memory: the SQLite file in which what coverage.py said of a file is remembered; made where it is not there.
        env: the run's environment variables.

    Raises:
        RecordError: the data or a source cannot be read.
    """
    if not any((folder / "data").glob(".coverage*")):
        return None
    out, scope_out = folder / "figures.json", folder / "scope.json"
    words = [str(folder / "data" / ".coverage"), config_file, str(out), str(scope_out), str(memory)]
    script = str(inside.FOLDER / "coverage_roadmap_figures.py")
    done = processes.answer([python, script, *words, *source], cwd=project, env=env, seconds=1800)
    if done.returncode == _NOTHING:
        return None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise RecordError(
            f"coverage data cannot be read: {lines[-1]}", where=str(folder / "data"), next_step="run the phase again"
        )
    return _figures(out, scope_out, project, source)


def _figures(out: Path, scope_out: Path, project: Path, source: Sequence[str]) -> Figures:
    try:
        report = msgspec.json.decode(files.read_bounded(out, LARGEST), type=_Report)
        resolved = msgspec.json.decode(files.read_bounded(scope_out, LARGEST), type=_Resolved)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"are no figures: {error}", where=str(out), next_step="run the phase again") from error
    measured = {_relative(name, project): _file(file) for name, file in report.files.items()}
    scope = Scope(
        source=tuple(source),
        include=tuple(resolved.include),
        omit=tuple(resolved.omit),
        exclude=tuple(resolved.exclude),
        branch=resolved.branch,
        files=len(measured),
    )
    return Figures(measured, scope, tuple(resolved.lost), resolved.python, resolved.coverage)


def _relative(name: str, project: Path) -> str:
    path = Path(name)
    return path.relative_to(project).as_posix() if path.is_absolute() and path.is_relative_to(project) else name


def _file(file: _File) -> FileFigures:
    return FileFigures(
        file.summary.counts(),
        ranges(file.missing_lines),
        ranges(file.executed_lines),
        tuple(file.missing_branches),
        tuple(file.executed_branches),
    )
