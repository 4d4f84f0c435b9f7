from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    Detail,
    Failure,
    FileFigures,
    Kind,
    Measurement,
    Outcomes,
    Tests,
)
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.report import Report, Share
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.errors import ExitCode

FILES = {"src/a.py": FileFigures(Counts(50, 5), ((1, 5),)), "src/b.py": FileFigures(Counts(50, 25), ((4, 4), (7, 30)))}


@pytest.fixture
def report(record):
    """Makes a report: all met, unless told otherwise; what no report knows goes to its record."""

    def build(files=FILES, seconds=None, **given):
        own = {key: given.pop(key) for key in Report.__slots__ if key in given}
        measurement = Measurement(record(**given), Detail(FORMAT, files, Tests(seconds or {})))
        start = {"heading": "Up", "gate": Decimal(60), "zero": None, "modules": (), "hidden": (), "criteria": ()}
        start |= {"towards_exit": ""}
        return Report(measurement, **{**start, "notes": (), "record": "r", **own})

    return build


def module(name="src/a.py", covered=10, total=20, target=60, spans=((1, 2), (5, 9)), presence=Presence.MEASURED):
    ratio = Ratio(covered, total) if presence is Presence.MEASURED else None
    return ModuleProgress("one", "phase2", name, Decimal(target), presence, ratio, spans if ratio else ())


ABSENT, OMITTED = module(presence=Presence.ABSENT), module(presence=Presence.OMITTED)
WRONG = Failure("t.py::slow", "call", "E")
NOT_RUN = Outcomes(collected=2, passed=1, not_run=("t",))


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({}, ExitCode.DONE),
        ({"gate": None, "covered": 1}, ExitCode.DONE),
        ({"interrupted": True, "kind": Kind.TIMED_OUT}, ExitCode.INTERRUPTED),
        ({"kind": Kind.TIMED_OUT, "history_error": "x"}, ExitCode.TIME_LIMIT),
        ({"kind": Kind.FAILED}, ExitCode.TOOL),
        ({"history_error": "full", "covered": 1}, ExitCode.TOOL),
        ({"outcomes": Outcomes(2, 1, failed=(WRONG,))}, ExitCode.NOT_MET),
        ({"outcomes": Outcomes(2, 1, errors=(WRONG,))}, ExitCode.NOT_MET),
        ({"outcomes": Outcomes(2, 1, not_imported=(WRONG,))}, ExitCode.NOT_MET),
        ({"outcomes": Outcomes(2, 1, flaky=("t",))}, ExitCode.NOT_MET),
        ({"outcomes": Outcomes()}, ExitCode.NOT_MET),
        ({"covered": 0, "total": 0, "gate": None}, ExitCode.NOT_MET),
        ({"hidden": (OMITTED,)}, ExitCode.NOT_MET),
        ({"covered": 59999, "total": 100_000}, ExitCode.NOT_MET),
        ({"exit_status": 1}, ExitCode.NOT_MET),
        ({"exit_status": None}, ExitCode.NOT_MET),
        ({"kind": Kind.PARTIAL, "outcomes": NOT_RUN}, ExitCode.NOT_MET),
        ({"kind": Kind.PARTIAL, "gate": None}, ExitCode.DONE),
        ({"criteria": (Verdict("green", Answer.NOT_MET, "x"),)}, ExitCode.DONE),
    ],
)
def test_the_exit_code_is_the_graver_one(report, given_, code):
    assert report(**given_).exit_code is code


@pytest.mark.parametrize(
    ("given_", "step"),
    [
        ({}, "all that a run can show is met"),
        ({"kind": Kind.PARTIAL, "gate": None}, "run it whole: nox -s phase2"),
        ({"outcomes": Outcomes(not_imported=(Failure("b.py", "x"),))}, "mend b.py, which does not import"),
        ({"outcomes": Outcomes(2, 1, failed=(Failure("q", "call"),))}, "mend q"),
        (
            {"outcomes": Outcomes(9, failed=(Failure("q", "call"),), errors=(WRONG,)), "seconds": {WRONG.id: 3.0}},
            "mend t.py::slow and 1 more",
        ),
        ({"kind": Kind.TIMED_OUT, "outcomes": NOT_RUN}, "see what held t, or raise timeout in the config"),
        (
            {"kind": Kind.TIMED_OUT, "outcomes": Outcomes(2, 2), "seconds": {"a": 1.0, "b": 2.0}},
            "raise timeout in the config",
        ),
        ({"kind": Kind.FAILED}, "read pytest's own words above, then run it again"),
        ({"outcomes": Outcomes()}, "no test was collected: look at tests and exclude in the config"),
        ({"covered": 0, "total": 0}, "nothing was measured: look at source in the config"),
        ({"outcomes": Outcomes(1, flaky=("t",))}, "make t steady: it passed only when run again"),
        ({"exit_status": 1}, "read pytest's own words above: it ended with exit status 1"),
        ({"hidden": (ABSENT,)}, "src/a.py does not exist: mend story one in the config"),
        ({"hidden": (OMITTED, ABSENT)}, "src/a.py is not measured: take it out of omit, or mend source"),
        ({"covered": 59}, "cover 1 more line to reach 60; src/b.py misses most at lines 7-30"),
        ({"covered": 50, "files": {}}, "cover 10 more lines to reach 60"),
        (
            {"covered": 50, "modules": (module("x.py", 11), module("y.py", 3))},
            "cover 10 more lines to reach 60; y.py misses most at lines 5-9",
        ),
        ({"modules": (module(covered=11, spans=()), module(covered=20))}, "cover 1 more line for one; src/a.py"),
        ({"towards_exit": "nox -s phase2"}, "nox -s phase2"),
    ],
)
def test_the_next_step_is_the_one_that_helps_most(report, given_, step):
    assert report(**given_).next_step() == step


SHARE = Share(Shard(2, 4), 8, "kept/artifacts/part")
JOIN = "combine it with the others: nox -s combine -- kept/artifacts"


@pytest.mark.parametrize(
    ("given_", "code", "step"),
    [
        ({"covered": 0, "total": 0}, ExitCode.DONE, JOIN),
        ({"outcomes": Outcomes(), "exit_status": 5}, ExitCode.DONE, JOIN),
        ({"exit_status": 2}, ExitCode.NOT_MET, "read pytest's own words above: it ended with exit status 2"),
        ({"outcomes": Outcomes(2, 1, failed=(WRONG,)), "exit_status": 1}, ExitCode.NOT_MET, "mend t.py::slow"),
        (
            {"outcomes": Outcomes(), "exit_status": 5, "share": Share(Shard(2, 4), 0, "a/b")},
            ExitCode.NOT_MET,
            "no test was collected: look at tests and exclude in the config",
        ),
    ],
)
def test_a_shard_is_judged_by_its_tests_alone(report, given_, code, step):
    made = report(**{"gate": None, "kind": Kind.PARTIAL, "share": SHARE, **given_})
    assert (made.exit_code, made.next_step()) == (code, step)


def test_points_above_phase_zero_are_exact_and_unknown_without_one(report, record):
    assert report().above_zero is None
    assert report(zero=record(covered=1, total=3)).above_zero == Fraction(110, 3)
    assert report(zero=record(covered=0, total=0)).above_zero is None
    assert report(zero=record(), covered=0, total=0).above_zero is None
