"""Waivers: recorded, owned, expiring permissions, and what each of them permits.

A waiver of the scope names the part of it that shrinks, in the words of the finding: `scope` and a path, a folder or a
pattern of paths, which permits what happens to these files; or one thing of the settings as it is written there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from coverage_roadmap.core.patterns import Matcher
from coverage_roadmap.core.percent import show_percent
from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.selection import is_within

LONGEST = 365
"""A waiver is permission for a time. Days."""
SETTINGS = ("source", "include", "exclude", "partial", "tests", "branch")
"""With what word a part of the scope begins that is no path."""
Figure = Fraction | Decimal | int


def expired(waiver: Waiver, today: date) -> bool:
    """Whether its last day, `until`, has passed."""
    return today > waiver.until


def of_scope(part: str) -> str:
    """What a waiver names that permits a part of the scope to shrink: a path, or a word of `SETTINGS` and a value."""
    return _plain(f"scope {part}")


def part_of_scope(what: str) -> str | None:
    """The part of the scope that a waiver names; empty where it names none, None where it is of something else."""
    word, _, part = _plain(what).partition(" ")
    return part if word == "scope" else None


def fits(waiver: Waiver, what: str, from_: Figure | None, to: Figure | None, today: date) -> bool:
    """Whether a waiver permits something to fall.

    Args:
        waiver: the waiver.
        what: what falls, in the waiver's words: a file's path, `threshold`, a part of the scope, a phase with its
            criterion.
        from_: the figure before, in percent; None where it has none, such as the scope.
        to: the figure now, in percent; a fall with a figure is permitted only down to the waiver's own `to`.
        today: the day.
    """
    if expired(waiver, today) or not (_plain(waiver.what) == what or _takes_in(waiver.what, what)):
        return False
    if to is not None and (waiver.to is None or Fraction(to) < Fraction(waiver.to)):
        return False
    return from_ is None or waiver.from_ is None or _as_shown(from_) <= waiver.from_


def permitting(waivers: Iterable[Waiver], hidden: Mapping[str, int]) -> list[Waiver]:
    """The waivers, less those whose part of the scope hides more than was waived, or nobody knows how much.

    Args:
        waivers: the config's.
        hidden: how many statements each one's part hides now, by its `what`.
    """
    return [one for one in waivers if one.hides is None or hidden.get(one.what, one.hides + 1) <= one.hides]


def wider(waiver: Waiver, from_: Figure, to: Figure) -> bool:
    """Whether a waiver permits more than the fall from one percentage to another, as they are shown."""
    lower = waiver.to is None or waiver.to < _as_shown(to)
    return lower or (waiver.from_ is not None and waiver.from_ > _as_shown(from_))


def covers(part: str, path: str) -> bool:
    """Whether a part of the scope, as a waiver names it, takes in a path or a pattern of paths."""
    if not part or part.split(" ")[0] in SETTINGS:
        return False
    try:
        plain = posixpath.normpath(path)
        return is_within(plain, part) or Matcher([part], "/").fits(plain)
    except ValueError:
        return False


def _takes_in(named: str, asked: str) -> bool:
    """Whether the part of the scope that is named is a folder or a pattern that takes in the part that is asked for."""
    part, wanted = part_of_scope(named) or "", part_of_scope(asked) or ""
    return bool(wanted) and wanted.split(" ")[0] not in SETTINGS and covers(part, wanted)


def _plain(what: str) -> str:
    return " ".join(what.split())


def _as_shown(figure: Figure) -> Decimal:
    """A percentage as people see it, and write it into a waiver."""
    return Decimal(show_percent(figure))
