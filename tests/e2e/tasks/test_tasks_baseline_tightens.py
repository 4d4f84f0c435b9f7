"""`baseline` over a committed one: it only tightens, but for what a waiver permits."""

import pytest

pytestmark = pytest.mark.slow  # two phase runs for each

FILE = "coverage-baseline.json"
LOW = "def low(value):\n" + "    value += 1\n" * 9 + "    return value\n"
WAIVER = '\n[[tool.coverage-roadmap.waivers]]\n{}\nreason = "moved out"\nowner = "kim"\nuntil = 2099-01-01\n'


def test_a_lower_floor_and_fewer_tests_are_refused_and_waivers_permit_them(based, edit, base_of, measured):
    before = (based.root / FILE).read_bytes()
    edit(based, "tests/unit/test_alpha.py", "def test_high():\n    assert grade(11) == 'high'\n", "")
    measured(based)
    ran = based.run("baseline")
    assert ran.code == 1
    assert "src/app/alpha.py: lines 83.33 %, 1 missed -> lines 66.66 %, 2 missed" in ran.err
    assert "tests/unit/test_alpha.py: 2 of 2 tests passed -> 1 of 1 test passed" in ran.err
    assert "invoke waive --what src/app/alpha.py" in ran.err
    assert (based.root / FILE).read_bytes() == before
    config = (based.root / "pyproject.toml").read_text()
    wide = WAIVER.format('what = "src/app/alpha.py"\nfrom = 83.33\nto = 66.66')
    tests = WAIVER.format('what = "tests/unit/test_alpha.py"')
    (based.root / "pyproject.toml").write_text(config + wide.replace("66.66", "70") + tests)
    assert "src/app/alpha.py: lines" in based.run("baseline").err
    (based.root / "pyproject.toml").write_text(config + wide + tests)
    assert based.run("baseline").code == 0
    assert base_of(based)["files"]["src/app/alpha.py"] == {"statements": 6, "missing": 2}


@pytest.mark.parametrize(
    ("name", "old", "new", "said", "part"),
    [
        (
            *(".coveragerc", "omit = none", "omit =\n    none\n    src/app/beta.py"),
            *("scope: none -> omit src/app/beta.py", "src/app/beta.py"),
        ),
        (
            *(".coveragerc", "[report]", "[report]\nexclude_also = return"),
            *("scope: none -> exclude return", "exclude return"),
        ),
        (
            *("src/app/beta.py", "def double(value):", "def double(value):  # pragma: no cover"),
            *("0 pragmas -> 1 pragma", "src/app/beta.py"),
        ),
        ("pyproject.toml", '["src"]', '["src/app"]', "scope: source src -> none", "source src"),
    ],
)
def test_a_smaller_scope_is_refused(based, edit, name, old, new, said, part, measured):
    edit(based, name, old, new)
    measured(based)
    ran = based.run("baseline")
    assert (ran.code, said in ran.err) == (1, True), ran.err
    config = (based.root / "pyproject.toml").read_text()
    assert f"invoke waive --what 'scope {part}'" in ran.err
    (based.root / "pyproject.toml").write_text(config + WAIVER.format('what = "scope"'))
    assert based.run("baseline").code == 1
    (based.root / "pyproject.toml").write_text(config + WAIVER.format(f'what = "scope {part}"'))
    ran = based.run("baseline")
    assert ran.code == 0, ran.err


def test_a_hidden_file_is_named_with_its_statements(based, edit, measured):
    edit(based, ".coveragerc", "omit = none", "omit = src/app/beta.py")
    measured(based)
    ran = based.run("baseline")
    assert "scope src/app/beta.py: 4 statements -> not measured" in ran.err


def test_going_from_branches_to_lines_is_a_smaller_scope(team, edit, base_of, measured):
    edit(team, ".coveragerc", "[run]", "[run]\nbranch = true")
    measured(team)
    assert team.run("baseline").code == 0
    alpha = {"statements": 6, "missing": 1, "branches": 4, "missing_branches": 1}
    assert base_of(team)["files"]["src/app/alpha.py"] == alpha
    edit(team, ".coveragerc", "branch = true", "branch = false")
    measured(team)
    assert "scope: lines and branches -> lines" in team.run("baseline").err


def test_the_committed_one_counts_though_another_lies_there_or_none(based, edit, measured):
    edit(based, "tests/unit/test_alpha.py", "def test_high():\n    assert grade(11) == 'high'\n", "")
    measured(based)
    (based.root / FILE).unlink()
    assert based.run("baseline").code == 1


def test_a_new_file_waits_for_its_floor_below_the_dip_and_a_renamed_one_keeps_its(based, told, edit, base_of, measured):
    team = based
    team.git("mv", "src/app/beta.py", "src/app/gamma.py")
    edit(team, "pyproject.toml", "src/app/beta.py", "src/app/gamma.py")
    edit(team, "tests/unit/test_beta.py", "app.beta", "app.gamma")
    team.write({"src/app/low.py": LOW, "src/app/good.py": "VALUE = 1\n"})
    edit(team, "tests/unit/test_core.py", "from app.core", "import app.good\nimport app.low\nfrom app.core")
    measured(team)
    code, data = told(team, "baseline")
    files = base_of(team)["files"]
    assert (code, data["without_floor"]) == (0, ["src/app/low.py"])
    assert files["src/app/low.py"] == {"statements": 11, "missing": 10, "floor": False}
    assert files["src/app/good.py"] == {"statements": 1}
    assert files["src/app/gamma.py"] == {"statements": 4, "missing": 4}
    assert "src/app/beta.py" not in files
    assert "1 file below the dip, without a floor yet" in team.run("baseline").out
