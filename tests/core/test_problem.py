from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.core.problem import BUILT_IN, read_roadmap
from coverage_roadmap.core.roadmap import Roadmap, build

STORY = {"id": "one", "modules": ["src/a.py"], "tests": ["tests/test_a.py"]}
CLOSED = {"commit": "a" * 40, "record": "r"}


def phase(name="phase1", under=50, **more):
    return {"name": name, "fail-under": under, **more}


def problems(*phases, **table):
    """What is said of a config, one line each."""
    return [str(problem) for problem in read_roadmap({"phases": list(phases) or [phase()], **table})[1]]


def exits(*criteria):
    return problems(phase(exit=list(criteria), stories=[STORY]))


def test_a_config_without_problems_is_a_roadmap():
    table = {"phases": [phase(stories=[STORY])], "workers": 2, "env": {"TZ": "UTC"}, "pytest-args": ["-q"]}
    roadmap, found = read_roadmap({**table, "timeout": Decimal("0.5")})
    assert found == []
    assert roadmap == build(Roadmap, {**table, "timeout": 0.5})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"sorce": ["x"]}, "sorce = ['x']: no such key: did you mean source?"),
        ({"dip_below": 3}, "dip_below = 3: no such key: did you mean dip-below?"),
        ({"a\nb": 3}, r"'a\nb' = 3: no such key"),
        ({"threshold": "55"}, "threshold = '55': write a number without quotes"),
        ({"threshold": True}, "threshold = True: write a number without quotes"),
        ({"threshold": 101}, "threshold = 101: give at most 100"),
        (
            {"ci": {"schedule": "0 0 31 2 *"}},
            "ci.schedule = '0 0 31 2 *': never comes, since FEB has no day 31: "
            "write at most 29 as the day of the month",
        ),
        ({"threshold": Decimal("-0.5")}, "threshold = -0.5: give at least 0"),
        ({"threshold": Decimal("nan")}, "threshold = NaN: write a finite number"),
        ({"threshold": Decimal("1e-9999999")}, "threshold = 1E-9999999: give at most 6 decimals"),
        ({"threshold": 16**9999}, "threshold = a number with thousands of digits: give at most 100"),
        ({"timeout": 0}, "timeout = 0: give more than 0"),
        ({"timeout": Decimal("86400.5")}, "timeout = 86400.5: give at most 86400"),
        ({"timeout": Decimal("inf")}, "timeout = Infinity: write a finite number"),
        ({"timeout": Decimal("nan")}, "timeout = NaN: write a finite number"),
        ({"timeout": Decimal("snan")}, "timeout = sNaN: write a finite number"),
        ({"timeout": 16**9999}, "timeout = a number with thousands of digits: give at most 86400"),
        ({"test-timeout": Decimal("-inf")}, "test-timeout = -Infinity: write a finite number"),
        ({"test-timeout": Decimal("-0.5")}, "test-timeout = -0.5: give at least 0"),
        ({"timeout": True}, "timeout = True: write a number without quotes"),
        ({"timeout": "600"}, "timeout = '600': write a number without quotes"),
        ({"workers": "lots"}, "workers = 'lots': choose one of 'auto', or write a whole number without quotes"),
        ({"workers": 0}, "workers = 0: choose one of 'auto', or give at least 1"),
        ({"workers": 65}, "workers = 65: choose one of 'auto', or give at most 64"),
        ({"workers": True}, "workers = True: choose one of 'auto', or write a whole number without quotes"),
        ({"workers": Decimal("2.0")}, "workers = 2.0: choose one of 'auto', or write a whole number without quotes"),
        ({"threshold": Decimal("0.1234567")}, "threshold = 0.1234567: give at most 6 decimals"),
        ({"python": "3.11\n"}, r"python = '3.11\n': write it in the form ^3\.(9|[1-9][0-9])$"),
        ({"history": {"branch": "x" * 101}}, f"history.branch = '{'x' * 56}...: write at most 100 characters"),
        ({"python": "2.7"}, r"python = '2.7': write it in the form ^3\.(9|[1-9][0-9])$"),
        ({"matrix": ["3.11", 3]}, "matrix.[1] = 3: write text, in quotes"),
        ({"source": "src"}, "source = 'src': write a list: [...]"),
        ({"source": []}, "source = []: give at least one"),
        ({"env": {"A": Decimal("1.5")}}, "env.A = 1.5: write text, in quotes"),
        (
            {"check": {"severity": {"SCOPE001": "off", "TEST002": "off"}}},
            "check.severity.SCOPE001 = 'off': this rule keeps its severity: write a waiver",
        ),
        ({"env": {"A=B": "x"}}, "env = 'A=B': no process takes such a variable: name it without =, and without NUL"),
        ({"env": {"": "x"}}, "env = '': no process takes such a variable: name it without =, and without NUL"),
        ({"pytest-args": ["a\0"]}, r"pytest-args = 'a\x00': no process takes an argument with NUL: take it out"),
        ({"board": 3}, "board = 3: write a table: { ... }"),
        ({"board": {"trackr": "x"}}, "board.trackr = 'x': no such key: did you mean tracker?"),
        ({"board": {"tracker": "jira"}}, "board.tracker = 'jira': choose one of 'none' or 'github' or 'file'"),
        ({"board": {"branch-pattern": "x"}}, r"board.branch-pattern = 'x': write it in the form ^.*\{story\}.*$"),
        ({"history": {"branch": "-x"}}, "history.branch = '-x': write it in the form ^[A-Za-z0-9][A-Za-z0-9._/-]*$"),
        ({"source": ["/etc"]}, "source = '/etc': give a path inside the project, relative to it"),
        ({"source": ["../x"]}, "source = '../x': give a path inside the project, relative to it"),
        ({"tests": [" "]}, "tests = ' ': give a path inside the project, relative to it"),
        ({"exclude": ["a\nb"]}, r"exclude = 'a\nb': give a path inside the project, relative to it"),
        ({"requirements": ["-r"]}, "requirements = '-r': a path that starts with a dash would be taken for an option"),
        ({"phases": []}, "phases = []: give at least one"),
        ({"phases": 3}, "phases = 3: write a list: [...]"),
        ({"phases": [3]}, "phases.[0] = 3: write a table: { ... }"),
        ({"default-branch": "x" * 90, "project": ["y" * 90]}, f"project = ['{'y' * 55}...: write text, in quotes"),
    ],
)
def test_each_wrong_key_says_its_value_and_what_to_do(table, said):
    found = problems(**table)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_config_without_phases_says_so_beside_its_other_problems():
    found = [str(problem) for problem in read_roadmap({"source": ["/x"]})[1]]
    assert found == ["phases: add the key", "source = '/x': give a path inside the project, relative to it"]


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        ({"criterion": "green", "at-least": 3}, ["at-least = 3: no such key: choose one of criterion"]),
        (
            {"criterion": "coverage", "at-lest": 3},
            ["at-least: add the key", "at-lest = 3: no such key: did you mean at-least?"],
        ),
        (
            {"criterion": "coverage", "at-least": 3, "sustaind-runs": 3},
            ["sustaind-runs = 3: no such key: did you mean sustained-runs?"],
        ),
        (
            {"criterion": "coverage", "at-least": 3, "coverage": 3},
            ["coverage = 3: no such key: choose one of criterion, at-least, sustained-runs, sustained-days"],
        ),
        (
            {"criterion": "threshold", "at-least": 3, "atleast": 3},
            ["atleast = 3: no such key: did you mean at-least?"],
        ),
        (
            {"criterion": "board-closed", "stories": ["one"], "story": 1},
            ["story = 1: no such key: did you mean stories?"],
        ),
        (
            {"criterion": "documented-in-pr", "stories": ["one"], "storys": 1},
            ["storys = 1: no such key: did you mean stories?"],
        ),
        ({"criterion": "coverage", "at-least": 3, "sustained-runs": 0}, ["sustained-runs = 0: give at least 1"]),
    ],
)
def test_an_unknown_key_of_a_criterion_names_the_nearest_of_that_criterion(criterion, said):
    assert exits(criterion) == [f"phases.phase1.exit.[0].{line}" for line in said]


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        ({"criterion": "gren"}, "{'criterion': 'gren'}: no such criterion: did you mean green?"),
        ({"criterion": "bord-closed"}, "{'criterion': 'bord-closed'}: no such criterion: did you mean board-closed?"),
        ({"criterion": 10**5000}, "a number with thousands of digits: no such criterion: choose one of green, "),
        ({"criterion": ["green"]}, "{'criterion': ['green']}: no such criterion: choose one of green, coverage, "),
        ({"criterion": 3}, "{'criterion': 3}: no such criterion: choose one of green, coverage, threshold, board-"),
        ({}, '{}: say which one: criterion = "green", for example'),
        ("green", "'green': write a table: { ... }"),
        (
            {"criterion": "board-closed", "stories": ["won"]},
            "'won': no such story: did you mean one?",
        ),
    ],
)
def test_a_criterion_is_answered_with_its_own_advice(criterion, said):
    (found,) = exits(criterion)
    key, _, rest = found.partition(" = ")
    assert key in ("phases.phase1.exit.[0]", "phases.phase1.exit.stories")
    assert rest.startswith(said)


def test_all_problems_are_reported_at_once():
    found = problems(
        phase("phase1", 60, title=3, stories=[STORY, {**STORY, "ownr": "x"}]),
        phase("phase2", 55, exit=[{"criterion": "board-closed", "stories": ["tow"]}, {"criterion": "x"}]),
        phase("tests", 70),
        phase("phase2", 80, exclude=["/x"]),
        sorce=["src"],
        timeout="long",
    )
    keys = [line.split(" = ")[0].split(":")[0] for line in found]
    assert sorted(keys) == sorted(
        [
            "sorce",
            "timeout",
            "phases.phase1.title",
            "phases.phase1.stories.one.ownr",
            "phases.phase2.exit.[1]",
            "phases.name",
            "phases.name",
            "phases.stories.id",
            "phases.phase2.fail-under",
            "phases.phase2.exit.stories",
            "phases.phase2.exclude",
        ]
    )


def test_falling_fail_unders_are_reported_beside_unknown_keys():
    assert problems(phase("phase1", 60, hue="red"), phase("phase2", Decimal("59.5"))) == [
        "phases.phase1.hue = 'red': no such key: choose one of name, title, fail-under, label, exclude, exit, "
        "stories, closed",
        "phases.phase2.fail-under = 59.5: falls below phase1's 60: phases climb, so raise or reorder",
    ]


def test_equal_fail_unders_do_not_fall():
    assert problems(phase("phase1", 60), phase("phase2", 60)) == []


def test_names_and_ids_that_stand_twice_are_reported_though_their_tables_are_broken():
    assert problems({"name": "a"}, phase("a"), phase("b", stories=[STORY, {"id": "one"}])) == [
        "phases.a.fail-under: add the key",
        "phases.b.stories.one.modules: add the key",
        "phases.b.stories.one.tests: add the key",
        "phases.name = 'a': 2 phases have this name: each needs its own",
        "phases.stories.id = 'one': 2 stories have this id: each needs its own",
    ]


def test_a_story_with_a_problem_of_its_own_is_known_all_the_same():
    story = {**STORY, "modules": "src/a.py"}
    assert problems(phase(stories=[story], exit=[{"criterion": "board-closed", "stories": ["one"]}])) == [
        "phases.phase1.stories.one.modules = 'src/a.py': write a list: [...]"
    ]


def test_one_broken_phase_does_not_hide_its_neighbours_problems():
    assert problems({}, phase("phase1", stories=[{**STORY, "tests": ["../x"]}])) == [
        "phases.[0].name: add the key",
        "phases.[0].fail-under: add the key",
        "phases.phase1.one.tests = '../x': give a path inside the project, relative to it",
    ]


@pytest.mark.parametrize("name", sorted(name for name in BUILT_IN))
def test_built_in_sessions_names_are_reserved(name):
    assert problems(phase(name)) == [f"phases.name = '{name}': this is a built-in session's name: choose another"]


def test_phases_are_closed_in_their_order(closed_on):
    later = phase("phase2", 60, closed=closed_on)
    said = "phases.phase2.closed: phase1 before it is not closed: close that first"
    assert problems(phase(), later) == [said]
    assert problems(phase(closed=closed_on), later) == []
    wrong = {**closed_on, "commit": "short"}
    assert problems(phase(closed=wrong), later) == [
        "phases.phase1.closed.commit = 'short': write it in the form ^[0-9a-f]{40,64}$"
    ]


@pytest.fixture
def closed_on():
    return {**CLOSED, "on": date(2026, 1, 2)}


def test_a_date_in_quotes_is_answered_with_the_form_of_one():
    (said,) = problems(phase(closed={**CLOSED, "on": "2026-01-02"}))
    assert said == "phases.phase1.closed.on = '2026-01-02': write a date without quotes: 2026-01-31"


def test_tables_nested_beyond_reading_are_refused():
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"a": nested}
    roadmap, found = read_roadmap(nested)
    assert roadmap is None
    assert [problem.key for problem in found] == ["[tool.coverage-roadmap]"]
