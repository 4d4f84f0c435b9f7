from fractions import Fraction

import pytest
from msgspec.structs import replace

from coverage_roadmap.core.combined import Combined
from coverage_roadmap.core.measurement import FORMAT, Detail, Measurement, Outcomes, Scope
from coverage_roadmap.core.report import Report
from coverage_roadmap.errors import ExitCode


@pytest.fixture
def report(record):
    def make(branch=False, **given):
        summary = replace(record(**given), scope=Scope(branch=branch))
        return Report(Measurement(summary, Detail(FORMAT, {})), "", None, None, (), (), (), "", (), "r")

    return make


def test_the_gravest_exit_code_counts(report):
    failed = report(outcomes=Outcomes(collected=1, not_run=("x",)), exit_status=1)
    assert Combined([report()], []).exit_code is ExitCode.DONE
    assert Combined([report()], [failed]).exit_code is ExitCode.NOT_MET
    assert Combined([], []).exit_code is ExitCode.NOT_MET


def test_a_gate_that_judged_nothing_is_not_met(report):
    assert Combined([], [report()]).exit_code is ExitCode.NOT_MET
    assert Combined([], [report()], gated=False).exit_code is ExitCode.DONE


def test_another_leg_is_held_against_the_canonical_one_of_its_phase_and_mode(report):
    value = Combined([report(phase="phase1", covered=50), report(covered=70)], [])
    assert value.beside(report(covered=72)) == Fraction(2)
    assert value.beside(report(branch=True)) is None
    assert value.beside(report(phase="phase3")) is None
    assert Combined([report(total=0, covered=0)], []).beside(report()) is None
