"""Scope: a figure that rose because less is measured."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import ClassVar

from coverage_roadmap.core.finding import Finding, State
from coverage_roadmap.core.percent import show_points
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.scope import Item, What
from coverage_roadmap.core.text import many
from coverage_roadmap.core.waiver import of_scope
from coverage_roadmap.core.worth import Worth

_SAID = {
    What.SOURCE: "the folder {name} is not measured any more",
    What.OMIT: "omit takes {name}",
    What.INCLUDE: "include leaves out {name}",
    What.MOVED: "{name} was moved to where nothing is measured",
    What.EXCLUDE: "an exclusion pattern was added: {name}",
    What.PRAGMA: "a comment excludes code in {name}",
    What.CODE: "code was put where the pattern {name} excludes it",
    What.UNPARSED: "{name} does not parse any more",
    What.IMPORT: "{name} counts only where a test imports it",
    What.PARTIAL: "a pattern was added that asks for no second branch: {name}",
    What.NO_BRANCH: "a comment asks for no second branch at {name}",
    What.BRANCH: "branches are not measured any more",
}
_BY_SETTINGS = frozenset({What.OMIT, What.INCLUDE, What.EXCLUDE, What.PARTIAL, What.BRANCH})


class _OfScope(Rule):
    """Things of these kinds that hide statements."""

    kinds: ClassVar[frozenset[What]]

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each thing of these kinds that the scope lost."""
        if facts.shrunk is None:
            return
        for item in facts.shrunk.items:
            if item.what in self.kinds:
                waivable = of_scope(_part(item))
                mend = f"put it back, or waive it: invoke waive --what {quote(waivable)}"
                state, text = State.FOUND, _told(item)
                if item.what is What.UNPARSED:
                    state, text = facts.unparsed(item.name, text)
                yield Finding(*_place(item, facts), text, mend, waivable, state)


def _place(item: Item, facts: Facts) -> tuple[str, int]:
    """Where it was done: in the config, in coverage.py's settings, or in the first of the item's own places."""
    if item.what is What.SOURCE:
        return facts.config, 0
    if item.what in _BY_SETTINGS or not item.places:
        return facts.scope_file or facts.config, 0
    file, _, line = item.places[0].rpartition(":")
    return (file, int(line)) if file and line.isdecimal() else (item.places[0], 0)


def _part(item: Item) -> str:
    """The part of the scope that a waiver names: what the settings say, else the file."""
    match item.what:
        case What.SOURCE | What.INCLUDE | What.EXCLUDE | What.PARTIAL:
            return f"{item.what.value} {item.name}"
        case What.PRAGMA | What.NO_BRANCH:
            return item.name.rpartition(":")[0]
    return item.name


def _told(item: Item) -> str:
    """What it hides, and what that is worth."""
    said = _SAID[item.what].format(name=item.name)
    hidden = f", which hides {many(item.statements, 'statement')}" if item.statements else ""
    if item.new:
        hidden += f"{' and' if hidden else ', which hides'} {item.new} new"
    return f"{said}{hidden}{_worth(item.worth)}"


def _worth(worth: Worth | None) -> str:
    points = worth.points if worth else None
    if worth is None or points is None or points <= 0:
        return ""
    most = "" if worth.exact else "up to "
    raised = show_points(points).lstrip("+")
    return f"; this raises the figure by {most}{raised} points without a test: {worth.before} % to {worth.after} %"


class FilesLeftOut(_OfScope):
    """Files are not measured any more.

    A folder taken out of `source`, a pattern added to `omit` or held back by `include`, or a file moved out of the
    measured folders raises the figure without a test. Put it back; where it is right, waive that part
    of the scope.
    """

    id = "SCOPE001"
    kinds = frozenset({What.SOURCE, What.OMIT, What.INCLUDE, What.MOVED, What.UNPARSED, What.IMPORT})


class CodeLeftOut(_OfScope):
    """Code is excluded that counted before.

    An exclusion pattern was added, or code was put where one excludes it. Put it back, or waive that pattern.
    """

    id = "SCOPE002"
    kinds = frozenset({What.EXCLUDE, What.CODE, What.PARTIAL})


class PragmaAdded(_OfScope):
    """A comment excludes code that counted before.

    `# pragma: no cover` on code that could be tested raises the figure without a test, and so does `no branch` where
    branches are measured. Test it, or waive that file's scope.
    """

    id = "SCOPE003"
    kinds = frozenset({What.PRAGMA, What.NO_BRANCH})


class BranchesLeftOut(_OfScope):
    """Branches are not measured any more.

    Lines alone give a higher figure than lines and branches. Put `branch = true` back, or waive `scope branch`.
    """

    id = "SCOPE004"
    kinds = frozenset({What.BRANCH})


class ModuleHidden(Rule):
    """A story's module is not in the project, or is not measured.

    The phase would be done without the module that it is about. Mend the story's path, or measure the module.
    """

    id = "SCOPE005"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each module of a story of an open phase that is gone or left out."""
        for module, gone in facts.gone.items():
            if any(map(facts.judges, (module, facts.config, facts.scope_file))):
                text = f"the module of a story is {gone}"
                yield Finding(module, 0, text, "mend the story in the config, or measure the module", of_scope(module))


class ScopeUnknown(Rule):
    """It cannot be told whether the scope shrank.

    There is nothing to compare with, or coverage's settings cannot be read. Name a revision, or fetch more history.
    """

    id = "SCOPE006"

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Said once, with the reason."""
        if facts.shrunk is None:
            yield Finding(facts.config, 0, facts.no_scope, "name a revision: --since REV", state=State.UNKNOWN)


RULES = (FilesLeftOut(), CodeLeftOut(), PragmaAdded(), BranchesLeftOut(), ModuleHidden(), ScopeUnknown())
