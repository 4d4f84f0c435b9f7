"""The emitted workflows, run: the real commands plan, measure, combine, judge, summarise, publish and propose."""

import shutil
import subprocess
import sys

import pytest

from .conftest import EVEN, NOXFILE
from .runner import Runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("workflows")]
PYTHON = "{}.{}".format(*sys.version_info[:2])
MORE = "from app.alpha import grade\n\n\ndef test_below():\n    assert grade(-1) == 'below'\n"
CI = """
threshold = 40
matrix = {matrix}

[tool.coverage-roadmap.ci]
install = ["{wheel}[runner]"]
target-seconds = 0.001
max-shards = {shards}
ratchet = true
"""
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$RUNNER_TEMP/calls"
[ "$1 $2" != "pr list" ] || echo 0
"""


@pytest.fixture(scope="module")
def team(make_project, wheel, pythons):
    """A project on two Pythons, in two shards."""
    second = next(version for version in pythons if version != PYTHON)
    return made(make_project, matrix=[PYTHON, second], shards=2, wheel=wheel)


def made(make_project, **given):
    """A project with a recorded run on its default branch, and its workflows."""
    project = make_project(keys=CI.format(**given), commit=False)
    project.write({"noxfile.py": NOXFILE, **EVEN})
    project.commit()
    assert project.run("run", "phase1").code == 0
    ran = project.run("ci", "--write")
    assert ran.code == 0, ran.err
    project.commit()
    return project


def runner(team, pythons, folder, commit, github, **more):
    env = {key: value for key, value in team.env.items() if key.startswith("GIT_")}
    return Runner(team.root, commit, folder, github, env, pythons, **more)


def logs(ended):
    return "\n".join(job.log for jobs in ended.jobs.values() for job in jobs)


@pytest.fixture(scope="module")
def proposed(team, pythons, tmp_path_factory):
    """All jobs of a pull request, once run."""
    base = team.git("rev-parse", "HEAD").strip()
    team.git("switch", "-q", "-c", "better")
    team.write({"tests/unit/test_more.py": MORE})
    team.commit()
    head = team.git("rev-parse", "HEAD").strip()
    team.git("switch", "-q", "main")
    github = {"event": {"number": 7, "pull_request": {"base": {"sha": base}}}, "ref": "refs/pull/7/merge"}
    ended = runner(team, pythons, tmp_path_factory.mktemp("actions"), head, github)
    ended.run(team.root / ".github/workflows/coverage-pull-request.yml")
    return ended


def test_all_jobs_pass_two_shards_on_two_pythons(proposed):
    assert all(job.ok for jobs in proposed.jobs.values() for job in jobs), logs(proposed)
    assert len(proposed.jobs["measure"]) == 4
    names = sorted(path.name for path in (proposed.folder / "artifacts").glob("coverage-*"))
    pythons = sorted({name.split("-")[2] for name in names})
    assert len(pythons) == 2
    assert names == [f"coverage-phase1-{python}-{number}-of-2" for python in pythons for number in (1, 2)]
    assert "66.66 % (8 of 12 lines)" in proposed.jobs["combine"][0].log


def test_the_summary_and_the_comment_tell_the_combined_run(proposed):
    comment = proposed.folder / "artifacts" / "comment"
    body = (comment / "body.md").read_text(encoding="utf-8")
    assert (comment / "number").read_text() == "7\n"
    assert body.startswith("<!-- coverage-roadmap: comment of coverage -->\n")
    assert "src/app/alpha.py" in body
    assert "src/app/alpha.py" in proposed.jobs["combine"][0].summary


def in_combine(proposed, *words):
    """Run the suite where the last job ran it."""
    work = proposed.jobs["combine"][0].workspace
    program = work.parent / "temp" / "suite" / "bin" / "coverage-roadmap"
    return subprocess.run([str(program), *words], cwd=work, capture_output=True, text=True, check=False, timeout=120)


def test_a_shard_that_left_nothing_fails_the_combination_and_is_named(proposed, tmp_path):
    artifacts = tmp_path / "artifacts"
    shutil.copytree(proposed.folder / "artifacts", artifacts)
    shutil.rmtree(artifacts / "comment")
    shutil.rmtree(artifacts / f"coverage-phase1-{PYTHON}-2-of-2")
    ran = in_combine(proposed, "combine", str(artifacts), "--gate", "threshold")
    assert ran.returncode == 1
    assert "2/2" in ran.stderr or "shard 2" in ran.stderr


def test_a_provider_is_shown_the_canonical_legs_lines(proposed):
    ran = in_combine(proposed, "history.show", "--canonical", "--format", "cobertura")
    assert ran.returncode == 0
    assert ran.stdout.count("<line ") == 12
    assert ran.stdout.count('hits="1"') == 8


def test_a_push_publishes_its_record_and_proposes_a_higher_threshold(make_project, wheel, pythons, tmp_path):
    team = made(make_project, matrix=[PYTHON], shards=1, wheel=wheel)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)
    before = len(team.history())
    head = team.git("rev-parse", "HEAD").strip()
    github = {"sha": head, "token": "s3cret"}
    ended = runner(team, pythons, tmp_path, head, github, programs=(str(programs), "/usr/bin", "/bin"))
    ended.run(team.root / ".github/workflows/coverage-push.yml")
    assert all(job.ok for jobs in ended.jobs.values() for job in jobs), logs(ended)
    assert len(team.history()) > before
    assert "+threshold = 57.83" in team.git("diff", "main", "coverage-ratchet")
    called = (ended.folder / "ratchet-0" / "temp" / "calls").read_text()
    assert "pr create --base main --head coverage-ratchet" in called
    assert "s3cret" not in called
