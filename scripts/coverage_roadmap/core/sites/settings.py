"""Settings files of pytest, coverage, tox and projects, in ini or in TOML.

A candidate is looked for in the text, and asked of the format's own parser: which key changes with its digits?
"""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import command, shell
from coverage_roadmap.core.sites.command import Shell
from coverage_roadmap.core.sites.reading import NUMBER, Reading, names_threshold, unreadable
from coverage_roadmap.core.sites.shell import Source, Word
from coverage_roadmap.core.sites.site import Found, Key, Outline

_END = r"(?=[\s\"',;#\]}\\]|$)"
_OPTION = regex(rf"--cov-fail-under(?:=|\s++|[\"']\s*+,(?:\s|#[^\n]*+\n)*+[\"'])({NUMBER.pattern}){_END}", re.MULTILINE)
_KEY = regex(rf"(?:fail[_-]under|threshold)[\"']?[^\S\n]*+[=:][^\S\n]*+({NUMBER.pattern}){_END}", re.MULTILINE)
_VARIABLE = regex(rf"\b([A-Z][A-Z0-9_]{{2,60}})[\"']?[^\S\n]*+=[^\S\n]*+[\"']?({NUMBER.pattern}){_END}", re.MULTILINE)
_MOST_CANDIDATES = 60
_TASKS = frozenset({"scripts", "tasks", "commands", "commands_pre", "commands_post", "cmd", "shell", "legacy_tox_ini"})
_COVERAGE_FILES = regex(r"coveragerc")
_PYTEST_SECTIONS = {"setup.cfg": "tool:pytest", "tox.ini": "pytest", "pytest.ini": "pytest", ".pytest.ini": "pytest"}
_LINE = regex(r"line:? +(\d{1,9})")
_CUT = regex(r"(?<!\\)\n")


def find(reading: Reading) -> Found:
    """The sites of a settings file; what no tool reads there is passed over."""
    known, line = _parse(reading.file, reading.text)
    if known is None:
        return unreadable(reading.file, line, "it cannot be parsed")
    settings: dict[Key, _Setting] = {}
    for key, value in known.items():
        if kind := _kind(reading.file, key):
            settings.setdefault(_whole(key), _Setting(kind)).values.append(value)
    for number, (start, end) in enumerate(_candidates(reading.text) if settings else ()):
        if number >= _MOST_CANDIDATES:
            reading.doubt(start, "it holds too many numbers to look at each")
            break
        changed = _changed(reading, known, start, end)
        if changed is not None and (one := settings.get(_whole(changed))):
            one.spots.append(start)
            reading.value(Source(reading.text[start:end], range(start, end)), one.kind)
    for key, one in settings.items():
        _judge(reading, key, one, known)
    return reading.found()


class _Setting(Struct, dict=True):
    """A setting that may hold thresholds; its values are one, or a list's."""

    kind: str
    values: list[str] = field(default_factory=list)
    spots: list[int] = field(default_factory=list)


def _whole(key: Key) -> Key:
    """The key of the list that an item is of."""
    return key[:-1] if isinstance(key[-1], int) else key


def outline(file: str, text: str) -> Outline | None:
    """Every value in it, by the keys that lead to it; None where it cannot be parsed."""
    known, _ = _parse(file, text)
    return None if known is None else list(known.items())


def addopts(file: str, text: str) -> str:
    """Pytest's addopts that stand in it, as one line of words; empty where there are none."""
    known, _ = _parse(file, text)
    found = [value for key, value in (known or {}).items() if _kind(file, key) == "pytest addopts"]
    return " ".join(" ".join(found).split())


def _parse(file: str, text: str) -> tuple[dict[Key, str] | None, int]:
    """Its values, or the line at which it cannot be parsed."""
    try:
        if file.endswith(".toml"):
            return dict(_leaves((), tomllib.loads(text, parse_float=str))), 0
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        parser.read_string(text)
    except (
        ValueError,
        RecursionError,
        configparser.Error,
        AttributeError,
    ) as error:  # the last: `key`, and a line below
        match = _LINE.search(str(error))
        return None, int(match[1]) if match else 1
    return {(s, *item[:1]): str(item[1]) for s in parser.sections() for item in parser.items(s)}, 0


def _leaves(key: Key, value: Any) -> Iterator[tuple[Key, str]]:
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves((*key, step), below)
    else:
        yield key, str(value)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    spans = {match.span(1) for pattern in (_OPTION, _KEY) for match in pattern.finditer(text)}
    spans |= {match.span(2) for match in _VARIABLE.finditer(text) if names_threshold(match[1])}
    yield from sorted(spans)


def _changed(reading: Reading, known: Mapping[Key, str], start: int, end: int) -> Key | None:
    """The one setting that another number there would change; None where it is a comment."""
    text = reading.text
    other, _ = _parse(reading.file, f"{text[:start]}{'8' if text[start] != '8' else '9'}{text[end:]}")
    changed = [key for key in known if other is None or other.get(key) != known[key]]
    return changed[0] if len(changed) == 1 and other is not None else None


def _kind(file: str, key: Key) -> str:
    """What a setting is to us; empty where it holds no threshold."""
    name = file.rsplit("/", 1)[-1]
    return _kind_in_toml(name, key) if name.endswith(".toml") else _kind_in_ini(name, key)


def _kind_in_toml(name: str, key: Key) -> str:
    if key == ("tool", "coverage-roadmap", "threshold"):
        return "config"
    if key == ("tool", "coverage", "report", "fail_under"):
        return "coverage fail_under"
    if _COVERAGE_FILES.search(name) and key == ("report", "fail_under"):
        return "coverage fail_under"
    if key[:3] == ("tool", "pytest", "addopts") or key[:4] == ("tool", "pytest", "ini_options", "addopts"):
        return "pytest addopts"
    if name.endswith("pytest.toml") and key[:2] == ("pytest", "addopts"):
        return "pytest addopts"
    return _kind_of_task(key) if key[0] == "tool" else ""


def _kind_in_ini(name: str, key: Key) -> str:
    section, option = (str(part) for part in key[:2])
    if option == "addopts":
        return "pytest addopts" if section == _PYTEST_SECTIONS.get(name, "pytest") else ""
    if option in ("fail_under", "fail-under"):
        own = section == "report" and _COVERAGE_FILES.search(name)
        return "coverage fail_under" if own or section == "coverage:report" else ""
    if section.startswith("testenv"):
        return "variable" if option in ("setenv", "set_env") else _kind_of_task(key)
    return ""


def _kind_of_task(key: Key) -> str:
    if names_threshold(str(key[-1])):
        return "variable"
    return "" if _TASKS.isdisjoint(key) else "command"


def _judge(reading: Reading, key: Key, one: _Setting, known: Mapping[Key, str]) -> None:
    """What in a setting is not edited, and what takes its gate back."""
    wanted = sum(value.count("--cov-fail-under") for value in one.values)
    if one.kind in ("config", "coverage fail_under"):
        wanted = 1
    names = ("--cov-fail-under", str(key[-1])) if one.kind in ("pytest addopts", "command") else (str(key[-1]),)
    spot = (one.spots or [_spot(reading.text, *names)])[0]
    if wanted > len(one.spots):
        reading.doubt(spot, "its value is computed, or written as we do not edit it", " ".join(one.values))
    if one.kind == "pytest addopts":
        if len(one.values) == 1:
            words = shell.words(Source(one.values[0], [spot] * len(one.values[0])))
        else:
            words = [Word(value, [spot] * len(value)) for value in one.values]
        command.options(reading, words)
    elif one.kind == "command" and wanted:
        _judge_task(reading, one, spot, ignored=known.get((key[0], "ignore_outcome"), "").lower() == "true")


def _judge_task(reading: Reading, one: _Setting, spot: int, *, ignored: bool) -> None:
    """Read command lines whose places are not known, for their flaws alone."""
    aside = Reading(reading.file, reading.text, reading.around)
    for value in one.values:
        for line in _CUT.split(value):
            fate = [("ignore_outcome = true on its environment", "take ignore_outcome away")] if ignored else []
            if re.match(r"\s*-\s*\w", line):
                fate.append(("a `-` before the command ignores its failure", "take the `-` away"))
                line = line.replace("-", " ", 1)
            command.script(aside, Source(line, [spot] * len(line)), Shell(errexit=True), fate)
    reading.flaws.update(aside.flaws)


def _spot(text: str, *names: str) -> int:
    """Where the first of these names stands that stands anywhere."""
    return next((found for name in names if (found := text.find(name)) >= 0), 0)
