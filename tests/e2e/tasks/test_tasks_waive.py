"""`waive`: the way out, and the only one; it is shown, and ends with its day."""

import re

import pytest

WAIVE = ["--reason", "the module goes in May", "--owner", "kim", "--until"]


def test_a_waiver_permits_is_shown_and_fails_when_its_day_has_passed(branch, invoke, told, edit):
    edit(branch, "src/app/alpha.py", "< 0:", "< 0:  # pragma: no cover")
    assert branch.run("check").code == 1
    ran = invoke(branch, "waive", "--what", "scope src/app/alpha.py", *WAIVE, "0d")
    assert ran.returncode == 0, ran.stderr
    today = re.search(r"until = (\d{4}-\d\d-\d\d)", (branch.root / "pyproject.toml").read_text())[1]
    written = f'+hides = 2 +reason = "the module goes in May" +owner = "kim" +until = {today}'
    assert f'+what = "scope src/app/alpha.py" {written}' in ran.flat
    code, data = told(branch, "check")
    one = next(one for one in data["findings"] if one["rule"] == "SCOPE003")
    assert (code, one["state"], one["fails"]) == (0, "waived", False)
    assert one["text"].endswith(f"; waived until {today} by kim: the module goes in May")
    assert "waived 1" in invoke(branch, "check").flat
    edit(branch, "pyproject.toml", f"until = {today}", "until = 2026-01-31")
    code, data = told(branch, "check")
    assert code == 1
    assert {one["rule"] for one in data["findings"] if one["fails"]} == {"SCOPE003", "WAIVER001"}


def test_a_waiver_of_the_threshold_permits_it_down_to_its_figure(branch, found, contents, edit):
    assert branch.run("waive", "--what", "threshold", "--from", "40", "--to", "35", *WAIVE, "9d").code == 0
    for name in contents(branch):
        edit(branch, name, "40", "35")
    edit(branch, "pyproject.toml", "from = 35", "from = 40")
    code, told = found(branch)
    assert (code, "LOOSE001 pyproject.toml waived" in told) == (0, True), told
    for name in contents(branch):
        edit(branch, name, "35", "34")
    edit(branch, "pyproject.toml", "to = 34", "to = 35")
    assert "LOOSE001 pyproject.toml fails" in found(branch)[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--what", "scope branch", *WAIVE, "soon"], "--until soon: is no day"),
        (["--what", "scope branch", *WAIVE, "99999999999d"], "is no day"),
        (["--what", "scope branch", *WAIVE, "2020-01-01"], "has passed already"),
        (["--what", "scope branch", *WAIVE, "366d"], "is more than 365 days ahead"),
        (["--what", "scope branch", "--reason", " ", "--owner", "kim", "--until", "3d"], "--reason: is blank"),
        (["--what", " ", *WAIVE, "3d"], "--what: is blank"),
        (["--what", "scope", *WAIVE, "3d"], "--what: names no part of the scope"),
        (["--what", "scope branch", "--to", "5", *WAIVE, "3d"], "is for figures, and the scope has none"),
        (["--what", "scope branch", "--to", "x", *WAIVE, "3d"], "is no percentage"),
        (["--what", "scope branch"], "waive --reason: is needed"),
    ],
)
def test_a_waiver_that_says_too_little_is_refused_and_not_written(branch, words, said):
    before = (branch.root / "pyproject.toml").read_bytes()
    ran = branch.run("waive", *words)
    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (2, True, False), ran.err
    assert (branch.root / "pyproject.toml").read_bytes() == before


def test_a_dry_run_shows_the_waiver_and_writes_nothing(branch, told):
    before = (branch.root / "pyproject.toml").read_bytes()
    ran = branch.run("waive", "--what", "scope branch", *WAIVE, "3d", "--dry-run")
    assert (ran.code, '+what = "scope branch"' in ran.out) == (0, True)
    assert told(branch, "waive", "--what", "scope branch", *WAIVE, "3d", "--dry-run")[1]["written"] is False
    assert (branch.root / "pyproject.toml").read_bytes() == before
