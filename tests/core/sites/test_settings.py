import pytest

from coverage_roadmap.core.sites.settings import addopts, outline

CHANGED = "its value is computed, or written as we do not edit it"
OVERRIDDEN = "a later option on the same command line overrides this threshold"
ZERO = "a threshold of 0 lets everything pass"
PYTEST, COVERAGE = "pytest addopts", "coverage fail_under"


@pytest.mark.parametrize(
    ("file", "text", "sites"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q --cov-fail-under=55\n", [f"2 55 {PYTEST}"]),
        ("pytest.ini", "[pytest]\r\naddopts = --cov-fail-under 55.5 -q\r\n", [f"2 55.5 {PYTEST}"]),
        (
            "tox.ini",
            "[testenv]\nx = --cov-fail-under=1\n[pytest]\naddopts =\n  --cov-fail-under=60",
            [f"5 60 {PYTEST}"],
        ),
        ("setup.cfg", "[tool:pytest] ; here\naddopts = --cov-fail-under=60\n", [f"2 60 {PYTEST}"]),
        ("setup.cfg", "[pytest]\naddopts = --cov-fail-under=60\n", []),
        ("pytest.toml", '[pytest]\naddopts = ["--cov", "--cov-fail-under=60"]', [f"2 60 {PYTEST}"]),
        (".pytest.toml", '[pytest]\naddopts = ["--cov-fail-under", "60"]', [f"2 60 {PYTEST}"]),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "--cov-fail-under=60"', [f"2 60 {PYTEST}"]),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = """\n-q\n--cov-fail-under=60\n"""',
            [f"4 60 {PYTEST}"],
        ),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["--cov-fail-under", "60"]', [f"2 60 {PYTEST}"]),
        ("pyproject.toml", "[tool.pytest]\naddopts = ['--cov-fail-under', '60']", [f"2 60 {PYTEST}"]),
        ("pyproject.toml", '[tool.pytest]\naddopts = [\n "--cov-fail-under",  # now\n "60",\n]', [f"4 60 {PYTEST}"]),
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = 70 # x\n", [f"2 70 {COVERAGE}"]),
        ("pyproject.toml", '[tool.coverage]\nreport = { "fail_under" = 70.0 }\n', [f"2 70.0 {COVERAGE}"]),
        ("pyproject.toml", "[tool]\ncoverage.report.fail_under=70", [f"2 70 {COVERAGE}"]),
        ("pyproject.toml", "[tool.coverage-roadmap]\nthreshold = 55 # x\n", ["2 55 config"]),
        ("pyproject.toml", "[[tool.coverage-roadmap.phases]]\nfail-under = 55 # x\n", []),
        ("pyproject.toml", "[tool.other]\nthreshold = 55\nfail_under = 3\n", []),
        ("pyproject.toml", '[tool.hatch.envs.t.scripts]\ncov = "pytest --cov --cov-fail-under=60"', ["2 60 command"]),
        ("pyproject.toml", '[tool.hatch.envs.t.env-vars]\nCOV_FAIL_UNDER = "60"', ["2 60 variable"]),
        ("a/.coveragerc", "[report]\nfail_under = 70\n", [f"2 70 {COVERAGE}"]),
        (".coveragerc.toml", "[report]\nfail_under = 70\n", [f"2 70 {COVERAGE}"]),
        ("setup.cfg", "[coverage:report]\nfail-under: 70\n", [f"2 70 {COVERAGE}"]),
        ("setup.cfg", "[report]\nfail_under = 70\n", []),
        (".coveragerc", "[run]\nfail_under = 70\n", []),
        (".coveragerc", "[report]\n# fail_under = 70\n; fail_under = 3\n#\x0cfail_under = 4\n", []),
        ("tox.ini", "[testenv:a]\nsetenv =\n  COV_FAIL_UNDER=60\n  OTHER=3\n", ["3 60 variable"]),
        ("tox.ini", "[testenv]\ncommands =\n  pytest --cov --cov-fail-under=60 {posargs}\n", ["3 60 command"]),
        ("other.toml", "", []),
        ("other.toml", "x = 60\n", []),
    ],
)
def test_sites_are_found_with_their_line_value_and_kind(look, file, text, sites):
    seen = look(file, text)
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize(
    ("file", "text", "unclear"),
    [
        (".coveragerc", "[report]\nfail_under = ${COV}\n", [f"2 {CHANGED}"]),
        (".coveragerc", "[report]\nfail_under = 7.0.1\n", [f"2 {CHANGED}"]),
        (".coveragerc", "[report]\nfail_under =\n  70\n", [f"2 {CHANGED}"]),
        ("pytest.ini", "[pytest]\naddopts = --cov-fail-under=${X}\n", [f"2 {CHANGED}"]),
        ("pytest.ini", "[DEFAULT]\naddopts = --cov-fail-under=60\n[pytest]\n[other]\n", [f"2 {CHANGED}"]),
        ("pyproject.toml", '[tool.coverage-roadmap]\nthreshold = "55"\n', [f"2 {CHANGED}"]),
        ("pyproject.toml", "[tool.coverage-roadmap]\nthreshold = 5_5\n", [f"2 {CHANGED}"]),
        ("pyproject.toml", '[tool.pytest]\naddopts = ["--cov-\\u0066ail-under=60"]\n', [f"2 {CHANGED}"]),
        ("pytest.ini", "[pytest]\nstray\n  x\n", ["1 it cannot be parsed"]),
        ("pytest.ini", "stray\n[pytest]\n", ["1 it cannot be parsed"]),
        ("pytest.ini", "[pytest]\na = 1\n=\n", ["3 it cannot be parsed"]),
        ("pyproject.toml", "a = 1\n[tool\n", ["2 it cannot be parsed"]),
        ("pyproject.toml", "a = " + "[" * 5000, ["1 it cannot be parsed"]),
        ("pyproject.toml", f"a = {'9' * 5000}", ["1 it cannot be parsed"]),
        (
            "setup.cfg",
            "[coverage:report]\nfail_under = 3\n" + "# threshold = 4\n" * 60,
            ["62 it holds too many numbers to look at each"],
        ),
    ],
)
def test_what_is_a_threshold_and_no_plain_number_is_unclear(look, file, text, unclear):
    assert look(file, text).unclear == unclear


@pytest.mark.parametrize(
    ("file", "text", "flaws"),
    [
        ("pytest.ini", "[pytest]\naddopts = --cov-fail-under=80 --cov-fail-under=60\n", [f"2 {OVERRIDDEN}"]),
        (
            "pyproject.toml",
            '[tool.pytest]\naddopts = ["--cov-fail-under=8",\n"--cov-fail-under=9"]\n',
            [f"2 {OVERRIDDEN}"],
        ),
        (
            "pytest.ini",
            "[pytest]\naddopts = --cov --cov-fail-under=80 --no-cov\n",
            ["2 coverage is switched off beside it, and its gate with it"],
        ),
        (".coveragerc", "[report]\nfail_under = 0\n", [f"2 {ZERO}"]),
        ("pyproject.toml", "[tool.coverage-roadmap]\nthreshold = 0.0\n", [f"2 {ZERO}"]),
        (
            "tox.ini",
            "[testenv]\ncommands =\n  pytest --cov {posargs}\n  - pytest --cov --cov-fail-under=60\n",
            ["4 a `-` before the command ignores its failure"],
        ),
        (
            "tox.ini",
            "[testenv]\nignore_outcome = True\ncommands = pytest \\\n  --cov --cov-fail-under=60\n",
            ["4 ignore_outcome = true on its environment"],
        ),
        (
            "pyproject.toml",
            '[tool.poe.tasks]\ntest = "pytest --cov --cov-fail-under=60 || true"\nlint = "ruff || true"\n',
            ["2 its failure is swallowed by `||` and a command that succeeds"],
        ),
    ],
)
def test_a_gate_in_settings_that_can_never_fail_is_a_flaw(look, file, text, flaws):
    seen = look(file, text)
    assert seen.flaws == flaws
    assert seen.unclear == []


def test_the_addopts_of_a_file_are_one_line_of_words():
    assert addopts("pytest.ini", "[pytest]\naddopts =\n  -q\n  --cov\n") == "-q --cov"
    assert addopts("pytest.toml", '[pytest]\naddopts = ["-q", "--cov"]\n') == "-q --cov"
    assert addopts("pytest.ini", "[other]\naddopts = -q\n") == ""
    assert addopts("pytest.ini", "stray") == ""


def test_what_a_file_says_to_its_reader_has_numbers_as_they_are_written():
    assert outline("a.toml", "x = 60.50\ny = [true, 3]\n") == [(("x",), "60.50"), (("y", 0), "True"), (("y", 1), "3")]
    assert outline("a.ini", "[s]\nk = v\n") == [(("s", "k"), "v")]
    assert outline("a.ini", "stray") is None
