"""Coverage.py in the environment that measured, as a process: it says its settings, then counts what it is asked to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from coverage_roadmap.adapters import files, inside, processes
from coverage_roadmap.adapters.coverage_counts import Numbers
from coverage_roadmap.adapters.coverage_settings import Settings, Settled
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core.measurement import FileFigures, ranges
from coverage_roadmap.errors import RecordError, ToolError

T = TypeVar("T")
LARGEST = 2**30
_LONGEST = 1800.0
"""How long one answer may take. Seconds."""
_REFUSED, _MISSING = "error", "missing"
"""The keys of an answer that is none: what coverage.py refuses, and what is not installed."""


class _Joined(msgspec.Struct):
    lost: list[str]


class _Reported(msgspec.Struct):
    any: bool


class _File(msgspec.Struct):
    summary: Numbers
    missing_lines: list[int] = []
    executed_lines: list[int] = []
    missing_branches: list[tuple[int, int]] = []
    executed_branches: list[tuple[int, int]] = []


class _Meta(msgspec.Struct):
    branch_coverage: bool = False


class _Report(msgspec.Struct):
    files: dict[str, _File] = {}
    meta: _Meta = msgspec.field(default_factory=_Meta)


class Said(msgspec.Struct, frozen=True):
    """What coverage.py's JSON report says."""

    files: dict[str, FileFigures]
    """By coverage.py's names for them."""
    branch: bool


class Counter:
    """One that is started where it is needed. What it refuses is a RecordError, with coverage.py's own words."""

    def __init__(self, start: Callable[[], processes.Conversation], settled: Settled) -> None:
        """Take what starts it, and where its settings are remembered."""
        self._start, self._settled = start, settled
        self._process: processes.Conversation | None = None
        self._heard_of: Settings | None = None
        self._remembered: Settings | None = settled.recalled()

    def begin(self) -> None:
        """Start it, where nobody knows its settings: while it does, there may be other things to be done."""
        if self._remembered is None:
            self._running()

    def _running(self) -> processes.Conversation:
        if self._process is None:
            self._process = self._start()
        return self._process

    @property
    def settings(self) -> Settings:
        """What coverage.py read in its settings.

        Raises:
            RecordError: it refuses them.
            ToolError: it is not there.
        """
        return self._remembered or self._told()

    def _told(self) -> Settings:
        """What it says itself, first of all."""
        if self._heard_of is None:
            self._heard_of = self._heard(self._running(), Settings)
            self._settled.remember(self._heard_of)
        return self._heard_of

    def combine(self, data: Path, parts: Sequence[Path]) -> tuple[str, ...]:
        """Let coverage.py join parts to a data file, which go then. Returns why some could not be, in its words.

        Raises:
            RecordError: they do not go together.
        """
        return tuple(self._asked(_Joined, data=str(data), combine=list(map(str, parts))).lost)

    def report(self, data: Path, only: Sequence[str] | None, target: Path) -> Said:
        """What coverage.py's JSON report says of some files of a data file, or of all.

        Args:
            data: the data file.
            only: the files, by their names in it; None for all.
            target: where the report is written.

        Raises:
            RecordError: the data or a source cannot be read.
        """
        words = {"data": str(data), "combine": [], "only": only, "target": str(target)}
        if not self._asked(_Reported, **words).any:
            return Said({}, branch=False)
        try:
            report = msgspec.json.decode(files.read_bounded(target, LARGEST), type=_Report)
            found = {name: _figures(file) for name, file in report.files.items()}
            return Said(found, report.meta.branch_coverage)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordError(f"are no figures: {error}", where=str(target), next_step="run the phase again") from error

    def _asked(self, kind: type[T], **words: Any) -> T:
        if self._told().said != self.settings.said:  # remembered anew by now
            raise RecordError("coverage's settings have changed meanwhile", next_step="run again")
        process = self._running()
        process.tell(msgspec.json.encode(words))
        return self._heard(process, kind)

    def _heard(self, process: processes.Conversation, kind: type[T]) -> T:
        try:
            answer = msgspec.json.decode(process.hear(), type=dict[str, Any])
            if not answer.keys() & {_REFUSED, _MISSING}:
                return msgspec.convert(answer, kind)
        except (ToolError, msgspec.DecodeError, UnicodeDecodeError) as error:
            told = error.what if isinstance(error, ToolError) else error
            raise RecordError(f"coverage data cannot be read: {told}") from error
        if _REFUSED in answer:
            raise RecordError(f"coverage data cannot be read: {answer[_REFUSED]}")
        python, missing = self._settled.python, answer[_MISSING]
        raise ToolError(f"{missing} missing", where=python, next_step=f"{python} -m pip install {missing}")


def _figures(file: _File) -> FileFigures:
    return FileFigures(
        file.summary.counts(),
        ranges(file.missing_lines),
        ranges(file.executed_lines),
        tuple(file.missing_branches),
        tuple(file.executed_branches),
    )


@contextlib.contextmanager
def started(
    python: str, config_file: str, source: Sequence[str], project: Path, env: Mapping[str, str], memory: Memory
) -> Iterator[Counter]:
    """Start one, where its settings are not remembered, and end it afterwards.

    Args:
        python: the interpreter that measured.
        config_file: coverage's config file, as pytest-cov was told; empty for its default.
        source: the folders that were measured.
        project: the project's folder.
        env: the run's environment variables.
        memory: where its settings are remembered.

    Raises:
        ToolError: it cannot be started.
    """
    command = [python, str(inside.FOLDER / "coverage_roadmap_figures.py"), config_file, *source]
    with contextlib.ExitStack() as stack:
        conversing = processes.conversing(command, cwd=project, env=env, seconds=_LONGEST)
        counting = Counter(lambda: stack.enter_context(conversing), Settled(memory, command, project, env))
        counting.begin()
        yield counting
