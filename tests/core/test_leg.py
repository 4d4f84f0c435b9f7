import pytest

from coverage_roadmap.core.leg import is_canonical, other_legs, session_name
from coverage_roadmap.core.roadmap import Roadmap, build

PHASES = [{"name": "phase1", "fail-under": 50}]


@pytest.mark.parametrize(
    ("table", "canonical"),
    [
        ({"python": "3.11"}, {"3.11"}),
        ({"matrix": ["3.12", "3.13"]}, {"3.12"}),
        ({"python": "3.13", "matrix": ["3.12", "3.13"]}, {"3.13"}),
        ({}, {"3.11", "3.12", "3.13"}),
    ],
)
def test_the_canonical_leg_is_python_else_the_first_of_the_matrix_else_any(table, canonical):
    roadmap = build(Roadmap, {**table, "phases": PHASES})
    assert {leg for leg in ("3.11", "3.12", "3.13") if is_canonical(roadmap, leg)} == canonical


def test_other_legs_are_the_matrix_less_the_canonical_each_once(roadmap):
    assert other_legs(roadmap) == ["3.12", "3.13"]


def test_the_canonical_session_has_no_suffix():
    assert (session_name("phase3"), session_name("phase3", "3.12")) == ("phase3", "phase3-3.12")
