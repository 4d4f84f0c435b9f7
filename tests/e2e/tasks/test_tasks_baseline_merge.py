"""`baseline --merge`: git joins the baselines of two branches with it, and `doctor` tells how to set it up."""

import json
import shlex
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # phase runs on two branches for each

FILE = "coverage-baseline.json"
PROGRAM = f"{shlex.quote(sys.executable)} -m coverage_roadmap"


def set_up(team):
    """Register the driver as the doctor says, but for the program's path."""
    team.write({".gitattributes": f"{FILE} merge=coverage-roadmap\n"})
    team.git("config", "merge.coverage-roadmap.driver", f"{PROGRAM} baseline --merge %O %A %B")


def git(team, *words):
    """Git's exit code with its words."""
    done = subprocess.run(
        ["git", *words], cwd=team.root, env=team.env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def improved(team, branch, files):
    """A branch with a better test, measured, with its baseline."""
    team.git("checkout", "-q", "-b", branch, "main")
    team.write(files)
    team.commit()
    assert team.run("run", "phase1", "--gate", "none").code == 0
    ran = team.run("baseline")
    assert ran.code == 0, ran.err
    team.commit()


ALPHA = {"tests/unit/test_below.py": "from app.alpha import grade\n\n\ndef test():\n    assert grade(-1) == 'below'\n"}
BETA = {"tests/unit/test_more.py": "from app.beta import double\n\n\ndef test():\n    assert double(2) == 4\n"}


@pytest.fixture
def forked(team):
    """Two branches, each with a floor that it raised; the driver is set up."""
    assert team.run("baseline").code == 0
    set_up(team)
    team.commit()
    improved(team, "one", ALPHA)
    improved(team, "two", BETA)
    return team


def test_git_joins_the_floors_of_two_branches_and_the_sums_are_right(forked, base_of):
    code, out = git(forked, "merge", "-q", "--no-edit", "one")
    assert code == 0, out
    base = base_of(forked)
    assert base["files"]["src/app/alpha.py"] == {"statements": 6}
    assert base["files"]["src/app/beta.py"] == {"statements": 4, "missing": 1}
    assert base["packages"]["src/app"]["missing"] == base["totals"]["counts"]["missing"] == 1
    assert {"tests/unit/test_below.py", "tests/unit/test_more.py"} <= base["tests"].keys()
    assert base["totals"]["tests"]["collected"] == 5
    assert len(base["evidence"]) == 2
    assert forked.run("run", "phase1", "--gate", "none").code == 0
    ran = forked.run("baseline")
    assert ran.code == 0, "what was joined is what is measured then: " + ran.err
    after = base_of(forked)
    assert {**after, "evidence": base["evidence"]} == base
    assert len(after["evidence"]) == 1


def test_without_the_driver_git_leaves_a_conflict_that_is_said_with_the_way_out(forked, base_of):
    forked.git("config", "--unset", "merge.coverage-roadmap.driver")
    assert git(forked, "merge", "-q", "--no-edit", "one")[0] == 1
    text = (forked.root / FILE).read_text()
    line = text[: text.index("<<<<<<<")].count("\n") + 1
    ran = forked.run("baseline")
    assert (ran.code, f"{FILE}:{line}: has a conflict marker" in ran.err) == (3, True)
    assert f"git checkout -m -- {FILE}" in ran.err
    assert (forked.root / FILE).read_text() == text
    set_up(forked)
    code, out = git(forked, "checkout", "-m", "--", FILE)
    assert code == 0, out
    assert base_of(forked)["totals"]["counts"]["missing"] == 1


def test_what_cannot_be_joined_is_a_conflict_with_our_side_whole(forked):
    text = (forked.root / FILE).read_text().replace('"branch": false', '"branch": true')
    (forked.root / FILE).write_text(text)
    forked.commit()
    code, out = git(forked, "merge", "-q", "--no-edit", "one")
    assert code == 1
    assert "count lines on one side and lines and branches on the other" in out
    assert (forked.root / FILE).read_text() == text
    assert f"UU {FILE}" in forked.git("status", "--porcelain")


@pytest.fixture
def sides(team):
    """A baseline three times, as git hands it over."""
    assert team.run("baseline").code == 0
    text = (team.root / FILE).read_text()
    for name in ("base", "ours", "theirs"):
        (team.root / name).write_text(text)
    return team


def test_it_works_without_a_config_and_from_invoke(sides, invoke, tmp_path):
    words = [word for name in ("base", "ours", "theirs") for word in ("--merge", name)]
    assert invoke(sides, "baseline", *words).returncode == 0
    (sides.root / "pyproject.toml").unlink()
    assert sides.run("baseline", "--merge", "base", "ours", "theirs").code == 0
    absolute = [str(sides.root / name) for name in ("base", "ours", "theirs")]
    ran = sides.run("baseline", "--merge", *absolute, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert (sides.root / "ours").read_text() == (sides.root / FILE).read_text()


def test_a_dry_run_writes_nothing_and_an_empty_base_is_none(sides, told):
    (sides.root / "base").write_text("")
    text = (sides.root / "theirs").read_text()
    (sides.root / "theirs").write_text(text.replace("test_core", "test_other"))
    words = ["baseline", "--merge", "base", "ours", "theirs"]
    code, data = told(sides, *words, "--dry-run")
    assert (code, data["written"], data["snapshot"], data["tests"]["collected"]) == (0, False, None, 4)
    assert (sides.root / "ours").read_text() == text
    assert "## Merged baseline" in sides.run(*words).out
    assert len(json.loads((sides.root / "ours").read_text())["tests"]) == 3


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("ours", "", 1, "is empty on one side"),
        ("theirs", "{", 3, "--merge: theirs: is no whole baseline"),
        ("base", "<<<<<<< HEAD\n", 3, "--merge: base:1: has a conflict marker"),
        ("theirs", None, 3, "cannot be read"),
    ],
)
def test_a_side_that_cannot_be_read_is_said_and_ours_stays(sides, name, content, code, said):
    (sides.root / name).unlink() if content is None else (sides.root / name).write_text(content)
    before = (sides.root / "ours").read_bytes()
    ran = sides.run("baseline", "--merge", "base", "ours", "theirs")
    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (code, True, False), ran.err
    assert (sides.root / "ours").read_bytes() == before


@pytest.mark.parametrize(
    "words", [["--merge"], ["--merge", "a", "b"], ["--merge=a", "b"], ["--merge", "a", "b", "c", "d"]]
)
def test_a_wrong_number_of_sides_is_a_message_and_2(team, words):
    ran = team.run("baseline", *words)
    assert ran.code == 2
    assert "--merge BASE OURS THEIRS" in ran.err or "d: no such option" in ran.err


def test_doctor_tells_the_two_commands_once_a_baseline_is_committed(team, told):
    def of_git():
        return [one for one in told(team, "doctor")[1]["findings"] if FILE in one["text"]]

    assert team.run("baseline").code == 0
    assert of_git() == []
    team.commit()
    first, second = of_git()
    assert {first["answer"], second["answer"]} == {"unknown"}
    assert second["mend"] == 'git config merge.coverage-roadmap.driver "coverage-roadmap baseline --merge %O %A %B"'
    for one in (first, second):
        assert subprocess.run(["sh", "-c", one["mend"]], cwd=team.root, env=team.env, check=False).returncode == 0
    (met,) = of_git()
    assert met["answer"] == "met"
