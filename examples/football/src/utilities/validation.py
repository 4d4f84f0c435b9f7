"""Checks of input from outside, each of which names the field that it refuses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from src.core.exceptions import ValidationError


def require(payload: Mapping[str, Any], name: str) -> Any:
    """Return a field that has to be there and to hold something."""
    value = payload.get(name)
    if value is None or value == "":
        raise ValidationError(f"{name} is required", field=name)
    return value


def as_int(value: Any, name: str, *, low: int | None = None, high: int | None = None) -> int:
    """Read a whole number, within bounds where they are given; True and 1.5 are not whole numbers."""
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValidationError(f"{name} must be a whole number", field=name, value=value)
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ValidationError(f"{name} must be a whole number", field=name, value=value) from None
    if low is not None and number < low:
        raise ValidationError(f"{name} must be at least {low}", field=name, value=number)
    if high is not None and number > high:
        raise ValidationError(f"{name} must be at most {high}", field=name, value=number)
    return number


def as_date(value: Any, name: str) -> date:
    """Read a day in the form ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValidationError(f"{name} must be a date like 2024-03-01", field=name, value=value) from None


def one_of(value: Any, name: str, choices: Collection[str]) -> str:
    """Return the value if it is one of the choices."""
    if value not in choices:
        raise ValidationError(f"{name} must be one of {sorted(choices)}", field=name, value=value)
    return value


def as_id_list(value: Any, name: str, *, limit: int) -> list[int]:
    """Read a list of positive ids, neither empty nor longer than ``limit``."""
    if not isinstance(value, list) or not value:
        raise ValidationError(f"{name} must be a list with at least one id", field=name)
    if len(value) > limit:
        raise ValidationError(f"{name} holds {len(value)} ids, at most {limit} are allowed", field=name)
    return [as_int(item, name, low=1) for item in value]
