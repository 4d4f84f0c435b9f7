"""What narrows a run, what does not, and that a narrowed run has no gate and closes nothing."""

import pytest

HIGH = "tests/unit/test_alpha.py::test_grade[11-high]"


def test_a_story_runs_its_tests_alone_and_closes_nothing(project):
    full = project.run("run", "phase1")
    ran = project.run("run", "phase1", "--story", "beta")
    assert (full.code, ran.code) == (0, 0)
    assert ran.value("tests") == "1 passed"
    assert "fail-under" not in ran.value("total")
    text = "\n".join(ran.report)
    assert "src/app/beta.py" in text
    assert "src/app/alpha.py" not in text
    assert "exit criteria" not in text
    record = project.record()
    assert record["kind"] == "partial"
    assert record["provenance"]["arguments"] == ["--story=beta"]
    assert record["reasons"] == ["narrowed by hand (--story=beta)"]
    again = project.run("run", "phase1", "-q")
    assert "met" in "\n".join(line for line in again.report if "green" in line)


def test_a_story_that_fails_its_tests_fails_the_run(project):
    project.write({"tests/unit/test_beta.py": "def test_no():\n    assert False\n"})
    assert project.run("run", "phase1", "--story", "beta").code == 1


def test_a_story_without_its_test_files_is_told_so_and_fails(project):
    (project.root / "tests/unit/test_beta.py").unlink()
    ran = project.run("run", "phase2", "--story=beta")
    assert ran.code == 1
    assert "story beta: none of its tests is there yet" in ran.err
    assert "write tests/unit/test_beta.py" in ran.err
    assert project.records() == []


def test_a_story_with_one_of_two_test_files_runs_that_one(project):
    text = (project.root / "pyproject.toml").read_text()
    project.write(
        {"pyproject.toml": text.replace('["tests/unit/test_beta.py"]\n', '["tests/x.py", "tests/unit/test_beta.py"]\n')}
    )
    ran = project.run("run", "phase2", "--story=beta")
    assert ran.code == 0, ran.err
    assert ran.value("tests") == "1 passed"
    assert "phase2 beta: tests/x.py is not there yet" in ran.value("note")


def test_a_storys_node_id_that_is_not_there_yet_is_said_and_the_others_run(project):
    text = (project.root / "pyproject.toml").read_text()
    ids = '["tests/unit/test_alpha.py::test_grade", "tests/unit/test_alpha.py::test_gone"]'
    project.write({"pyproject.toml": text.replace('["tests/unit/test_alpha.py"]\n', f"{ids}\n")})
    ran = project.run("run", "phase1", "--story=alpha")
    assert ran.code == 0, ran.err
    assert ran.value("tests") == "2 passed"
    assert "phase1 alpha: tests/unit/test_alpha.py::test_gone is not there yet" in ran.value("note")


@pytest.mark.parametrize(
    ("words", "tests"),
    [
        (["-k", "grade and high"], "1 passed"),
        (["-k", "grade or name", "-v"], "3 passed"),
        (["--", "-k", "not name and not low"], "1 passed"),
        (["--deselect", HIGH], "2 passed"),
        (["-k=grade and 'low'"], None),
        (["--maxfail=1"], "3 passed"),
        (["-x"], "3 passed"),
        (["--lf"], "3 passed"),
        (["tests/unit/test_core.py"], None),
    ],
)
def test_other_words_go_to_pytest_and_make_the_run_partial(project, words, tests):
    ran = project.run("run", "phase1", *words)
    record = project.record()
    given = [word for word in words if word != "--"]
    assert record["provenance"]["arguments"] == given
    assert record["kind"] in ("partial", "failed")
    assert "fail-under" not in ran.value("total")
    if tests:
        assert ran.code == 0
        assert ran.value("tests") == tests


@pytest.mark.parametrize("words", [["-v"], ["-q", "--tb=short"], ["--", "-rA", "--durations=3"], ["-s", "--color=yes"]])
def test_harmless_words_keep_it_full_and_gated(project, words):
    ran = project.run("run", "phase1", *words)
    assert ran.code == 0
    assert ran.value("total").endswith("fail-under 50: met")
    record = project.record()
    assert (record["kind"], record["provenance"]["arguments"]) == ("full", [w for w in words if w != "--"])


@pytest.mark.parametrize(
    ("given", "kind"),
    [("-k 'grade and high'", "partial"), ("-v", "full"), ("-k 'unclosed", "failed"), ("--no-cov", "partial")],
)
def test_pytest_addopts_narrows_like_words_given_by_hand(project, given, kind):
    project.env["PYTEST_ADDOPTS"] = given
    ran = project.run("run", "phase1")
    record = project.record()
    assert record["kind"] == kind
    assert record["provenance"]["arguments"]
    assert (ran.code == 0) == (given in ("-v", "-k 'grade and high'"))


ELSEWHERE = {
    **{"COVERAGE_FILE": "/nonexistent/x", "COVERAGE_RCFILE": "/nonexistent/rc", "COVERAGE_CORE": "pytrace"},
    **{"COVERAGE_PROCESS_START": "/nonexistent/rc", "GIT_DIR": "/nonexistent/git", "GIT_INDEX_FILE": "/nonexistent/i"},
    **{"PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "error", "LC_ALL": "C"},
}


@pytest.mark.parametrize("variables", [ELSEWHERE, {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}])
def test_what_the_shell_has_set_for_others_does_not_change_the_figures(project, variables):
    project.env.update(variables)
    ran = project.run("run", "phase1")
    assert ran.code == 0, ran.out + ran.err
    assert ran.value("total") == "58.33 % (7 of 12 lines), fail-under 50: met"
    assert project.record()["kind"] == "full"
    assert project.record()["provenance"]["commit"]


def test_the_configs_own_words_and_variables_reach_the_tests_and_keep_it_full(project):
    code = "import os\n\n\ndef test_env():\n    assert os.environ['ZONE'] == 'a b'\n"
    project.write({"tests/unit/test_env.py": code})
    project.config(keys='env = { ZONE = "a b" }\npytest-args = ["-k", "not low"]')
    ran = project.run("run", "phase1", "--gate=none")
    assert ran.code == 0
    assert ran.value("tests") == "3 passed"
    assert project.record()["kind"] == "full"
    assert project.record()["outcomes"]["deselected"] == 1
