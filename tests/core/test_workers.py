import pytest

from coverage_roadmap.core.workers import Timed, choose

ALONE = Timed(1, 60, True)


@pytest.mark.parametrize(
    ("wanted", "cpus", "runs", "workers", "why"),
    [
        (3, 8, [], 3, "as the config says"),
        ("auto", 8, [], 1, "one until more"),
        ("auto", 1, [ALONE], 1, "one until more"),
        ("auto", 4, [Timed(1, 60, False)], 1, "one until more"),
        ("auto", 4, [Timed(1, 12, True)], 1, "a run of 12 s gains nothing"),
        ("auto", 4, [ALONE], 4, "tried once, since one takes 60 s"),
        ("auto", 4, [ALONE, Timed(4, 20, False)], 1, "failed on several"),
        ("auto", 4, [ALONE, Timed(4, 20, True)], 4, "measured 3.0 times as fast"),
        ("auto", 4, [ALONE, Timed(4, 55, True)], 1, "did not pay"),
        ("auto", 4, [ALONE, Timed(4, 0, True)], 4, "tried once"),
    ],
)
def test_what_was_measured_decides(wanted, cpus, runs, workers, why):
    choice = choose(wanted, cpus, runs)
    assert choice.workers == workers
    assert why in choice.why
