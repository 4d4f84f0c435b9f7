import msgspec
import pytest

from coverage_roadmap.core import shard
from coverage_roadmap.core.artifact import Shard
from coverage_roadmap.core.matrix import Job, Split, jobs, pythons, split, strategy
from coverage_roadmap.core.roadmap import Roadmap, build
from coverage_roadmap.errors import UsageError

ONE = {"phase1": Split("phase1"), "phase2": Split("phase2")}
TENS = {f"tests/test_{n}.py::test": 10.0 for n in range(40)}


def test_each_phase_has_a_job_for_each_python_the_canonical_leg_first(roadmap):
    made = jobs(roadmap, roadmap.phases, "3.14", ONE)
    assert made == [
        Job(phase, python, phase if python == "3.11" else f"{phase}-{python}", canonical=python == "3.11")
        for phase in ("phase1", "phase2")
        for python in ("3.11", "3.12", "3.13")
    ]
    assert [job.name for job in made[:2]] == ["phase1 on 3.11", "phase1 on 3.12"]
    assert made[0].arguments == ["--shard", "1/1"]


def test_each_shard_of_a_phase_is_a_job_that_names_what_it_was_planned_from(roadmap):
    made = jobs(roadmap, roadmap.phases[:1], "", {"phase1": Split("phase1", 2, 50, 60, "r1")})
    every = [(python, Shard(number, 2)) for python in ("3.11", "3.12", "3.13") for number in (1, 2)]
    assert [(job.python, job.shard) for job in made] == every
    assert made[3].name == "phase1 on 3.12, shard 2/2"
    assert made[3].arguments == ["--shard", "2/2", "--planned-from", "r1"]
    assert len({job.artifact for job in made}) == len(made)


def test_a_canonical_python_outside_of_the_matrix_runs_too(roadmap):
    made = jobs(msgspec.structs.replace(roadmap, python="3.10"), roadmap.phases[:1], "3.14", ONE)
    assert [(job.python, job.canonical) for job in made] == [
        *(("3.10", True), ("3.11", False), ("3.12", False), ("3.13", False))
    ]


def test_a_config_that_names_no_python_has_one_job_on_the_one_at_hand():
    bare = build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 50}]})
    assert jobs(bare, bare.phases, "3.14", ONE) == [Job("phase1", "3.14", "phase1", canonical=True)]
    assert pythons(bare) == []


def test_more_jobs_than_a_matrix_takes_are_refused(roadmap):
    with pytest.raises(UsageError, match="300 jobs are more than the 256 of a matrix"):
        jobs(roadmap, roadmap.phases[:1], "", {"phase1": Split("phase1", 100)})


def test_the_strategy_is_what_a_workflow_takes():
    assert strategy([Job("phase1", "3.12", "phase1-3.12", False, Shard(1, 2), "r")]) == {
        "include": [
            {
                **{"name": "phase1 on 3.12, shard 1/2", "phase": "phase1", "python": "3.12"},
                **{"session": "phase1-3.12", "arguments": "--shard 1/2 --planned-from r", "shard": "1/2"},
                **{"artifact": "coverage-phase1-3.12-1-of-2", "canonical": False},
            }
        ]
    }
    assert strategy([]) == {"include": []}


@pytest.mark.parametrize(
    ("target", "most", "of", "longest"),
    [(500, 8, 1, 420), (420, 8, 1, 420), (419, 8, 2, 220), (120, 8, 4, 120), (119, 8, 5, 100), (60, 4, 4, 120)],
)
def test_the_fewest_shards_that_stay_under_the_wanted_time(target, most, of, longest):
    made = split("phase1", TENS, 20.0, target, most, "r")
    assert (made.of, made.longest, made.planned_from) == (of, longest, "r")
    assert bool(made.note) == (longest > target)


def test_what_more_shards_cannot_shorten_takes_no_more_of_them():
    seconds = {"t.py::long": 200.0, **{f"t{n}.py::t": 10.0 for n in range(20)}}
    made = split("phase1", seconds, 5.0, 120, 64, "r")
    assert (made.of, made.longest) == (2, 205)
    assert made.note == "phase1: the longest shard takes about 205 s, and was to stay under 120"
    assert made.longest - 5 <= 1.05 * shard.longest(seconds, 64)


def test_what_takes_longer_beside_the_tests_than_wanted_is_divided_as_far_as_it_pays():
    made = split("phase1", TENS, 130.0, 120, 8, "r")
    assert made.of == 8
    assert made.note.endswith(
        "stay under 120, which none can: a job takes 130.0 s beside its tests; raise ci.target-seconds"
    )


def test_tests_that_take_no_time_are_one_shard():
    assert split("phase1", {"t.py::t": 0.0}, 130.0, 120, 8, "r").of == 1


def test_without_durations_there_is_one_shard_and_it_is_said():
    made = split("phase1", {}, 0.0, 120, 8, "")
    assert made == Split("phase1")
    assert made.note == "phase1: one shard, since no full run of the canonical leg has recorded durations yet"
