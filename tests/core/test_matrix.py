import msgspec

from coverage_roadmap.core.matrix import Job, jobs, strategy
from coverage_roadmap.core.roadmap import Roadmap, build


def test_each_phase_has_a_job_for_each_python_the_canonical_leg_first(roadmap):
    made = jobs(roadmap, roadmap.phases, "3.14")
    assert made == [
        Job(phase, python, phase if python == "3.11" else f"{phase}-{python}", canonical=python == "3.11")
        for phase in ("phase1", "phase2")
        for python in ("3.11", "3.12", "3.13")
    ]
    assert [job.name for job in made[:2]] == ["phase1 on 3.11", "phase1 on 3.12"]


def test_a_canonical_python_outside_of_the_matrix_runs_too(roadmap):
    made = jobs(msgspec.structs.replace(roadmap, python="3.10"), roadmap.phases[:1], "3.14")
    assert [(job.python, job.canonical) for job in made] == [
        *(("3.10", True), ("3.11", False), ("3.12", False), ("3.13", False))
    ]


def test_a_config_that_names_no_python_has_one_job_on_the_one_at_hand():
    bare = build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 50}]})
    assert jobs(bare, bare.phases, "3.14") == [Job("phase1", "3.14", "phase1", canonical=True)]


def test_the_strategy_is_what_a_workflow_takes():
    assert strategy([Job("phase1", "3.12", "phase1-3.12", canonical=False)]) == {
        "include": [
            {
                **{"name": "phase1 on 3.12", "phase": "phase1", "python": "3.12"},
                **{"session": "phase1-3.12", "canonical": False},
            }
        ]
    }
    assert strategy([]) == {"include": []}
