"""GitLab's pipeline, run: the plan's script writes the child, whose jobs run in clones of their own."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from .conftest import EVEN, NOXFILE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PYTHON = "{}.{}".format(*sys.version_info[:2])
CI = """
threshold = 40

[tool.coverage-roadmap.ci]
provider = "gitlab"
install = ["{wheel}[runner]"]
target-seconds = 0.001
max-shards = 2
"""


def play(project, folder, pythons, job, **variables):
    """Run a job's scripts in a clone, as GitLab's runner does. Returns its words; they must succeed."""
    for name in ("work", "bin"):
        (folder / name).mkdir(parents=True)
    project.git("clone", "--quiet", str(project.root), str(folder / "work"))
    (folder / "bin" / f"python{PYTHON}").symlink_to(pythons[PYTHON])
    env = {
        **{key: value for key, value in os.environ.items() if key.startswith(("HOME", "PIP_", "UV_", "SSL_"))},
        **project.env,
        **{"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "CI_PROJECT_DIR": str(folder / "work"), "CI": "true"},
        **{key: str(value) for key, value in {**job["variables"], **variables}.items()},
    }
    script = "\n".join([*job["before_script"], *job["script"]])
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(words, cwd=folder / "work", env=env, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_child_measures_two_shards_and_judges_them_once(make_project, wheel, pythons, tmp_path):
    project = make_project(keys=CI.format(wheel=wheel), commit=False)
    project.write({"noxfile.py": NOXFILE, **EVEN})
    project.commit()
    assert project.run("run", "phase1").code == 0
    assert project.run("ci", "--write").code == 0
    project.commit()
    pipeline, templates = (
        yaml.safe_load((project.root / ".gitlab" / name).read_text()) for name in ("coverage.yml", "coverage-jobs.yml")
    )
    play(project, tmp_path / "plan", pythons, pipeline["coverage-plan"])
    child = yaml.safe_load((tmp_path / "plan" / "work" / "coverage-child.yml").read_text())
    jobs = child["measure"]["parallel"]["matrix"]
    assert [job["SESSION"] for job in jobs] == ["phase1", "phase1"]
    combine = tmp_path / "combine"
    left = combine / "work" / "coverage-artifacts"
    for number, variables in enumerate(jobs):
        play(project, tmp_path / f"{number}", pythons, templates[child["measure"]["extends"]], **variables)
    job = templates[child["combine"]["extends"]]
    fetched = [f'cp -R "{tmp_path / str(n) / "work" / "coverage-artifacts"}/." {left}' for n in range(len(jobs))]
    base = project.git("rev-parse", "HEAD~1").strip()
    told = play(
        project, combine, pythons, {**job, "before_script": [f"mkdir {left}", *fetched, *job["before_script"]]},
        COVERAGE_BASE=base,
    )  # fmt: skip
    found = re.findall(job["coverage"].strip("/"), told, re.MULTILINE)
    assert found == ["58.33"]
    assert (combine / "work" / "coverage.xml").read_text().count("<line ") == 12
