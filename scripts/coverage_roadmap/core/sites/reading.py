"""A reading: what is found in one file while it is read, and what is made of it at the end."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct, field

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.shell import Source
from coverage_roadmap.core.sites.site import Around, Flaw, Found, Site, Unclear

NUMBER = regex(r"[0-9]{1,9}(?:\.[0-9]{0,9})?")
_NAME = regex(
    r"(?!.*(?:DIFF|PATCH|LINT|INTERROGATE|DOC|MUTATION))"
    r"(?:[A-Z0-9_]*FAIL_UNDER|[A-Z0-9_]*COV(?:ERAGE)?_(?:THRESHOLD|MIN(?:IMUM)?|FLOOR|GATE|LIMIT)|"
    r"[A-Z0-9_]*MIN(?:IMUM)?_COV(?:ERAGE)?)"
)
_VARIABLE = regex(r"\$\{\{\s*env\.(\w+)\s*\}\}|\$\{(\w+)\}|\$\((\w+)\)|\$(?:\$|env:)?(\w+)|\{(\w+)\}")
_OUTSIDE = regex(r"\$\{\{\s*(?:vars|secrets)\.")
"""What GitHub holds in the settings of a repository."""
_EXPANDS = regex(r"[${%`}]")
RAISE = "raise it to the threshold, or take it away"


def names_threshold(name: str) -> bool:
    """Whether a variable of that name is a threshold by its name: COV_FAIL_UNDER, COVERAGE_THRESHOLD."""
    return _NAME.fullmatch(name[:100]) is not None


class Reading(Struct, dict=True):
    """What is found in one file."""

    file: str
    text: str
    around: Around
    shared: str = ""
    """Why no site that is read now may be edited; empty where it may."""
    by_hand: bool = False
    """Whether nothing of it runs before somebody starts it."""
    whole: bool = False
    """Whether all of it runs together: nobody picks one of its commands."""
    sites: dict[int, Site] = field(default_factory=dict)
    unclear: dict[tuple[int, str], Unclear] = field(default_factory=dict)
    flaws: dict[tuple[int, str], Flaw] = field(default_factory=dict)
    narrowed: dict[int, Flaw] = field(default_factory=dict)
    """Gates on a part of the tests, by the place of their thresholds."""
    uses: list[tuple[str, Unclear]] = field(default_factory=list)
    variables: dict[str, list[tuple[Source, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note where the lines end."""
        self._ends = [match.start() for match in re.finditer("\n", self.text)]

    def line(self, offset: int) -> int:
        """The line of a place in the text, from 1."""
        return bisect.bisect_left(self._ends, offset) + 1

    def value(self, source: Source, kind: str, project: str = "", at: int = 0) -> None:
        """A threshold's value: a site where it is a plain number, else unclear. `at`: where its name stands."""
        start = source.at[0] if source.text else at
        number = NUMBER.fullmatch(source.text)
        if not number:
            self._not_a_number(source.text, start)
        elif self.text[start : start + len(source.text)] != source.text or self.shared:
            self.doubt(start, self.shared or "it is written in pieces or with escapes", source.text)
        else:
            value = Decimal(source.text)
            project = "" if _EXPANDS.search(project) else project  # it could be any
            known = self.sites.get(start)
            site = Site(self.file, self.line(start), value, start, start + len(source.text), kind, project)
            if known is None or (known.project == "" and project):
                self.sites[start] = site
        if number and not Decimal(source.text):
            self.flaw(start, "a threshold of 0 lets everything pass", RAISE)

    def _not_a_number(self, text: str, start: int) -> None:
        reason = "its value is computed or comes from elsewhere" if _EXPANDS.search(text) else "its value is no number"
        unclear = Unclear(self.file, self.line(start), reason, text[:80])
        if _OUTSIDE.search(text):
            self.flaw(start, "its value stands in no file: it may become 0 without a commit", "write the number itself")
        name = _VARIABLE.fullmatch(text)
        self.uses.append((next(filter(None, name.groups())) if name else "", unclear))

    def assign(self, name: str, value: Source, project: str = "", at: int = 0) -> None:
        """A variable is set: a threshold where its name says so, or where an option takes its value from it."""
        if names_threshold(name) and (NUMBER.fullmatch(value.text) or _EXPANDS.search(value.text)):
            self.variables.setdefault(name, [])
            self.value(value, "variable", project, at)
        elif NUMBER.fullmatch(value.text):
            self.variables.setdefault(name, []).append((value, project))

    def doubt(self, offset: int, reason: str, text: str = "", *, elsewhere: bool = False) -> None:
        """A place that is not edited."""
        unclear = Unclear(self.file, self.line(offset), reason, text[:80], elsewhere=elsewhere)
        self.unclear[(unclear.line, reason)] = unclear

    def flaw(self, offset: int, what: str, mend: str) -> None:
        """A gate that can never fail."""
        flaw = Flaw(self.file, self.line(offset), what, mend)
        self.flaws[(flaw.line, what)] = flaw

    def narrow(self, offset: int, what: str, mend: str) -> None:
        """A gate on a part of the tests: a flaw, but beside one on all of them."""
        self.narrowed[offset] = Flaw(self.file, self.line(offset), what, mend)

    def _narrow_alone(self) -> Iterator[Flaw]:
        """Those of them beside which no other command of the same project gates all tests."""
        flawed = {flaw.line for flaw in (*self.flaws.values(), *self.narrowed.values())}
        sound = {one.project for one in self.sites.values() if one.kind == "command" and one.line not in flawed}
        for offset, flaw in self.narrowed.items():
            if not self.whole or offset not in self.sites or self.sites[offset].project not in sound:
                yield flaw

    def found(self) -> Found:
        """All of it, in the order of the file."""
        for name, unclear in self.uses:
            for value, project in self.variables.get(name, ()):
                self.value(value, "variable", project)
            if name not in self.variables:
                self.unclear[(unclear.line, unclear.reason)] = unclear
        return Found(
            tuple(self.sites[start] for start in sorted(self.sites)),
            tuple(sorted(self.unclear.values(), key=lambda one: one.line)),
            tuple(sorted((*self.flaws.values(), *self._narrow_alone()), key=lambda one: one.line)),
            (self.file,) if self.by_hand else (),
        )


def unreadable(file: str, line: int, reason: str, *, dead: bool = False) -> Found:
    """What is found in a file that cannot be parsed: nothing, and why."""
    return Found(unclear=(Unclear(file, line, reason, dead=dead),))


Fate = Sequence[tuple[str, str]]
"""Why the failure of what is read goes unseen: what does it, and how to mend it."""
