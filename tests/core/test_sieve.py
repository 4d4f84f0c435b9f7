from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.sieve import Problem, sift

STORY = {"id": "one", "modules": ["src/a.py"], "tests": ["tests/test_a.py"]}


def phase(**more):
    return {"name": "phase1", "fail-under": 50, **more}


def sifted(**table):
    """What is left of a config, and what is said of it, one line each."""
    left, problems = sift({"phases": [phase()], **table}, Roadmap)
    return left, [str(problem) for problem in problems]


def test_a_problem_without_a_value_shows_none():
    assert str(Problem("a.b", "", "add the key")) == "a.b: add the key"


def test_what_is_right_is_left_as_it_is():
    table = {"phases": [phase(stories=[STORY], exit=[{"criterion": "green"}])], "env": {"A": "b"}, "matrix": []}
    assert sift(table, Roadmap) == (table, [])


def test_what_is_wrong_is_taken_out_where_it_stands():
    story = {**STORY, "owner": 3, "tests": [3, "tests/a.py"]}
    exits = [{"criterion": "green", "x": 1}, {"criterion": "gren"}, {"criterion": "coverage", "at-least": "1"}]
    left, said = sifted(phases=[phase(stories=[story], exit=exits, x=1)], env={"A": 1, "B": "b"}, matrix="3.11")
    kept = {**STORY, "tests": ["tests/a.py"]}
    assert left == {"phases": [phase(stories=[kept], exit=[{"criterion": "green"}])], "env": {"B": "b"}}
    assert len(said) == 8


def test_a_table_that_lacks_a_needed_key_goes_with_its_list_where_that_is_left_empty():
    left, said = sifted(phases=[{"name": "phase1"}, phase(fail_under=3), {}], project="x")
    assert left == {"project": "x", "phases": [phase()]}
    assert said[-2:] == ["phases.[2].name: add the key", "phases.[2].fail-under: add the key"]
    assert sifted(phases=[{"name": "phase1"}]) == ({}, ["phases.phase1.fail-under: add the key"])


def test_a_key_that_its_table_cannot_have_is_taken_out_alone():
    left, said = sifted(phases=[phase()], check={"severity": {"TEST001": "off", "Test1": "off", "TEST002": "of"}})
    assert left == {"phases": [phase()], "check": {"severity": {"TEST001": "off"}}}
    assert said == [
        "check.severity.Test1 = 'Test1': write it in the form ^[A-Z]{1,20}[0-9]{3}$",
        "check.severity.TEST002 = 'of': choose one of 'error' or 'warning' or 'off'",
    ]


def test_a_list_that_its_wrong_items_leave_empty_is_not_told_of_twice():
    story = {**STORY, "modules": [3]}
    left, said = sifted(phases=[phase(stories=[story], exclude=[Decimal(3)])])
    assert left == {"phases": [phase(stories=[], exclude=[])]}
    assert said == [
        "phases.phase1.exclude.[0] = 3: write text, in quotes",
        "phases.phase1.stories.one.modules.[0] = 3: write text, in quotes",
    ]


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ({"name": "p"}, "phases.p.x"),
        ({"name": "a b\n"}, "phases.[0].x"),
        ({"name": 3}, "phases.[0].x"),
        ({"name": "", "id": "q"}, "phases.q.x"),
        ({}, "phases.[0].x"),
    ],
)
def test_a_key_is_shown_by_names_where_they_are_plain(table, shown):
    _, problems = sift({"phases": [{**table, "x": 1}]}, Roadmap)
    assert shown in {problem.key for problem in problems}


def test_a_key_that_is_not_plain_is_quoted():
    (said,) = sifted(phases=[phase(**{"x y": 1})])[1]
    assert said.startswith("phases.phase1.'x y' = 1: no such key")


@pytest.mark.parametrize(
    ("table", "key", "known"),
    [
        ({"closed": {"x": 1}}, "phases.phase1.closed.x", "on, commit, record"),
        ({"stories": [{**STORY, "x": 1}]}, "phases.phase1.stories.one.x", "id, modules, tests, target, owner"),
        ({"exit": [{"criterion": "threshold", "x": 1}]}, "phases.phase1.exit.[0].x", "criterion, at-least"),
    ],
)
def test_an_unknown_key_is_answered_with_those_of_its_own_table(table, key, known):
    _, problems = sift({"phases": [phase(**table)]}, Roadmap)
    advice = {problem.key: problem.advice for problem in problems}
    assert advice[key].startswith(f"no such key: choose one of {known}")


def test_a_key_is_named_as_in_toml_not_as_in_python():
    waiver = {"what": "scope", "from": 101, "to": 3, "reason": "", "owner": "me", "until": date(2026, 1, 1)}
    assert sifted(waivers=[waiver])[1] == [
        "waivers.[0].from = 101: give at most 100",
        "waivers.[0].reason = '': write something",
    ]


@pytest.mark.parametrize(("length", "shown"), [(58, 60), (59, 60), (9000, 60), (1, 3)])
def test_a_long_value_is_cut(length, shown):
    _, (problem,) = sift({"phases": [phase()], "x": "y" * length}, Roadmap)
    assert len(problem.value) == shown
    assert problem.value.endswith("..." if length > 58 else "'")
