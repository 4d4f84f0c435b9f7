"""A pull request's summary: what moved, what is affected, what is to be said before a figure is believed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_roadmap.core.hunk import FileDiff, Hunk
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures, FileTests, Scope, Tests
from coverage_roadmap.core.patch import FilePatch, Patch
from coverage_roadmap.core.pr_summary import (
    Documented,
    Missed,
    Module,
    PrSummary,
    Side,
    asked_for,
    document,
    judge_patch,
    modules,
    warnings,
)
from coverage_roadmap.core.roadmap import Roadmap, build


def side(branch=False, scope=None, **files):
    figures = {f"src/{name}.py": FileFigures(Counts(*counts)) for name, counts in files.items()}
    return Side("r", figures, branch, scope=scope)


def summary(before, after):
    given = dict.fromkeys(("base", "head", "no_before", "no_after", "no_patch"), "")
    return PrSummary(**given, before=before, after=after, patch=None, modules=(), missed=(), below=Decimal(50))


def test_the_total_moves_by_exact_points():
    assert summary(side(a=(3, 1)), side(a=(3, 1), b=(1, 0))).points == Fraction(3 * 100, 4) - Fraction(2 * 100, 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, side(a=(3, 1))),
        (side(a=(3, 1)), None),
        (side(a=(3, 1)), side(a=(3, 1, 0, 2, 1), branch=True)),
        (side(), side(a=(3, 1))),
        (side(a=(3, 1)), side()),
    ],
)
def test_what_is_not_to_be_compared_moves_by_nothing_that_is_known(before, after):
    assert summary(before, after).points is None


def test_patch_coverage_is_judged_by_what_was_measured_after():
    after = Side("r", {"src/a.py": FileFigures(Counts(3, 1), ((2, 2),), ((1, 1), (9, 9)))}, branch=False)
    diffs = [FileDiff(None, "src/a.py", (Hunk(0, 0, 1, 5),)), FileDiff(None, "src/b.py", (Hunk(0, 0, 1, 1),))]
    found = judge_patch([*diffs, FileDiff("src/c.py", None)], after, ["src"])
    assert found == Patch([FilePatch("src/a.py", 5, 1, ((2, 2),))], ["src/b.py"])


def test_affected_modules_are_the_changed_and_the_moved_with_their_stories(roadmap):
    before = side(a=(10, 5), b=(10, 5), old=(4, 2), gone=(2, 1), same=(8, 1))
    after = side(a=(10, 2), b=(10, 9), new=(4, 1), same=(8, 1), fresh=(5, 5))
    diffs = [FileDiff("src/old.py", "src/new.py"), FileDiff("src/gone.py", None), FileDiff(None, "src/same.py")]
    found = modules(roadmap, diffs, before, after, Patch([FilePatch("src/same.py", 1, 1, ())]))
    told = [(module.path, module.points) for module in found]
    assert told == [
        ("src/b.py", -40),
        ("src/new.py", 25),
        ("src/a.py", 30),
        ("src/fresh.py", None),
        ("src/gone.py", None),
        ("src/same.py", 0),
    ]
    assert found[0].stories == ["one (phase1)", "two (phase2)"]
    assert found[1].before == Counts(4, 2)


def test_without_a_before_the_changed_modules_are_the_affected_ones(roadmap):
    after = side(a=(10, 2), b=(10, 2))
    found = modules(roadmap, [], None, after, Patch([FilePatch("src/a.py", 1, 1, ())]))
    assert [(module.path, module.before, module.points) for module in found] == [("src/a.py", None, None)]
    assert modules(roadmap, [], None, after, None) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10, 5), (10, 5), ""),
        ((10, 5), (10, 6), "dipped"),
        ((10, 6), (10, 7), "still"),
        (None, (10, 6), "new"),
        ((0, 0), (10, 6), "new"),
        ((10, 5), (0, 0), ""),
        ((10, 5), None, ""),
        ((100_000, 50_001), (100_000, 50_002), "still"),
    ],
)
def test_a_dip_is_crossed_new_or_still_there(before, after, expected):
    made = Module("m", before and Counts(*before), after and Counts(*after), ())
    assert made.dip(Decimal(50)) == expected


def test_missed_lines_are_named_by_file_and_lines():
    assert [Missed("a.py", 3, 3).where, Missed("a.py", 3, 5).where] == ["a.py:3", "a.py:3-5"]


def test_what_bars_a_comparison_is_said():
    before, after = side(scope=Scope(("src",), branch=True), branch=True), side(scope=Scope(("lib",), omit=("x",)))
    found = list(warnings(before, after, Patch([], ["src/a.py", "src/b.py"])))
    assert found == [
        "one side counts branches and the other lines: their percentages are not comparable",
        "the two measured different source folders",
        "the two measured different omit patterns",
        "2 changed source files not measured: src/a.py and 1 more",
    ]
    assert list(warnings(side(), side(), Patch([], ["src/a.py"]))) == ["1 changed source file not measured: src/a.py"]
    assert list(warnings(None, None, None)) == []


TESTS = Tests(files={"tests/test_a.py": FileTests(5, 3, 1), "tests/two/test_b.py": FileTests(2, 2)})


def test_a_story_is_documented_by_its_modules_and_tests(roadmap):
    phase, story = roadmap.stories()[0]
    files = {"src/a.py": FileFigures(Counts(10, 2), ((3, 4),)), "src/b.py": FileFigures(Counts(0, 0))}
    found = document(phase, story, Detail(FORMAT, files, TESTS), {"src/a.py", "src/b.py", "tests/test_a.py"})
    assert [(one.module, str(one.ratio)) for one in found.modules] == [("src/a.py", "80.00"), ("src/b.py", "-")]
    assert found.tests == [("tests/test_a.py", "3 passed, 1 skipped, 1 with another outcome")]
    assert found.known


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ([], ["one"]),
        ([FileDiff("src/other.py", "src/other.py")], ["one"]),
        ([FileDiff("src/two.py", "src/two.py")], ["one", "two", "three"]),
        ([FileDiff("src/two.py", None)], ["one", "two", "three"]),
        ([FileDiff(None, "tests/three/test_x.py")], ["one", "two", "three"]),
        ([FileDiff("src/none.py", "src/none.py")], ["one"]),
    ],
)
def test_the_running_phases_stories_are_asked_for_and_those_that_the_change_touches(changed, asked):
    def phase(name, *stories, **given):
        made = [{"id": s, "modules": [f"src/{s}.py"], "tests": [f"tests/{s}"]} for s in stories]
        wanted = [{"criterion": "green"}, {"criterion": "documented-in-pr", "stories": list(stories)}]
        return {"name": name, "fail-under": 50, "stories": made, "exit": wanted, **given}

    closed = {"on": date(2026, 3, 1), "commit": "c" * 40, "record": "r"}
    phases = [phase("phase1", "none", closed=closed), phase("phase2", "one"), phase("phase3", "two", "three")]
    found = asked_for(build(Roadmap, {"phases": phases}), changed)
    assert [story.id for _, story in found] == asked


@pytest.mark.parametrize(
    ("files", "present", "outcomes", "expected", "known"),
    [
        ({}, ("tests/two",), TESTS, "2 passed", False),
        (
            {"src/a.py": FileFigures(Counts(1))},
            ("tests/two",),
            Tests(files={"x.py": FileTests(1)}),
            "did not run",
            False,
        ),
        ({}, (), TESTS, "not there yet", False),
        (None, ("tests/two",), TESTS, "unknown whether they ran", False),
    ],
)
def test_a_story_that_is_not_wholly_measured_is_not_documented(roadmap, files, present, outcomes, expected, known):
    phase, story = roadmap.stories()[1]
    detail = None if files is None else Detail(FORMAT, files, outcomes)
    found = document(phase, story, detail, present)
    assert found.tests == [("tests/two", expected)]
    assert found.known is known
    assert isinstance(found, Documented)
