"""Findings as GitHub's workflow commands, which annotate the lines of a pull request."""

from __future__ import annotations

import posixpath

from coverage_roadmap.core.check import Check
from coverage_roadmap.core.finding import Judged, State
from coverage_roadmap.core.text import plain


def view(check: Check, prefix: str = "") -> str:
    """One workflow command for each finding. What has line ends, `%`, `:` or `,` in it cannot end the command.

    Args:
        check: what was found.
        prefix: the project's path from the git root, from which GitHub takes its paths; empty at the root.
    """
    return "".join(f"{_annotation(one, prefix, fails=check.fails(one))}\n" for one in check.judged)


def _annotation(one: Judged, prefix: str, *, fails: bool) -> str:
    found = one.finding
    level = "error" if fails else "warning" if found.state is State.FOUND else "notice"
    place = [f"file={_property(posixpath.normpath(prefix + found.file))}"] if found.file else []
    place += [f"line={found.line}"] if found.line else []
    properties = ",".join([*place, f"title={_property(one.rule)}"])
    return f"::{level} {properties}::{_data(f'{found.text} (mend: {found.mend})')}"


def _data(text: str) -> str:
    """As GitHub's runner decodes the message of a workflow command."""
    lines = [plain(line) for line in text.splitlines()]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
