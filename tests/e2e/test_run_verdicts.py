"""Exit codes 0 and 1: the tests and the gate decide; what is missing is said."""

import pytest

PHASES = """
[[tool.coverage-roadmap.phases]]
name = "phase1"
fail-under = 50

[[tool.coverage-roadmap.phases.stories]]
id = "alpha"
modules = ["src/app/alpha.py"]
tests = ["tests/unit/test_beta.py"]
"""
FAILING = "def test_wrong():\n    assert 1 == 2, 'one is not two'\n"


def test_a_failing_test_fails_the_run_and_is_named_with_its_reason(project):
    project.write({"tests/unit/test_wrong.py": FAILING})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("failed").startswith("tests/unit/test_wrong.py::test_wrong: AssertionError: one is not two")
    assert ran.value("next") == "mend tests/unit/test_wrong.py::test_wrong"
    assert project.record()["kind"] == "full"
    assert project.record()["outcomes"]["failed"][0]["id"] == "tests/unit/test_wrong.py::test_wrong"


def test_an_error_in_set_up_and_one_in_tear_down_fail_the_run(project):
    code = (
        "import pytest\n\n\n@pytest.fixture(params=['before', 'after'])\ndef broken(request):\n"
        "    assert request.param != 'before'\n    yield\n    assert request.param != 'after'\n\n\n"
        "def test_it(broken):\n    pass\n"
    )
    project.write({"tests/unit/test_fixture.py": code})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert "2 with errors" in ran.value("tests")
    assert {error["when"] for error in project.record()["outcomes"]["errors"]} == {"setup", "teardown"}


def test_skipped_and_xfailed_tests_are_shown_and_do_not_bar_and_a_strict_xpass_fails(project):
    code = (
        "import pytest\n\n\n@pytest.mark.skip\ndef test_a():\n    pass\n\n\n@pytest.mark.xfail\ndef test_b():\n"
        "    assert False\n\n\n@pytest.mark.xfail\ndef test_c():\n    pass\n"
    )
    project.write({"tests/unit/test_marks.py": code})
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert ran.value("tests") == "3 passed, 1 skipped, 1 xfailed, 1 xpassed"
    project.write({"tests/unit/test_marks.py": code.replace("xfail\ndef test_c", "xfail(strict=True)\ndef test_c")})
    assert project.run("run", "phase1").code == 1


@pytest.mark.parametrize(
    ("lines", "covered", "gate", "shown", "code"),
    [
        (200, 139, "70", "69.50", 1),
        (25_000, 17_499, "70", "69.99", 1),
        (200, 140, "70", "70.00", 0),
        (3, 2, "66.67", "66.66", 1),
        (3, 2, "66.66", "66.66", 0),
        (25_000, 24_999, "100", "99.99", 1),
    ],
)
def test_the_gate_is_exact(project, lines, covered, gate, shown, code):
    missed = lines - covered
    source = "x = 0\n" * (covered - 1) + "def never():\n" + "    x = 0\n" * missed
    project.write({"big/big.py": source, "tests/unit/test_big.py": "import big\n\n\ndef test_big():\n    assert big\n"})
    phases = f'[[tool.coverage-roadmap.phases]]\nname = "phase1"\nfail-under = {gate}\n'
    project.config(phases=phases, pytest="")
    text = (project.root / "pyproject.toml").read_text()
    text = text.replace('pythonpath = ["src"]', 'pythonpath = ["src", "big"]').replace(
        '["src"]\ntests', '["big"]\ntests'
    )
    project.write({"pyproject.toml": text})
    ran = project.run("run", "phase1")
    verdict = "met" if code == 0 else "not met"
    assert ran.value("total") == f"{shown} % ({covered} of {lines} lines), fail-under {gate}: {verdict}"
    assert ran.code == code


@pytest.mark.parametrize(
    ("words", "code", "shown"),
    [
        (["--gate", "phase"], 1, "fail-under 90: not met"),
        (["--gate=threshold"], 0, "fail-under 55: met"),
        (["--gate", "none"], 0, "(7 of 12 lines)"),
    ],
)
def test_the_gate_can_be_the_threshold_or_none(project, words, code, shown):
    project.config(keys="threshold = 55", phases=_raised(project))
    ran = project.run("run", "phase1", *words)
    assert ran.code == code
    assert ran.value("total").endswith(shown)
    if code:
        assert ran.value("next").startswith("cover 4 more lines to reach 90")


def _raised(project):
    text = (project.root / "pyproject.toml").read_text()
    phases = text[text.index("[[tool.coverage-roadmap.phases]]") :]
    return phases.replace("fail-under = 50", "fail-under = 90").replace("fail-under = 80", "fail-under = 95")


def test_the_projects_own_gate_and_early_stops_are_overridden_and_reported(project):
    words = "--cov=tests --cov-fail-under=99 --cov-report=html --maxfail 1 -x"
    project.config(pytest=f'addopts = "{words}"')
    project.write({"tests/unit/test_a.py": FAILING, "tests/unit/test_b.py": FAILING})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert "2 failed" in ran.value("tests")
    assert set(project.record()["provenance"]["overridden"]) == {
        *("--cov=tests", "--cov-fail-under=99", "--cov-report=html", "--maxfail 1", "-x"),
    }
    assert "--cov-fail-under=99" in ran.value("note")
    assert not (project.root / "htmlcov").exists()
    assert all(name.startswith("src/") for name in project.detail())


def test_nothing_collected_is_a_failure_that_says_where_to_look(project):
    for name in ("core", "alpha", "beta"):
        (project.root / f"tests/unit/test_{name}.py").unlink()
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("tests") == "none collected"
    assert "look at tests and exclude" in ran.value("next")
    assert project.record()["kind"] == "partial"


@pytest.mark.parametrize(
    ("phase", "keys", "said"),
    [("phase1", 'exclude = ["tests"]', "exclude takes all"), ("phase0", "", "exclude and the stories take all")],
)
def test_a_selection_that_is_empty_runs_nothing_at_all(project, phase, keys, said):
    project.write({"checks/test_stray.py": "import pathlib\n\n\ndef test_it():\n    pathlib.Path('ran').touch()\n"})
    project.config(keys=keys, phases=PHASES.replace("/test_beta.py", "") if phase == "phase0" else PHASES)
    ran = project.run("run", phase)
    assert ran.code == 1
    assert said in ran.err
    assert not (project.root / "ran").exists()
    assert project.records() == []


def test_nothing_measured_is_a_failure(project):
    project.write({"empty/notes.txt": ""})
    text = (project.root / "pyproject.toml").read_text().replace('source = ["src"]', 'source = ["empty"]')
    project.write({"pyproject.toml": text})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("total").startswith("unknown")
    assert "nothing was measured" in ran.out


@pytest.mark.parametrize("code", ["import no_such_module\n", "def test_(:\n", "raise SystemExit(3)\n", "1 / 0\n"])
def test_a_test_file_that_does_not_import_is_named_and_the_others_still_run(project, code):
    project.write({"tests/unit/test_bad.py": code})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("tests") == "3 passed, 1 files not imported"
    assert ran.value("no import").startswith("tests/unit/test_bad.py: ")
    assert ran.value("next") == "mend tests/unit/test_bad.py, which does not import"
    record = project.record()
    assert (record["kind"], record["reasons"]) == ("partial", ["1 test file did not import"])


def test_a_conftest_that_does_not_import_is_a_failed_run_and_is_recorded_as_such(project):
    project.write({"tests/unit/conftest.py": "import no_such_module\n"})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert "no_such_module" in ran.out + ran.err
    assert project.record()["kind"] == "failed"
    assert ran.value("total") == "unknown: nothing was measured"
    assert "unknown" in next(line for line in ran.report if "src/app/alpha.py" in line)


def test_a_storys_module_that_is_absent_fails_in_any_phase(project):
    (project.root / "src/app/beta.py").unlink()
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("hidden") == "src/app/beta.py (phase2 beta) is absent"
    assert ran.value("next") == "src/app/beta.py does not exist: mend story beta in the config"


@pytest.mark.parametrize("word", ["omit", "include"])
def test_a_storys_module_that_is_omitted_fails_even_above_the_gate(project, word):
    pattern = "*/alpha.py" if word == "omit" else "*/core.py\n    */beta.py"
    section = "run" if word == "omit" else "report"
    project.write({".coveragerc": f"[{section}]\n{word} =\n    {pattern}\n"})
    ran = project.run("run", "phase1", "--gate", "none")
    assert ran.code == 1
    assert "src/app/alpha.py (phase1 alpha) is omitted" in ran.value("hidden")
    assert "omitted" in "\n".join(line for line in ran.report if "src/app/alpha.py" in line)
    assert "*/alpha.py" in project.record()["scope"]["omit"] or word == "include"


def test_a_storys_test_that_is_not_there_yet_is_said_and_not_fatal(project):
    (project.root / "tests/unit/test_alpha.py").unlink()
    ran = project.run("run", "phase1", "--gate", "none")
    assert ran.code == 0
    assert "phase1 alpha: tests/unit/test_alpha.py is not there yet" in ran.value("note")


def test_an_exclude_that_excludes_nothing_is_said_and_not_fatal(project):
    node = "tests/unit/test_core.py::test_none"
    project.config(keys=f'exclude = ["tests/unit/gone.py", "{node}", "tests/unit/test_core.py::test_name", "docs"]')
    ran = project.run("run", "phase1", "--gate", "none")
    assert ran.code == 0
    for useless in ("tests/unit/gone.py", node, "docs"):
        assert f"exclude {useless} excludes nothing" in ran.value("note")
    assert "test_name" not in ran.value("note")
    assert ran.value("tests") == "2 passed"


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_excluded_is_left_out_whatever_the_projects_conftest_says_of_it(project, workers):
    project.write({"tests/conftest.py": "def pytest_ignore_collect(collection_path):\n    return False\n"})
    assert project.run("run", "phase1", "-n", str(workers)).value("tests") == "3 passed"
    assert project.run("run", "phase0", "-n", str(workers)).value("tests") == "1 passed"


def test_a_rerun_that_passes_is_flaky_and_does_not_count_as_passed(project):
    pytest.importorskip("pytest_rerunfailures")
    code = "runs = []\n\n\ndef test_it():\n    runs.append(1)\n    assert len(runs) > 1\n"
    project.write({"tests/unit/test_flaky.py": code})
    ran = project.run("run", "phase1", "--reruns=1")
    assert ran.code == 1
    assert "1 flaky" in ran.value("tests")


def test_a_plugin_that_exits_by_its_own_status_is_not_done(project):
    hook = "def pytest_sessionfinish(session):\n    session.exitstatus = 42\n"
    project.write({"conftest.py": hook})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert project.record()["kind"] == "failed"


def test_a_test_that_ends_pytest_early_makes_it_partial_or_failed_never_full(project):
    project.write({"tests/unit/test_exit.py": "import pytest\n\n\ndef test_it():\n    pytest.exit('enough', 0)\n"})
    ran = project.run("run", "phase1")
    assert ran.code != 0
    assert project.record()["kind"] in ("partial", "failed")
    assert project.record()["outcomes"]["not_run"]
