"""The scope at a revision, told without a measurement, and what it lost from one revision to another.

Statements are known again by their words, so that one that moved, or whose file was renamed, is not lost. Files that
are gone, and new ones, are no shrinkage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from coverage_roadmap.core import worth
from coverage_roadmap.core.measurement import Counts
from coverage_roadmap.core.patterns import Matcher
from coverage_roadmap.core.settings import Settings, under
from coverage_roadmap.core.statements import Lines, Unparsed
from coverage_roadmap.core.worth import Base, Worth


class What(StrEnum):
    """What hides statements."""

    SOURCE = "source"
    """A folder is not measured any more."""
    OMIT = "omit"
    """A pattern was added to `omit`."""
    INCLUDE = "include"
    """`include` holds files back."""
    MOVED = "moved"
    """A file was moved to where nothing is measured."""
    EXCLUDE = "exclude"
    """An exclusion pattern was added."""
    PRAGMA = "pragma"
    """A comment that excludes code was added."""
    CODE = "code"
    """Code came to where a pattern excludes it, such as below `if TYPE_CHECKING:`."""
    UNPARSED = "unparsed"
    """A file does not parse any more."""
    IMPORT = "import"
    """A file counts only where a test imports it: its folder lost its `__init__.py`."""
    PARTIAL = "partial"
    """A pattern was added that asks for no second branch."""
    NO_BRANCH = "no branch"
    """A comment that asks for no second branch was added."""
    BRANCH = "branch"
    """Branches are not measured any more."""


class Snapshot(Struct, frozen=True):
    """The scope at one revision, with what counts in its files."""

    settings: Settings
    files: Mapping[str, Lines | Unparsed]
    """The measured files, by their paths in the project."""
    present: frozenset[str]
    """All Python files of the project, measured or not."""
    root: str = "/"
    """The project's folder, absolute, without symbolic links: what patterns are held against."""
    loose: frozenset[str] = frozenset()
    """Measured files that count only where a test imports them."""

    @property
    def statements(self) -> int:
        """How many statements count in all."""
        return sum(lines.statements for lines in self.files.values() if isinstance(lines, Lines))

    @property
    def unparsed(self) -> dict[str, Unparsed]:
        """The measured files that cannot be counted."""
        return {path: lines for path, lines in self.files.items() if isinstance(lines, Unparsed)}


class Item(Struct, frozen=True):
    """One thing that hides statements."""

    what: What
    name: str
    """The folder, the pattern, or the file."""
    places: tuple[str, ...] = ()
    """Where: files, or for code file:line."""
    statements: int = 0
    """How many statements counted before and do not count now."""
    new: int = 0
    """How many statements it hides beside them that did not count before, or were not there."""
    worth: Worth | None = None
    """None without counts, and where it cannot be told."""


class Shrunk(Struct, frozen=True):
    """All that the scope lost."""

    items: tuple[Item, ...]
    """Those that hide most come first."""
    before: int
    """How many statements counted before in the files that are still there."""
    worth: Worth | None
    """Of all items together; None without counts."""

    @property
    def statements(self) -> int:
        """How many statements counted before and do not count now."""
        return sum(item.statements for item in self.items if item.what is not What.IMPORT)


class _Lost(Struct):
    """What one item hides, while it is gathered: places, and statements of each file (by its path before)."""

    places: list[str] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    new: int = 0


_Found = dict[tuple[What, str], _Lost]
_UNTOLD = frozenset({What.IMPORT, What.PARTIAL, What.NO_BRANCH})
"""What these hide depends on the tests."""


def compare(
    before: Snapshot,
    after: Snapshot,
    *,
    renames: Mapping[str, str] | None = None,
    covered: Mapping[str, Counts] | None = None,
) -> Shrunk:
    """What the scope lost.

    Args:
        before: the scope at the older revision; its settings have no problem.
        after: the scope at the newer one; its settings have no problem.
        renames: files' new paths by their old ones.
        covered: counts of files at the old scope, by their old or new paths, from a baseline or a measurement.
    """
    pairs = _pairs(before, after, renames or {})
    found = _settings(before.settings, after.settings)
    sizes = {old: lines.statements for old in pairs if isinstance(lines := before.files[old], Lines)}
    for old in sizes:
        _file(found, before, after, (old, pairs[old]))
    base = None
    if covered is not None:
        hidden = {old for lost in found.values() for old in lost.files}
        base = worth.base(sizes, hidden, {old: covered.get(old, covered.get(pairs[old])) for old in sizes})
    items = [_item(key, lost, base) for key, lost in found.items()]
    items.sort(key=lambda item: (-item.statements, -item.new, item.what, item.name))
    return Shrunk(tuple(items), sum(sizes.values()), _worth(found, base))


def _pairs(before: Snapshot, after: Snapshot, renames: Mapping[str, str]) -> dict[str, str]:
    """The measured files that are still there: the new path by the old one."""
    moved = {old: new for old, new in renames.items() if old not in after.present}
    paths = {old: moved.get(old, old) for old in before.files}
    return {old: new for old, new in paths.items() if new in after.present}


def _settings(before: Settings, after: Settings) -> _Found:
    """What the settings alone tell, whether it hides anything now or not."""
    found: _Found = {}
    for folder in before.source:
        if not any(under(folder, kept) for kept in after.source):
            found[What.SOURCE, folder] = _Lost()
    for what, old, new in (
        (What.OMIT, before.omit, after.omit),
        (What.EXCLUDE, before.exclude, after.exclude),
        (What.PARTIAL, before.partial, after.partial),
    ):
        found.update({(what, pattern): _Lost() for pattern in new if pattern not in old})
    if before.branch and not after.branch:
        found[What.BRANCH, "branch"] = _Lost()
    return found


def _file(found: _Found, before: Snapshot, after: Snapshot, paths: tuple[str, str]) -> None:
    """Add what one file lost, that could be counted before."""
    old, new = paths
    lines, now = before.files[old], after.files.get(new)
    if now is None:
        key = _hides(new, before.settings, after)
    elif isinstance(now, Unparsed):
        key = (What.UNPARSED, new)
    elif new in after.loose and old not in before.loose:
        key = (What.IMPORT, new.rpartition("/")[0] or ".")
    else:
        key = None
    if key:
        lost = found.setdefault(key, _Lost())
        lost.places.append(f"{new}:{now.line}" if isinstance(now, Unparsed) and now.line else new)
        lost.files[old] += lines.statements if isinstance(lines, Lines) else 0
    elif isinstance(lines, Lines) and isinstance(now, Lines) and now != lines:
        _code(found, before.settings, after.settings, paths, (lines, now))
        if before.settings.branch and after.settings.branch:
            _partial(found, before.settings, after.settings, new, (lines, now))


def _hides(path: str, before: Settings, after: Snapshot) -> tuple[What, str]:
    """Why a file that is there is not measured."""
    settings = after.settings
    if not any(under(path, folder) for folder in settings.source):
        gone = next((folder for folder in before.source if under(path, folder)), None)
        return (What.SOURCE, gone) if gone else (What.MOVED, path)
    for pattern in settings.omit:
        if Matcher([pattern], after.root).fits(path):
            return (What.MOVED, path) if pattern in before.omit else (What.OMIT, pattern)
    return (What.MOVED, path) if settings.include == before.include else (What.INCLUDE, ", ".join(settings.include))


def _code(found: _Found, before: Settings, after: Settings, paths: tuple[str, str], lines: tuple[Lines, Lines]) -> None:
    """Add the statements of one file that counted and are excluded now, and the pragmas that came."""
    old, now = lines
    gone = Counter(old.marks) - Counter(now.marks)
    hidden = Counter(mark for exclusion in old.exclusions for mark in exclusion.marks)
    known = Counter(exclusion.code for exclusion in old.exclusions if exclusion.comment)
    grown = len(now.pragmas) - len(old.pragmas)
    for exclusion in now.exclusions:
        lost = new = 0
        for mark in exclusion.marks:
            if hidden[mark]:
                hidden[mark] -= 1
            elif gone[mark]:
                gone[mark] -= 1
                lost += 1
            else:
                new += 1
        added = exclusion.comment and grown > 0 and not known[exclusion.code]
        grown -= added
        known[exclusion.code] -= known[exclusion.code] > 0
        pattern = after.exclude[exclusion.pattern]
        place = f"{paths[1]}:{exclusion.line}"
        if pattern not in before.exclude:
            key = (What.EXCLUDE, pattern)
        elif exclusion.comment and (lost or added):
            key = (What.PRAGMA, place)
        elif lost:
            key = (What.CODE, paths[1])
        else:
            continue
        entry = found.setdefault(key, _Lost())
        entry.places.append(place)
        entry.files[paths[0]] += lost
        entry.new += new


def _partial(found: _Found, before: Settings, after: Settings, path: str, lines: tuple[Lines, Lines]) -> None:
    """Add the places of one file where no second branch is asked for any more."""
    old, now = lines
    known = Counter(one.code for one in old.partial)
    grown = len(now.partial) - len(old.partial)
    for one in now.partial:
        pattern = after.partial[one.pattern]
        if pattern not in before.partial:
            found[What.PARTIAL, pattern].places.append(f"{path}:{one.line}")
        elif known[one.code]:
            known[one.code] -= 1
        elif grown > 0:
            grown -= 1
            place = f"{path}:{one.line}"
            found.setdefault((What.NO_BRANCH, place), _Lost()).places.append(place)


def _item(key: tuple[What, str], lost: _Lost, base: Base | None) -> Item:
    told = None if key[0] in _UNTOLD else _worth({key: lost}, base)
    return Item(*key, tuple(lost.places), lost.files.total(), lost.new, told)


def _worth(found: _Found, base: Base | None) -> Worth | None:
    """What these are worth together; a file's statements count no more than once."""
    if base is None:
        return None
    hidden: Counter[str] = Counter()
    for (what, _), lost in found.items():
        if what not in _UNTOLD:
            hidden.update(lost.files)
    return base.worth(+hidden, lines_only=(What.BRANCH, "branch") in found)
