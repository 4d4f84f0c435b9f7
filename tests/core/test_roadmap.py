from datetime import date, datetime
from decimal import Decimal

import pytest

from coverage_roadmap.core.percent import Percent
from coverage_roadmap.core.roadmap import Closed, Roadmap, build

CLOSED = {"on": date(2026, 1, 1), "commit": "a" * 40, "record": "r"}


def read(**table):
    return build(Roadmap, table)


def test_a_target_is_the_story_s_own_else_the_phase_s_fail_under(roadmap):
    targets = [phase.target_of(story) for phase, story in roadmap.stories()]
    assert targets == [Decimal(50), Decimal(80)]


def test_a_heading_is_the_title_else_made_from_the_fail_under(roadmap):
    assert [phase.heading() for phase in roadmap.phases] == ["Raise to 50 %", "Up"]


def test_the_running_phase_is_the_first_that_is_not_closed():
    phases = [{"name": f"phase{n}", "fail-under": 50 + n} for n in (1, 2)]
    assert read(phases=phases).running.name == "phase1"
    assert read(phases=[{**phases[0], "closed": CLOSED}, phases[1]]).running.name == "phase2"
    assert read(phases=[{**phase, "closed": CLOSED} for phase in phases]).running is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (65, "65"),
        (Decimal("65.5"), "65.5"),
        (Decimal("33.333333"), "33.333333"),
        (Decimal("1.000000000"), "1"),
        (Decimal("0E-40"), "0"),
        (Decimal("-0.0"), "0"),
        (100, "100"),
    ],
)
def test_a_percentage_is_kept_exactly(written, kept):
    assert build(Percent, written) == Decimal(kept)


@pytest.mark.parametrize("value", [65.5, "65", None, True, [], Decimal("50.0000001"), Decimal("50." + "0" * 40 + "1")])
def test_what_is_no_exact_percentage_is_refused(value):
    with pytest.raises(ValueError, match=r"write a number without quotes|give at most 6 decimals"):
        build(Percent, value)


def test_nothing_is_turned_into_another_type():
    for key, value in [("timeout", "600"), ("workers", Decimal(3)), ("project", 3), ("source", "src")]:
        with pytest.raises(ValueError, match="Expected"):
            build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 5}], key: value})
    with pytest.raises(ValueError, match="Expected `date`, got `str`"):
        build(Closed, {**CLOSED, "on": "2026-01-01"})
    with pytest.raises(ValueError, match="Expected `date`, got `datetime`"):
        build(Closed, {**CLOSED, "on": datetime(2026, 1, 1)})


@pytest.mark.parametrize("python", ["3.11\n", "x3.11", "3.8"])
def test_a_form_holds_from_the_first_sign_to_the_last(python):
    with pytest.raises(ValueError, match="Expected `str` matching regex"):
        build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 5}], "python": python})


def test_a_roadmap_cannot_be_changed(roadmap):
    with pytest.raises(AttributeError, match="immutable"):
        roadmap.threshold = Percent(90)


def test_the_current_phase_is_the_running_one_or_the_last_where_all_are_closed():
    closed = {"on": date(2026, 2, 20), "commit": "a" * 40, "record": "r"}
    one, two = {"name": "one", "fail-under": 50}, {"name": "two", "fail-under": 60}
    assert build(Roadmap, {"phases": [one, two]}).current.name == "one"
    assert build(Roadmap, {"phases": [{**one, "closed": closed}, two]}).current.name == "two"
    assert build(Roadmap, {"phases": [{**one, "closed": closed}, {**two, "closed": closed}]}).current.name == "two"
