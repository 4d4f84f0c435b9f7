"""The emitted workflow of a push, run: it measures, publishes the record, and proposes what the measurement permits."""

import json
import sys

import pytest

from .team import MORE, logs, made, program, runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PYTHON = "{}.{}".format(*sys.version_info[:2])
BASELINE = "coverage-baseline.json"


def pushed(team, pythons, folder):
    """Run the workflow of a push of what is checked out."""
    github = {"sha": team.git("rev-parse", "HEAD").strip(), "token": "s3cret"}
    ended = runner(team, pythons, folder, github["sha"], github, programs=program(folder / "bin"))
    ended.run(team.root / ".github/workflows/coverage-push.yml")
    return ended


def test_a_push_publishes_its_record_and_proposes_a_higher_threshold(make_project, wheel, pythons, tmp_path):
    team = made(make_project, matrix=[PYTHON], shards=1, wheel=wheel)
    before = len(team.history())
    ended = pushed(team, pythons, tmp_path)
    assert all(job.ok for jobs in ended.jobs.values() for job in jobs), logs(ended)
    assert len(team.history()) > before
    assert "+threshold = 57.83" in team.git("diff", "main", "coverage-ratchet")
    called = (ended.folder / "ratchet-0" / "temp" / "calls").read_text()
    assert "pr create --base main --head coverage-ratchet" in called
    assert "s3cret" not in called


def test_a_push_proposes_a_tighter_baseline_with_it_where_one_is_committed(make_project, wheel, pythons, tmp_path):
    team = made(make_project, matrix=[PYTHON], shards=1, wheel=wheel)
    assert team.run("run", "phase1").code == 0
    ran = team.run("baseline")
    assert ran.code == 0, ran.err
    team.write({"tests/unit/test_more.py": MORE})
    team.commit()
    before = json.loads((team.root / BASELINE).read_text())
    ended = pushed(team, pythons, tmp_path)
    assert all(job.ok for jobs in ended.jobs.values() for job in jobs), logs(ended)
    assert team.git("diff", "--name-only", "main", "coverage-ratchet").split() == [BASELINE, "pyproject.toml"]
    after = json.loads(team.git("show", f"coverage-ratchet:{BASELINE}"))
    assert (before["files"]["src/app/alpha.py"]["missing"], before["totals"]["counts"]["missing"]) == (1, 5)
    assert ("missing" in after["files"]["src/app/alpha.py"], after["totals"]["counts"]["missing"]) == (False, 4)
    assert after["evidence"][0]["commit"] == team.git("rev-parse", "main").strip()
    assert "+threshold = 66.16" in team.git("diff", "main", "coverage-ratchet", "--", "pyproject.toml")
