"""Edits files of people: only what is meant changes, and either all files are written or none."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from coverage_roadmap.adapters import files
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.errors import ConfigError, RecordError, ToolError


def with_closed(text: str, phase: str, *, on: date, commit: str, record: str) -> str:
    """The config with a `closed` key in that phase; comments and layout are kept.

    Raises:
        ConfigError: the phase cannot be found, or the edit would change more than this key.
    """
    crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
    try:
        document = tomlkit.parse(text.replace("\r\n", "\n") if crlf else text)
        phases = document["tool"]["coverage-roadmap"]["phases"]
        table = next(item for item in phases if item.get("name") == phase)
        table["closed"] = tomlkit.value(f'{{ on = {on}, commit = "{commit}", record = "{record}" }}')
        after = tomlkit.dumps(document)
        after = after.replace("\n", "\r\n") if crlf else after
        expected = tomllib.loads(text)
        entry = next(p for p in expected["tool"]["coverage-roadmap"]["phases"] if p.get("name") == phase)
        entry["closed"] = {"on": on, "commit": commit, "record": record}
        if tomllib.loads(after) != expected:
            raise ConfigError("the edit would change more than this key", where=phase, next_step="add closed by hand")
    except StopIteration:
        raise ConfigError("no such phase stands in the config", where=phase, next_step="add closed by hand") from None
    except (TOMLKitError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(
            f"the phase cannot be edited: {error}", where=phase, next_step="add closed by hand"
        ) from error
    return after


def threshold_in(text: str) -> Decimal | None:
    """The config's own threshold, in percent; None where it has none."""
    try:
        value = tomllib.loads(text, parse_float=Decimal)["tool"]["coverage-roadmap"].get("threshold")
    except (tomllib.TOMLDecodeError, KeyError):
        return None
    return None if value is None else Decimal(value)


def write_all(edits: Mapping[Path, Edit]) -> None:
    """Write every edit, or none: what was written before a failure is put back.

    Links are followed, and each file keeps its mode.

    Raises:
        ToolError: a file changed meanwhile, or cannot be written.
    """
    for path, edit in edits.items():
        if _now(path) != edit.before:
            raise ToolError("changed while we looked at it", where=str(path), next_step="run it again")
    done: list[tuple[Path, Edit]] = []
    try:
        for path, edit in edits.items():
            _write(path, edit.after)
            done.append((path, edit))
    except ToolError:
        for path, edit in done:
            with contextlib.suppress(ToolError):
                _write(path, edit.before)
        raise


def _now(path: Path) -> str | None:
    try:
        return files.read_exact(path)
    except RecordError:
        return None


def _write(path: Path, text: str) -> None:
    real = path.resolve()
    files.write_whole(real, text.encode("utf-8", "surrogateescape"), mode=real.stat().st_mode & 0o7777)
