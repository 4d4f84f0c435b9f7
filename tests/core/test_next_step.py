"""The next step is a command: the first for what is not met, then for what is unknown, then to close."""

from datetime import date

import pytest

from coverage_roadmap.core.next_step import next_step
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.verdict import Answer, Verdict

NO, UNKNOWN, MET = Answer.NOT_MET, Answer.UNKNOWN, Answer.MET
GREEN = {"criterion": "green"}
AT_61 = {"criterion": "coverage", "at-least": 61}
THRESHOLD = {"criterion": "threshold", "at-least": 60}
BOARD = {"criterion": "board-closed", "stories": ["one", "two"]}
DOCUMENTED = {"criterion": "documented-in-pr", "stories": ["one"]}


def step(*judged, stale=False, **given):
    phase = build(Phase, {"name": "phase2", "fail-under": 60, "exit": [criterion for criterion, _ in judged], **given})
    verdicts = [Verdict(c["criterion"], answer, "why", "two" if c is BOARD else "") for c, answer in judged]
    return next_step(phase, verdicts, stale=stale)


@pytest.mark.parametrize(
    ("criterion", "answer", "told"),
    [
        (GREEN, NO, "nox -s phase2, for green"),
        (GREEN, UNKNOWN, "nox -s phase2, for green"),
        (AT_61, NO, "nox -s phase2, for coverage"),
        (AT_61, UNKNOWN, "nox -s phase2, on the default branch, for coverage"),
        (THRESHOLD, NO, "invoke bump --to 60 --commit, for threshold"),
        (BOARD, NO, "nox -s phase2 -- --story two, for board-closed"),
        (DOCUMENTED, UNKNOWN, "invoke pr-summary --record, for documented-in-pr"),
        (GREEN, MET, "invoke close --phase phase2"),
    ],
)
def test_each_criterion_has_its_command(criterion, answer, told):
    assert step((criterion, answer)) == told


def test_what_is_documented_and_not_merged_is_to_be_merged():
    phase = build(Phase, {"name": "phase2", "fail-under": 60, "exit": [DOCUMENTED]})
    verdict = Verdict("documented in a PR", NO, "recorded at 0a1b2c3d, which is not merged", "0a1b2c3d")
    assert next_step(phase, [verdict]) == "git merge 0a1b2c3d, for documented in a PR"


def test_a_leg_that_is_not_green_is_the_one_to_run_again():
    phase = build(Phase, {"name": "phase2", "fail-under": 60, "exit": [GREEN]})
    assert next_step(phase, [Verdict("green", NO, "1 of 3 tests failed on Python 3.12", "3.12")]) == (
        "nox -s phase2-3.12, for green"
    )


def test_lines_that_lack_are_looked_for_and_not_run_again():
    phase = build(Phase, {"name": "phase2", "fail-under": 60, "exit": [AT_61]})
    lacks = Verdict("coverage at least 61", NO, "50.06: 801 more lines to cover", "801 more lines")
    assert next_step(phase, [lacks]) == "invoke targets, for coverage at least 61"
    assert next_step(phase, [lacks], stale=True) == "nox -s phase2"


def test_what_is_not_met_goes_before_what_is_unknown():
    assert step((GREEN, UNKNOWN), (THRESHOLD, NO)).startswith("invoke bump")
    assert step((GREEN, MET), (BOARD, UNKNOWN)).startswith("nox -s phase2 -- --story")


def test_a_stale_run_is_run_again_first_and_a_closed_phase_needs_nothing():
    assert step((THRESHOLD, NO), stale=True) == "nox -s phase2"
    assert step() == "nox -s phase2"
    assert step((GREEN, MET), closed={"on": date(2026, 3, 1), "commit": "c" * 40, "record": "r"}) == ""
