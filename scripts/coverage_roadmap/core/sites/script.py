"""Scripts: shell files, and Makefiles with their recipes and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import command
from coverage_roadmap.core.sites.command import Shell
from coverage_roadmap.core.sites.reading import Reading
from coverage_roadmap.core.sites.shell import Source, words
from coverage_roadmap.core.sites.site import Found, Outline

_SHEBANG_FLAGS = regex(r"#![^\n]*sh\s+(-[^\n]*)")
_SHELL_FLAGS = regex(r"^\.SHELLFLAGS\s*[:?+]?=([^\n]*)", re.MULTILINE)
_IGNORED = regex(r"^\.IGNORE\s*:\s*$", re.MULTILINE)
_VARIABLE = regex(
    r"(?:[^\s:=#][^:=#]*:\s*)?(?:export\s+|override\s+)?([A-Za-z_]\w{0,99})\s*(?:::?|\?|\+)?=\s*", re.ASCII
)
_RECIPE = regex(r"\t([-@+ \t]*)")


def find_in_shell(reading: Reading) -> Found:
    """The sites of a shell script."""
    text = reading.text
    shell = Shell()
    if flags := _SHEBANG_FLAGS.match(text):
        _flags(shell, flags[1])
    command.script(reading, Source(text, range(len(text))), shell)
    return reading.found()


def find_in_make(reading: Reading) -> Found:
    """The sites of a Makefile: each line of a recipe has a shell of its own."""
    shell = Shell()
    for flags in _SHELL_FLAGS.finditer(reading.text):
        _flags(shell, flags[1])
    every = [("a line .IGNORE: without targets ignores every failure", "take .IGNORE away")]
    fate = every if _IGNORED.search(reading.text) else []
    for line in _logical_lines(reading.text):
        if recipe := _RECIPE.match(line.text):
            ignored = [("a `-` before the command ignores its failure", "take the `-` away")]
            own = [*fate, *ignored] if "-" in recipe[1] else fate
            command.script(reading, line.part(recipe.end(), len(line.text)), replace(shell), own)
        elif variable := _VARIABLE.match(line.text):
            value = line.part(variable.end(), len(line.text))
            if "-fail-under" in value.text:
                command.script(reading, value, Shell(quiet=True))
            else:
                number = value.part(0, len(value.text.partition("#")[0].rstrip()))
                reading.assign(variable[1], number, "", line.at[0])
    return reading.found()


def outline(text: str) -> Outline:
    """Every word of it, in order."""
    return [((), word.text) for word in words(Source(text, range(len(text))))]


def _flags(shell: Shell, flags: str) -> None:
    given = flags.split()
    shell.errexit = shell.errexit or any(re.fullmatch(r"-[a-z]*e[a-z]*", flag) for flag in given)
    shell.pipefail = shell.pipefail or "pipefail" in given


def _logical_lines(text: str) -> Iterator[Source]:
    """Its lines, those that end in a backslash joined with the next."""
    start = here = 0
    for line in text.split("\n"):
        here += len(line) + 1
        whole = line.removesuffix("\r")
        if (len(whole) - len(whole.rstrip("\\"))) % 2 and here <= len(text):
            continue
        end = here - 1 - (len(line) - len(whole))
        if end > start and text[start] != "#":
            yield Source(text[start:end], range(start, end))
        start = here
