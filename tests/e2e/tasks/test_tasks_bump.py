"""`bump`: the threshold at each of its sites or at none; never down, never above the evidence."""

import re
import resource

import pytest

FIVE = {"pyproject.toml": 2, "pytest.ini": 1, ".coveragerc": 1, "setup.cfg": 2, "tox.ini": 1}
APART = """[tool.coverage-roadmap]
project = "{project}"
tests = ["tests/unit"]
requirements = ["requirements-dev.txt"]
threshold = 45
[[tool.coverage-roadmap.phases]]
name = "phase1"
fail-under = 50
exclude = ["tests/unit/test_beta.py"]
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_site_is_raised_and_no_other_byte_changes(team, edit, contents, told, newline):
    for name in FIVE:
        edit(team, name, "\n", newline)
    latin = (team.root / "setup.cfg").read_bytes().replace(b"[other]", b"# fa\xe7ade\n[other]")
    (team.root / "setup.cfg").write_bytes(latin)
    before = contents(team)
    code, data = told(team, "bump", "--to", "55.5")
    assert (code, data["format"], data["to"], data["written"]) == (0, 0, 55.5, True)
    assert data["evidence"] == team.record()["id"]
    assert sorted((s["file"], s["before"], s["after"]) for s in data["sites"]) == sorted(
        (name, 40, 55.5) for name, count in FIVE.items() for _ in range(count)
    )
    value = re.compile(rb"(threshold = |fail_under = |fail_under: |--cov-fail-under[= ])40")
    assert contents(team) == {name: value.sub(rb"\g<1>55.5", text) for name, text in before.items()}
    assert b"--cov-fail-under=10" in contents(team)["tox.ini"], "a comment is no site"


def test_links_and_modes_are_kept(team):
    real = team.root / "settings" / "shared.ini"
    real.parent.mkdir()
    (team.root / "pytest.ini").rename(real)
    (team.root / "pytest.ini").symlink_to("settings/shared.ini")
    real.chmod(0o604)
    (team.root / "tox.ini").chmod(0o600)
    assert team.run("bump", "--to", "50").code == 0
    assert (team.root / "pytest.ini").is_symlink()
    assert "--cov-fail-under=50" in real.read_text()
    assert (real.stat().st_mode & 0o777, (team.root / "tox.ini").stat().st_mode & 0o777) == (0o604, 0o600)


def test_a_link_that_leads_out_of_the_repository_bars_every_edit(team, contents):
    outside = team.root.parent / "theirs.ini"
    (team.root / "pytest.ini").rename(outside)
    (team.root / "pytest.ini").symlink_to(outside)
    before = contents(team)
    ran = team.run("bump", "--to", "50")
    assert (ran.code, "pytest.ini: leads out of the repository" in ran.err) == (2, True), ran.err
    assert contents(team) == before


def test_a_dry_run_shows_the_diff_and_writes_nothing(team, contents, invoke):
    before = contents(team)
    ran = invoke(team, "bump", "--to", "50", "--dry-run")
    assert ran.returncode == 0
    assert "no, this is a dry run" in ran.stdout
    lines = ran.stdout.splitlines()
    assert lines.count("-threshold = 40   # what CI demands") == lines.count("+threshold = 50   # what CI demands") == 1
    assert sum(line.startswith("+++ b/") for line in lines) == len(FIVE)
    assert contents(team) == before


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        ("sixty", 2, "is no percentage from 0 to 100"),
        ("101", 2, "is no percentage from 0 to 100"),
        ("-1", 2, "is no percentage from 0 to 100"),
        ("nan", 2, "is no percentage from 0 to 100"),
        ("1e999999999", 2, "is no percentage from 0 to 100"),
        ("1e-999999999", 2, "more than 6 decimals"),
        ("50.1234567", 2, "more than 6 decimals"),
        ("39.99", 2, "a bump only raises"),
        ("0", 2, "a bump only raises"),
        ("58.34", 1, "the evidence is 58.33 %"),
        ("100", 1, "the evidence is 58.33 %"),
    ],
)
def test_a_wrong_target_is_a_message_and_nothing_is_written(team, contents, invoke, to, code, said):
    before = contents(team)
    ran = invoke(team, "bump", f"--to={to}")
    assert ran.returncode == code
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert contents(team) == before


def test_a_bump_to_what_is_there_changes_nothing(team, contents):
    before = contents(team)
    ran = team.run("bump", "--to", "40")
    assert ran.code == 0
    assert "unchanged" in ran.out
    assert contents(team) == before


def test_no_site_may_be_above_the_target(team, edit, contents):
    edit(team, "tox.ini", "under=40", "under=52")
    before = contents(team)
    ran = team.run("bump", "--to", "50")
    assert (ran.code, "tox.ini:5 demands 52 already" in ran.err) == (2, True)
    assert contents(team) == before


@pytest.mark.parametrize("room", [150, 200])
def test_where_one_file_cannot_be_written_none_is(team, contents, room):
    before = contents(team)
    ran = team.run("bump", "--to", "50", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    assert ran.code == 3
    assert "cannot be written" in ran.err
    assert "Traceback" not in ran.err
    assert contents(team) == before
    assert not [path.name for path in team.root.iterdir() if path.name.startswith((".pytest.ini", ".pyproject"))]


def test_without_git_nothing_is_evidence_and_nothing_is_bumped(team, contents):
    (team.root / ".git").rename(team.root.parent / "away")
    before = contents(team)
    ran = team.run("bump", "--to", "50")
    assert (ran.code, "in no git repository, so no run is evidence" in ran.err, "next: commit" in ran.err) == (
        1,
        True,
        True,
    )
    assert contents(team) == before


def test_without_evidence_of_this_commit_nothing_is_bumped(team, edit, contents):
    edit(team, "src/app/core.py", "'core'", "'co' 're'")
    team.commit()
    before = contents(team)
    ran = team.run("bump", "--to", "50")
    assert (ran.code, "no evidence of the running phase at this commit" in ran.err) == (1, True)
    assert contents(team) == before


@pytest.mark.parametrize("written", ["", "threshold = 4_0\n"])
def test_a_config_whose_threshold_cannot_be_raised_is_said(team, edit, contents, written):
    edit(team, "pyproject.toml", "threshold = 40   # what CI demands\n", written)
    before = contents(team)
    ran = team.run("bump", "--to", "50")
    assert ran.code == 2
    assert "pyproject.toml: has no threshold that can be raised" in ran.err
    assert "threshold = 50" in ran.err
    assert contents(team) == before


@pytest.mark.parametrize(("file", "project"), [("other.toml", "."), ("../apart/pyproject.toml", "../project")])
def test_a_config_that_stands_elsewhere_is_bumped_with_the_project(team, contents, file, project):
    team.write({file: APART.format(project=project)})
    team.env["COVERAGE_ROADMAP_CONFIG"] = file
    for name in ("pyproject.toml", "tox.ini"):
        (team.root / name).write_text("")
    assert team.run("bump", "--to", "50").code == 0
    assert "threshold = 50\n" in (team.root / file).read_text()
    assert "--cov-fail-under=50" in (team.root / "pytest.ini").read_text()
    assert contents(team)["tox.ini"] == b""
