"""Operations that are started by hand: their options and what is queued."""

from types import SimpleNamespace

import pytest

from src.core.exceptions import ConfigurationError
from src.monitoring.operations import OPERATIONS, main, start
from src.tasks.celery_app import app


@pytest.fixture
def queued(monkeypatch) -> list[tuple[str, dict]]:
    """The tasks that would go to the broker."""
    messages: list[tuple[str, dict]] = []

    def send_task(name, args=(), kwargs=None, **_options):
        messages.append((name, kwargs))
        return SimpleNamespace(id="task-1")

    monkeypatch.setattr(app, "send_task", send_task)
    return messages


@pytest.mark.parametrize(
    ("arguments", "task", "kwargs"),
    [
        (["check-health"], "monitoring.check_health", {}),
        (["check-quality", "datasets=odds, teams"], "monitoring.run_quality_checks", {"datasets": ["odds", "teams"]}),
        (["replay", "topic=odds", "limit=5"], "streaming.replay_dead_letters", {"topic": "odds", "limit": 5}),
    ],
)
def test_an_operation_queues_its_task(queued, capsys, arguments, task, kwargs):
    assert main(arguments) == 0
    assert queued == [(task, kwargs)]
    assert capsys.readouterr().out == "task-1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "usage"),
        (["restart"], "unknown operation 'restart'"),
        (["replay"], "option 'topic' is needed"),
        (["check-health", "deep=1"], "unknown option 'deep'; known are: none"),
        (["prune-history", "days=many"], "option 'days': invalid literal"),
    ],
)
def test_mistakes_are_told_and_queue_nothing(queued, capsys, arguments, message):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert queued == []


def test_every_operation_is_a_registered_task():
    assert {operation.task.name for operation in OPERATIONS.values()} <= set(app.tasks)
    with pytest.raises(ConfigurationError):
        start("nothing", {})
