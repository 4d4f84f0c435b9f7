"""Edits of the config: only what is meant changes; comments and layout are kept."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from coverage_roadmap.errors import ConfigError


def with_closed(text: str, phase: str, *, on: date, commit: str, record: str) -> str:
    """The config with a `closed` key in that phase; comments and layout are kept.

    Raises:
        ConfigError: the phase cannot be found, or the edit would change more than this key.
    """
    value = tomlkit.value(f'{{ on = {on}, commit = "{commit}", record = "{record}" }}')

    def close(table: Any, closed: Any) -> None:
        next(item for item in table["phases"] if item.get("name") == phase)["closed"] = closed

    plain = {"on": on, "commit": commit, "record": record}
    return _edited(text, phase, "closed", lambda table: close(table, value), lambda table: close(table, plain))


def with_waiver(text: str, waiver: Mapping[str, Any]) -> str:
    """The config with one more waiver, as the last of its list; comments and layout are kept.

    Raises:
        ConfigError: the edit would change more than this entry.
    """

    def add(table: Any) -> None:
        entry = tomlkit.table()
        for key, value in waiver.items():
            entry.add(key, tomlkit.value(f"{value:f}") if isinstance(value, Decimal) else value)
        if "waivers" not in table:
            table["waivers"] = tomlkit.aot()
        table["waivers"].append(entry)

    def add_plain(table: Any) -> None:
        table.setdefault("waivers", []).append(dict(waiver))

    return _edited(text, str(waiver["what"]), "the waiver", add, add_plain)


def _edited(
    text: str, where: str, what: str, edit: Callable[[Any], None], edit_plain: Callable[[dict[str, Any]], None]
) -> str:
    """The config after `edit`, held against `edit_plain` on its values alone, so that nothing else can have changed."""
    by_hand = f"add {what} by hand"
    crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
    try:
        document: Any = tomlkit.parse(text.replace("\r\n", "\n") if crlf else text)
        edit(document["tool"]["coverage-roadmap"])
        after = tomlkit.dumps(document)
        after = after.replace("\n", "\r\n") if crlf else after
        expected = tomllib.loads(text, parse_float=Decimal)
        edit_plain(expected["tool"]["coverage-roadmap"])
        if tomllib.loads(after, parse_float=Decimal) != expected:
            raise ConfigError("the edit would change more than this", where=where, next_step=by_hand)
    except StopIteration:
        raise ConfigError("no such phase stands in the config", where=where, next_step=by_hand) from None
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(f"the config cannot be edited: {error}", where=where, next_step=by_hand) from error
    return after


def threshold_in(text: str) -> Decimal | None:
    """The config's own threshold, in percent; None where it has none."""
    try:
        value = tomllib.loads(text, parse_float=Decimal)["tool"]["coverage-roadmap"].get("threshold")
    except (tomllib.TOMLDecodeError, KeyError):
        return None
    return None if value is None else Decimal(value)
