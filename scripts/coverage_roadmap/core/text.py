"""Words for people: counts with nouns, nearest names, foreign text made plain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from coverage_roadmap.core.regex import regex

_CREDENTIALS = regex(r"://[^\s'\"]*@(?=[^\s'\"/@])")
_COMMAND = regex(r"^(\s*):(?=:)|#(?=#[A-Za-z]*\[)")
_QUERY = regex(r"(://[^\s'\"?#]*)[?#][^\s'\"]*")


def without_secrets(text: str) -> str:
    """Text less the user, the password and the query of the URLs in it."""
    return _QUERY.sub(r"\1", _CREDENTIALS.sub("://***@", text))


def many(count: int, noun: str) -> str:
    """`1 test`, `2 tests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def named(names: Sequence[str], most: int = 3) -> str:
    """The first names, made plain, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(plain, names[:most])) + more


def nearest(word: str, known: Iterable[str], noun: str) -> str:
    """What to say of a word that is not known: the nearest one that is."""
    import difflib  # only for who is mistaken

    names = list(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if close:
        return f"no such {noun}: did you mean {close[0]}?"
    if not names:
        return f"no such {noun}: there is none"
    return f"no such {noun}: choose one of {', '.join(names)}" if len(names) <= 12 else f"no such {noun}"


def plain(text: str) -> str:
    """Foreign text with nothing in it that steers a terminal or cannot be encoded: such signs are shown as escapes."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(char if _shows(char) else char.encode("unicode_escape").decode() for char in text)


def inert(line: str) -> str:
    """A line of what is printed, such that a runner which reads it finds no command in it: `::` at its beginning, or
    `##[` and `##vso[` anywhere, as foreign text may hold."""
    if "::" not in line and "##" not in line:
        return line
    return _COMMAND.sub(lambda found: r"\x23" if found[0] == "#" else rf"{found[1]}\x3a", line)


def _shows(char: str) -> bool:
    return char == " " or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
