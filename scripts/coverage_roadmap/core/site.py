"""Sites: the places where a threshold is written, each with its line and the span of its value."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_SECTION = re.compile(r"^\s*\[+([^\]]+)\]+\s*(?:[#;].*)?$")
_FAIL_UNDER = re.compile(r"^(\s*fail[_-]under\s*[=:]\s*)([0-9][0-9.]*)(?=\s*(?:[#;].*)?$)")
_OPTION = re.compile(r"(--cov-fail-under(?:=|\s+|\"\s*,\s*\"|'\s*,\s*'))([0-9][0-9.]*)")
_THRESHOLD = re.compile(r"^(\s*threshold\s*=\s*)([0-9][0-9.]*)(?=\s*(?:#.*)?$)")
_KEYS = frozenset({"threshold", "fail_under", "fail-under", "addopts"})
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One place: file, line (from 1), the value (percent), and where its characters stand in the text."""

    file: str
    line: int
    value: Decimal
    start: int
    end: int

    @property
    def where(self) -> str:
        """File and line, as editors take them."""
        return f"{self.file}:{self.line}" if self.line else self.file


def find(file: str, text: str) -> list[Site]:
    """The sites in a settings file of pytest or coverage, or in the config; what no tool reads there is passed over."""
    known = settings(file, text)
    return [site for site in _candidates(file, text) if known is None or _is_read(site, text, known)]


def settings(file: str, text: str) -> dict[Key, str] | None:
    """Every value in a settings file, by the keys that lead to it; None where it cannot be parsed."""
    try:
        if file.endswith(".toml"):
            return dict(_leaves((), tomllib.loads(text)))
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        parser.read_string(text)
    except (ValueError, RecursionError, configparser.Error, AttributeError):  # the last for `key` with a line below it
        return None
    return {(section, *item[:1]): str(item[1]) for section in parser.sections() for item in parser.items(section)}


def _leaves(key: Key, value: Any) -> Iterator[tuple[Key, str]]:
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves((*key, step), below)
    else:
        yield key, repr(value)


def _is_read(site: Site, text: str, known: dict[Key, str]) -> bool:
    """Whether another number there changes a setting that holds thresholds, and not a comment or another text."""
    other = settings(site.file, f"{text[: site.start]}{'8' if text[site.start] != '8' else '9'}{text[site.end :]}")
    changed = {key for key in known if other is None or other.get(key) != known[key]}
    return bool(changed) and all(_KEYS & set(key) for key in changed)


def _candidates(file: str, text: str) -> Iterator[Site]:
    section = ""
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if header := _SECTION.match(line.rstrip("\r")):
            section = header[1].strip()
        elif not line.lstrip().startswith(("#", ";")):
            for pattern in _patterns(file, section):
                for match in pattern.finditer(line.rstrip("\r")):
                    try:
                        value = Decimal(match[2])
                    except InvalidOperation:
                        continue
                    yield Site(file, number, value, offset + match.start(2), offset + match.end(2))
        offset += len(line) + 1


def _patterns(file: str, section: str) -> list[re.Pattern[str]]:
    name = file.rsplit("/", 1)[-1]
    if section == "tool.coverage-roadmap":
        return [_THRESHOLD]
    if section in ("pytest", "tool:pytest", "tool.pytest", "tool.pytest.ini_options"):
        return [_OPTION]
    if section in ("coverage:report", "tool.coverage.report") or (section == "report" and "coveragerc" in name):
        return [_FAIL_UNDER]
    return []
