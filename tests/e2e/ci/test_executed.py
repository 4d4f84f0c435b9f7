"""The emitted pull-request workflow, run: the real commands plan, measure, combine, judge and summarise."""

import shutil
import subprocess
import sys

import pytest

from .team import MORE, logs, made, runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PYTHON = "{}.{}".format(*sys.version_info[:2])


@pytest.fixture(scope="module")
def team(make_project, wheel, pythons):
    """A project on two Pythons, in two shards."""
    second = next(version for version in pythons if version != PYTHON)
    return made(make_project, matrix=[PYTHON, second], shards=2, wheel=wheel)


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
