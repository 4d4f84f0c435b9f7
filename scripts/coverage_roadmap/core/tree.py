"""The measured tree: what of the settings counts, and how the hashes are made.

A threshold's value is masked, so that a bump does not make a measurement stale.
"""

from __future__ import annotations

import configparser
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from coverage_roadmap.core.regex import regex

SETTINGS_FILES = (
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
    ".coveragerc",
    ".coveragerc.toml",
)
"""Where pytest and coverage look for settings, relative to the project."""

_MASK = regex(r"--cov-fail-under(?:=|\s+)[0-9.]+")


def hash_of(entries: Mapping[str, str]) -> str:
    """One hash of paths with the hashes of their contents; 16 hex digits, the same in any order."""
    return hashlib.sha256(json.dumps(sorted(entries.items())).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def settings_hash(texts: Mapping[str, str], keys: Mapping[str, Any]) -> str:
    """The hash of pytest's and coverage's settings, less their thresholds, and of the roadmap's own `keys`.

    Args:
        texts: the settings files that exist, by name, whole.
        keys: the keys of the roadmap that change what a run measures.
    """
    read = {name: _relevant(name.rpartition("/")[2], text) for name, text in texts.items()}
    parts = {name: json.dumps(value, sort_keys=True, default=str) for name, value in read.items()}
    relevant = {name: part for name, part in parts.items() if part != "{}"}
    return hash_of({**relevant, "[tool.coverage-roadmap]": json.dumps(keys, sort_keys=True, default=str)})


def metadata(texts: Mapping[str, str]) -> dict[str, str]:
    """What an installation of the project reads in its settings files: all but the settings of tests and coverage."""
    readers = {"pyproject.toml": _metadata_toml, "setup.cfg": _metadata_ini}
    found = {}
    for name, read in readers.items():
        if name in texts:
            try:
                found[name] = json.dumps(read(texts[name]), sort_keys=True, default=str)
            except (ValueError, RecursionError, configparser.Error):
                found[name] = texts[name]
    return found


def _metadata_toml(text: str) -> dict[str, Any]:
    table = tomllib.loads(text)
    tool = table.get("tool")
    if isinstance(tool, dict):
        table["tool"] = {k: v for k, v in tool.items() if k not in ("pytest", "coverage", "coverage-roadmap")}
    return table


def _metadata_ini(text: str) -> dict[str, Any]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    return {s: dict(parser[s]) for s in parser.sections() if s != "tool:pytest" and not s.startswith("coverage:")}


def _relevant(name: str, text: str) -> Any:
    try:
        return _masked(_toml(name, text) if name.endswith(".toml") else _ini(name, text))
    except (ValueError, RecursionError, configparser.Error):
        return text  # what cannot be read counts whole


def _toml(name: str, text: str) -> dict[str, Any]:
    table = tomllib.loads(text)
    if name != "pyproject.toml":
        return table
    tool = table.get("tool", {})
    return {key: tool[key] for key in ("pytest", "coverage") if isinstance(tool, dict) and key in tool}


def _ini(name: str, text: str) -> dict[str, Any]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    own = name not in (
        "tox.ini",
        "setup.cfg",
    )  # one that is named by an option is its tool's own, whatever it is called
    wanted = [s for s in parser.sections() if own or s in ("pytest", "tool:pytest") or s.startswith("coverage:")]
    return {section: dict(parser[section]) for section in wanted}


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items() if key != "fail_under"}
    if isinstance(value, list):
        return [
            "threshold" if index and value[index - 1] == "--cov-fail-under" else _masked(item)
            for index, item in enumerate(value)
        ]
    return _MASK.sub("--cov-fail-under=threshold", value) if isinstance(value, str) else value


def conftest_folders(tests: Iterable[str]) -> list[str]:
    """The folders above the tests, the project itself included, whose conftest.py pytest reads too."""
    folders = {str(parent) for test in tests for parent in PurePosixPath(test.split("::")[0]).parents}
    return sorted(folders | {"."})
