"""`check`: a branch that reaches a figure without testing more is found, and an honest one passes."""

import re

import pytest

BASE = "coverage-baseline.json"


def _replace(name, old, new):
    def change(team):
        text = (team.root / name).read_text()
        assert old in text
        (team.root / name).write_text(text.replace(old, new))

    return change


def _write(name, text):
    return lambda team: team.write({name: text})


def _without_phase2(team):
    config = (team.root / "pyproject.toml").read_text()
    team.write({"pyproject.toml": config[: config.index("# -- the second --")]})


def test_a_clean_project_passes_and_a_measurement_may_be_required(branch, found, invoke):
    assert found(branch) == found(branch, "--require-measurement") == found(branch, "--since", "main") == (0, [])
    ran = invoke(branch, "check")
    assert (ran.returncode, ran.flat) == (0, "Check findings none ")


CHEATS = {
    "omit grows": (
        _replace(".coveragerc", "none", "src/app/alpha.py"),
        ["SCOPE001 .coveragerc", "SCOPE005 src/app/alp"],
    ),
    "a site is lowered": (_replace("pytest.ini", "under=40", "under=30"), ["DRIFT001 pytest.ini:3"]),
    "the threshold is lowered": (
        lambda team: (
            [_replace(name, "40", "30")(team) for name in ("pyproject.toml", "pytest.ini", ".coveragerc")]
            and [_replace(name, "40", "30")(team) for name in ("setup.cfg", "tox.ini")]
        ),
        ["LOOSE001 pyproject.toml"],
    ),
    "a pragma": (_replace("src/app/alpha.py", "< 0:", "< 0:  # pragma: no cover"), ["SCOPE003 src/app/alpha.py:4"]),
    "a phase is dropped": (_without_phase2, ["LOOSE001 pyproject.toml", "LOOSE001 pyproject.toml"]),
    "a criterion is lowered": (
        _replace("pyproject.toml", "at-least = 51", "at-least = 50"),
        ["LOOSE001 pyproject.toml"],
    ),
    "a test asserts nothing": (
        _write("tests/unit/test_new.py", "from app.core import name\n\n\ndef test_new():\n    name()\n"),
        ["TEST002 tests/unit/test_new.py:4"],
    ),
    "a test is hollow": (
        _write("tests/unit/test_new.py", "def test_new():\n    assert True\n"),
        ["TEST003 tests/unit/test_"],
    ),
    "a test file is broken": (
        _write("tests/unit/test_new.py", "def test_new(:\n"),
        ["TEST001 tests/unit/test_new.py:1"],
    ),
    "the baseline goes": (lambda team: (team.root / BASE).unlink(), [f"LOOSE002 {BASE}"]),
    "a gate cannot fail": (
        _write(
            ".github/workflows/ci.yml", "jobs:\n  test:\n    steps:\n      - run: pytest --cov-fail-under=40 || true\n"
        ),
        ["DRIFT002 .github/workflows/ci.yml:4"],
    ),
}


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "not committed"])
@pytest.mark.parametrize("name", CHEATS)
def test_what_reaches_a_figure_without_testing_more_is_found_by_its_rule(branch, found, name, committed):
    cheat, rules = CHEATS[name]
    cheat(branch)
    if committed:
        branch.commit()
    code, told = found(branch)
    failing = [one for one in told if one.endswith(" fails")]
    assert code == 1
    assert len(failing) == len(rules), told
    assert all(one.startswith(rule) for one, rule in zip(failing, rules, strict=True)), told


HONEST = {
    "a module with its test": lambda team: team.write(
        {
            "src/app/more.py": "def more():\n    return 1\n",
            "tests/unit/test_more.py": "from app.more import more\n\n\ndef test_more():\n    assert more() == 1\n",
        }
    ),
    "a file is renamed": lambda team: team.git("mv", "src/app/core.py", "src/app/heart.py"),
    "a module that no story needs is deleted": lambda team: (team.root / "src/app/core.py").unlink(),
    "a phase is added": lambda team: team.write(
        {
            "pyproject.toml": (team.root / "pyproject.toml").read_text()
            + '[[tool.coverage-roadmap.phases]]\nname = "phase3"\nfail-under = 90\n'
        }
    ),
    "an empty source line": _replace("src/app/alpha.py", "\n", "\n\n"),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_passes_and_only_its_measurement_is_unknown(branch, found, name):
    HONEST[name](branch)
    branch.commit()
    code, told = found(branch)
    assert code == 0, told
    assert all(re.match(r"(EVIDENCE001|FLOOR001) pyproject.toml unknown$", one) for one in told)


def test_a_fall_below_a_floor_is_found_in_the_next_run_and_not_before(branch, found):
    _replace("tests/unit/test_alpha.py", "\n\n\ndef test_low():\n    assert grade(5) == 'low'\n", "\n")(branch)
    branch.commit()
    unmeasured = ["FLOOR001 pyproject.toml unknown", "EVIDENCE001 pyproject.toml unknown"]
    assert found(branch) == (0, unmeasured)
    assert found(branch, "--require-measurement") == (1, [one.replace("unknown", "fails") for one in unmeasured])
    branch.run("run", "phase1", "--gate", "none")
    assert found(branch) == (1, ["FLOOR001 src/app/alpha.py fails", "TEST005 tests/unit/test_alpha.py fails"])


def test_since_a_revision_only_what_changed_is_judged(branch, found, edit):
    CHEATS["a site is lowered"][0](branch)
    CHEATS["a test asserts nothing"][0](branch)
    branch.commit()
    assert found(branch, "--since", "HEAD")[0] == 0
    assert not [one for one in found(branch, "--since", "HEAD")[1] if one.endswith("fails")]
    edit(branch, "tests/unit/test_new.py", "name()", "print(name())")
    told = found(branch, "--since", "HEAD")
    assert (told[0], [one for one in told[1] if one.endswith("fails")]) == (
        1,
        ["TEST002 tests/unit/test_new.py:4 fails"],
    )
    code, told = found(branch, "--since", "main")
    assert (code, [one.split()[0] for one in told if one.endswith("fails")]) == (1, ["DRIFT001", "TEST002"])


def test_a_revision_that_moved_on_is_compared_where_the_branch_left_it(branch, found, contents):
    branch.git("switch", "-q", "main")
    for name in contents(branch):
        _replace(name, "40", "45")(branch)
    branch.commit()
    branch.git("switch", "-q", "feature")
    assert found(branch, "--since", "main") == (0, [])
    assert found(branch) == (0, [])


def test_what_is_committed_straight_to_the_default_branch_is_seen_until_it_is_pushed(branch, found):
    branch.git("switch", "-q", "main")
    branch.git("update-ref", "refs/remotes/origin/main", "main")
    CHEATS["a criterion is lowered"][0](branch)
    branch.commit()
    assert [one for one in found(branch)[1] if one.endswith("fails")] == ["LOOSE001 pyproject.toml fails"]
    branch.git("update-ref", "refs/remotes/origin/main", "main")
    assert not [one for one in found(branch)[1] if one.endswith("fails")]
    assert "LOOSE001 pyproject.toml fails" in found(branch, "--since", "main~1")[1]


def test_a_branch_of_the_remotes_tip_is_not_blamed_for_what_a_stale_local_branch_lacks(branch, found):
    CHEATS["a criterion is lowered"][0](branch)
    branch.commit()
    branch.git("update-ref", "refs/remotes/origin/main", "HEAD")
    branch.write({"notes.txt": "work"})
    branch.commit()
    assert not [one for one in found(branch)[1] if one.endswith("fails")]


def test_a_config_and_ci_outside_the_project_are_judged_since_a_revision_too(branch, open_project, found):
    inner = branch.root.parent / "top" / "apps" / "one"
    inner.parent.mkdir(parents=True)
    branch.root.rename(inner)
    (inner / ".git").rename(inner.parents[1] / ".git")
    top, inside = open_project(inner.parents[1]), open_project(inner)
    (inner / "pyproject.toml").rename(top.root / "pyproject.toml")
    _replace("pyproject.toml", "[tool.coverage-roadmap]  # all of it", '[tool.coverage-roadmap]\nproject = "apps/one"')(
        top
    )
    top.commit()
    ci = "jobs:\n  test:\n    steps:\n      - run: pytest --cov-fail-under=40 || true\n"
    ci += "        working-directory: apps/one\n"
    top.write({".github/workflows/ci.yml": ci})
    code, told = found(inside, "--since", "HEAD")
    assert (code, [one for one in told if one.endswith("fails")]) == (
        1,
        ["DRIFT002 ../../.github/workflows/ci.yml:4 fails"],
    )
    shown = inside.run("check", "--since", "HEAD", "--format", "github")
    assert "::error file=.github/workflows/ci.yml,line=4,title=DRIFT002::" in shown.out
    top.commit()
    assert found(inside, "--since", "HEAD")[0] == 0


def test_the_views_tell_the_same(branch, told, invoke):
    CHEATS["omit grows"][0](branch)
    code, data = told(branch, "check")
    one = data["findings"][0]
    assert (code, data["format"], data["failing"]) == (1, 0, 2)
    assert (one["rule"], one["severity"], one["state"], one["line"]) == ("SCOPE001", "error", "found", None)
    markdown = branch.run("check", "--format", "md")
    assert "- **error** SCOPE001 .coveragerc: omit takes src/app/alpha.py, which hides 6 statements" in markdown.out
    github = invoke(branch, "check", "--format", "github")
    assert github.stdout.startswith(
        "::error file=.coveragerc,title=SCOPE001::omit takes src/app/alpha.py, which hides 6"
    )
    assert {markdown.code, github.returncode} == {1}
    table = invoke(branch, "check")
    assert "failing 2 failing error SCOPE001 .coveragerc: omit takes src/app/alpha.py, which hides 6" in table.flat


def test_what_hiding_a_file_is_worth_is_told_in_points(branch, told):
    _replace(".coveragerc", "none", "src/app/beta.py")(branch)
    (one, *_) = told(branch, "check")[1]["findings"]
    worth = "this raises the figure by 29.16 points without a test: 58.33 % to 87.50 %"
    assert one["text"] == f"omit takes src/app/beta.py, which hides 4 statements; {worth}"


def test_only_check_has_the_view_for_github(branch):
    ran = branch.run("status", "--format", "github")
    assert (ran.code, "--format github: no such choice" in ran.err) == (2, True)


def test_a_rules_advice_is_printed_and_nothing_else_is_done(branch, invoke, told):
    (branch.root / "pyproject.toml").unlink()
    ran = invoke(branch, "check", "--explain", "scope002")
    assert ran.returncode == 0
    assert "SCOPE002 (error) Code is excluded that counted before. An exclusion pattern was added" in ran.flat
    assert told(branch, "check", "--explain", "SCOPE002")[1]["advice"].startswith("SCOPE002 (error)\n\nCode is")
    assert branch.run("check", "--explain", "SCOPE002", "--format", "github").out.startswith("SCOPE002 (error)\n")
    ran = branch.run("check", "--explain", "SCOPE2")
    assert (ran.code, "--explain SCOPE2: no such rule: did you mean SCOPE00" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('severity = { TEST092 = "off" }', "check.severity.TEST092 = 'TEST092': no such rule: did you mean TEST002"),
        ('ignore = [{ path = "x", reason = "r", rules = ["DRFT001"] }]', "no such rule: did you mean DRIFT001?"),
        ('severity = { SCOPE001 = "off" }', "check.severity.SCOPE001 = 'off': this rule keeps its severity"),
        ('severity = { test2 = "off" }', "check.severity.test2 = 'test2': write it in the form"),
    ],
)
def test_a_rule_that_there_is_not_or_that_stays_is_said(branch, table, said):
    team_config = (branch.root / "pyproject.toml").read_text()
    branch.write({"pyproject.toml": f"{team_config}\n[tool.coverage-roadmap.check]\n{table}\n"})
    ran = branch.run("check")
    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (2, True, False), ran.err


def test_a_rule_is_off_from_the_next_change_on(branch, found):
    CHEATS["a test asserts nothing"][0](branch)
    config = (branch.root / "pyproject.toml").read_text()
    off = '\n[tool.coverage-roadmap.check]\nseverity = { TEST002 = "off", LOOSE001 = "off" }\n'
    branch.write({"pyproject.toml": config + off})
    code, told = found(branch)
    assert (code, [one for one in told if one.endswith("fails")]) == (1, ["LOOSE001 pyproject.toml fails"] * 2)
    branch.commit()
    branch.git("branch", "-f", "main", "feature")
    assert found(branch)[0] == 0
