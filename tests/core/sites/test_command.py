import pytest

from coverage_roadmap.core.sites import Around

COMPUTED = "1 its value is computed or comes from elsewhere"
NO_NUMBER = "1 its value is no number"
PIECES = "1 it is written in pieces or with escapes"
OVERRIDDEN = "1 a later option on the same command line overrides this threshold"
OFF = "1 coverage is switched off on the same command line, and its gate with it"
NO_COV = "1 --cov-fail-under does nothing without --cov"
PART = "1 the gate is on a part of the tests: "
LATER = "1 its failure is lost: other commands follow, and the shell does not stop at an error"
PIPE = "1 its exit status is that of the last command of a pipe, without pipefail"
SWALLOWED = "1 its failure is swallowed by `||` and a command that succeeds"


@pytest.mark.parametrize(
    ("line", "sites"),
    [
        ("pytest --cov --cov-fail-under=60", ["60 command"]),
        ("python -m pytest --cov=src --cov-fail-under 60.5", ["60.5 command"]),
        ("timeout 600 ./venv/bin/pytest --cov '--cov-fail-under=60'", ["60 command"]),
        ('uv run pytest --cov "--cov-fail-under" "60"', ["60 command"]),
        ("tox -- --cov-fail-under=60", ["60 command"]),
        ("make test ARGS='--cov --cov-fail-under=60'", ["60 command"]),
        ('PYTEST_ADDOPTS="--cov --cov-fail-under=60" pytest', ["60 command"]),
        ('export PYTEST_ADDOPTS="--cov-fail-under=60 --cov"', ["60 command"]),
        ("bash -c 'pytest --cov --cov-fail-under=60'", ["60 command"]),
        ("total=$(pytest --cov --cov-fail-under=60)", ["60 command"]),
        ("coverage report --fail-under=60", ["60 command"]),
        ("python3 -m coverage html --fail-under 60", ["60 command"]),
        ("coverage run --fail-under=60", []),
        ("coverage", []),
        ("diff-cover coverage.xml --fail-under=60", []),
        ("interrogate --fail-under=60 # pytest", []),
        ("echo 'run pytest --cov-fail-under=60'", []),
        ("git commit -m 'pytest --cov-fail-under=60'", []),
        ("# pytest --cov-fail-under=60", []),
        ("COV_FAIL_UNDER=60", ["60 variable"]),
        ("export COVERAGE_THRESHOLD='60'", ["60 variable"]),
        ("docker run -e COV_FAIL_UNDER=60 image", ["60 variable"]),
        ("docker run -eMIN_COVERAGE=60 image", ["60 variable"]),
        ('echo "COV_FAIL_UNDER=60" >> "$GITHUB_ENV"', ["60 variable"]),
        ("DIFF_FAIL_UNDER=60 PYLINT_FAIL_UNDER=9 COV_FAIL_UNDER= COVERAGE_THRESHOLD=high", []),
        ("MIN=60 pytest", []),
        ("MIN=60; pytest --cov --cov-fail-under=$MIN", ["60 variable"]),
        ("MIN=60; pytest --cov --cov-fail-under=${MIN}", ["60 variable"]),
        ("COV_FAIL_UNDER=60; pytest --cov --cov-fail-under=$COV_FAIL_UNDER", ["60 variable"]),
    ],
)
def test_a_command_line_holds_a_site_in_an_option_or_a_variable(look, line, sites):
    seen = look("x.sh", line)
    assert (seen.sites, seen.unclear, seen.flaws) == ([f"1 {site}" for site in sites], [], [])


@pytest.mark.parametrize(
    ("line", "project"),
    [
        ("cd services/api && pytest --cov --cov-fail-under=60", "services/api"),
        ("cd services; cd api/../web; pytest --cov --cov-fail-under=60", "services/web"),
        ("cd x; cd -; cd; pytest --cov --cov-fail-under=60", "x"),
        ('cd "$API" && pytest --cov --cov-fail-under=60', ""),
        ("cd a/..; pytest --cov --cov-fail-under=60", ""),
        ("(cd x); pytest --cov --cov-fail-under=60", ""),
        ("cd x && bash -c 'cd y; pytest --cov --cov-fail-under=60'", "x/y"),
        ("COVERAGE_ROADMAP_CONFIG=.ci/self pytest --cov --cov-fail-under=60", ".ci/self"),
        ("COVERAGE_ROADMAP_CONFIG=a; pytest --cov --cov-fail-under=60", "a"),
        ("cd x; export COVERAGE_ROADMAP_CONFIG=a; pytest --cov --cov-fail-under=60", "x/a"),
        ("pytest --cov --rootdir=api --cov-fail-under=60", "api"),
        ("cd x; pytest --cov --cov-config api/.coveragerc --cov-fail-under=60", "x/api/.coveragerc"),
        ("coverage report --rcfile=api/.coveragerc --fail-under=60", "api/.coveragerc"),
    ],
)
def test_the_project_of_a_site_is_what_its_step_names(look, line, project):
    assert look("x.sh", line).sites == [f"1 60 command {project}".strip()]


def test_a_variable_belongs_to_the_project_of_its_step(look):
    assert look("x.sh", "cd api; COV_FAIL_UNDER=60").sites == ["1 60 variable api"]
    assert look("x.sh", "cd api; MIN=60; pytest --cov --cov-fail-under=$MIN").sites == ["1 60 variable api"]


@pytest.mark.parametrize(
    ("line", "unclear"),
    [
        ("pytest --cov --cov-fail-under=$MIN", COMPUTED),
        ("pytest --cov --cov-fail-under=${MIN:-60}", COMPUTED),
        ("pytest --cov --cov-fail-under=$(cat min)", COMPUTED),
        ("pytest --cov --cov-fail-under=`cat min`", COMPUTED),
        ("COV_FAIL_UNDER=$OTHER", COMPUTED),
        ("pytest --cov --cov-fail-under=high", NO_NUMBER),
        ("pytest --cov --cov-fail-under=1e1", NO_NUMBER),
        ("pytest --cov --cov-fail-under=", NO_NUMBER),
        ("pytest --cov --cov-fail-under", NO_NUMBER),
        ("pytest --cov --cov-fail-under=1234567890", NO_NUMBER),
        ("pytest --cov --cov-fail-under=6'0'", PIECES),
    ],
)
def test_a_threshold_that_is_no_plain_number_is_unclear(look, line, unclear):
    assert look("x.sh", line).unclear == [unclear]


@pytest.mark.parametrize(
    ("line", "flaws"),
    [
        (
            "pytest --cov --cov-fail-under=80 --cov-fail-under=0",
            ["1 a threshold of 0 lets everything pass", OVERRIDDEN],
        ),
        ("pytest --cov --cov-fail-under=80 --no-cov", [OFF]),
        ("pytest --cov --cov-fail-under=80 -p no:cov", [OFF]),
        ("pytest --cov-fail-under=80", [NO_COV]),
        ("pytest --cov-fail-under=80 $ARGS", []),
        ('pytest --cov-fail-under=80 "$@"', []),
        ("pytest --cov --cov-fail-under=80 -k smoke", [f"{PART}-k smoke"]),
        ("pytest --cov --cov-fail-under=80 -m 'slow or api'", [f"{PART}-m slow or api"]),
        ("pytest --cov --cov-fail-under=80 -k=smoke", [f"{PART}-k smoke"]),
        ("pytest --cov --cov-fail-under=80 -k", [f"{PART}-k"]),
        ("pytest --cov --cov-fail-under=80 tests/test_a.py::test_b", [f"{PART}tests/test_a.py::test_b"]),
        ("pytest --cov --cov-fail-under=80 --lf", [f"{PART}--lf"]),
        ("pytest --cov --cov-fail-under=80 --deselect=a::b", [f"{PART}--deselect=a::b"]),
        ("pytest --cov --cov-fail-under=80 -m 'not slow and not api' tests -x --maxfail=3 --ff", []),
        ("python -m pytest --cov --cov-fail-under=80 tests", []),
        ("coverage report --fail-under=80 || true", [SWALLOWED]),
        ("tox -e pytest -- --cov-fail-under=80 -k smoke", []),
        ("pip install pytest --cov-fail-under=80", []),
        ("bash -c 'pytest --cov --cov-fail-under=80 || true'", [SWALLOWED]),
        ("bash -c 'pytest --cov --cov-fail-under=80' || true", [SWALLOWED]),
        ("bash -c 'pytest --cov --cov-fail-under=80; echo x'", [LATER]),
        ("bash -ec 'pytest --cov --cov-fail-under=80; echo x'", []),
        ("bash -c 'pytest --cov --cov-fail-under=80 | tee x'", [PIPE]),
        ("bash -eo pipefail -c 'pytest --cov --cov-fail-under=80 | tee x'", []),
        ("total=$(pytest --cov --cov-fail-under=80 | tail -1)", []),
    ],
)
def test_what_takes_a_gate_back_is_a_flaw(look, line, flaws):
    assert look("x.sh", line).flaws == flaws


@pytest.mark.parametrize(
    ("line", "addopts", "flawed"),
    [
        ("pytest || true", "--cov --cov-fail-under=80", True),
        ("pytest --cov || true", "--cov-fail-under=80", True),
        ("pytest || true", "--cov-fail-under=80", False),
        ("pytest || true", "--cov", False),
        ("pip install pytest || true", "--cov --cov-fail-under=80", False),
        ("nox -s lint || true", "", False),
        ("nox -s phase2 || true", "", True),
        ("nox -s lint -- --gate threshold || true", "", True),
        ("coverage-roadmap check || true", "", True),
        ("coverage-roadmap standup || true", "", False),
        ("inv check || true", "", True),
        ("invoke || true", "", False),
        ("ruff check || true # pytest", "", False),
    ],
)
def test_a_command_whose_threshold_stands_elsewhere_is_a_gate_too(look, line, addopts, flawed):
    seen = look("x.sh", line, Around(addopts, frozenset({"phase2"})))
    assert (seen.sites, seen.flaws) == ([], [SWALLOWED] if flawed else [])


RERUN = "1 its failure is swallowed by `||` and a run of the tests without the threshold"


@pytest.mark.parametrize(
    ("line", "addopts", "flawed"),
    [
        ("hatch run cov:test --cov-fail-under 75 || hatch -v run test:test --lf", "", True),
        ("pytest --cov --cov-fail-under=75 || pytest --last-failed", "-q", True),
        ("pytest --cov --cov-fail-under=75 || pytest --last-failed", "--cov", False),
        ("pytest --cov --cov-fail-under=75 || pytest -x --cov --cov-fail-under=75", "", False),
        ("pytest --cov --cov-fail-under=75 || hatch run cov:test --lf", "", False),
        ("pytest --cov --cov-fail-under=75 || pytest --lf && coverage report --fail-under=75", "", False),
        ("pytest --cov --cov-fail-under=75 || pytest", "", False),
        ("nox -s phase2 || pytest --lf", "", False),
    ],
)
def test_a_gate_behind_which_what_failed_runs_again_without_it_is_a_flaw(look, line, addopts, flawed):
    assert look("x.sh", line, Around(addopts, frozenset({"phase2"}))).flaws == ([RERUN] if flawed else [])


BACKGROUND = "1 it runs in the background, where nobody sees it fail"
CONDITION = "1 its failure is swallowed: it is the condition of an `if` that does nothing where it fails"
TURNED = "1 `!` turns its failure into a success"


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("GATE &", BACKGROUND),
        ("GATE & echo x", BACKGROUND),
        ("GATE & wait $!", None),
        ("! GATE", TURNED),
        ("! GATE && exit 1", None),
        ("if GATE; then echo ok; fi", CONDITION),
        ("if GATE; then x=1; fi", None),
        ("if GATE; then echo ok; else exit 1; fi", None),
        ("if GATE; then echo ok; elif b; then exit 1; fi", None),
        ("if GATE; then (exit 1); fi", None),
        ("if GATE; then if b; then c; fi; fi", None),
        ("if GATE; then echo ok; fi || exit 1", None),
        ("if GATE && b; then echo ok; fi", None),
        ("if GATE; then echo ok", None),
        ("if GATE; then echo ok; exit 0; fi; echo red; exit 1", None),
        ("f() { if GATE; then return 0; fi; return 1; }", None),
        ("while b; do if GATE; then break; fi; c; done", None),
        ("if GATE; then echo ok; exit 0; fi", CONDITION),
        ("if ! GATE; then exit 1; fi", None),
        ("if ! GATE; then echo red; fi", CONDITION),
        ("if ! GATE; then fi", None),
        ("while GATE; do echo x; done", None),
    ],
)
def test_a_failure_that_nobody_sees_is_a_flaw(look, line, flaw):
    text = line.replace("GATE", "pytest --cov --cov-fail-under=80")
    assert look("x.sh", f"set -e; {text}").flaws == ([flaw] if flaw else [])


def test_a_gate_on_a_part_of_the_roadmaps_tests_is_a_flaw(look):
    line, around = "pytest --cov --cov-fail-under=80 tests/test_a.py", Around(tests=("tests",))
    assert look("x.sh", line, around).flaws == ["1 the gate is on a part of the tests: tests/test_a.py"]
    assert look("x.sh", line).flaws == []


def test_a_cov_in_the_addopts_serves_the_command_line(look):
    assert look("x.sh", "pytest --cov-fail-under=80", Around("-q --cov=src")).flaws == []


def test_commands_in_commands_are_looked_into_a_few_levels_deep(look):
    assert look("x.sh", "$(" * 3 + "pytest --cov --cov-fail-under=60" + ")" * 3).sites == ["1 60 command"]
    assert look("x.sh", "$(" * 20 + "pytest --cov --cov-fail-under=60" + ")" * 20).sites == []
