"""`bump` beyond `--to`: phases, the evidence itself, commits, waivers, kills; and the sites of CI and scripts."""

import subprocess

import pytest

WIDE = {
    "Makefile": "test:\n\tpytest --cov=src --cov-fail-under=40 tests/unit # gate\n",
    "tools/gate.sh": "#!/bin/sh\nset -e\nexport COV_FAIL_UNDER=40\npytest --cov=src --cov-fail-under=$COV_FAIL_UNDER\n",
    ".github/workflows/ci.yml": (
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: pytest --cov=src --cov-fail-under=40  # the gate\n"
        "      - run: pytest --cov=src --cov-fail-under=${{ matrix.gate }}\n"
    ),
    "codecov.yml": "coverage:\n  status:\n    project:\n      default:\n        target: 40%\n",
    "nested/pyproject.toml": "[tool.coverage.report]\nfail_under = 40\n",
}
WAIVER = (
    "\n[[tool.coverage-roadmap.waivers]]\nwhat = 'threshold'\nfrom = 40\nto = {to}\nreason = 'split'\nowner = 'kim'\n"
    "until = {until}\n"
)


def git(team, *words):
    return subprocess.run(
        ["git", *words], cwd=team.root, env=team.env, capture_output=True, text=True, check=True
    ).stdout


def test_the_sites_of_ci_scripts_and_services_are_raised_and_what_is_unclear_is_told(team, told):
    team.write(WIDE)
    code, data = told(team, "bump", "--to", "50")
    assert code == 0
    assert [(one["file"], one["line"]) for one in data["unclear"]] == [(".github/workflows/ci.yml", 7)]
    for name, text in WIDE.items():
        raised = text.replace("=40", "=50").replace("40%", "50%")
        assert (team.root / name).read_text() == raised, name
    assert "not touched" in team.run("bump", "--to", "51", "--dry-run").out


def test_a_phases_fail_under_is_taken(team, told):
    assert told(team, "bump", "--phase", "phase1", "--dry-run")[1]["to"] == 50
    ran = team.run("bump", "--phase", "phase2")
    assert ran.code == 1
    assert "58.33 %: CI would turn red" in ran.err


def test_the_evidence_less_headroom_is_taken_and_never_less_than_there_is(team, told, edit):
    assert told(team, "bump", "--auto", "--dry-run")[1]["to"] == 57.83
    edit(team, "pyproject.toml", "threshold = 40 ", "threshold = 40\nheadroom = 30 ")
    code, data = told(team, "bump", "--auto", "--dry-run")
    assert (code, data["to"], data["sites"]) == (0, 40, [])


@pytest.mark.parametrize("words", [(), ("--to", "50", "--auto"), ("--phase", "phase1", "--to", "50")])
def test_one_target_is_wanted(team, words):
    ran = team.run("bump", *words)
    assert ran.code == 2
    assert "needs one of --to, --phase and --auto" in ran.err


def test_a_commit_has_just_the_edited_files_and_names_the_evidence(team):
    team.write({"notes.txt": "mine\n", "tools/gate.sh": WIDE["tools/gate.sh"]})
    git(team, "add", "notes.txt")
    ran = team.run("bump", "--to", "50", "--commit")
    assert ran.code == 0, ran.err
    assert "yes, and committed" in ran.out
    assert "notes.txt" not in git(team, "show", "--name-only", "--format=", "HEAD").split()
    assert "tools/gate.sh" in git(team, "show", "--name-only", "--format=", "HEAD").split()
    assert team.record()["id"] in git(team, "log", "-1", "--format=%B")
    assert "notes.txt" in git(team, "diff", "--cached", "--name-only")


def test_a_hook_that_refuses_the_commit_is_named_and_the_edit_stays(team):
    hook = team.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no commits today >&2\nexit 1\n")
    hook.chmod(0o755)
    ran = team.run("bump", "--to", "50", "--commit")
    assert ran.code == 3
    assert "no commits today" in ran.err
    assert "--cov-fail-under=50" in (team.root / "pytest.ini").read_text()


@pytest.mark.parametrize(
    ("to", "until", "target", "code"),
    [
        (30, "2999-01-01", "30", 0),
        (30, "2999-01-01", "29", 2),
        (30, "2020-01-01", "35", 2),
        (40, "2999-01-01", "35", 2),
    ],
)
def test_only_a_waiver_that_holds_permits_to_lower(team, edit, to, until, target, code):
    config = team.root / "pyproject.toml"
    config.write_text(config.read_text() + WAIVER.format(to=to, until=until))
    ran = team.run("bump", "--to", target)
    assert ran.code == code, ran.err
    assert ("invoke waive --what threshold" in ran.err) == (code == 2)
    assert (f"--cov-fail-under={target}" in (team.root / "pytest.ini").read_text()) == (code == 0)
