"""Sites of the threshold, waivers, and what the team is asked for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from coverage_roadmap.core.roadmap import Waiver, build
from coverage_roadmap.core.sites.site import Found, Site, Unclear
from coverage_roadmap.core.standup.keeping import assistance, threshold, waivers

TODAY = date(2026, 3, 3)


def test_each_site_is_ticked_where_it_agrees_with_the_config(facts, said):
    sites = Found(
        (Site("pytest.ini", 2, Decimal("55.0"), 0, 0), Site("setup.cfg", 9, Decimal("54.99"), 0, 0)),
        (Unclear("ci.yml", 4, "it is an expression"),),
    )
    assert said(threshold(facts(sites=sites))) == [
        *("[x] pytest.ini:2: 55", "[!] setup.cfg:9: 54.99, the config says 55", "[?] ci.yml:4: it is an expression"),
    ]
    assert said(threshold(facts())) == ["[?] no site demands a threshold"]


def waiver(days, what="src/a.py"):
    return build(Waiver, {"what": what, "reason": "moved", "owner": "kim", "until": TODAY + timedelta(days)})


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (-1, "[!] src/a.py (kim: moved) expired on 2026-03-02"),
        (0, "[ ] src/a.py (kim: moved) expires today, on 2026-03-03"),
        (1, "[ ] src/a.py (kim: moved) expires in 1 day, on 2026-03-04"),
        (14, "[ ] src/a.py (kim: moved) expires in 14 days, on 2026-03-17"),
        (15, "[x] none has expired or does within 14 days: 1 waiver beyond that"),
    ],
)
def test_waivers_that_end_soon_are_named(facts, said, days, line):
    assert said(waivers(facts(waivers=[waiver(days)]))) == [line]


def test_the_waiver_that_ends_first_stands_first(facts, said):
    given = [waiver(3, "threshold"), waiver(300), waiver(-9), waiver(3, "scope")]
    assert [line[4:].split()[0] for line in said(waivers(facts(waivers=given)))] == ["src/a.py", "scope", "threshold"]
    assert said(waivers(facts())) == ["[x] none has expired or does within 14 days"]


def test_what_the_team_is_asked_for(facts, said):
    assert said(assistance(facts(lacking=["pyfakefs"], notes=["a record cannot be read"]))) == [
        "[ ] set board.tracker to the team's tracker, so that the board can be mirrored there",
        "[!] pyfakefs is not in the project's requirements: invoke doctor --fix",
        "[ ] a record cannot be read",
    ]
    assert said(assistance(facts(tracker="acme/shop"))) == [
        "[x] nothing: acme/shop answers, and no requirement is missing"
    ]
    assert said(assistance(facts(tracker="acme/shop", untold="no network"))) == [
        "[ ] make acme/shop answer, so that the board can be mirrored there"
    ]
    assert said(assistance(facts(tracker="acme/shop", notes=["a record cannot be read"]))) == [
        "[ ] a record cannot be read"
    ]
