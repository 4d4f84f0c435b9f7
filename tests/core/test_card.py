import pytest

from coverage_roadmap.core.card import Column, card
from coverage_roadmap.core.roadmap import Phase, Story, build
from coverage_roadmap.core.verdict import Answer, Verdict

TESTS = ["tests/test_a.py", "tests/test_b.py::test_x"]
PHASE = build(Phase, {"name": "phase2", "fail-under": 60})
MET, NOT_MET, UNKNOWN = (Verdict("s", answer, f"because {answer}") for answer in Answer)


def story(owner="", design=""):
    return build(Story, {"id": "s", "modules": ["src/a.py"], "tests": TESTS, "owner": owner, "design": design})


@pytest.mark.parametrize(
    ("done", "branch", "on_branch", "who", "column", "reason"),
    [
        (MET, None, (), {}, Column.DONE, "because met"),
        (MET, "coverage/s", TESTS, {"owner": "a", "design": "d"}, Column.DONE, "because met"),
        (NOT_MET, "coverage/s", TESTS, {}, Column.READY_FOR_REVIEW, "its tests are on coverage/s"),
        (UNKNOWN, "coverage/s", TESTS, {}, Column.READY_FOR_REVIEW, "its tests are on coverage/s"),
        (NOT_MET, "coverage/s", TESTS[:1], {}, Column.IN_PROGRESS, "branch coverage/s"),
        (UNKNOWN, "coverage/s", (), {}, Column.IN_PROGRESS, "branch coverage/s"),
        (NOT_MET, None, (), {"owner": "ann", "design": "d.md"}, Column.IN_PROGRESS, "ann has a test design: d.md"),
        (NOT_MET, None, (), {"owner": "ann"}, Column.BACKLOG, "because not met"),
        (NOT_MET, None, (), {"design": "d.md"}, Column.BACKLOG, "because not met"),
        (UNKNOWN, None, TESTS, {}, Column.BACKLOG, "because unknown"),
    ],
)
def test_a_storys_column_follows_from_its_evidence(done, branch, on_branch, who, column, reason):
    made = card(PHASE, story(**who), done, branch, on_branch)
    assert (made.phase, made.story.id, made.column, made.reason) == ("phase2", "s", column, reason)


def test_the_columns_stand_as_on_the_board():
    assert list(Column) == ["Backlog", "In Progress", "Ready for Review", "Done"]
