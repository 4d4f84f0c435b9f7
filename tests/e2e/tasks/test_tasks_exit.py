"""`exit-check` and `status`: 0 only when all is met; what is unmet and what is unknown is named."""

import shutil

import pytest

COVERAGE = '{ criterion = "coverage", at-least = 51 }'
FAILED = {"outcomes__failed": [{"id": "t::x", "when": "call", "reason": "no"}]}


def answers(told, team, *words):
    code, data = told(team, "exit-check", *words)
    return code, {c["question"].split(" at ")[0]: (c["answer"], c["reason"]) for c in data["criteria"]}


def test_all_met_is_0_and_the_record_behind_it_is_named(ready, told, invoke):
    code, data = told(ready, "exit-check", "--phase", "phase1")
    assert (code, data["format"], data["answer"]) == (0, 0, "met")
    assert {c["answer"] for c in data["criteria"]} == {"met"}
    assert data["record"] == ready.record()["id"]
    by_task = invoke(ready, "exit-check", "--phase", "phase1")
    assert by_task.returncode == 0
    assert "met board closed: alpha" in by_task.flat


def test_unmet_and_unknown_are_named_and_are_1(team, invoke):
    unmet = invoke(team, "exit-check")
    assert unmet.returncode == 1
    assert "not met threshold at least 50 everywhere: .coveragerc:4 40, pyproject.toml:9 40 and 5 more" in unmet.flat
    unknown = invoke(team, "exit-check", "--phase=phase2")
    assert unknown.returncode == 1
    assert "unknown green: no full run of this phase" in unknown.flat
    assert "unknown documented in a PR" in unknown.flat
    assert "Traceback" not in unmet.stderr + unknown.stderr


def test_a_threshold_counts_as_committed_and_not_as_it_lies_there(team, told):
    assert team.run("bump", "--to", "50").code == 0
    code, dirty = answers(told, team)
    assert (code, dirty["threshold"][0]) == (1, "not met")
    team.commit()
    code, committed = answers(told, team)
    assert (code, committed["threshold"][0]) == (0, "met")


def test_one_site_that_is_left_behind_bars_the_threshold(ready, told, edit):
    edit(ready, "tox.ini", "under=50", "under=49")
    ready.commit()
    code, judged = answers(told, ready)
    assert code == 1
    assert judged["threshold"] == ("not met", "tox.ini:5 49")


def test_a_run_of_an_older_tree_meets_nothing_until_it_runs_again(ready, told, edit):
    edit(ready, "tests/unit/test_core.py", "'core'", "'co' + 're'")
    assert answers(told, ready)[0] == 0, "what is not committed does not make the evidence of HEAD stale"
    ready.commit()
    code, judged = answers(told, ready)
    assert code == 1
    for question in ("green", "coverage", "board closed"):
        assert judged[question][0] == "unknown"
        assert "stale, tests changed since" in judged[question][1]
    assert judged["threshold"][0] == "met"
    ready.write({"README.md": "changes nothing that is measured\n"})
    ready.git("checkout", "-q", "HEAD~1", "--", "tests")
    ready.commit()
    assert answers(told, ready)[0] == 0


def test_a_board_closes_only_with_its_tests_on_the_default_branch(ready, told):
    ready.git("checkout", "-q", "-b", "work")
    ready.git("branch", "-q", "-f", "main", ready.git("rev-list", "--max-parents=0", "HEAD").strip())
    ready.git("checkout", "-q", "--orphan", "empty")
    ready.git("rm", "-rq", "--cached", "tests/unit/test_alpha.py")
    ready.git("commit", "-qm", "without the story's tests")
    ready.git("branch", "-q", "-f", "main", "empty")
    ready.git("checkout", "-qf", "work")
    code, judged = answers(told, ready)
    assert code == 1
    assert judged["board closed"] == ("not met", "alpha: tests/unit/test_alpha.py is not on the default branch")
    assert judged["coverage"][0] == "unknown", "the run's commit is not on it either"


@pytest.mark.parametrize("hours", [-1, 1], ids=["before the canonical leg", "after it"])
def test_a_leg_that_failed_on_the_same_tree_bars_green_and_a_python_outside_of_the_matrix_does_not(
    ready, told, forge, hours
):
    for python in ("3.14", "3.99"):
        leg = {"python": python, "implementation": "cpython", "canonical": False}
        forge(ready, hours, provenance__leg=leg, **FAILED)
    code, judged = answers(told, ready)
    assert (code, judged["green"]) == (1, ("not met", "1 of 3 tests failed on Python 3.14"))
    _, data = told(ready, "status")
    assert data["phases"][0]["next"] == "nox -s phase1-3.14, for green"


@pytest.mark.parametrize(
    ("changes", "target", "reason"),
    [
        ({"tests__files": {"tests/unit/test_core.py": {"collected": 3, "passed": 3}}}, 50, "none of its tests passed"),
        ({}, 90, "src/app/alpha.py 83.33 of 90"),
        ({}, 83, "alpha"),
    ],
)
def test_a_board_closes_only_with_a_test_that_passed_and_modules_at_target(
    ready, told, edit, forge, changes, target, reason
):
    edit(ready, "pyproject.toml", 'id = "alpha"\n', f'id = "alpha"\ntarget = {target}\n')
    ready.commit()
    forge(ready, 1, **changes)
    code, judged = answers(told, ready)
    assert reason in judged["board closed"][1]
    assert (code, judged["board closed"][0]) == ((0, "met") if target == 83 else (1, "not met"))


CASES = {
    "three trees": ([{"tree": "t1"}, {"tree": "t2"}], "met", "58.33 over 3 trees"),
    "two trees": ([{"tree": "t1"}], "unknown", "2 of 3"),
    "one commit three times": ([{}, {}], "unknown", "1 of 3"),
    "failing tests": ([{"tree": "t1"}, {"tree": "t2"}, {"tree": "t3", **FAILED}], "not met", "had failing tests"),
    "a failed run": ([{"tree": "t1"}, {"tree": "t2"}, {"tree": "t3", "kind": "failed"}], "not met", "is failed"),
    "timed out": ([{"tree": "t1"}, {"tree": "t2"}, {"tree": "t3", "kind": "timed-out"}], "not met", "is timed-out"),
    "partial": ([{"tree": "t1"}, {"tree": "t2", "kind": "partial"}, {"tree": "t3"}], "met", "over 3 trees"),
    "mended since": ([{"tree": "t1"}, {"tree": "t2", **FAILED}, {"tree": "t2"}], "met", "over 3 trees"),
    "below": ([{"tree": "t1"}, {"tree": "t2", "totals__missing": 9}], "not met", "25.00 at"),
    "not merged": ([{"tree": "t1"}, {"tree": "t2", "provenance__commit": "branch"}], "unknown", "2 of 3"),
    "dirty": ([{"tree": "t1"}, {"tree__tests": "t2"}], "unknown", "2 of 3"),
    "another leg": ([{"tree": "t1"}, {"tree": "t2", "provenance__leg__canonical": False}], "unknown", "2 of 3"),
}


@pytest.mark.parametrize("case", CASES)
def test_sustained_is_the_newest_run_of_each_of_the_last_trees(ready, told, edit, forge, case):
    before, answer, reason = CASES[case]
    edit(ready, "pyproject.toml", COVERAGE, COVERAGE.replace(" }", ", sustained-runs = 3 }"))
    ready.commit()
    ready.git("checkout", "-q", "-b", "branch")
    ready.commit()
    branch = ready.git("rev-parse", "HEAD").strip()
    ready.git("checkout", "-q", "main")
    for number, changes in enumerate(before):
        changes = {key: branch if value == "branch" else value for key, value in changes.items()}
        forge(ready, number - len(before), **changes)
    code, judged = answers(told, ready)
    assert judged["coverage"][0] == answer
    assert reason in judged["coverage"][1]
    assert code == (answer != "met")


def test_sustained_days_are_spanned_by_those_trees(ready, told, edit, forge):
    days = COVERAGE.replace(" }", ", sustained-runs = 2, sustained-days = 3 }")
    edit(ready, "pyproject.toml", COVERAGE, days)
    ready.commit()
    forge(ready, -30, tree="t2")
    assert answers(told, ready)[1]["coverage"] == ("unknown", "spans 1 of 3 days")
    forge(ready, -73, tree="t1")
    code, judged = answers(told, ready)
    assert (code, judged["coverage"][0]) == (0, "met")


def test_status_shows_each_phase_the_running_one_and_the_distance(team, told, invoke, edit):
    code, data = told(team, "status")
    assert (code, data["format"]) == (0, 0)
    assert [(p["phase"], p["running"], p["closed"]) for p in data["phases"]] == [
        ("phase1", True, None),
        ("phase2", False, None),
    ]
    edit(team, "pyproject.toml", "at-least = 51", "at-least = 75")
    shown = invoke(team, "status")
    assert shown.returncode == 0
    assert "to exit 16.66 points, 2 lines to 75 %" in shown.flat
    assert "not met coverage at least 75: 58.33: 2 more lines to cover" in shown.flat
    markdown = team.run("status", "--format", "md").out
    assert markdown.startswith("## Roadmap\n")
    assert "| " not in markdown
    assert "**to exit**" in markdown


def test_status_of_a_story_shows_the_lines_that_its_modules_miss(team, told, invoke):
    shown = invoke(team, "status", "--story", "alpha")
    assert shown.returncode == 0
    assert "src/app/alpha.py" in shown.flat
    code, data = told(team, "status", "--story", "alpha")
    assert (code, data["story"], data["record"]) == (0, "alpha", team.record()["id"])
    assert data["modules"][0]["missing_lines"] == [[5, 5]]
    never_run = told(team, "status", "--story", "beta")
    assert never_run == (0, {"format": 0, "story": "beta", "record": None, "modules": [], "notes": []})
    misspelt = invoke(team, "status", "--story", "alfa")
    assert misspelt.returncode == 2
    assert "did you mean alpha?" in misspelt.stderr


def test_the_history_branch_answers_where_the_cache_is_gone(ready, told):
    shutil.rmtree(ready.root / ".coverage-roadmap")
    assert answers(told, ready)[0] == 0
    ready.git("branch", "-qD", "coverage-history")
    code, judged = answers(told, ready)
    assert code == 1
    assert [judged[q][0] for q in ("green", "coverage", "board closed")] == ["unknown"] * 3
    assert not (ready.root / ".coverage-roadmap").exists()


def test_without_git_a_phase_is_judged_as_far_as_can_be(team, told):
    shutil.rmtree(team.root / ".git")
    code, judged = answers(told, team)
    assert code == 1
    assert {question: answer for question, (answer, _) in judged.items()} == {
        "green": "met",
        "threshold": "unknown",
        "coverage": "unknown",
        "board closed": "unknown",
    }
