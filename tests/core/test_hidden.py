"""How much a part of the scope hides, and which waivers that leaves in force."""

from __future__ import annotations

from datetime import date

import pytest

from coverage_roadmap.core import hidden
from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.scope import Snapshot
from coverage_roadmap.core.settings import Settings
from coverage_roadmap.core.statements import Exclusion, Lines, Partial, Unparsed
from coverage_roadmap.core.waiver import permitting

EXCLUDE = ("no  cover", "raise")
FILES = {
    "src/a.py": Lines((1, 2), 3, (Exclusion(1, 0, True, 7, (4, 5, 6)), Exclusion(9, 1, False, 8, (7,)))),
    "src/b.py": Lines((1,), 0, (), (Partial(3, 0, 1), Partial(4, 1, 2))),
    "src/c.py": Unparsed(3, "odd"),
}
ASIDE = {"src/old/d.py": Lines((1, 2, 3), 1, (Exclusion(1, 0, True, 7, (4,)),)), "lib/e.py": Lines((1,), 0)}


def snapshot(*, branch: bool = False) -> Snapshot:
    settings = Settings(("src",), exclude=EXCLUDE, partial=("if", "while  .*"), branch=branch)
    return Snapshot(settings, FILES, frozenset([*FILES, *ASIDE]), aside=ASIDE)


def waiver(what: str, hides: int | None = None) -> Waiver:
    return Waiver(what=what, hides=hides, reason="it goes", owner="kim", until=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("part", "branch", "expected"),
    [
        ("src/a.py", False, 4),
        ("src/b.py", False, 0),
        ("src/b.py", True, 2),
        ("src/c.py", False, None),
        ("src", False, None),
        ("src/old", False, 4),
        ("src/old/*", False, 4),
        ("src/[ab].py", False, 4),
        ("src/gone.py", False, 0),
        ("source lib", False, 1),
        ("source gone", False, 0),
        ("exclude no cover", False, 4),
        ("exclude raise", False, 1),
        ("exclude other", False, 0),
        ("branch", False, None),
        ("partial if", True, 1),
        ("partial while .*", True, 1),
        ("partial other", True, 0),
        ("partial if", False, 0),
        ("include src/*", False, 0),
        ("tests tests/slow", False, None),
        ("", False, None),
    ],
)
def test_a_part_of_the_scope_hides_so_many_statements(part: str, branch: bool, expected: int | None) -> None:
    assert hidden.count(part, snapshot(branch=branch)) == expected
    told = hidden.by_waiver([waiver(f"scope {part}"), waiver("threshold")], snapshot(branch=branch))
    assert told == ({} if expected is None else {f"scope {part}": expected})


def test_files_are_counted_aside_where_a_waiver_takes_them_in() -> None:
    present = ["src/a.py", "src/old/b.py", "lib/c.py", "tests/d.py"]
    waivers = [waiver("scope src/old/*"), waiver("scope source lib"), waiver("threshold"), waiver("scope src/a.py")]
    settings = Settings(("src", "lib"))
    assert hidden.aside(waivers, present, ["src/a.py"], settings, "/p") == {"src/old/b.py", "lib/c.py"}
    assert hidden.aside([waiver("threshold")], present, [], settings, "/p") == frozenset()


def test_include_hides_what_would_be_measured_without_it() -> None:
    settings = Settings(("src",), include=("src/a*",), omit=("src/gen/*",))
    present = ["src/a.py", "src/b.py", "src/gen/c.py", "lib/d.py"]
    one = waiver("scope include src/a*")
    aside = hidden.aside([one], present, ["src/a.py"], settings, "/p")
    assert aside == {"src/b.py"}
    lines = {"src/b.py": Lines((1, 2, 3), 1, (Exclusion(1, 0, True, 7, (4,)),))}
    left = Snapshot(settings, {"src/a.py": Lines((1,), 0)}, frozenset(present), "/p", aside=lines)
    assert hidden.by_waiver([one], left) == {"scope include src/a*": 4}
    unparsed = Snapshot(settings, {}, frozenset(present), "/p", aside={"src/b.py": Unparsed(1, "odd")})
    assert hidden.by_waiver([one], unparsed) == {}
    assert hidden.aside([one], present, [*present[:2]], Settings(("src",)), "/p") == frozenset()


@pytest.mark.parametrize(
    ("hides", "now", "holds"),
    [(None, 9, True), (None, None, True), (5, 5, True), (5, 4, True), (5, 6, False), (5, None, False), (0, 0, True)],
)
def test_a_waiver_holds_for_no_more_than_it_was_written_for(hides: int | None, now: int | None, holds: bool) -> None:
    one = waiver("scope src/a.py", hides)
    assert permitting([one], {} if now is None else {"scope src/a.py": now}) == ([one] if holds else [])
