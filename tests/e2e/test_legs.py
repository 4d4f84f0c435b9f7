"""Another Python of the matrix, a second real interpreter: its shards come to what its run in one piece does."""

import os
import re
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # an environment is made for the second Python

OWN = "{}.{}".format(*sys.version_info[:2])
NEWER = {
    "src/app/newer.py": (
        "import sys\n\n\ndef which():\n    if sys.version_info[:2] == ({}, {}):\n        return 'own'\n"
        "    word = 'other'\n    return word\n"
    ).format(*sys.version_info[:2]),
    "tests/unit/test_newer.py": "from app.newer import which\n\n\ndef test_which():\n    assert which()\n",
}


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """The version of a second Python, and the interpreter of an environment of it that has what a phase needs."""
    versions = [version for version in ("3.11", "3.12", "3.13", "3.14") if version != OWN]
    found = next(((v, which) for v in versions if (which := shutil.which(f"python{v}")) and answers(which)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no second Python, which CI must have")
        pytest.skip("no second Python")
    folder = tmp_path_factory.mktemp("other") / "venv"
    subprocess.run([found[1], "-m", "venv", str(folder)], check=True, timeout=200)
    python = str(folder / "bin" / "python")
    tools = [python, "-m", "pip", "install", "-q", "pytest", "pytest-cov", "pytest-timeout"]
    subprocess.run(tools, check=True, timeout=200, capture_output=True)
    return found[0], python


def answers(command):
    """Whether it runs; a shim may stand for a Python that is not there."""
    return subprocess.run([command, "-c", ""], capture_output=True, check=False, timeout=60).returncode == 0


class Legs:
    """A project on two Pythons, and where their artifacts come together."""

    def __init__(self, project, open_project, root):
        self.project, self.open_project, self.root = project, open_project, root

    def clone(self, name):
        subprocess.run(["git", "clone", "-q", self.project.root, self.root / name], check=True, timeout=60)
        return self.open_project(self.root / name)

    def shards(self, leg, python):
        """Measure both shards of a leg, each in a clone of its own; returns where their artifacts are."""
        for number in (1, 2):
            words = ["--shard", f"{number}/2", "--artifact", str(self.root / leg / f"part-{number}")]
            ran = self.clone(f"job {leg} {number}").run("run", "phase2", "--python", python, *words)
            assert ran.code == 0, ran.out + ran.err
        return self.root / leg

    def whole(self, name, python):
        """The same leg in one piece."""
        job = self.clone(name)
        ran = job.run("run", "phase2", "--python", python, "--gate", "none")
        assert ran.code == 0, ran.out + ran.err
        return job


@pytest.fixture(scope="module")
def legs(make_project, open_project, other, tmp_path_factory):
    project = make_project(
        keys=f"matrix = ['{OWN}', '{other[0]}']\ntest-timeout = 60", pytest='addopts = "--cov-branch"'
    )
    project.write(NEWER)
    project.commit()
    return Legs(project, open_project, tmp_path_factory.mktemp("legs"))


def told(job, python):
    """What the newest record of a leg says of the project."""
    record = next(one for one in reversed(job.records()) if one["provenance"]["leg"]["python"] == python)
    kept = ("phase", "selection", "kind", "totals", "scope", "outcomes", "tree")
    return {key: record[key] for key in kept}


def test_two_legs_are_combined_by_the_canonical_one_s_interpreter(legs, other):
    version, python = other
    artifacts = legs.root / "both"
    for leg, interpreter in (("own", sys.executable), ("other", python)):
        shutil.copytree(legs.shards(leg, interpreter), artifacts / leg)
    job = legs.clone("joined")
    ran = job.run("combine", str(artifacts), "--require-legs", "--gate", "none")
    assert ran.code == 0, ran.out + ran.err
    assert f"phase2 on {version}: measured on Python {version}, and counted by {OWN}" in " ".join(ran.out.split())
    assert re.search(rf"phase2 on {re.escape(version)} +passed", ran.out)
    assert told(job, OWN) == told(legs.whole("whole own", sys.executable), OWN)
    assert told(job, version) == told(legs.whole("whole other", python), version)
    assert told(job, OWN)["totals"] != told(job, version)["totals"], "a line runs on one of them alone"
    assert [name for name in job.history() if name.endswith(".summary.json")] == [
        name for name in job.history() if job.records()[0]["id"] in name and name.endswith(".summary.json")
    ]


def test_where_the_second_python_is_the_canonical_one_it_alone_may_count(legs, other):
    version, python = other
    config = legs.project.root / "pyproject.toml"
    text = config.read_text(encoding="utf-8")
    legs.project.git("switch", "-q", "-c", "newer")
    config.write_text(text.replace(f'python = "{OWN}"', f'python = "{version}"'), encoding="utf-8")
    legs.project.commit()
    try:
        artifacts = legs.shards("canonical", python)
        job, whole = legs.clone("joined newer"), legs.whole("whole newer", python)
    finally:
        legs.project.git("switch", "-q", "main")
    refused = job.run("combine", str(artifacts))
    assert refused.code == 2
    assert f"measured on Python {version}, and counted by {OWN}" in refused.err
    assert f"next: name its Python: --python python{version}" in refused.err
    assert job.history() == []
    ran = job.run("combine", str(artifacts), "--python", python, "--gate", "none")
    assert ran.code == 0, ran.out + ran.err
    assert "counted by" not in ran.out
    assert told(job, version) == told(whole, version)
    assert job.record()["provenance"]["leg"] == {"python": version, "implementation": "cpython", "canonical": True}
    assert any(job.record()["id"] in name for name in job.history())
