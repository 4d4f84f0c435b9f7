"""Evidence: what the newest measurement is worth, and whether closed phases are borne out."""

import pytest

from coverage_roadmap.core.measurement import Failure, Kind, Outcomes
from coverage_roadmap.core.rules.evidence import ClosedWithoutProof, NoEvidence, TestsNotGreen
from coverage_roadmap.core.verdict import Answer, Verdict

RECORD = "20260301T100000000000Z-phase2-0123abcd"


@pytest.mark.parametrize(
    ("run", "text", "state"),
    [
        ({}, "", ""),
        ({"kind": Kind.FAILED, "reasons": ("pytest could not finish",)}, "the run is failed: pytest could", "found"),
        ({"kind": Kind.TIMED_OUT}, "the run is timed-out", "found"),
        ({"kind": Kind.PARTIAL, "reasons": ("-x",)}, "the run is partial: -x", "unknown"),
        ({"head": "other"}, "source differ from the commit", "unknown"),
        ({"head": None}, "there is no commit to compare with", "unknown"),
        ({"stale": "stale, tests changed since"}, "stale, tests changed since", "unknown"),
    ],
)
def test_a_broken_run_fails_and_one_that_says_nothing_of_head_is_unknown(facts, ask, measured, run, text, state):
    told = ask(NoEvidence(), facts(measured=measured({}, **run)))
    assert [one.state for one in told] == ([state] if text else [])
    assert all(one.text.startswith(f"{RECORD}: {text}") for one in told)


def test_without_a_measurement_it_is_unknown_and_the_command_that_measures_is_named(facts, ask, said):
    known = facts(no_measurement="no run of phase1 is recorded here")
    assert ask(NoEvidence(), known) == [said("pyproject.toml", "no run of phase1 is recorded here", "", "unknown")]
    assert [one.mend for one in NoEvidence().find(known)] == ["nox -s phase1"]
    assert [one.mend for one in NoEvidence().find(facts(phase=None))] == ["nox -s with a phase"]


WRONG = Outcomes(
    collected=4,
    passed=1,
    failed=(Failure("tests/test_a.py::test_x", "call", "1 != 2"),),
    errors=(Failure("tests/test_b.py::test_y", "setup", "no port"),),
    not_imported=(Failure("tests/test_c.py", "collect", "no module x"),),
    flaky=("tests/test_d.py::test_z[a::b]",),
)


def test_each_test_that_is_not_green_is_named_by_its_file(facts, ask, said, measured):
    assert ask(TestsNotGreen(), facts(measured=measured({}, outcomes=WRONG))) == [
        said("tests/test_a.py", "tests/test_a.py::test_x failed: 1 != 2"),
        said("tests/test_b.py", "tests/test_b.py::test_y failed: no port"),
        said("tests/test_c.py", "does not import: no module x"),
        said("tests/test_d.py", "tests/test_d.py::test_z[a::b] passed only when run again"),
    ]


def test_a_cut_run_still_tells_what_failed_and_a_stale_or_a_green_or_no_run_tells_nothing(facts, ask, measured):
    assert len(ask(TestsNotGreen(), facts(measured=measured({}, outcomes=WRONG, kind=Kind.PARTIAL)))) == 4
    for run in (measured({}, outcomes=WRONG, stale="stale"), measured({}), None):
        assert ask(TestsNotGreen(), facts(measured=run)) == []


def test_a_closed_phase_is_found_where_it_is_not_borne_out_and_unknown_without_a_history(facts, ask, said):
    answers = {
        "phase1": Verdict("phase1 closed", Answer.MET, "on r1"),
        "phase2": Verdict("phase2 closed", Answer.NOT_MET, "the history has no record r2"),
        "phase3": Verdict("phase3 closed", Answer.UNKNOWN, "there is no history here to look for r3"),
    }
    assert ask(ClosedWithoutProof(), facts(closed=answers)) == [
        said("pyproject.toml", "phase2 is closed: the history has no record r2", "phase2 closed"),
        said("pyproject.toml", "phase3 is closed: there is no history here to look for r3", "phase3 closed", "unknown"),
    ]
