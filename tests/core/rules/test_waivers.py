"""Waivers: owned, in date, and no wider than what they waive."""

from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.core.measurement import Kind
from coverage_roadmap.core.rules.waivers import RULES, Expired, NoOwner, TooLong, TooWide
from coverage_roadmap.core.sites.site import Found, Site


@pytest.mark.parametrize(("until", "found"), [(date(2026, 3, 9), True), (date(2026, 3, 10), False)])
def test_a_waiver_ends_with_its_last_day(facts, ask, said, waiver, until, found):
    told = ask(Expired(), facts({"waivers": [waiver(until=until)]}))
    text = "the waiver of threshold ended on 2026-03-09 (kim: moved out)"
    assert told == ([said("pyproject.toml", text)] if found else [])


@pytest.mark.parametrize(
    ("keys", "lacking"), [({"owner": " "}, "owner"), ({"reason": "\t"}, "reason"), ({"owner": " ", "reason": " "}, "o")]
)
def test_a_waiver_without_owner_or_reason_is_found(facts, ask, waiver, keys, lacking):
    (one,) = ask(NoOwner(), facts({"waivers": [waiver(**keys)]}))
    assert one.text.startswith(f"the waiver of threshold has no {lacking}")


@pytest.mark.parametrize(("until", "found"), [(date(2027, 3, 11), True), (date(2027, 3, 10), False)])
def test_a_waiver_lasts_a_year_at_most(facts, ask, said, waiver, until, found):
    told = ask(TooLong(), facts({"waivers": [waiver(until=until)]}))
    assert told == ([said("pyproject.toml", f"the waiver of threshold lasts until {until}")] if found else [])


WIDE = [
    ("threshold", 50, {}, "60.00"),
    ("threshold", 59, {}, "60.00"),
    ("threshold", Decimal("59.5"), {}, ""),
    ("threshold", None, {}, ""),
    ("threshold", 50, {"covered": 51}, "51.00"),
    ("threshold", 50, {"covered": 50}, ""),
    ("threshold", 10, {"kind": Kind.PARTIAL}, ""),
    ("src/a.py", 60, {}, "70.00"),
    ("src/a.py", 70, {}, ""),
    ("src/b.py", 60, {}, "75.00"),
    ("src/none.py", 60, {}, "100.00"),
    ("src/gone.py", 1, {}, ""),
    ("phase1 fail-under", 50, {}, "60.00"),
    ("phase1 coverage", 50, {}, "61.00"),
    ("phase1 coverage", 61, {}, ""),
    ("phase1 green", 1, {}, ""),
    ("scope branch", 1, {}, ""),
]


@pytest.mark.parametrize(("what", "to", "run", "now"), WIDE)
def test_a_waiver_that_permits_a_point_more_than_is_needed_is_found(
    facts, ask, said, waiver, measured, what, to, run, now
):
    files = {"src/a.py": (10, 3), "src/b.py": (10, 2, 0, 4, 1), "src/none.py": (0, 0)}
    exits = [{"criterion": "green"}, {"criterion": "coverage", "at-least": 61}]
    keys = {"what": what, **({} if to is None else {"to": to})}
    phases = [{"name": "phase1", "fail-under": 60, "exit": exits}]
    known = facts({"phases": phases, "waivers": [waiver(**keys)]}, measured=measured(files, **run))
    told = ask(TooWide(), known)
    assert told == ([said("pyproject.toml", f"the waiver of {what} permits {to}, and {now} is there")] if now else [])


def test_a_waiver_of_the_threshold_may_be_meant_for_a_site(facts, ask, waiver, measured):
    found = Found((Site("pytest.ini", 3, Decimal(40), 0, 2),))
    known = {"measured": measured({}), "found": found}
    assert ask(TooWide(), facts({"waivers": [waiver(to=40)]}, **known)) == []
    assert len(ask(TooWide(), facts({"waivers": [waiver(to=39)]}, **known))) == 1


def test_an_honest_waiver_is_no_finding(facts, ask, waiver):
    known = facts({"waivers": [waiver(to=60)]})
    assert [ask(rule, known) for rule in RULES] == [[]] * len(RULES)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("", "names no part of the scope, and permits nothing"),
        (" src", "permits 2 measured files to be hidden"),
        (" src/old/*", "permits 1 measured file to be hidden"),
        (" *", "permits 3 measured files to be hidden"),
        (" src/a.py", ""),
        (" src/gone/*", ""),
        (" exclude .*", ""),
        (" source src", ""),
    ],
)
def test_a_waiver_of_the_scope_that_takes_in_measured_files_is_found(facts, ask, said, waiver, part, told):
    known = facts({"waivers": [waiver(what=f"scope{part}")]}, scoped={"src/a.py", "src/old/b.py", "lib/c.py"})
    found = ask(TooWide(), known)
    assert found == ([said("pyproject.toml", f"the waiver of scope{part} {told}")] if told else [])


@pytest.mark.parametrize(
    ("hides", "hidden", "told"),
    [
        (6, {"scope src/a.py": 6}, ""),
        (6, {"scope src/a.py": 9}, ""),
        (6, {}, ""),
        (None, {}, ""),
        (None, {"scope src/a.py": 6}, "does not say how many statements it hides, which are 6"),
        (6, {"scope src/a.py": 5}, "permits 6 statements to be hidden, of which 5 are"),
    ],
)
def test_a_waiver_of_the_scope_permits_as_many_statements_as_are_hidden(facts, ask, said, waiver, hides, hidden, told):
    keys = {} if hides is None else {"hides": hides}
    known = facts({"waivers": [waiver(what="scope src/a.py", **keys)]}, hidden=hidden)
    text = f"the waiver of scope src/a.py {told}"
    assert ask(TooWide(), known) == ([said("pyproject.toml", text)] if told else [])
