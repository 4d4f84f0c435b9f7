"""Sites: the places where a threshold is written, each with its line and the span of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_SECTION = re.compile(r"^\s*\[+([^\]]+)\]+\s*(?:[#;].*)?$")
_FAIL_UNDER = re.compile(r"^(\s*fail[_-]under\s*[=:]\s*)([0-9][0-9.]*)(?=\s*(?:[#;].*)?$)")
_OPTION = re.compile(r"(--cov-fail-under(?:=|\s+|\"\s*,\s*\"|'\s*,\s*'))([0-9][0-9.]*)")
_THRESHOLD = re.compile(r"^(\s*threshold\s*=\s*)([0-9][0-9.]*)(?=\s*(?:#.*)?$)")


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
    """The sites in a settings file of pytest or coverage, or in the config; comments are passed over."""
    return list(_sites(file, text))


def _sites(file: str, text: str) -> Iterator[Site]:
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
