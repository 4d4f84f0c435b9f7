import re

import pytest

from coverage_roadmap.core.ci import github, gitlab, shell
from coverage_roadmap.core.ci.actions import LOCK
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.refusing import refuse
from coverage_roadmap.core.ci.value import Noted
from coverage_roadmap.core.matrix import Job
from coverage_roadmap.core.roadmap import Roadmap, build
from coverage_roadmap.errors import ConfigError, UsageError

TOP = Place("pyproject.toml", ".", ".", "main")
BELOW = Place("api/pyproject.toml", "api", "api", "trunk+1")


def roadmap(*, matrix=("3.11", "3.12"), tracker="none", timeout=600, python=None, **ci):
    return build(
        Roadmap,
        {
            **({"python": python} if python else {}),
            "matrix": [*matrix],
            "timeout": timeout,
            "requirements": ["req.txt"],
            "board": {"tracker": tracker},
            "ci": {"install": ["-r", "it's.txt"], **ci},
            "phases": [{"name": "phase1", "fail-under": 50}],
        },
    )


def workflows(one, place=TOP):
    return {made.path.removeprefix(".github/workflows/"): made.content for made in github.documents(one, place)}


def jobs(one, name, place=TOP):
    return workflows(one, place)[f"{place.name}-{name}.yml"]["jobs"]


def test_the_workflows_are_named_after_the_configs_folder():
    assert [*workflows(roadmap())] == [f"coverage-{n}.yml" for n in ("pull-request", "comment", "push", "weekly")]
    assert [*workflows(roadmap(schedule=""), BELOW)] == [
        f"coverage-api-{name}.yml" for name in ("pull-request", "comment", "push")
    ]


def test_time_limits_are_the_phases_and_set_up():
    assert jobs(roadmap(timeout=601), "pull-request")["measure"]["timeout-minutes"] == 11 + 15


def test_the_jobs_work_where_the_noxfile_is_and_name_the_config_where_it_is_not_beside():
    beside = workflows(roadmap(), BELOW)["coverage-api-push.yml"]
    assert beside["defaults"]["run"]["working-directory"] == "api"
    assert "COVERAGE_ROADMAP_CONFIG" not in beside["env"]
    assert beside["on"]["push"]["branches"] == [r"trunk\+1"]
    above = workflows(roadmap(), Place("api/pyproject.toml", ".", "api", "main"))["coverage-api-push.yml"]
    assert "working-directory" not in above["defaults"]["run"]
    assert above["env"]["COVERAGE_ROADMAP_CONFIG"] == "api/pyproject.toml"


def uses(value: object) -> list[str]:
    """The names of the actions in a value."""
    if isinstance(value, Noted):
        value = value.value
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        return [name for one in value for name in uses(one)]
    found = re.fullmatch(r"([a-z/-]+)@([0-9a-f]{40})", value) if isinstance(value, str) else None
    return [found[1]] if found else []


def test_what_the_config_names_is_what_the_jobs_have():
    own = roadmap(**{"setup-python": False, "max-parallel": 2, "runner": ["self-hosted", "x"]})
    measure = jobs(own, "pull-request")["measure"]
    assert (measure["runs-on"], measure["strategy"]["max-parallel"]) == (["self-hosted", "x"], 2)
    assert "actions/setup-python" not in uses(measure)
    usual = jobs(roadmap(), "pull-request")["measure"]
    assert (usual["runs-on"], "max-parallel" in usual["strategy"]) == ("ubuntu-latest", False)
    assert "actions/setup-python" in uses(usual)


def test_what_becomes_evidence_rests_on_no_kept_environment():
    assert "actions/cache" in uses(jobs(roadmap(), "pull-request"))
    push = uses(jobs(roadmap(), "push"))
    assert ("actions/cache" in push, "actions/cache/save" in push) == (False, True)


def test_only_what_must_write_may():
    one = roadmap(ratchet=True, tracker="github")
    allowed = {
        f"{name}:{job}": {key for key, value in told["permissions"].items() if value == "write"}
        for name, content in workflows(one).items()
        for job, told in content["jobs"].items()
        if isinstance(told, dict)
    }
    assert {job: kinds for job, kinds in allowed.items() if kinds} == {
        "coverage-comment.yml:comment": {"pull-requests"},
        "coverage-push.yml:combine": {"contents"},
        "coverage-push.yml:ratchet": {"contents", "pull-requests"},
        "coverage-weekly.yml:mirror": {"issues"},
    }
    bare = {*jobs(roadmap(), "push"), *jobs(roadmap(), "weekly")}
    assert not {"ratchet", "mirror"} & bare


def test_the_dashboard_is_kept_for_who_wants_it():
    def kept(**given):
        steps = jobs(roadmap(**given), "weekly")["weekly"]["steps"]
        return [step["with"]["name"] for step in steps if isinstance(step, dict) and "name" in step.get("with", {})]

    assert kept() == ["coverage-diff"]
    assert kept(dashboard=True) == ["coverage-diff", "coverage-dashboard"]


def test_a_ratchet_of_a_config_below_has_a_branch_and_a_title_of_its_own():
    env = jobs(roadmap(ratchet=True), "push", BELOW)["ratchet"]["steps"][-1]["env"]
    assert (env["BRANCH"], env["DEFAULT_BRANCH"]) == ("coverage-api-ratchet", "trunk+1")
    assert env["TITLE"].endswith("(api)")


def test_the_comment_checks_out_nothing_and_says_why_it_may_be_started_so():
    comment = workflows(roadmap())["coverage-comment.yml"]
    assert uses(comment) == ["actions/download-artifact"]
    assert "zizmor: ignore[dangerous-triggers] " in comment["on"].remark
    assert comment["on"].value["workflow_run"]["workflows"] == [
        workflows(roadmap())["coverage-pull-request.yml"]["name"]
    ]


@pytest.mark.parametrize(
    "name", ["MEASURE", "COMBINE", "CHECK", "SUMMARISE", "PUBLISH", "RATCHET", "PROPOSE", "COMMENT"]
)
def test_no_script_holds_an_expression(name):
    assert "${{" not in getattr(shell, name)


def test_each_action_is_locked_once_by_a_full_hash():
    assert len({action.name for action in LOCK}) == len(LOCK)
    assert all(re.fullmatch("[0-9a-f]{40}", action.commit) for action in LOCK)
    assert all(re.fullmatch(r"v[0-9]+\.[0-9]+\.[0-9]+", action.version) for action in LOCK)


@pytest.mark.parametrize(
    ("given", "python"),
    [
        ({}, "3.11"),
        ({"python": "3.9"}, "3.12"),
        ({"matrix": []}, "3.12"),
        ({"matrix": ["3.13"]}, "3.13"),
    ],
)
def test_the_suite_runs_on_the_canonical_leg_where_that_can(given, python):
    assert shell.suite_python(roadmap(**given)) == python


def test_the_suite_runs_on_what_the_config_names():
    one = build(Roadmap, {"ci": {"python": "3.14"}, "phases": [{"name": "phase1", "fail-under": 50}]})
    assert shell.suite_python(one) == "3.14"


def test_gitlab_has_a_file_to_include_and_templates():
    made = gitlab.documents(roadmap(), TOP)
    assert [one.path for one in made] == [".gitlab/coverage.yml", ".gitlab/coverage-jobs.yml"]
    include = made[0].content["coverage"]["trigger"]["include"]
    assert include == [
        {"artifact": "coverage-child.yml", "job": "coverage-plan"},
        {"local": "/.gitlab/coverage-jobs.yml"},
    ]
    measure = made[1].content[".coverage-measure"]
    assert (measure["image"], "tags" in measure, measure["timeout"]) == ("python:$PYTHON", False, "25 minutes")
    below = gitlab.documents(roadmap(runner=["x"]), Place("api/c.toml", "api", ".", "main"))[0].content[
        "coverage-api-plan"
    ]
    assert (below["tags"], below["before_script"][0]) == (["x"], "cd api")
    assert below["variables"]["COVERAGE_ROADMAP_CONFIG"] == "c.toml"


def test_gitlabs_coverage_is_what_the_report_says():
    told = gitlab.documents(roadmap(), TOP)[1].content[".coverage-combine"]["coverage"]
    found = re.search(told.strip("/"), "total       69.83 % (2896 of 4147 lines)", re.MULTILINE)
    assert found
    assert found[1] == "69.83"


def test_an_image_without_a_python_for_the_suite_is_refused():
    with pytest.raises(UsageError, match=r"Python 3\.9 alone"):
        gitlab.documents(roadmap(matrix=["3.12", "3.9"]), TOP)
    assert gitlab.documents(roadmap(matrix=["3.12", "3.9"], image="own:1"), TOP)


def test_gitlabs_child_has_the_jobs_of_the_matrix_and_no_more_than_it_takes():
    job = Job("phase1", "3.12", "phase1-3.12", canonical=False)
    child = gitlab.child(TOP, [job]).content
    assert child["measure"] == {
        "extends": ".coverage-measure",
        "parallel": {
            "matrix": [
                {
                    **{"PYTHON": "3.12", "SESSION": "phase1-3.12", "ARGUMENTS": "--shard 1/1"},
                    "ARTIFACT": "coverage-phase1-3.12-1-of-1",
                }
            ]
        },
    }
    with pytest.raises(UsageError, match="201 jobs are more"):
        gitlab.child(TOP, [job] * 201)


@pytest.mark.parametrize(
    ("one", "place", "told"),
    [
        (roadmap(install=[]), TOP, "ci.install"),
        (roadmap(install=["${{ secrets.X }}"]), TOP, "expression"),
        (roadmap(install=["a\nb"]), TOP, "line's end"),
        (roadmap(), Place("pyproject.toml", ".", ".", "${{ x }}"), "default-branch"),
        (roadmap(), Place("${{ x }}/pyproject.toml", ".", ".", "main"), "the config's path"),
    ],
)
def test_what_no_workflow_can_be_made_from_is_refused(one, place, told):
    with pytest.raises(ConfigError) as refused:
        refuse(one, place)
    assert told in str(refused.value)
    refuse(roadmap(), TOP)
