"""Errors and log lines."""

from __future__ import annotations

import io
import logging

import pytest

from src.core import exceptions
from src.core.logger import configure_logging, get_logger


@pytest.fixture
def stream():
    """A stream to log to; the service's root logger is put back as it was."""
    root = logging.getLogger("football")
    handlers, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_every_error_derives_from_the_root_and_has_a_code_of_its_own():
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert all(issubclass(kind, exceptions.FootballError) for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_error_keeps_its_facts_apart_from_its_message():
    error = exceptions.StorageError("disk full", path="/x", free=0)
    assert str(error) == "disk full"
    assert error.as_dict() == {
        "code": "storage_error",
        "message": "disk full",
        "context": {"path": "/x", "free": 0},
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("src.models.x", "football.models.x"), ("jobs", "football.jobs"), ("football", "football"), ("", "football")],
)
def test_loggers_live_below_the_root_of_the_service(name, wanted):
    assert get_logger(name).name == wanted


def test_configuring_twice_does_not_log_twice(stream):
    configure_logging("WARNING", stream=stream)
    configure_logging("WARNING", stream=stream)
    get_logger("x").warning("once")
    get_logger("x").info("never")
    assert stream.getvalue().count("football.x") == 1
