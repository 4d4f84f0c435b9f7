"""A schedule as GitHub's cron reads it: five fields, each a list of numbers or names, ranges and steps.

No library: those that are well kept also take seconds, years, `@weekly`, `L` and `7`, which GitHub does not.
"""

from __future__ import annotations

from msgspec import Struct

EXAMPLE = "23 5 * * 1"
"""Mondays at 5:23."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The days of each month, in a leap year."""


class _Field(Struct, frozen=True):
    """One of the five."""

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    @property
    def takes(self) -> str:
        """What may stand in it."""
        named = f", or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.lowest} to {self.highest}{named}"


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("weekday", 0, 6, _WEEKDAYS),
)


def flaw(schedule: str) -> str:
    """What is wrong with a schedule, and what to write; empty where nothing is."""
    words = schedule.split(" ")
    if len(words) != len(_FIELDS) or "" in words:
        names = ", ".join(field.name for field in _FIELDS)
        return f"cron takes five fields with one space between ({names}): write for example {EXAMPLE}"
    values: list[frozenset[int]] = []
    for field, word in zip(_FIELDS, words, strict=True):
        try:
            values.append(frozenset(value for part in word.split(",") for value in _part(field, part)))
        except ValueError as error:
            return f"{field.name} {word}: {error}"
    return _never(words, values)


def _part(field: _Field, part: str) -> range:
    """The values of a part between commas.

    Raises:
        ValueError: it is none; with what to write.
    """
    span, slash, step = part.partition("/")
    start, dash, end = span.partition("-")
    if span == "*":
        first, last = field.lowest, field.highest
    else:
        first = _value(field, start)
        last = _value(field, end) if dash else field.highest if slash else first
    if last < first:
        raise ValueError(
            f"a range goes upwards, and a list may hold two: write {start}-{_shown(field)},{_low(field, end)}"
        )
    if slash and not (step.isascii() and step.isdigit() and 0 < int(step[:9]) <= field.highest):
        raise ValueError(f"{step or 'nothing'} is no step: write 1 to {field.highest} behind the slash")
    return range(first, last + 1, int(step) if slash else 1)


def _shown(field: _Field) -> str:
    return field.names[-1] if field.names else str(field.highest)


def _low(field: _Field, end: str) -> str:
    first = field.names[0] if field.names else str(field.lowest)
    return first if _value(field, end) == field.lowest else f"{first}-{end}"


def _value(field: _Field, word: str) -> int:
    """A number or a name.

    Raises:
        ValueError: it is none of the field's.
    """
    if word.isascii() and word.isdigit() and field.lowest <= int(word[:9]) <= field.highest:
        return int(word)
    if word.upper() in field.names:
        if word in field.names:
            return field.names.index(word) + field.lowest
        raise ValueError(f"names are in capitals: write {word.upper()}")
    if field.names is _WEEKDAYS and word == "7":
        raise ValueError("Sunday is 0: write 0 or SUN")
    raise ValueError(f"{word or 'nothing'} is none: write *, or {field.takes}")


def _never(words: list[str], values: list[frozenset[int]]) -> str:
    """Where no year has such a day. With a weekday too, either of the two days is enough."""
    _, _, days, months, _ = values
    if not (words[2].startswith("*") or words[4].startswith("*")):
        return ""
    if any(min(days) <= _LONGEST[month - 1] for month in months):
        return ""
    named = " or ".join(_MONTHS[month - 1] for month in sorted(months))
    longest = max(_LONGEST[month - 1] for month in months)
    return f"never comes, since {named} has no day {min(days)}: write at most {longest} as the day of the month"
