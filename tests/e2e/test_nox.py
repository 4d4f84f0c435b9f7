"""Nox as a user runs it: the repository's own noxfile, driving projects that the tests build."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = "{}.{}".format(*sys.version_info[:2])


class Nox:
    """Runs nox for a project, its environments in a folder of their own."""

    def __init__(self, envs):
        self.envs = envs

    def command(self, *words, python=sys.executable):
        return [python, "-m", "nox", "-f", str(ROOT / "noxfile.py"), "--envdir", str(self.envs), *words]

    def env(self, project, **extra):
        config = {"COVERAGE_ROADMAP_CONFIG": str(project.root / "pyproject.toml")}
        return {**project.env, **config, "NOX_DOWNLOAD_PYTHON": "never", "NO_COLOR": "1", **extra}

    def __call__(self, project, *words, python=sys.executable, cwd=ROOT, **extra):
        return subprocess.run(
            self.command(*words, python=python),
            cwd=cwd,
            env=self.env(project, **extra),
            capture_output=True,
            text=True,
            timeout=280,
        )


@pytest.fixture(scope="module")
def nox(tmp_path_factory):
    return Nox(tmp_path_factory.mktemp("envs"))


def test_nox_lists_each_phase_with_its_title_and_the_built_in_sessions():
    out = subprocess.run([sys.executable, "-m", "nox", "-l"], cwd=ROOT, capture_output=True, text=True).stdout
    for line in ("phase2 -> Raise to 60 %", "phase3 -> Raise to 65 %", "phase4 -> Raise to 70 %"):
        assert re.search(rf"^- {line}$", out, re.MULTILINE)
    listed = set(re.findall(r"^[-*] ([\w.-]+)", out, re.MULTILINE))
    assert {"phase0", "phase3-3.12", "tests", "lint", "types", "build", "readme", "bench", "docs"} <= listed
    assert "phase3-3.11" not in listed


@pytest.mark.slow
def test_the_first_run_installs_and_the_second_neither_installs_nor_resolves(nox, project):
    first = nox(project, "-s", "phase1")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "install" in first.stderr
    second = nox(project, "-s", "phase1")
    assert second.returncode == 0
    assert "install" not in second.stderr
    assert [record["kind"] for record in project.records()] == ["full", "full"]
    assert project.record()["provenance"]["leg"]["canonical"]
    assert len(project.history()) == 5  # two files for each record, and the marker
    changed = Path(nox.envs / "phase1" / "coverage-roadmap-installed.txt")
    changed.write_text("another list of requirements\n")
    assert "install" in nox(project, "-s", "phase1").stderr


def test_words_after_the_dashes_narrow_the_run(nox, project):
    ran = nox(project, "-s", "phase1", "--", "--story", "alpha", "-k", "grade and not 'no such'")
    assert project.record()["kind"] in ("partial", "failed")
    ran = nox(project, "-s", "phase1", "--", "--story", "alpha")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert project.record()["provenance"]["arguments"] == ["--story=alpha"]
    assert project.record()["outcomes"]["passed"] == 2


def test_without_an_environment_the_interpreter_that_runs_nox_is_used(tmp_path, project):
    nox = Nox(tmp_path / "none")
    ran = nox(project, "--no-venv", "-s", "phase1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not nox.envs.exists()
    assert project.record()["kind"] == "full"


def test_failing_tests_fail_the_session(nox, project):
    project.write({"tests/unit/test_bad.py": "def test_bad():\n    assert False\n"})
    ran = nox(project, "-s", "phase1")
    assert ran.returncode == 1
    assert "tests/unit/test_bad.py::test_bad" in ran.stdout


def test_a_leg_that_was_asked_for_and_is_not_there_is_a_failure(nox, project):
    project.config(keys='matrix = ["3.99"]')
    ran = nox(project, "-s", "phase1-3.99")
    assert ran.returncode != 0
    assert "3.99" in ran.stderr


def test_without_the_canonical_python_nox_s_own_is_used_and_is_no_evidence(nox, project):
    project.config(python="3.99")
    project.commit()
    ran = nox(project, "-s", "phase1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"Python {OWN} is not the canonical leg" in re.sub(r"\s+", " ", ran.stdout)
    assert not project.record()["provenance"]["leg"]["canonical"]
    assert project.history() == []


def test_a_config_with_problems_ends_nox_with_our_words(nox, project):
    project.config(keys="timeot = 3")
    ran = nox(project, "-l")
    assert ran.returncode == 2
    assert "timeot = 3: no such key: did you mean timeout?" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_config_is_found_from_the_caller_s_folder(nox, project):
    ran = nox(project, "-l", cwd=project.root, COVERAGE_ROADMAP_CONFIG="pyproject.toml", PWD=str(project.root))
    assert ran.returncode == 0, ran.stderr
    assert "phase1 -> First step" in ran.stdout


@pytest.mark.slow
def test_a_nox_that_stands_apart_from_the_package_says_what_to_install(tmp_path, nox, project):
    apart = tmp_path / "apart"
    subprocess.run([sys.executable, "-m", "venv", str(apart)], check=True)
    python = str(apart / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "nox"], check=True)
    ran = nox(project, "-l", python=python)
    assert ran.returncode != 0
    assert f"{python} -m pip install -r requirements-dev.txt" in ran.stderr + ran.stdout
    assert "Traceback" not in ran.stderr


def test_an_interrupt_in_the_middle_saves_and_leaves_nothing_alive(nox, project):
    slow = "import time\n\n\ndef test_slow():\n    open('begun', 'w').close()\n    time.sleep(100)\n"
    project.write({"tests/unit/test_zslow.py": slow})
    process = subprocess.Popen(
        nox.command("-s", "phase1"),
        cwd=ROOT,
        env=nox.env(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    until = time.monotonic() + 200
    while not (project.root / "begun").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    below = psutil.Process(process.pid).children(recursive=True)
    assert below
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=100)
    assert process.returncode != 0
    _, alive = psutil.wait_procs(below, timeout=30)
    assert alive == []
    record = project.record()
    assert record["kind"] == "partial"
    assert record["reasons"] == ["interrupted"]
    assert record["totals"]["statements"] > record["totals"]["missing"]


@pytest.mark.slow
def test_shards_that_sessions_left_are_combined_by_a_session(nox, project, tmp_path):
    artifacts = tmp_path / "artifacts"
    for number in (1, 2):
        words = ["--shard", f"{number}/2", "--artifact", str(artifacts / f"part-{number}")]
        ran = nox(project, "-s", "phase2", "--", *words)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert project.history() == []
    ran = nox(project, "-s", "combine", "--", str(artifacts))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    combined = project.record()
    assert (combined["kind"], combined["provenance"]["shards"], combined["outcomes"]["passed"]) == ("full", 2, 4)
    assert "fail-under 80: met" in " ".join(ran.stdout.split())
    assert nox(project, "-s", "phase2").returncode == 0
    kept = ("phase", "selection", "kind", "totals", "scope", "outcomes", "tree")
    assert {key: combined[key] for key in kept} == {key: project.record()[key] for key in kept}
    shutil.rmtree(artifacts / "part-2")
    ran = nox(project, "-s", "combine", "--", str(artifacts))
    assert ran.returncode == 1
    assert "shard 2/2 is missing" in ran.stderr + ran.stdout
