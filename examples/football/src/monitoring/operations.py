"""What an operator may start by hand: `python -m src.monitoring.operations replay topic=odds limit=10`.

Every operation queues one of the service's tasks. Options are checked here, since a worker would
tell nobody about a misspelt one.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from celery import Task

from src.core.exceptions import ConfigurationError, FootballError
from src.tasks.monitoring import check_health, prune_history, run_quality_checks
from src.tasks.streaming_tasks import (
    consume_stream,
    maintain_lake,
    recover_lake,
    replay_dead_letters,
)

Reader = Callable[[str], Any]


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


@dataclass(frozen=True)
class Operation:
    """A task with the options that it takes, each with what reads it from text."""

    task: Task
    options: Mapping[str, Reader] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    def read(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """The task's arguments, or a `ConfigurationError` that names the option."""
        unknown = sorted(set(texts) - set(self.options))
        if unknown:
            known = ", ".join(sorted(self.options)) or "none"
            raise ConfigurationError(f"unknown option {unknown[0]!r}; known are: {known}")
        missing = sorted(self.required - set(texts))
        if missing:
            raise ConfigurationError(f"option {missing[0]!r} is needed")
        values = {}
        for name, text in texts.items():
            try:
                values[name] = self.options[name](text)
            except ValueError as error:
                raise ConfigurationError(f"option {name!r}: {error}") from error
        return values


OPERATIONS: dict[str, Operation] = {
    "check-quality": Operation(run_quality_checks, {"datasets": _names}),
    "check-health": Operation(check_health),
    "prune-history": Operation(prune_history, {"days": int}),
    "consume": Operation(consume_stream, {"max_batches": int}),
    "replay": Operation(replay_dead_letters, {"topic": str, "limit": int}, frozenset({"topic"})),
    "recover-lake": Operation(recover_lake, {"datasets": _names}),
    "maintain-lake": Operation(maintain_lake),
}


def start(name: str, texts: Mapping[str, str]) -> str:
    """Queue the operation and return the id of its task."""
    operation = OPERATIONS.get(name)
    if operation is None:
        raise ConfigurationError(f"unknown operation {name!r}; known are: {', '.join(OPERATIONS)}")
    return str(operation.task.apply_async(kwargs=operation.read(texts)).id)


def main(arguments: Sequence[str]) -> int:
    """The command line: an operation, then `option=value`; the exit code."""
    if not arguments:
        sys.stderr.write(f"usage: operations NAME [OPTION=VALUE ...]; {', '.join(OPERATIONS)}\n")
        return 2
    texts = dict(part.partition("=")[::2] for part in arguments[1:])
    try:
        task_id = start(arguments[0], texts)
    except FootballError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{task_id}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
