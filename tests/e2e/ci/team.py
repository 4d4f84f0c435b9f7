"""A team whose workflows are run, and the stand-in of GitHub's program `gh`."""

from .conftest import EVEN, NOXFILE
from .runner import Runner

MORE = "from app.alpha import grade\n\n\ndef test_below():\n    assert grade(-1) == 'below'\n"
CI = """
threshold = 40
matrix = {matrix}

[tool.coverage-roadmap.ci]
install = ["{wheel}[runner,github,dashboard]"]
target-seconds = 0.001
max-shards = {shards}
ratchet = true
{more}
"""
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$RUNNER_TEMP/calls"
[ "$1 $2" != "pr list" ] || echo 0
"""


def made(make_project, more="", **given):
    """A project with a recorded run on its default branch, and its workflows; `more` comes behind the config's keys."""
    project = make_project(keys=CI.format(more=more, **given), commit=False)
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


def program(folder):
    """A folder of programs in which `gh` writes down how it was called."""
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    return (str(folder), "/usr/bin", "/bin")
