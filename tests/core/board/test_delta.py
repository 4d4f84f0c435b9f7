"""What a story brought to its modules."""

from fractions import Fraction

import pytest

from coverage_roadmap.core.board.delta import began, delta
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures, FileTests, Tests
from coverage_roadmap.core.roadmap import Story, build

STORY = build(Story, {"id": "s", "modules": ["a.py", "b.py", "a.py"], "tests": ["tests/s", "tests/t.py::test_x"]})


RAN = {"tests/t.py": 1}


def detail(files=None, **tests):
    figures = {path: FileFigures(Counts(total, missing)) for path, (total, missing) in (files or {}).items()}
    return Detail(FORMAT, figures, Tests(files={path: FileTests(2, passed) for path, passed in tests.items()}))


def test_a_storys_delta_is_that_of_its_modules_joined():
    old, new = (
        detail({"a.py": (10, 9), "b.py": (10, 10)}),
        detail({"a.py": (10, 2), "b.py": (20, 1), "c.py": (9, 9)}, **RAN),
    )
    made = delta(STORY, ("old", old), ("new", new))
    assert (made.points, made.lines, made.records) == (Fraction(85), 26, ("old", "new"))
    assert made.told == "its modules 5.00 % to 90.00 %: +85.00 points, +26 covered, since old"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (None, None, "its last evidence cannot be read"),
        (("old", detail()), None, "its last evidence cannot be read"),
        (None, ("new", detail()), "none of its tests passed in the last evidence"),
        (None, ("new", detail(**RAN)), "no record from before its tests"),
        (("old", detail()), ("new", detail({"a.py": (3, 1)}, **RAN)), "its modules were not measured in both records"),
        (
            ("old", detail({"a.py": (3, 1)})),
            ("new", detail({"a.py": (0, 0)}, **RAN)),
            "its modules were not measured in both",
        ),
    ],
)
def test_without_both_records_it_is_unknown(before, after, why):
    made = delta(STORY, before, after)
    assert made.told.startswith(f"delta unknown: {why}")
    assert (made.points, made.lines) == (None, None)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ({}, False),
        ({"tests/t.py": 0, "tests/u.py": 1}, False),
        ({"tests/t.py": 1}, True),
        ({"tests/s/test_a.py": 1}, True),
    ],
)
def test_it_began_where_one_of_its_tests_passed(tests, expected):
    assert began(STORY, detail(**tests)) is expected
