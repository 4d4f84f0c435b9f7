"""What a config asks for less than it did before."""

import copy
from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.core.loosening import loosened
from coverage_roadmap.core.problem import read_roadmap

STORY = {"id": "a", "modules": ["src/a.py", "src/b.py"], "tests": ["tests/test_a.py", "tests/test_b.py"], "target": 70}
WAIVER = {"what": "threshold", "from": 60, "to": 50, "reason": "r", "owner": "kim", "until": "2026-03-01"}
EXIT = [
    {"criterion": "green"},
    {"criterion": "coverage", "at-least": 66, "sustained-runs": 3, "sustained-days": 2},
    {"criterion": "threshold", "at-least": 60},
    {"criterion": "board-closed", "stories": ["a", "b"]},
    {"criterion": "documented-in-pr", "stories": ["a"]},
]
TABLE = {
    "threshold": 60,
    "headroom": Decimal("0.5"),
    "dip-below": 50,
    "source": ["src", "lib"],
    "tests": ["tests", "more"],
    "check": {"severity": {"TEST003": "warning"}, "ignore": [{"path": "old/*", "reason": "gone soon"}]},
    "phases": [
        {"name": "phase1", "fail-under": 60, "exit": EXIT, "stories": [STORY, {**STORY, "id": "b"}]},
        {"name": "phase2", "fail-under": 65, "stories": [{"id": "c", "modules": ["src/c.py"], "tests": ["tests"]}]},
    ],
}


def roadmap(change=lambda table: None):
    table = copy.deepcopy(TABLE)
    change(table)
    made, problems = read_roadmap(table)
    assert not problems
    return made


def setting(key, value):
    return lambda table: table.update({key: value})


def of_phase(key, value):
    return lambda table: table["phases"][0].update({key: value})


def of_story(key, value):
    return lambda table: table["phases"][0]["stories"][0].update({key: value})


def of_exit(number, **keys):
    return lambda table: table["phases"][0]["exit"][number].update(
        {key.replace("_", "-"): value for key, value in keys.items()}
    )


def without_exit(number):
    return lambda table: table["phases"][0]["exit"].pop(number)


LOOSER = [
    (setting("threshold", 59), "threshold", "60", "59", "threshold"),
    (setting("headroom", 5), "headroom", "0.5", "5", ""),
    (setting("dip-below", 40), "dip-below", "50", "40", ""),
    (setting("source", ["src"]), "source", "lib", "nothing", "scope source lib"),
    (setting("tests", ["tests"]), "tests", "more", "nothing", "scope tests more"),
    (setting("exclude", ["tests/slow"]), "exclude", "nothing", "tests/slow", "scope tests tests/slow"),
    (setting("history", {"branch": "fresh"}), "history.branch", "coverage-history", "nothing", ""),
    (setting("check", {"severity": {"TEST003": "off"}}), "check.severity.TEST003", "warning", "off", ""),
    (
        setting("check", {"severity": {"TEST003": "warning", "TEST002": "warning"}}),
        *("check.severity.TEST002", "error", "warning", ""),
    ),
    (
        lambda table: table["check"]["ignore"].append({"path": "*", "reason": "r"}),
        *("check.ignore", "nothing", "*", ""),
    ),
    (of_phase("fail-under", 55), "phases.phase1.fail-under", "60", "55", "phase1 fail-under"),
    (of_phase("exclude", ["tests/x"]), "phases.phase1.exclude", "nothing", "tests/x", "scope tests tests/x"),
    (without_exit(0), "phases.phase1.exit", "green", "nothing", "phase1 green"),
    (without_exit(1), "phases.phase1.exit", "coverage", "nothing", "phase1 coverage"),
    (without_exit(2), "phases.phase1.exit", "threshold", "nothing", "phase1 threshold"),
    (without_exit(3), "phases.phase1.exit", "board-closed", "nothing", "phase1 board-closed"),
    (without_exit(4), "phases.phase1.exit", "documented-in-pr", "nothing", "phase1 documented-in-pr"),
    (of_exit(1, at_least=61), "phases.phase1.exit.coverage.at-least", "66", "61", "phase1 coverage"),
    (
        of_exit(1, sustained_runs=1),
        "phases.phase1.exit.coverage.sustained-runs",
        "3",
        "1",
        "phase1 coverage sustained-runs",
    ),
    (
        of_exit(1, sustained_days=0),
        "phases.phase1.exit.coverage.sustained-days",
        "2",
        "0",
        "phase1 coverage sustained-days",
    ),
    (of_exit(2, at_least=50), "phases.phase1.exit.threshold.at-least", "60", "50", "phase1 threshold"),
    (of_exit(3, stories=["a"]), "phases.phase1.exit.board-closed.stories", "b", "nothing", "phase1 board-closed"),
    (of_story("modules", ["src/a.py"]), "phases.phase1.a.modules", "src/b.py", "nothing", ""),
    (of_story("tests", ["tests/test_a.py"]), "phases.phase1.a.tests", "tests/test_b.py", "nothing", ""),
    (of_story("target", 65), "phases.phase1.a.target", "70", "65", ""),
    (lambda table: table["phases"].pop(1), "phases.phase2", "fail-under 65", "nothing", ""),
]


@pytest.mark.parametrize(
    ("change", "key", "before", "after", "waivable"), LOOSER, ids=[f"{r[1]} {r[3]}" for r in LOOSER]
)
def test_what_asks_for_less_is_told_with_both_values(change, key, before, after, waivable):
    found = loosened(roadmap(), roadmap(change))
    one = next(one for one in found if one.where == key)
    assert (one.before, one.after, one.waivable) == (before, after, waivable)
    assert str(one) == f"{key}: {before} -> {after}"
    assert {one.where.removesuffix(".c") for one in found} == {key}


@pytest.mark.parametrize("change", [row[0] for row in LOOSER], ids=[f"{r[1]} {r[3]}" for r in LOOSER])
def test_to_ask_for_more_is_never_told(change):
    less, more = roadmap(change), roadmap()
    told = [one for one in loosened(less, more) if one.where != "history.branch"]  # either way the records are lost
    assert not [one for one in told if one.after == "nothing" or one.before != "nothing"]


def test_the_same_config_asks_for_the_same():
    assert loosened(roadmap(), roadmap()) == []


def test_a_story_that_moves_to_another_phase_keeps_its_own_target_and_follows_the_phases():
    def move(table):
        table["phases"][0]["stories"].append(table["phases"][1]["stories"].pop())

    assert [one.where for one in loosened(roadmap(), roadmap(move))] == ["phases.phase2.c.target"]


def test_a_story_may_follow_a_file_that_was_renamed():
    follows = roadmap(of_story("modules", ["src/a.py", "src/new.py"]))
    assert loosened(roadmap(), follows, {"src/b.py": "src/new.py"}) == []
    assert [one.before for one in loosened(roadmap(), follows, {"src/b.py": "src/other.py"})] == ["src/b.py"]


def test_a_criterion_that_is_still_there_is_known_among_others_of_its_kind():
    def add(table):
        table["phases"][0]["exit"].insert(0, {"criterion": "coverage", "at-least": 50})

    assert loosened(roadmap(), roadmap(add)) == []


def test_a_criterion_of_a_figure_that_went_fell_to_nothing():
    (one,) = loosened(roadmap(), roadmap(without_exit(1)))
    assert (one.was, one.present) == (66, 0)


def test_a_story_that_went_is_told():
    found = loosened(roadmap(), roadmap(lambda table: table["phases"][1]["stories"].pop()))
    assert [str(one) for one in found] == ["phases.phase2.c: a story -> nothing"]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"until": "2026-04-01"}, ["waivers.threshold.until: 2026-03-01 -> 2026-04-01"]),
        ({"to": 40}, ["waivers.threshold.to: 50 -> 40"]),
        ({"to": None}, ["waivers.threshold.to: 50 -> anything"]),
        ({"to": 55, "until": "2026-02-01"}, []),
        ({"what": "scope branch"}, []),
    ],
)
def test_a_waiver_that_grows_is_told_and_a_new_one_is_the_way_out(keys, told):
    def with_waiver(**more):
        waiver = {key: value for key, value in {**WAIVER, **more}.items() if value is not None}
        return roadmap(setting("waivers", [{**waiver, "until": date.fromisoformat(waiver["until"])}]))

    assert [str(one) for one in loosened(with_waiver(), with_waiver(**keys))] == told
    assert loosened(roadmap(), with_waiver()) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (5, 5, []),
        (5, 4, []),
        (None, 9, []),
        (5, 6, ["waivers.scope a.py.hides: 5 -> 6"]),
        (5, None, ["waivers.scope a.py.hides: 5 -> any number"]),
    ],
)
def test_a_waiver_that_hides_more_statements_is_told(before, after, told):
    def hiding(number):
        one = {**WAIVER, "what": "scope a.py", "until": date(2026, 3, 1), "hides": number}
        return roadmap(setting("waivers", [{key: value for key, value in one.items() if value is not None}]))

    assert [str(one) for one in loosened(hiding(before), hiding(after))] == told
