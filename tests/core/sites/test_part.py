"""What narrows a gate to a part of the tests."""

from __future__ import annotations

import pytest

from coverage_roadmap.core.sites.part import part


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ""),
        ("-q --cov=src", ""),
        ("-k fast", "-k fast"),
        ("-m=slow", "-m slow"),
        ("-m not_slow", "-m not_slow"),
        ("--lf", "--lf"),
        ("tests/test_a.py::test_b", "tests/test_a.py::test_b"),
        ("tests", ""),
        ("tests/", ""),
        ("./tests/unit/", ""),
        ("tests/unit/test_a.py", "tests/unit/test_a.py"),
        ("-x tests/unit/api", "tests/unit/api"),
        ("tests/unit/api tests/unit/web", ""),
        ("other/test_a.py", ""),
        ("--ignore tests/unit/slow", ""),
        ("--junitxml=tests/unit/x.xml", ""),
        ("tests/unit/$PART", ""),
        ("tests/unit/out.xml|tee", ""),
        ("test_a.py", ""),
    ],
)
def test_a_part_of_the_tests_is_told_by_its_word(line: str, expected: str) -> None:
    assert part(line.split(), ["tests/unit", "more/test_a.py::test_b"]) == expected


def test_an_expression_that_leaves_tests_out_is_none() -> None:
    assert part(["-m", "not slow and not wide"], ["tests"]) == ""
