from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_roadmap.core.problem import read_roadmap
from coverage_roadmap.core.waiver import expired, fits, of_scope, part_of_scope, wider

TODAY = date(2026, 3, 1)
FILE = "src/a.py"


def waiver(what=FILE, until=TODAY, **figures):
    table = {"what": what, "reason": "moved out", "owner": "kim", "until": until}
    table |= {key.rstrip("_"): Decimal(value) for key, value in figures.items()}
    roadmap, problems = read_roadmap({"phases": [{"name": "phase1", "fail-under": 50}], "waivers": [table]})
    assert problems == []
    return roadmap.waivers[0]


@pytest.mark.parametrize(("until", "over"), [(date(2026, 2, 28), True), (TODAY, False), (date(2026, 3, 2), False)])
def test_a_waiver_holds_through_its_last_day(until, over):
    one = waiver(until=until, to=10)
    assert expired(one, TODAY) is over
    assert fits(one, FILE, Fraction(80), Fraction(60), TODAY) is not over


@pytest.mark.parametrize(
    ("given", "fall", "fit"),
    [
        ({"from_": 80, "to": 60}, (Fraction(80), Fraction(60)), True),
        ({"from_": 80, "to": 60}, (Fraction(70), Fraction(65)), True),
        ({"from_": 80, "to": 60}, (Fraction(80), Fraction(59)), False),
        ({"from_": 80, "to": 60}, (Fraction(81), Fraction(60)), False),
        ({"to": 60}, (Fraction(81), Fraction(60)), True),
        ({"to": "33.33"}, (Fraction(200, 3), Fraction(100, 3)), True),
        ({"to": "33.34"}, (Fraction(200, 3), Fraction(100, 3)), False),
        ({"from_": "66.66", "to": 0}, (Fraction(200, 3), Fraction(100, 3)), True),
        ({"from_": "66.65", "to": 0}, (Fraction(200, 3), Fraction(100, 3)), False),
        ({}, (Fraction(80), Fraction(60)), False),
        ({"from_": 80}, (Fraction(80), Fraction(60)), False),
        ({}, (None, None), True),
        ({"from_": 80, "to": 60}, (None, None), True),
        ({"to": 60}, (Decimal(70), Decimal(60)), True),
    ],
)
def test_a_waiver_permits_no_more_than_its_figures(given, fall, fit):
    assert fits(waiver(**given), FILE, *fall, TODAY) is fit


@pytest.mark.parametrize(
    ("what", "asked", "fit"),
    [
        ("scope branch", "scope branch", True),
        ("scope branch", "threshold", False),
        ("scope", "scope branch", False),
        ("scope", "scope src/a.py", False),
        ("scope src/a.py", "src/a.py", False),
        ("src/a.py", "scope src/a.py", False),
        ("scope  src/a.py ", "scope src/a.py", True),
        ("scope src/old", "scope src/old/a.py", True),
        ("scope src/old", "scope src/old/*", True),
        ("scope src/old", "scope src/older.py", False),
        ("scope src/old", "scope src/old/../*", False),
        ("scope src/old/*", "scope src/old/deep/a.py", True),
        ("scope src/old/*", "scope src/*", False),
        ("scope */made_*.py", "scope src/x/made_a.py", True),
        ("scope */made_*.py", "scope src/x/a.py", False),
        ("scope *", "scope exclude def", False),
        ("scope exclude def", "scope exclude def", True),
        ("scope exclude d*", "scope exclude def", False),
        ("scope exclude *", "scope src/a.py", False),
        ("scope ***", "scope src/a.py", False),
        (" phase3   coverage ", "phase3 coverage", True),
        ("src/b.py", FILE, False),
        ("src", FILE, False),
    ],
)
def test_a_waiver_is_for_what_it_names(what, asked, fit):
    assert fits(waiver(what), asked, None, None, TODAY) is fit


@pytest.mark.parametrize(
    ("given", "fall", "too_wide"),
    [
        ({"from_": 80, "to": 60}, (80, 60), False),
        ({"from_": 80, "to": 60}, (80, 61), True),
        ({"from_": 80, "to": 60}, (79, 60), True),
        ({"to": 60}, (80, 60), False),
        ({"from_": 80}, (80, 60), True),
        ({"from_": "66.66", "to": "33.33"}, (Fraction(200, 3), Fraction(100, 3)), False),
    ],
)
def test_a_waiver_is_too_wide_where_it_permits_more_than_is_there(given, fall, too_wide):
    assert wider(waiver(**given), *fall) is too_wide


def test_a_part_of_the_scope_is_named_on_one_line():
    assert of_scope("exclude  a\n b ") == "scope exclude a b"
    parts = [part_of_scope(what) for what in ("scope", " scope  src/a.py", "scopes", "threshold", "")]
    assert parts == ["", "src/a.py", None, None, None]
