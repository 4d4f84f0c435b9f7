"""The settings files of coverage.py and pytest: which sections and values they hold, as those tools read them."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from coverage_roadmap.core.regex import regex

_VARIABLE = regex(r"\$(?:(?P<dollar>\$)|(?P<word>\w+)|\{(?P<name>\w+)(?:(?P<strict>\?)|-(?P<default>[^}]*))?\})")
_OPTIONS = {
    "run": "branch command_line concurrency context core cover_pylib data_file debug debug_file disable_warnings "
    "dynamic_context parallel patch plugins relative_files include omit sigterm source source_pkgs source_dirs timid",
    "report": "exclude_lines exclude_also fail_under format ignore_errors include_namespace_packages "
    "partial_branches_always partial_branches partial_also precision contexts include omit show_missing skip_covered "
    "skip_empty sort",
    "html": "extra_css directory skip_covered skip_empty title show_contexts",
    "xml": "output package_depth",
    "json": "output pretty_print show_contexts",
    "lcov": "output line_checksums",
    "paths": "",
}
"""Coverage.py's options: a file that is not its own alone holds its settings where it holds one of them."""
_TOML_BOOLEANS = {"true": True, "false": False}


class Table(Struct, frozen=True):
    """One file's settings of coverage.py. All its methods raise ValueError, in words, for what coverage.py refuses."""

    sections: Mapping[str, Mapping[str, Any]]
    toml: bool
    """Whether the values have types; else they are text."""
    variables: Mapping[str, str]
    """Environment variables that the values may name."""

    @property
    def holds(self) -> bool:
        """Whether any of coverage.py's options is written here."""
        return bool(self.sections.get("paths")) or any(
            option in self.sections.get(section, ()) for section, words in _OPTIONS.items() for option in words.split()
        )

    def has(self, section: str, option: str) -> bool:
        """Whether the option is written here."""
        return option in self.sections.get(section, ())

    def words(self, section: str, option: str) -> tuple[str, ...]:
        """The option's items: in INI files apart by commas and line ends."""
        value = self.sections.get(section, {}).get(option)
        if self.toml:
            return self._items(option, value)
        text = substituted(value or "", self.variables).replace(",", "\n")
        return tuple(word.strip() for word in text.split("\n") if word.strip())

    def expressions(self, section: str, option: str) -> tuple[str, ...]:
        """The option's regular expressions: in INI files one on each line."""
        value = self.sections.get(section, {}).get(option)
        lines = self._items(option, value) if self.toml else substituted(value or "", self.variables).splitlines()
        found = tuple(line.strip() for line in lines if line.strip())
        for expression in found:
            proved(expression, option)
        return found

    def boolean(self, section: str, option: str) -> bool:
        """The option as yes or no; no where it is not written."""
        value = self.sections.get(section, {}).get(option, False)
        if isinstance(value, str):
            text = substituted(value, self.variables)
            states = _TOML_BOOLEANS if self.toml else configparser.RawConfigParser.BOOLEAN_STATES
            value = states.get(text if self.toml else text.lower())
        if not isinstance(value, bool):
            raise ValueError(f"{option} is neither true nor false")  # noqa: TRY004 - one error for all that is refused
        return value

    def _items(self, option: str, value: Any) -> tuple[str, ...]:
        items = [] if value is None else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError(f"{option} is no list of strings")
        return tuple(substituted(item, self.variables) for item in items)


def proved(expression: str, option: str) -> None:
    """Make sure that a regular expression can be used.

    Raises:
        ValueError: it cannot.
    """
    try:
        re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{option} holds {expression!r}, which is no regular expression: {error}") from error


def substituted(text: str, variables: Mapping[str, str]) -> str:
    """The text with `$NAME`, `${NAME}`, `${NAME?}` and `${NAME-default}` replaced; `$$` is a dollar sign.

    Raises:
        ValueError: a variable that must be there is not.
    """

    def replace(match: re.Match[str]) -> str:
        name = match["word"] or match["name"]
        if match["dollar"]:
            return "$"
        if name not in variables and match["strict"]:
            raise ValueError(f"the environment variable {name} is not set")
        return variables.get(name, match["default"] or "")

    return _VARIABLE.sub(replace, text)


def coverage_table(name: str, text: str, *, own: bool, variables: Mapping[str, str]) -> Table:
    """The settings of coverage.py in a file.

    Args:
        name: the file's name; it says whether it is TOML.
        text: the file, whole.
        own: whether it is coverage.py's alone, where the sections need no prefix.
        variables: environment variables.

    Raises:
        ValueError: it cannot be parsed.
    """
    toml = name.endswith(".toml")
    every = read_toml(text) if toml else read_ini(text, strict=True)
    prefixed = below(every, ("tool", "coverage")) if toml else every
    sections = {}
    for section in _OPTIONS:
        found = prefixed.get(section if toml else f"coverage:{section}", every.get(section) if own else None)
        if isinstance(found, dict):
            sections[section] = found
    return Table(sections, toml, variables)


def option(words: Iterable[str], name: str) -> str | None:
    """The value that an option of a command line gets last, as `name=value` or `name value`; None without one."""
    value = before = None
    for word in words:
        if before == name:
            value = word
        elif word.startswith(f"{name}="):
            value = word.removeprefix(f"{name}=")
        before = word
    return value


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML file. Raises ValueError, in words, for what is none."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"is no TOML: {error}") from error


def read_ini(text: str, *, strict: bool) -> dict[str, Any]:
    """The sections of an INI file, `strict` as coverage.py reads it, else as pytest. Raises ValueError likewise."""
    parser = configparser.ConfigParser(interpolation=None, strict=strict, allow_no_value=not strict)
    try:
        parser.read_string(text)
    except (configparser.Error, AttributeError) as error:  # the last for a key without value and a line below it
        raise ValueError(f"is no INI file: {' '.join(str(error).split())}") from error
    return {section: dict(parser[section]) for section in parser.sections()}


def below(table: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The table below these keys; an empty one where there is none."""
    here: Any = table
    for key in keys:
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}
