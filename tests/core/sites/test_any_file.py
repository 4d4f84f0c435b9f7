"""Any file in: either an edit that differs in the values alone, or an untouched file and a reason."""

from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_roadmap.core.bump import plan
from coverage_roadmap.core.sites import find, outline
from coverage_roadmap.core.sites.site import Around

GATE = "pytest --cov --cov-fail-under=55"
INI = [
    *("[pytest]", "[tool:pytest]", "[report]", "[coverage:report]", " [ pytest ] ; x", "[testenv]", "[DEFAULT]"),
    *("addopts = -q --cov-fail-under=55", "addopts=--cov-fail-under  55.50 -q", "  --cov-fail-under=40", "addopts ="),
    *("fail_under = 55 # x", "fail-under: 55", "fail_under=  1 ; y", "    fail_under = 3", "fail_under = 60."),
    *("# fail_under = 55", "; --cov-fail-under=3", "exclude_lines =", "", "   ", "é = ü", "name", "commands ="),
    *("fail_under = 9\x0b", "%(x)s = ${Y}", "=", "[", f"  - {GATE}", "setenv =", "  COV_FAIL_UNDER=5", "addopts = ["),
    *("addopts = \u2028--cov-fail-under=3", "--cov-fail-under=55--cov-fail-under=60x"),
]
TOML = [
    *("[tool.coverage-roadmap]", "[tool.pytest.ini_options]", "[tool.coverage.report]", "[tool.pytest]", "[other]"),
    *('addopts = "-q --cov-fail-under=55"', 'addopts = ["--cov-fail-under", "55"]', "addopts = [", "[tool.x.scripts]"),
    *('  "--cov-fail-under=5",', '"--cov-fail-under", # x', "'7',", "]", '"""', 'x = """', 'addopts = """'),
    *("threshold = 55", "threshold=55.5  # now", "\tthreshold =   7", "threshold = 5.5.5", 'threshold = "55"'),
    *(
        "fail_under = 7 # fail_under = 9",
        "--cov-fail-under=5",
        f'cov = "{GATE} || true"',
        "\x0cthreshold = 9",
        "é = 'ü'",
    ),
]
SHELL = [
    *(GATE, f"\t-{GATE}", f"{GATE} || true", f"{GATE} | tee x", "coverage report --fail-under 5", "MIN=5", "set -e"),
    *("pytest --cov-fail-under=$MIN", "COV_FAIL_UNDER ?= 7", "cat <<EOF", "EOF", "if x; then", "fi", "f() {", "}", "("),
    *("'", '"', "\\", f"bash -c '{GATE}'", f'x="$({GATE})"', f"`{GATE}`", f"export PYTEST_ADDOPTS='{GATE}'", ") && {"),
    *(
        "# --cov-fail-under=3",
        "pytest \\",
        "  --cov-fail-under=9",
        "--cov-fail-under='9'",
        '--cov-fail-under="9"9',
        "é",
    ),
]
PYTHON = [
    *(f'c.run("{GATE}")', f"c.run('{GATE} || true', warn=True)", 's.run("pytest", "--cov-fail-under=5")', "MIN = 5"),
    *(
        'c.run(f"pytest --cov-fail-under={MIN}")',
        'c.run("pytest " "--cov-fail-under=5")',
        "def f():",
        "    pass",
        '"""',
    ),
    *(
        'x = """',
        f"{GATE}",
        "é = 'ü'; c.run('pytest --cov-fail-under=5')",
        "(",
        ")",
        'env={"COV_FAIL_UNDER": "5"}',
        "\x0c",
    ),
    *(
        "COV_FAIL_UNDER = 5.0",
        'c.run("pytest\\n--cov-fail-under=5")',
        "# COV_FAIL_UNDER = 5",
        'x = ["--cov-fail-under",',
    ),
    *('"5"]', "x = 1 \\", "\\d"),
]
YAML = [
    *(
        "jobs:",
        "  a:",
        "    steps:",
        f"    - run: {GATE}",
        "    - run: |",
        f"        {GATE}",
        "    - run: >-",
        "- a",
        "b: *x",
    ),
    *(
        "        pytest --cov",
        "          --cov-fail-under=60",
        f"    - run: '{GATE}'",
        f'    - run: "{GATE}"',
        "---",
        "...",
    ),
    *(
        "env:",
        "  COV_FAIL_UNDER: 60",
        '  COV_FAIL_UNDER: "60"',
        "  MIN: &x 5",
        "  <<: *x",
        "a: &a",
        "  script:",
        "\ta: b",
    ),
    *(f"  - {GATE} | tee x", "  <<: *a", "  allow_failure: true", "include: x.yml", "repos:", "- hooks:", "  - id: x"),
    *(
        f"    entry: {GATE}",
        "    args: [--cov-fail-under=5]",
        "coverage:",
        "  status:",
        "    project:",
        "      default:",
    ),
    *(
        "        target: 60%",
        "        target: &x '60'",
        "        target: *x",
        "? a",
        ": b",
        "#",
        "é: ü",
        "'",
        '"',
        "{",
        "}",
    ),
    *("\x85", "\u2028", "\ufeff", '    - run: "pytest --cov-fail-under=\\x360"', "%YAML 1.1", "!!x y", "variables:"),
]
KINDS = {
    **dict.fromkeys(["pytest.ini", ".coveragerc", "setup.cfg", "tox.ini"], INI),
    **dict.fromkeys(["pyproject.toml", "pytest.toml", ".coveragerc.toml"], TOML),
    **dict.fromkeys(["x.sh", "Makefile"], SHELL),
    "noxfile.py": PYTHON,
    **dict.fromkeys([".github/workflows/ci.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "codecov.yml"], YAML),
}
TO = Decimal("99.5")


def lines(pieces):
    line = st.one_of(st.sampled_from(pieces), st.text(max_size=6))
    runs = st.tuples(st.integers(0, len(pieces) - 1), st.integers(1, 7)).map(lambda at: pieces[at[0] : sum(at)])
    return st.lists(st.one_of(line.map(lambda one: [one]), runs), max_size=5).map(lambda found: [*chain(*found)])


def check(file, text, evidence):
    found = find(file, text, Around("--cov", frozenset({"phase1"})))
    for one in (*found.sites, *found.unclear, *found.flaws):
        assert 1 <= one.line <= text.count("\n") + 2
    decided = plan({file: text}, TO, evidence, Decimal(0))
    if not decided.edits:
        assert not found.sites or decided.unclear
        return
    pieces, last = [], 0
    for site in found.sites:
        assert Decimal(text[site.start : site.end]) == site.value
        pieces.append(text[last : site.start])
        last = site.end
    (edit,) = decided.edits
    assert edit.after == "99.5".join([*pieces, text[last:]])
    assert [site.value for site in find(file, edit.after).sites] == [TO] * len(found.sites)
    assert [key for key, _ in outline(file, edit.after)] == [key for key, _ in outline(file, text)]


@pytest.mark.parametrize("file", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_edit_differs_in_the_values_alone_or_the_file_is_not_touched(record, file, data, newline, ends):
    text = newline.join(data.draw(lines(KINDS[file]))) + (newline if ends else "")
    check(file, text, record(covered=100))


@pytest.mark.parametrize("file", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.text(st.characters(), max_size=30))
def test_no_text_at_all_raises(record, file, text):
    check(file, text, record(covered=100))
    check(file, f"{text}\nCOV_FAIL_UNDER=60 {text} {GATE} {text}", record(covered=100))
