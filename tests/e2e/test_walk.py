"""The whole roadmap, walked on the embedded project as a team walks it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW_TEST = '''"""One of the team's small commits."""

from src.core.exceptions import FootballError, {name}


def test_{name}_is_one_of_ours() -> None:
    assert issubclass({name}, FootballError)
'''


@pytest.fixture(scope="module")
def python():
    """The interpreter of the embedded project's own environment."""
    subprocess.run([sys.executable, "-m", "nox", "-s", "phase3", "--install-only"], cwd=ROOT, check=True)
    return str(ROOT / ".nox" / "phase3" / "bin" / "python")


@pytest.fixture
def team(tmp_path, open_project):
    """A scratch clone of this repository, with what is not committed here yet."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    team = open_project(clone)
    team.git("checkout", "-q", "-B", "main")
    shutil.rmtree(clone / "examples" / "football", ignore_errors=True)
    left_out = shutil.ignore_patterns(".coverage-roadmap", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT / "examples" / "football", clone / "examples" / "football", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", clone)
    team.commit()
    return team


def answers(team, phase):
    """The criteria of a phase, as exit-check judges them: question and answer."""
    ran = team.run("exit-check", "--phase", phase, "--format", "json")
    told = json.loads(ran.out)
    return ran.code, {c["question"]: c["answer"] for c in told["criteria"]}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_whole_walk_from_phase_2_to_the_end_of_phase_4(team, python):
    def run(phase):
        ran = team.run("run", phase, "--python", python, "-q")
        assert ran.code == 0, ran.out + ran.err

    run("phase2")
    code, judged = answers(team, "phase2")
    assert code == 1
    assert judged["threshold at least 60 everywhere"] == "not met"
    assert team.run("close", "--phase", "phase2").code == 1

    assert team.run("bump", "--to", "60").code == 0
    assert "--cov-fail-under=60" in (team.root / "examples/football/pytest.ini").read_text()
    team.commit()
    assert answers(team, "phase2") == (0, dict.fromkeys(judged, "met"))
    assert team.run("close", "--phase", "phase2").code == 0
    team.commit()

    run("phase3")
    code, judged = answers(team, "phase3")
    assert code == 1
    assert judged["coverage at least 66, sustained over 3 trees"] == "unknown"
    for name in ("StorageError", "StreamingError"):
        path = f"examples/football/tests/unit/core/test_{name.lower()}.py"
        team.write({path: NEW_TEST.format(name=name)})
        team.commit()
        run("phase3")
    assert answers(team, "phase3") == (0, dict.fromkeys(judged, "met"))
    assert team.run("close").code == 0
    team.commit()

    run("phase4")
    team.git("checkout", "-q", "-b", "coverage/streaming")
    assert team.run("bump", "--to", "70").code == 0
    team.commit()
    code, judged = answers(team, "phase4")
    assert code == 1
    assert [question for question, answer in judged.items() if answer != "met"] == ["documented in a PR"]
    assert judged["documented in a PR"] == "unknown"

    body = team.root.parent / "body.md"
    body.write_text((ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert team.run("pr-summary", "--write", str(body), "--record").code == 0
    text = body.read_text(encoding="utf-8")
    assert "src/streaming/kafka\\_consumer.py" in text
    assert "pytest --cov=src" in text
    assert answers(team, "phase4")[1]["documented in a PR"] == "not met"
    team.git("checkout", "-q", "main")
    team.git("merge", "-q", "--squash", "coverage/streaming")
    team.git("commit", "-qm", "Streaming is covered")
    assert answers(team, "phase4") == (0, dict.fromkeys(judged, "met"))
    assert team.run("close").code == 0
    team.commit()

    shown = json.loads(team.run("status", "--format", "json").out)
    assert [bool(phase["closed"]) for phase in shown["phases"]] == [True, True, True]
    assert not any(phase["regression"] for phase in shown["phases"])
