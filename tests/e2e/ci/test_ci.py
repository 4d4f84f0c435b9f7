"""`ci`: workflows written from the config and held against it, as a user calls it."""

import json

import pytest
import yaml

from .conftest import NOXFILE

KEYS = """
threshold = 40

[tool.coverage-roadmap.ci]
install = ["-r", "requirements-dev.txt"]
"""
FOLDER = ".github/workflows"
PULL = f"{FOLDER}/coverage-pull-request.yml"


@pytest.fixture
def team(make_project):
    """A committed project, whose workflows are written."""
    project = make_project(keys=KEYS, commit=False)
    project.write({"noxfile.py": NOXFILE})
    project.commit()
    ran = project.run("ci", "--write")
    assert ran.code == 0, ran.err
    return project


def edit(team, name, old, new):
    path = team.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def handmade(team, line, room="steps of measure", name=PULL):
    """Put a line into the room, as a person does: a line of its own above the second marker."""
    lines = (team.root / name).read_text(encoding="utf-8").split("\n")
    at = next(n for n, text in enumerate(lines) if text.strip() == f"# coverage-roadmap: end of hand-made {room}")
    (team.root / name).write_text("\n".join([*lines[:at], line, *lines[at:]]), encoding="utf-8")


def test_what_is_written_is_what_is_checked(team):
    ran = team.run("ci", "--check")
    assert (ran.code, ran.out.count("as the config gives it")) == (0, 4)
    assert team.run("ci", "--write").out.count("as the config gives it") == 4


def test_a_config_that_changed_fails_the_check_with_a_diff_and_is_written(team):
    edit(team, "pyproject.toml", "threshold = 40", "threshold = 40\ntimeout = 1200")
    ran = team.run("ci", "--check")
    assert ran.code == 1
    assert "-    timeout-minutes: 25" in ran.out
    assert "+    timeout-minutes: 35" in ran.out
    assert "the config gives it otherwise" in ran.out
    assert ran.out.endswith("next  invoke ci --write\n")
    assert team.run("ci").code == 0, "only --check judges"
    assert team.run("ci", "--write").code == 0
    assert team.run("ci", "--check").code == 0


def test_a_renamed_phase_changes_no_workflow_since_the_plan_asks_the_config(team):
    edit(team, "pyproject.toml", 'name = "phase1"', 'name = "first"')
    assert team.run("ci", "--check").code == 0


def test_an_edit_by_hand_is_told_and_not_written_over_unless_that_is_asked_for(team):
    edit(team, PULL, "fetch-depth: 0", "fetch-depth: 1")
    check = team.run("ci", "--check")
    assert (check.code, "edited by hand" in check.out, "+          fetch-depth: 0" in check.out) == (1, True, True)
    step = " ".join(check.out[check.out.rindex("next ") :].split())
    assert (
        step == "next move what is yours between the markers, then invoke ci --write, or invoke ci --write --overwrite"
    )
    refused = team.run("ci", "--write")
    assert refused.code == 1
    assert f"{PULL}: was edited by hand" in refused.err
    assert "fetch-depth: 1" in (team.root / PULL).read_text()
    assert team.run("ci", "--write", "--overwrite").code == 0
    assert team.run("ci", "--check").code == 0


def test_hand_made_parts_are_kept_by_both(team):
    handmade(team, "      - run: sudo apt-get install redis")
    assert team.run("ci", "--check").code == 0
    edit(team, "pyproject.toml", "threshold = 40", "threshold = 40\ntimeout = 1200")
    assert team.run("ci", "--write").code == 0
    told = yaml.safe_load((team.root / PULL).read_text())
    assert {"run": "sudo apt-get install redis"} in told["jobs"]["measure"]["steps"]
    assert team.run("ci", "--check").code == 0


@pytest.mark.parametrize(
    ("line", "room", "said"),
    [
        ("    timeout-minutes: 1", "keys of measure", "say timeout-minutes a second time"),
        ("   - run: [", "steps of plan", "make it no YAML"),
        ("# coverage-roadmap: hand-made jobs", "steps of plan", "its markers are broken"),
    ],
)
def test_hand_made_parts_that_break_the_file_are_refused(team, line, room, said):
    handmade(team, line, room)
    ran = team.run("ci", "--check")
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_files_that_are_not_wanted_any_more_are_told_and_deleted(team):
    edit(team, "pyproject.toml", "[tool.coverage-roadmap.ci]", '[tool.coverage-roadmap.ci]\nschedule = ""')
    ran = team.run("ci", "--check", "--format", "json")
    states = {file["path"]: file["state"] for file in json.loads(ran.out)["files"]}
    assert (ran.code, states[f"{FOLDER}/coverage-weekly.yml"]) == (1, "left")
    assert "deleted" in team.run("ci", "--write").out
    assert not (team.root / FOLDER / "coverage-weekly.yml").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(b"\xff\xfe"), "is no UTF-8"),
        (lambda path: path.write_text("name: mine\n"), "it is not ours"),
        (lambda path: (path.unlink(), path.symlink_to("coverage-push.yml")), "is a link"),
    ],
)
def test_a_file_that_is_none_of_ours_is_left_alone(team, spoil, said):
    spoil(team.root / PULL)
    for words in (["--check"], ["--write"], ["--write", "--overwrite"]):
        ran = team.run("ci", *words)
        assert (ran.code, said in ran.err) == (2, True), ran.err


def test_two_configs_of_one_repository_have_files_of_their_own(team):
    config = (team.root / "pyproject.toml").read_text()
    team.write({"api/pyproject.toml": config, "api/noxfile.py": NOXFILE, "a.pi/pyproject.toml": config})
    for folder in ("src/app", "tests/unit"):
        for top in ("api", "a.pi"):
            team.write({f"{top}/{folder}/__init__.py": ""})
    assert team.run("ci", "--write", cwd=team.root / "api").code == 0
    assert len(list((team.root / FOLDER).glob("coverage-api-*.yml"))) == 4
    told = yaml.safe_load((team.root / FOLDER / "coverage-api-push.yml").read_text())
    assert told["defaults"]["run"]["working-directory"] == "api"
    assert team.run("ci", "--check").code == team.run("ci", "--check", cwd=team.root / "api").code == 0
    above = team.run("ci", "--write", cwd=team.root / "a.pi")
    assert above.code == 0
    told = yaml.safe_load((team.root / FOLDER / "coverage-a-pi-push.yml").read_text())
    assert told["env"]["COVERAGE_ROADMAP_CONFIG"] == "a.pi/pyproject.toml"


def test_configs_whose_folders_come_to_the_same_name_are_told_apart(team):
    config = (team.root / "pyproject.toml").read_text()
    for top in ("a/b", "a-b"):
        team.write({f"{top}/pyproject.toml": config, f"{top}/src/x.py": "", f"{top}/tests/unit/x.py": ""})
    assert team.run("ci", "--write", cwd=team.root / "a/b").code == 0
    ran = team.run("ci", "--write", cwd=team.root / "a-b")
    assert (ran.code, "is another config's" in ran.err) == (2, True)


def test_gitlab_has_its_files_and_a_child_with_the_jobs_of_the_matrix(team):
    assert team.run("ci", "--provider", "gitlab", "--write").out.count("written") == 2
    ran = team.run("ci", "--provider", "gitlab", "--child", "child.yml")
    assert (ran.code, ran.out.split()[-2:]) == (0, ["written", "child.yml"]), ran.out
    child = yaml.safe_load((team.root / "child.yml").read_text())
    settings = (team.root / ".git/config").read_bytes()
    ran = team.run("ci", "--provider", "gitlab", "--child", ".git/config")
    assert (ran.code, "lies in git's own folder" in ran.err) == (2, True)
    assert (team.root / ".git/config").read_bytes() == settings
    assert [job["SESSION"] for job in child["measure"]["parallel"]["matrix"]] == ["phase1"]
    assert team.run("ci", "--check").code == team.run("ci", "--check", "--provider", "gitlab").code == 0


def test_what_is_to_be_installed_and_is_not_there_is_told(team):
    told = "note ci.install names requirements-dev.txt, which is not in the folder of the noxfile"
    for words in (["--write"], ["--check"], []):
        ran = team.run("ci", *words)
        assert (ran.code, told in " ".join(ran.out.split())) == (0, True), ran.out
    team.write({"requirements-dev.txt": ""})
    assert json.loads(team.run("ci", "--format", "json").out)["notes"] == []
    edit(team, "pyproject.toml", "requirements-dev.txt", "x" * 5000)
    (note,) = json.loads(team.run("ci", "--format", "json").out)["notes"]
    assert note.startswith("ci.install names xxx")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--provider", "gitlub"], 2, "did you mean gitlab?"),
        (["--write", "--check"], 2, "give one of"),
        (["--overwrite"], 2, "goes with --write"),
        (["--child", "x", "--check"], 2, "give one of"),
    ],
)
def test_words_that_do_not_go_together(team, words, code, said):
    ran = team.run("ci", *words)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_a_config_that_no_workflow_can_be_made_from_says_what_to_write(project):
    ran = project.run("ci")
    assert (ran.code, "write one, as README shows" in ran.err) == (2, True)
    project.write({"noxfile.py": NOXFILE})
    ran = project.run("ci")
    assert (ran.code, "ci.install: is needed" in ran.err) == (2, True)
    project.git("branch", "-m", "trunk")
    project.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    ran = project.run("ci")
    assert (ran.code, 'default-branch = "trunk"' in ran.err) == (2, True), ran.err


def test_outside_of_a_repository_there_is_no_place_for_a_workflow(make_project):
    project = make_project(commit=False)
    ran = project.run("ci")
    assert (ran.code, "the project is in no git repository" in ran.err) == (2, True)
    project.env["PATH"] = str(project.root / "none")
    ran = project.run("ci")
    assert (ran.code, "git is missing" in ran.err, "install git" in ran.err) == (3, True, True), ran.err
