"""Runs pytest for a phase, and reads what its plugin wrote down."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from coverage_roadmap.adapters import inside
from coverage_roadmap.core import shard
from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.outcome import Event

if TYPE_CHECKING:
    from coverage_roadmap.adapters import supervision

_SCRUBBED = ("COVERAGE_", "COV_CORE_", "PYTEST_XDIST_")
_ELSEWHERE = ("COVERAGE_RCFILE", "PYTEST_ADDOPTS")
"""What they say belongs into the config's `pytest-args`, where the scope is read from."""
LONGEST_LINE = 64 * 2**20


class Order(msgspec.Struct, frozen=True):
    """All that a run of pytest is told."""

    python: str
    project: Path
    folder: Path
    """The run's own."""
    source: Sequence[str]
    selection: Sequence[str]
    """The selection, in pytest's words."""
    only: Sequence[str]
    """Files, folders and node ids beside which nothing runs; empty where all of the selection does."""
    words: Sequence[str]
    """Further words: the config's, then those given by hand."""
    workers: int
    limit: supervision.Limit
    test_timeout: float
    env: Mapping[str, str]
    ignored: Sequence[str] = ()
    """Files and folders that are left out, whatever a conftest file of the project says of them."""
    shard: Shard | None = None
    """Where the other shards' tests are left out."""

    @property
    def durations(self) -> Path:
        """Where a shard's plugin reads how long the tests take."""
        return self.folder / "durations.json"

    @property
    def journal(self) -> Path:
        """Where the plugin writes."""
        return self.folder / "journal.jsonl"

    @property
    def junit(self) -> Path:
        """Where pytest writes its JUnit XML."""
        return self.folder / "junit.xml"


def environment(environ: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """The caller's with `extra`, less what would steer a coverage.py or an xdist that is not of this run."""
    kept = {key: value for key, value in environ.items() if not key.startswith(_SCRUBBED) and key != "PYTEST_ADDOPTS"}
    return {**kept, **{key: value for key, value in extra.items() if key not in _ELSEWHERE}}


def words_from_environment(environ: Mapping[str, str]) -> list[str]:
    """What PYTEST_ADDOPTS adds: words given by hand, like those after `--`."""
    try:
        return shlex.split(environ.get("PYTEST_ADDOPTS", ""))
    except ValueError:
        return [environ["PYTEST_ADDOPTS"]]


def run(order: Order, *, stop_at: float) -> supervision.Ended:
    """Run pytest, its own progress going where our output goes.

    Args:
        order: what to run.
        stop_at: on the monotonic clock, when no further test is begun.

    Raises:
        ToolError: the interpreter cannot be started.
    """
    from coverage_roadmap.adapters import supervision  # takes longer to import than to read a journal

    settings = {
        "journal": str(order.journal),
        "stop_at": stop_at,
        "workers": order.workers,
        "test_timeout": order.test_timeout,
        "only": list(order.only),
        "ignored": list(order.ignored),
        "words": [*_words(order), *order.selection],
        "shard": _shard(order, order.shard) if order.shard else None,
    }
    env = {
        **order.env,
        "COVERAGE_FILE": str(order.folder / "data" / ".coverage"),
        "COVERAGE_ROADMAP_RUN": json.dumps(settings),
    }
    command = [order.python, str(inside.FOLDER / "coverage_roadmap_start.py")]
    return supervision.supervise(command, cwd=order.project, env=env, limit=order.limit)


def _shard(order: Order, one: Shard) -> dict[str, str | int]:
    """What the plugin is told of a shard; the module that assigns is given by path, as the plugin is."""
    told = {"durations": str(order.durations), "by": str(Path(shard.__file__))}
    return {"number": one.number, "of": one.of, **told}


def _words(order: Order) -> list[str]:
    return [
        *(f"--cov={path}" for path in order.source),
        "--cov-report=",
        f"--rootdir={order.project}",  # node ids begin at the project, wherever pytest's settings lie
        "--cov-fail-under=0",
        "--continue-on-collection-errors",
        f"--junitxml={order.junit}",
        *order.words,
    ]


def journal(path: Path) -> list[Event]:
    """The events that were written down; a torn last line, left by a kill, is passed over."""
    decoder = msgspec.json.Decoder(Event)
    events: list[Event] = []
    if path.exists():
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                try:
                    events.append(decoder.decode(line))
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue
    return events
