"""Retry rules and the Celery application."""

from __future__ import annotations

import pytest

from src.core.config import Settings
from src.core.exceptions import ConfigurationError
from src.tasks.celery_app import app, create_app
from src.tasks.retry import RetryPolicy


def test_waits_grow_up_to_the_cap():
    policy = RetryPolicy(max_retries=5, base_seconds=2, factor=3, cap_seconds=30)
    assert list(policy.delays()) == [2, 6, 18, 30, 30]


@pytest.mark.parametrize(("attempt", "allowed"), [(0, True), (2, True), (3, False)])
def test_retries_are_counted(attempt, allowed):
    assert RetryPolicy(max_retries=3).should_retry(attempt) is allowed


def test_attempts_count_from_zero():
    with pytest.raises(ValueError, match="counts from 0"):
        RetryPolicy().delay(-1)


@pytest.mark.parametrize(
    "values", [{"max_retries": -1}, {"base_seconds": 0}, {"cap_seconds": 0}, {"factor": 0.5}], ids=str
)
def test_senseless_policies_are_refused(values):
    with pytest.raises(ConfigurationError):
        RetryPolicy(**values)


def test_policy_follows_the_settings():
    policy = RetryPolicy.from_settings(Settings(task_max_retries=7, task_retry_base_seconds=5))
    assert (policy.max_retries, policy.base_seconds) == (7, 5)


def test_tasks_are_queued_not_run_in_place():
    assert app.conf.task_always_eager is False
    assert app.conf.task_acks_late is True
    assert app.conf.broker_url == "memory://"


def test_broker_follows_the_settings():
    assert create_app(Settings(celery_broker_url="redis://broker/0")).conf.broker_url == "redis://broker/0"
