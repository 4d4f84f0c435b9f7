from decimal import Decimal

import pytest

from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures, FileTests, Tests
from coverage_roadmap.core.story import Presence, done, hidden, progress
from coverage_roadmap.core.verdict import Answer


def figures(covered, total, *spans):
    return FileFigures(Counts(total, total - covered), spans)


FILES = {"src/a.py": figures(30, 50, (3, 9)), "src/b.py": figures(0, 0)}
RAN = {"tests/test_a.py": FileTests(1, 1)}
TIP = ["tests/test_a.py"]


def test_a_measured_module_stands_against_its_target(roadmap):
    phase, story = roadmap.stories()[0]
    first, empty = progress(phase, story, FILES, ())
    assert (first.story, first.phase, first.module) == ("one", "phase1", "src/a.py")
    assert (str(first.ratio), first.target, first.lacks, first.at_target) == ("60.00", Decimal(50), 0, True)
    assert first.missing_lines == ((3, 9),)
    assert (empty.presence, empty.at_target, empty.lacks) == (Presence.MEASURED, True, 0)


def test_a_module_below_its_target_says_what_lacks(roadmap):
    phase, story = roadmap.stories()[1]
    assert [(m.lacks, m.at_target) for m in progress(phase, story, FILES, ())] == [(10, False), (0, True)]


def test_a_module_without_figures_is_omitted_where_it_exists_and_else_absent(roadmap):
    phase, story = roadmap.stories()[0]
    found = progress(phase, story, {}, ["src/a.py"])
    assert [m.presence for m in found] == [Presence.OMITTED, Presence.ABSENT]
    assert [(m.at_target, m.lacks, m.ratio) for m in found] == [(False, 0, None)] * 2


def test_hidden_modules_of_any_phase_are_named_once(roadmap):
    found = hidden(roadmap, {"src/a.py": figures(1, 2)}, ["src/b.py"])
    assert [(m.module, m.presence) for m in found] == [("src/b.py", Presence.OMITTED)]
    assert hidden(roadmap, FILES, []) == []
    only = roadmap.stories()[0][1]
    assert [(m.module, m.story) for m in hidden(roadmap, {}, [], only)] == [("src/a.py", "one"), ("src/b.py", "one")]


@pytest.mark.parametrize(
    ("tests", "files", "tip", "answer", "reason"),
    [
        (RAN, FILES, TIP, Answer.MET, "tests merged and passed, modules at target"),
        (RAN, FILES, None, Answer.UNKNOWN, "no git"),
        (RAN, FILES, [], Answer.NOT_MET, "tests/test_a.py is not on the default branch"),
        (None, FILES, TIP, Answer.UNKNOWN, "no evidence of phase1 yet"),
        ({"tests/test_a.py": FileTests(1, 0, 1)}, FILES, TIP, Answer.NOT_MET, "none of its tests passed"),
        ({"tests/x.py": FileTests(3, 3)}, FILES, TIP, Answer.NOT_MET, "none of its tests passed"),
        (RAN, {**FILES, "src/a.py": figures(2, 5)}, TIP, Answer.NOT_MET, "src/a.py 40.00 of 50"),
        (RAN, {"src/a.py": FILES["src/a.py"]}, TIP, Answer.NOT_MET, "src/b.py not measured of 50"),
    ],
)
def test_a_story_is_done_by_its_tests_and_its_modules(roadmap, tests, files, tip, answer, reason):
    phase, story = roadmap.stories()[0]
    evidence = Detail(FORMAT, files, Tests(files=tests)) if tests is not None else None
    verdict = done(phase, story, evidence, tip, "no git")
    assert (verdict.question, verdict.answer) == ("one", answer)
    assert verdict.reason.startswith(reason)
