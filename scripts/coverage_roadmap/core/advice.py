"""What to write in place of a value that its type refuses: one piece of advice for each type of the config."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct


def members(kind: Any) -> list[Any]:
    """The types of a union, less the None that stands for a key left out; of another type itself."""
    if get_origin(kind) in (Union, UnionType):
        return [member for member in get_args(kind) if member is not type(None)]
    return [kind]


def plain(kind: Any) -> tuple[Any, Meta]:
    """A type less its annotation, and the bounds that the annotation sets."""
    if get_origin(kind) is Annotated:
        bare, meta = get_args(kind)
        return bare, meta
    return kind, Meta()


def advise(kind: Any, value: object) -> str:
    """What to write in place of `value`, which `kind` refuses; empty for a type that tells it itself."""
    return ", or ".join(_advise(*plain(member), value) for member in members(kind))


def _advise(bare: Any, meta: Meta, value: object) -> str:
    origin = get_origin(bare) or bare
    if origin is Literal:
        return f"choose one of {' or '.join(map(repr, get_args(bare)))}"
    if origin is str:
        return _of_text(value, meta)
    if origin is list:
        return "give at least one" if isinstance(value, list) else "write a list: [...]"
    if origin is date:
        return "write a date without quotes: 2026-01-31"
    if origin is int and (isinstance(value, bool) or not isinstance(value, int)):
        return "write a whole number without quotes"
    if origin in (int, float):
        return of_number(value, ge=meta.ge, gt=meta.gt, le=meta.le)
    return "write a table: { ... }" if issubclass(origin, Struct | dict) else ""


def _of_text(value: object, meta: Meta) -> str:
    if not isinstance(value, str):
        return "write text, in quotes"
    if meta.min_length is not None and len(value) < meta.min_length:
        return "write something"
    if meta.max_length is not None and len(value) > meta.max_length:
        return f"write at most {meta.max_length} characters"
    return f"write it in the form {form(meta.pattern or '')}"


def form(pattern: str) -> str:
    r"""A pattern as people and editors know it: what Python calls `\Z` is `$` everywhere else."""
    return pattern.removesuffix(r"\Z") + "$"


def of_number(value: object, *, ge: float | None = None, gt: float | None = None, le: float | None = None) -> str:
    """What to write in place of one of TOML's numbers; empty where it keeps the bounds."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return "write a number without quotes"
    if isinstance(value, Decimal) and not value.is_finite():
        return "write a finite number"
    if ge is not None and value < ge:
        return f"give at least {ge}"
    if gt is not None and value <= gt:
        return f"give more than {gt}"
    return f"give at most {le}" if le is not None and value > le else ""
