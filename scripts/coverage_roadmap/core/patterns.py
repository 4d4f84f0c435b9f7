"""File patterns, as coverage.py reads them in `omit` and `include`.

`*` and `?` stand for letters of one name, `**` for folders. A pattern without a slash fits a file's name anywhere; any
other must fit the whole path, so that one that does not begin with a wildcard is also tried from the project's folder.
"""

from __future__ import annotations

import posixpath
import re
import warnings
from collections.abc import Sequence

from coverage_roadmap.core.regex import regex

_PARTS = regex(
    r"""
      (?P<refused> \*{3,} | [^/]+\*{2,} | \*{2,}[^/]+ | \*\*/\*\* )
    | (?P<prefix>  \A\*+/ | \*\*/ )     # any folders, or none
    | (?P<below>   /\*+$ )              # all that is below
    | (?P<slash>   / )
    | (?P<letters> \* )                 # within one name
    | (?P<letter>  \? )
    | (?P<set>     \[.*?\] )
    | (?P<word>    [a-zA-Z0-9_-] )
    | (?P<bracket> [\[\]] )             # without its partner
    | (?P<other>   [\s\S] )
    """,
    re.VERBOSE,
)
_MEANING = {
    "prefix": r"(.*[/\\])?",
    "below": r"[/\\].*",
    "slash": r"[/\\]",
    "letters": r"[^/\\]*",
    "letter": r"[^/\\]",
}


class Matcher:
    """Tells whether a file of the project fits any of some patterns."""

    def __init__(self, patterns: Sequence[str], root: str) -> None:
        """Read the patterns.

        Args:
            patterns: as the settings give them.
            root: the project's folder, absolute, without symbolic links.

        Raises:
            ValueError: coverage.py refuses one of them; in words.
        """
        self.root = root
        expressions = [(whole, _expression(whole)) for pattern in patterns for whole in _prepared(pattern, root)]
        self._fits = _joined(expressions) if expressions else None

    def fits(self, path: str) -> bool:
        """Whether the file at `path` in the project fits a pattern."""
        return self._fits is not None and self._fits.fullmatch(posixpath.join(self.root, path)) is not None


def _prepared(pattern: str, root: str) -> list[str]:
    """The pattern, and where it begins with no wildcard also the same below the project's folder."""
    below = [] if pattern.startswith(("*", "?")) else [posixpath.normpath(posixpath.join(root, pattern))]
    return [pattern, *below]


def _expression(pattern: str) -> str:
    """A pattern as a regular expression, not compiled yet.

    Raises:
        ValueError: coverage.py refuses it.
    """
    slashed = pattern.replace("\\", "/")
    made = []
    for part in _PARTS.finditer(slashed if "/" in slashed else f"**/{slashed}"):
        kind = str(part.lastgroup)
        if kind in ("refused", "bracket"):
            raise ValueError(f"file pattern {pattern!r} cannot hold {part[0]!r}")
        made.append(_MEANING.get(kind) or (part[0] if kind in ("set", "word") else re.escape(part[0])))
    return "".join(made)


def _joined(expressions: Sequence[tuple[str, str]]) -> re.Pattern[str]:
    """The patterns' expressions as one, since coverage.py reads only them all together: `[]` may be ended by the next.

    Raises:
        ValueError: they cannot be compiled; with each that cannot by itself.
    """
    try:
        return _compiled("|".join(f"(?:{expression})" for _, expression in expressions))
    except (re.error, OverflowError, RecursionError) as error:
        shown = ", ".join(dict.fromkeys(repr(pattern) for pattern, own in expressions if not _reads(own)))
        raise ValueError(f"file pattern {shown} cannot be read: {error}") from error


def _reads(expression: str) -> bool:
    try:
        _compiled(expression)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _compiled(expression: str) -> re.Pattern[str]:
    """The expression compiled; what Python may make of an odd set of letters one day is no news to its writer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(expression)
