"""Checks of input from outside."""

from __future__ import annotations

from datetime import date

import pytest

from src.core.exceptions import ValidationError
from src.utilities import validation


@pytest.mark.parametrize("payload", [{}, {"x": None}, {"x": ""}])
def test_required_field_has_to_hold_something(payload):
    with pytest.raises(ValidationError, match="x is required") as caught:
        validation.require(payload, "x")
    assert caught.value.context["field"] == "x"


def test_zero_and_false_are_something():
    assert validation.require({"x": 0}, "x") == 0
    assert validation.require({"x": False}, "x") is False


@pytest.mark.parametrize(("value", "wanted"), [(5, 5), ("5", 5), (5.0, 5), ("-3", -3)])
def test_whole_numbers(value, wanted):
    assert validation.as_int(value, "n") == wanted


@pytest.mark.parametrize("value", [True, 1.5, "1.5", "x", None, []])
def test_what_is_no_whole_number(value):
    with pytest.raises(ValidationError, match="n must be a whole number"):
        validation.as_int(value, "n")


@pytest.mark.parametrize(("value", "message"), [(0, "at least 1"), (11, "at most 10")])
def test_bounds(value, message):
    assert validation.as_int(1, "n", low=1, high=10) == 1
    assert validation.as_int(10, "n", low=1, high=10) == 10
    with pytest.raises(ValidationError, match=message):
        validation.as_int(value, "n", low=1, high=10)


def test_dates():
    assert validation.as_date("2024-03-01", "day") == date(2024, 3, 1)
    for bad in ("2024-13-01", "yesterday", None, 5):
        with pytest.raises(ValidationError, match="day must be a date"):
            validation.as_date(bad, "day")


def test_choices():
    assert validation.one_of("a", "x", ("a", "b")) == "a"
    with pytest.raises(ValidationError, match=r"x must be one of \['a', 'b'\]"):
        validation.one_of("c", "x", ("b", "a"))


def test_lists_of_ids():
    assert validation.as_id_list([1, "2"], "ids", limit=2) == [1, 2]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "at least one"),
        ("1,2", "must be a list"),
        (None, "must be a list"),
        ([1, 2, 3], "at most 2"),
        ([0], "at least 1"),
    ],
)
def test_what_is_no_list_of_ids(value, message):
    with pytest.raises(ValidationError, match=message):
        validation.as_id_list(value, "ids", limit=2)
