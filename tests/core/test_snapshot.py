from decimal import Decimal

import msgspec

from coverage_roadmap.core.measurement import Counts, Failure, Kind, Outcomes
from coverage_roadmap.core.snapshot import SHOWN, snapshot


def ran(failed=()):
    return Outcomes(failed=tuple(Failure(test, "call") for test in failed))


def test_a_snapshot_looks_at_full_runs_of_the_evidences_measured_tree_alone(record):
    evidence = record(outcomes=ran())
    others = [
        record(outcomes=ran(failed=("a",)), tree="t2"),
        record(outcomes=ran(failed=("a",)), kind=Kind.PARTIAL),
    ]
    made = snapshot(evidence, {}, [evidence, *others], Decimal(55), ["pytest.ini:3"])
    assert (made.flaky, made.runs, made.packages, made.modules) == ([], 1, [], [])
    assert (made.threshold, made.sites) == (55, ["pytest.ini:3"])
    failed = msgspec.structs.replace(evidence, outcomes=ran(failed=("a",)))
    again = snapshot(evidence, {}, [evidence, failed], Decimal(55), [])
    assert (again.flaky, again.runs) == (["a"], 2)


def test_the_primary_gaps_are_those_that_miss_most(record):
    files = {f"src/p{n}/m.py": Counts(100, n) for n in range(20)} | {"src/p19/x.py": Counts(10, 5, 0, 10, 4)}
    made = snapshot(record(), files, [], Decimal(0), [])
    assert [gap.path for gap in made.modules] == [f"src/p{n}/m.py" for n in range(19, 9, -1)]
    assert made.packages[0].path == "src/p19"
    assert made.packages[0].counts.ratio.missed == 28
    assert len(made.packages) == SHOWN
    covered = snapshot(record(), {"src/a.py": Counts(10)}, [], Decimal(0), [])
    assert (covered.packages, covered.modules) == ([], [])
