from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.problem import read_roadmap
from coverage_roadmap.core.tightening import fallen, fewer_tests, tighten

TODAY = date(2026, 3, 1)


def loosened(old, new, **options):
    """What is less, as lines."""
    return [str(one) for one in tighten(old, new, options.pop("waivers", []), TODAY, **options)]


def waivers(*tables):
    rows = [{"reason": "moved", "owner": "kim", "until": TODAY, **table} for table in tables]
    roadmap, problems = read_roadmap({"phases": [{"name": "phase1", "fail-under": 50}], "waivers": rows})
    assert problems == []
    return roadmap.waivers


@given(st.data())
def test_a_baseline_asks_for_no_less_than_itself(baselines, data):
    one = data.draw(baselines)
    assert loosened(one, one, existing=one.files) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((10, 2), (10, 1), []),
        ((10, 2), (10, 3), ["src/a.py: lines 80.00 %, 2 missed -> lines 70.00 %, 3 missed"]),
        ((10, 2), (4, 2), []),
        (
            (10, 2, 0, 4, 1),
            (10, 3, 0, 4, 2),
            [
                "src/a.py: lines 80.00 %, 2 missed -> lines 70.00 %, 3 missed",
                "src/a.py: branches 75.00 %, 1 missed -> branches 50.00 %, 2 missed",
            ],
        ),
    ],
)
def test_a_lower_floor_of_a_file_is_a_loosening(baseline, before, after, told):
    assert loosened(baseline({"src/a.py": before}), baseline({"src/a.py": after})) == told


def test_a_package_falls_where_its_files_hold_each_alone_and_not_together(baseline):
    old = baseline({"src/a.py": (1000, 20), "src/b.py": (100, 10)})
    new = baseline({"src/a.py": (40, 20), "src/b.py": (300, 30)})
    assert loosened(old, new) == ["src: lines 97.27 %, 30 missed -> lines 85.29 %, 50 missed"]


def test_a_file_that_falls_is_complained_of_once(baseline):
    old = baseline({"src/a.py": (10, 2), "src/b.py": (10, 2)})
    new = baseline({"src/a.py": (10, 9), "src/b.py": (10, 2)})
    assert len(loosened(old, new)) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"src/a.py": (10, 2)},  # b went
        {"src/a.py": (10, 2), "src/b.py": (10, 8), "src/new.py": (50, 50)},
        {"src/a.py": (10, 2), "src/moved.py": (10, 8)},
        {"lib/a.py": (10, 2), "src/b.py": (10, 8)},
    ],
)
def test_a_file_that_is_new_moved_or_gone_makes_no_package_fall(baseline, files):
    old = baseline({"src/a.py": (10, 2), "src/b.py": (10, 8)})
    assert loosened(old, baseline(files, new=("src/new.py",))) == []


def test_a_file_without_a_floor_cannot_fall_and_a_renamed_one_can(baseline):
    old = baseline({"src/a.py": (10, 2), "src/new.py": (10, 6)}, new=("src/new.py",))
    new = baseline({"src/moved.py": (10, 4), "src/new.py": (10, 9)}, new=("src/new.py",))
    assert loosened(old, new) == []
    told = loosened(old, new, renames={"src/a.py": "src/moved.py"})
    assert told == ["src/moved.py: lines 80.00 %, 2 missed -> lines 60.00 %, 4 missed"]


def test_a_file_that_is_there_and_not_measured_any_more_makes_the_scope_smaller(baseline):
    old = baseline({"src/a.py": (10, 2), "src/empty.py": ()})
    assert loosened(old, baseline({})) == []
    told = ["scope src/a.py: 10 statements -> not measured"]
    assert loosened(old, baseline({}, unmeasured=("src/a.py", "src/empty.py"))) == told
    assert loosened(old, baseline({}), existing=["src/a.py"]) == told
    moved = {"src/a.py": "src/b.py"}
    told = ["scope src/b.py: 10 statements -> not measured"]
    assert loosened(old, baseline({}, unmeasured=("src/b.py",)), renames=moved) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"omit": ("*/x.py",)}, ["scope: none -> omit */x.py"]),
        ({"omit": ("*/x.py",)}, {}, []),
        ({}, {"exclude": ("raise",)}, ["scope: none -> exclude raise"]),
        ({"omit": ("a", "b")}, {"omit": ("b", "c")}, ["scope: none -> omit c"]),
        ({"branch": True}, {}, ["scope: lines and branches -> lines"]),
        ({}, {"branch": True}, []),
        ({}, {"include": ("src/*",)}, ["scope: every file -> include src/*"]),
        ({"include": ("a", "b")}, {"include": ("a",)}, ["scope: include b -> none"]),
        ({"include": ("a",)}, {}, []),
        ({"include": ("a",)}, {"include": ("a", "b")}, []),
        ({"source": ("src", "lib")}, {"source": ("src",)}, ["scope: source lib -> none"]),
        ({"source": ("src",)}, {"source": ("src/app",)}, ["scope: source src -> none"]),
        ({"source": ("src/app",)}, {"source": ("src",)}, []),
        ({"source": ("src", "went")}, {"source": ("src",)}, []),
        ({"source": ("src",)}, {"source": (".",)}, []),
    ],
)
def test_a_smaller_scope_is_a_loosening_and_a_larger_one_is_none(baseline, before, after, told):
    assert loosened(baseline({}, **before), baseline({}, **after), existing=["src/a.py", "lib/b.py"]) == told


@pytest.mark.parametrize(
    ("before", "after", "waivable"),
    [
        ({"source": ("src", "lib")}, {"source": ("src",)}, "scope source lib"),
        ({}, {"include": ("a", "b")}, "scope include a, b"),
        ({"include": ("a", "b")}, {"include": ("a",)}, "scope include b"),
        ({}, {"omit": ("*/x.py",)}, "scope */x.py"),
        ({}, {"exclude": ("raise  x",)}, "scope exclude raise x"),
        ({"branch": True}, {}, "scope branch"),
    ],
)
def test_each_part_of_the_scope_is_waived_by_its_name(baseline, before, after, waivable):
    found = tighten(baseline({}, **before), baseline({}, **after), [], TODAY, existing=["lib/b.py"])
    assert [one.waivable for one in found] == [waivable]


def test_the_files_of_a_source_that_is_lost_are_told_by_it_and_those_of_no_other(baseline):
    old = baseline({"src/a.py": (10, 2), "src/x/b.py": (10, 2), "lib/c.py": (9, 1)}, source=("src", "lib"))
    new = baseline({"src/x/b.py": (10, 2)}, source=("src/x", "lib"))
    told = loosened(old, new, existing=["src/a.py", "src/x/b.py", "lib/c.py"])
    assert told == ["scope lib/c.py: 9 statements -> not measured", "scope: source src -> none"]


FILES = {"src/a.py": (10, 2, 1), "src/b.py": (10, 2, 1)}


@pytest.mark.parametrize(
    ("files", "pragmas", "told"),
    [
        (FILES, {"src/a.py": (7,)}, []),
        (FILES, {"src/b.py": (1,)}, []),  # moved with its code
        (FILES, {}, []),
        (FILES, {"src/a.py": (1, 2)}, ["scope src/a.py: 1 pragma -> 2 pragmas"]),
        (FILES, {"src/a.py": (1,), "src/b.py": (1,)}, ["scope src/b.py: 0 pragmas -> 1 pragma"]),
        # one small pragma went, and one that hides a class came
        ({**FILES, "src/b.py": (5, 1, 9)}, {"src/b.py": (1,)}, ["scope src/b.py: 0 pragmas -> 1 pragma"]),
        ({**FILES, "src/b.py": (10, 2, 9)}, {"src/a.py": (1,)}, []),
    ],
)
def test_more_pragmas_make_the_scope_smaller_and_those_that_move_do_not(baseline, files, pragmas, told):
    old = baseline(FILES, pragmas={"src/a.py": (3,)})
    assert loosened(old, baseline(files, pragmas=pragmas)) == told


def test_pragmas_go_along_with_a_renamed_file(baseline):
    old = baseline({"src/a.py": (9,)}, pragmas={"src/a.py": (3, 4)})
    new = baseline({"src/b.py": (9, 0, 5)}, pragmas={"src/b.py": (3, 4)})
    assert loosened(old, new, renames={"src/a.py": "src/b.py"}) == []
    assert loosened(old, new) == ["scope src/b.py: 0 pragmas -> 2 pragmas"]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ((4, 3, 1), []),
        ((5, 5, 0), []),
        ((3, 3, 0), "3 of 4 tests passed -> 3 of 3 tests passed"),
        ((4, 2, 2), "3 of 4 tests passed -> 2 of 4 tests passed"),
        (None, "3 of 4 tests passed -> 0 of 0 tests passed"),
    ],
)
def test_fewer_tests_that_are_collected_or_pass_are_a_loosening(baseline, after, told):
    old = baseline({}, tests={"tests/test_a.py": (4, 3, 1)})
    new = baseline({}, tests={"tests/test_a.py": after} if after else {})
    assert loosened(old, new) == ([f"tests/test_a.py: {told}"] if told else [])
    assert [str(one) for one in fewer_tests(old.tests, new.tests)] == loosened(old, new)


def test_tests_of_a_renamed_file_are_the_same_tests(baseline):
    old = baseline({}, tests={"tests/test_a.py": (4, 3, 1)})
    new = baseline({}, tests={"tests/test_b.py": (4, 3, 1)})
    assert loosened(old, new, renames={"tests/test_a.py": "tests/test_b.py"}) == []


@pytest.mark.parametrize(
    ("waiver", "left"),
    [
        ({"what": "src/a.py", "from": 80, "to": 70}, ["tests", "scope x"]),
        ({"what": "src/a.py", "to": 71}, ["src/a.py", "tests", "scope x"]),
        ({"what": "src/a.py", "to": 70, "until": date(2026, 2, 1)}, ["src/a.py", "tests", "scope x"]),
        ({"what": "scope x"}, ["src/a.py", "tests"]),
        ({"what": "scope"}, ["src/a.py", "tests", "scope x"]),
        ({"what": "tests"}, ["src/a.py", "scope x"]),
        ({"what": "threshold", "to": 0}, ["src/a.py", "tests", "scope x"]),
    ],
)
def test_what_a_waiver_permits_is_no_loosening_and_all_else_is(baseline, waiver, left):
    old = baseline({"src/a.py": (10, 2)}, tests={"tests": (1, 1)})
    new = baseline({"src/a.py": (10, 3)}, omit=("x",))
    found = tighten(old, new, waivers(waiver), TODAY)
    assert sorted(one.waivable for one in found) == sorted(left)


def test_a_measurement_is_held_against_floors_and_files_that_it_lacks_are_passed_over(baseline):
    base = baseline({"src/a.py": (10, 2), "src/b.py": (10, 2)})
    now = baseline({"src/a.py": (10, 5)}).floors
    (one,) = fallen(base.floors, now)
    assert (one.waivable, one.where, one.was, one.present) == ("src/a.py", "src/a.py", 80, 50)
