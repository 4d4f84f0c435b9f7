import pytest

from coverage_roadmap.core.sites import Around

CI = ".github/workflows/ci.yml"
SHARED = "it is used in several places by an anchor"
PIPE = "its exit status is that of the last command of a pipe, without pipefail"
LATER = "its failure is lost: other commands follow, and the shell does not stop at an error"
GATE = "pytest --cov --cov-fail-under=60"
STEP = f"jobs:\n  a:\n    steps:\n    - run: {GATE}\n"


@pytest.mark.parametrize("file", [CI, "../.github/workflows/ci.yaml", ".github/actions/x/action.yml", "x/action.yml"])
def test_a_workflow_is_known_by_its_place(look, file):
    assert look(file, STEP).sites == ["4 60 command"]


def test_other_yaml_holds_nothing(look):
    assert look("mkdocs.yml", STEP).sites == []
    assert look("x.github/ci.yml", "a: [").unclear == []


@pytest.mark.parametrize(
    ("run", "sites"),
    [
        (GATE, ["4 60 command"]),
        ("|\n        cd api\n        pytest --cov \\\n          --cov-fail-under=60\n", ["7 60 command api"]),
        ("|2-\n        pytest\n        coverage report --fail-under=60", ["6 60 command"]),
        (">-\n        pytest --cov\n        --cov-fail-under=60\n", ["6 60 command"]),
        ('"pytest --cov \\"a\\" --cov-fail-under=60"', ["4 60 command"]),
        ('"pytest --cov\\t\\x2dq \\\n        --cov-fail-under=60"', ["5 60 command"]),
        ("'pytest --cov ''a'' --cov-fail-under=60'", ["4 60 command"]),
        ("pytest --cov\n        --cov-fail-under=60", ["5 60 command"]),
        ("&x !!str pytest --cov --cov-fail-under=60", ["4 60 command"]),
        ("|\n\n        é\n\n          pytest --cov --cov-fail-under=60\n", ["8 60 command"]),
    ],
)
def test_a_step_is_read_however_its_text_is_quoted(look, run, sites):
    seen = look(CI, f"jobs:\n  a:\n    steps:\n    - run: {run}\n")
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])
    seen = look(CI, f"jobs:\n  a:\n    steps:\n    - run: {run}\n".replace("\n", "\r\n"))
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


def test_digits_that_are_written_as_escapes_are_unclear(look):
    seen = look(CI, STEP.replace(GATE, '"pytest --cov --cov-fail-under=\\x36\\u0030"'))
    assert (seen.sites, seen.unclear) == ([], ["4 it is written in pieces or with escapes"])


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("env:\n  COV_FAIL_UNDER: 60\n", ["2 60 variable"]),
        ("env: {COVERAGE_THRESHOLD: '60', PYTHON: 3.12}\n", ["1 60 variable"]),
        ('jobs:\n  a:\n    env:\n      MIN_COVERAGE: "60"\n', ["4 60 variable"]),
        (
            "jobs:\n  a:\n    steps:\n    - env:\n        COV_FAIL_UNDER: 60\n      working-directory: ./api/\n",
            ["5 60 variable api"],
        ),
        ("env:\n  PYTEST_ADDOPTS: --cov --cov-fail-under=60\n", ["2 60 command"]),
        ("env:\n  MIN: 60\n" + STEP.replace("=60", "=${{ env.MIN }}"), ["2 60 variable"]),
        ("env:\n  MIN: 60\n" + STEP.replace("=60", "=$MIN"), ["2 60 variable"]),
        ("env: [COV_FAIL_UNDER]\njobs: [a]\n", []),
        ("env:\n  COV_FAIL_UNDER: [60]\n  ? [a]\n  : 1\n", []),
        ("jobs:\n  a: b\n  c:\n    steps: d\n  e:\n    steps:\n    - f\n    - run: [g]\n", []),
        ("runs:\n  using: composite\n  steps:\n  - shell: bash\n    run: " + GATE, ["5 60 command"]),
        ("--- \na: 1\n---\n" + STEP, ["7 60 command"]),
        ("\ufeff" + STEP, ["4 60 command"]),
        ("- a\n", []),
        ("", []),
    ],
)
def test_steps_and_variables_hold_sites(look, text, sites):
    seen = look(CI, text)
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize(
    ("keys", "project"),
    [
        ("working-directory: api", "api"),
        ("env: {COVERAGE_ROADMAP_CONFIG: .ci/self}", ".ci/self"),
        ("env: {COVERAGE_ROADMAP_CONFIG: .ci/self}\n      working-directory: api", ".ci/self"),
    ],
)
def test_the_project_is_what_the_step_names(look, keys, project):
    assert look(CI, f"{STEP}      {keys}\n").sites == [f"4 60 command {project}"]


def test_the_project_may_be_the_default_of_the_job_or_the_workflow(look):
    default = "defaults:\n  run: {working-directory: api}\n"
    assert look(CI, default + STEP).sites == ["6 60 command api"]
    assert look(CI, STEP.replace("  a:\n", "  a:\n    defaults: {run: {working-directory: api}}\n")).sites == [
        "5 60 command api"
    ]


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        (STEP.replace("=60", "=${{ matrix.min }}"), "4 its value is computed or comes from elsewhere"),
        ("env:\n  COV_FAIL_UNDER: ${{ vars.MIN }}\n", "2 its value is computed or comes from elsewhere"),
        (
            "jobs:\n  a:\n    uses: ./x.yml\n    with:\n      cov-fail-under: 60\n",
            "5 it is an input of an action or a workflow that is written elsewhere",
        ),
        (
            "jobs:\n  a:\n    steps:\n    - uses: x/y@v1\n      with: {min-coverage: 60, python: 3}\n",
            "5 it is an input of an action or a workflow that is written elsewhere",
        ),
        (f"jobs:\n  a:\n    steps:\n    - run: &x {GATE}\n    - run: *x\n", f"4 {SHARED}"),
        ("env:\n  COV_FAIL_UNDER: &x 60\n  OTHER: *x\n", f"2 {SHARED}"),
        ("jobs:\n  a: &a\n    steps:\n    - run: " + GATE + "\n  b: *a\n", f"4 {SHARED}"),
        ("env:\n  COV_FAIL_UNDER: 60\n  COV_FAIL_UNDER: 60\n", "2 its key is written twice"),
        ("jobs:\n\ta: b\n", "2 it cannot be parsed: found character that cannot start any token"),
        (STEP.replace(GATE, f'"x\x85 {GATE}"'), "4 it is written in pieces or with escapes"),
        ("a: *x\n", "1 there is no anchor x"),
        ("a: '\ud800'\n", "1 it cannot be parsed: it is no UTF-8 text"),
        ("a:\nb: \x07\n", "2 it cannot be parsed: control characters are not allowed"),
        ("a:\n  " + "[" * 101, "2 it is nested more than 100 deep"),
        ("[" + "a," * 100_001, "1 it is too large to look through"),
        ("a" * 500_001, "1 it is too large to look through"),
    ],
)
def test_what_must_not_be_touched_is_unclear_with_its_line(look, text, unclear):
    seen = look(CI, text)
    assert unclear in seen.unclear
    assert seen.sites == []


def test_a_command_in_an_input_of_an_action_is_a_site(look):
    text = f"jobs:\n  a:\n    steps:\n    - uses: x/y@v1\n      with:\n        run: {GATE}\n"
    assert look(CI, text).sites == ["6 60 command"]


@pytest.mark.parametrize(
    ("keys", "flaw"),
    [
        ("continue-on-error: true", "continue-on-error: true on its step"),
        ("continue-on-error: ${{ true }}", "continue-on-error: true on its step"),
        ("continue-on-error: ${{ matrix.experimental }}", None),
        ("if: false", "its step or job never runs: if: false"),
        ("if: always() && false", "its step or job never runs: if: always() && false"),
        ("if: failure()", "its step runs only where another failed: if: failure()"),
        ("if: ${{ false }}", "its step or job never runs: if: false"),
        ("if: github.ref == 'x'", None),
    ],
)
def test_a_step_whose_failure_does_not_count_is_a_flaw(look, keys, flaw):
    assert look(CI, f"{STEP}      {keys}\n").flaws == ([f"4 {flaw}"] if flaw else [])


def test_a_job_whose_failure_does_not_count_is_a_flaw(look):
    job = STEP.replace("  a:\n", "  a:\n    if: false\n    continue-on-error: true\n")
    assert look(CI, job).flaws == ["6 its step or job never runs: if: false", "6 continue-on-error: true on its job"]
    assert look(CI, STEP.replace(GATE, "ruff check") + "      continue-on-error: true\n").flaws == []


@pytest.mark.parametrize(
    ("shell", "pipe", "later"),
    [
        ("", True, False),
        ("shell: bash", False, False),
        ("shell: sh", True, False),
        ("shell: pwsh", False, False),
        ("shell: bash -euo pipefail {0}", False, False),
        ("shell: bash -e {0}", True, False),
        ("shell: bash {0}", True, True),
        ("shell: perl -e {0}", False, False),
    ],
)
def test_what_a_shell_does_with_a_failure_is_known(look, shell, pipe, later):
    piped = look(CI, STEP.replace(GATE, f"{GATE} | tee log") + f"      {shell}\n")
    assert piped.flaws == ([f"4 {PIPE}"] if pipe else [])
    follows = look(CI, STEP.replace(GATE, f"{GATE}; echo x") + f"      {shell}\n")
    assert follows.flaws == ([f"4 {LATER}"] if later else [])


def test_a_step_in_python_is_no_shell_script(look):
    assert look(CI, f"{STEP}      shell: python\n").sites == []


def test_the_default_shell_of_a_job_counts(look):
    text = STEP.replace(GATE, f"{GATE} | tee log")
    assert look(CI, "defaults: {run: {shell: bash}}\n" + text).flaws == []
    assert look(CI, text.replace("  a:\n", "  a:\n    defaults: {run: {shell: bash}}\n")).flaws == []


@pytest.mark.parametrize("value", ["${{ vars.MIN }}", "${{secrets.MIN}}"])
def test_a_value_of_the_repositorys_settings_may_become_nothing_without_a_commit(look, value):
    outside = "its value stands in no file: it may become 0 without a commit"
    for text in (STEP.replace("60", value), f"env:\n  COV_FAIL_UNDER: {value}\n"):
        assert [flaw.partition(" ")[2] for flaw in look(CI, text).flaws] == [outside]
    for text in (STEP.replace("60", "${{ matrix.min }}"), STEP.replace("60", "$MIN")):
        assert look(CI, text).flaws == []


@pytest.mark.parametrize(
    ("condition", "needs", "own", "flaws"),
    [
        ("false", "b", "", ["8 its step or job never runs: it needs b, which never runs"]),
        ("${{ false }}", "[c, b]", "", ["8 its step or job never runs: it needs b, which never runs"]),
        ("false && true", "b", "", ["8 its step or job never runs: it needs b, which never runs"]),
        ("false || true", "b", "", []),
        ("contains(github.ref, 'x && false')", "b", "", []),
        ("github.ref == 'x'", "b", "", []),
        ("false", "b", "    if: always()\n", []),
        ("false", "d", "", []),
    ],
)
def test_a_job_that_needs_one_that_never_runs_never_runs(look, condition, needs, own, flaws):
    other = f'  b:\n    if: "{condition}"\n    steps: []\n'
    job = STEP.replace("jobs:\n  a:\n", f"jobs:\n{other}  a:\n    needs: {needs}\n{own}")
    found = look(CI, job).flaws
    assert found == [flaw.replace("8", "9") if own else flaw for flaw in flaws]


APART = """\
jobs:
  api:
    steps:
    - run: pytest tests/api --cov=src/api --cov-fail-under=80
  all:
    steps:
    - run: LAST
"""


@pytest.mark.parametrize(
    ("last", "flawed"),
    [
        ("coverage report --fail-under=80", False),
        ("pytest --cov --cov-fail-under=80 tests", False),
        ("coverage report --fail-under=80 || true", True),
        ("cd other && coverage report --fail-under=80", True),
        ("pytest tests/web --cov=src/web --cov-fail-under=80", True),
        ("coverage report", True),
    ],
)
def test_a_gate_for_a_component_is_no_flaw_beside_one_for_the_whole(look, last, flawed):
    seen = look(CI, APART.replace("LAST", last), Around(tests=("tests",)))
    assert ("4 the gate is on a part of the tests: tests/api" in seen.flaws) == flawed


def test_a_gate_for_a_component_stays_a_flaw_where_somebody_picks_what_runs(look):
    text = "api:\n\tpytest tests/api --cov --cov-fail-under=80\nall:\n\tpytest --cov --cov-fail-under=80 tests\n"
    seen = look("Makefile", text, Around(tests=("tests",)))
    assert seen.flaws == ["2 the gate is on a part of the tests: tests/api"]


LOOKED_AT = f"""\
jobs:
  a:
    steps:
    - id: gate
      continue-on-error: true
      run: {GATE}
    - if: CONDITION
      run: LAST
"""


@pytest.mark.parametrize(
    ("condition", "last", "flawed"),
    [
        ("steps.gate.outcome == 'failure'", "exit 1", False),
        ("${{ steps.gate.outcome != 'success' }}", "echo low && false", False),
        ("always()", "test ${{ steps.gate.outcome }} = success || exit 1", False),
        ("steps.gate.outcome == 'failure'", "echo low", True),
        ("steps.gate.conclusion == 'failure'", "exit 1", True),
        ("steps.other.outcome == 'failure'", "exit 1", True),
    ],
)
def test_a_failure_that_a_later_step_fails_on_is_no_flaw(look, condition, last, flawed):
    seen = look(CI, LOOKED_AT.replace("CONDITION", condition).replace("LAST", last))
    assert seen.flaws == (["6 continue-on-error: true on its step"] if flawed else [])
