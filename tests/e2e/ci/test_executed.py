"""The emitted pull-request workflow, run: the real commands plan, measure, combine, judge and summarise together."""

import shutil
import subprocess
import sys

import pytest

from .conftest import NOXFILE
from .runner import Runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PYTHON = "{}.{}".format(*sys.version_info[:2])
MORE = "from app.alpha import grade\n\n\ndef test_below():\n    assert grade(-1) == 'below'\n"
CI = """
threshold = 40
matrix = ["{first}", "{second}"]

[tool.coverage-roadmap.ci]
install = ["{wheel}[runner]"]
target-seconds = 0.001
max-shards = 2
"""


@pytest.fixture(scope="module")
def proposed(make_project, wheel, pythons, tmp_path_factory):
    """A repository with a recorded run on its default branch, a pull request, and what its workflow came to."""
    second = next(version for version in pythons if version != PYTHON)
    project = make_project(keys=CI.format(first=PYTHON, second=second, wheel=wheel), commit=False)
    project.write({"noxfile.py": NOXFILE})
    project.commit()
    assert project.run("run", "phase1").code == 0
    ran = project.run("ci", "--write")
    assert ran.code == 0, ran.err
    project.commit()
    base = project.git("rev-parse", "HEAD").strip()
    project.git("switch", "-q", "-c", "better")
    project.write({"tests/unit/test_more.py": MORE})
    project.commit()
    head = project.git("rev-parse", "HEAD").strip()
    project.git("switch", "-q", "main")
    return project, second, base, head


def make_runner(proposed, pythons, folder, **more):
    project, _, base, head = proposed
    github = {"event": {"number": 7, "pull_request": {"base": {"sha": base}}}, "ref": "refs/pull/7/merge"}
    env = {key: value for key, value in project.env.items() if key.startswith("GIT_")}
    return Runner(project.root, head, folder, github, env, pythons, **more)


@pytest.fixture(scope="module")
def ended(proposed, pythons, tmp_path_factory):
    """All jobs, once run."""
    folder = tmp_path_factory.mktemp("actions")
    runner = make_runner(proposed, pythons, folder)
    runner.run(proposed[0].root / ".github/workflows/coverage-pull-request.yml")
    return runner


def test_all_jobs_pass_two_shards_on_two_pythons(ended, proposed):
    jobs = ended.jobs
    logs = "\n".join(job.log for name in jobs for job in jobs[name])
    assert all(job.ok for name in jobs for job in jobs[name]), logs
    assert len(jobs["measure"]) == 4, logs
    names = sorted(path.name for path in (ended.folder / "artifacts").glob("coverage-*"))
    assert names == sorted(f"coverage-phase1-{p}-{n}-of-2" for p in (PYTHON, proposed[1]) for n in (1, 2))
    combined = jobs["combine"][0].log
    assert "66.66 % (8 of 12 lines)" in combined, combined


def test_the_summary_and_the_comment_tell_the_combined_run(ended):
    combine = ended.jobs["combine"][0]
    comment = ended.folder / "artifacts" / "comment"
    body = (comment / "body.md").read_text(encoding="utf-8")
    assert (comment / "number").read_text() == "7\n"
    assert body.startswith("<!-- coverage-roadmap: comment of coverage -->\n")
    assert "src/app/alpha.py" in body
    assert "src/app/alpha.py" in combine.summary


def test_a_shard_that_left_nothing_fails_the_combination_and_is_named(ended, proposed, pythons, tmp_path):
    """The jobs before are taken as they were: only the last one is run again, with an artifact missing."""
    artifacts = tmp_path / "artifacts"
    shutil.copytree(ended.folder / "artifacts", artifacts)
    shutil.rmtree(artifacts / "comment")
    shutil.rmtree(artifacts / f"coverage-phase1-{PYTHON}-2-of-2")
    work = ended.jobs["combine"][0].workspace
    words = [
        str(work.parent / "temp" / "suite" / "bin" / "coverage-roadmap"),
        "combine",
        str(artifacts),
        "--gate",
        "threshold",
    ]
    ran = subprocess.run(words, cwd=work, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 1
    assert "2/2" in ran.stderr or "shard 2" in ran.stderr
