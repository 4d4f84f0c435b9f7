"""Exit code 3: what is missing, killed, corrupt, full or not writable; each with one message, and nothing lost."""

import json
import os
import shutil
import subprocess
import sys
import venv

import pytest

pytestmark = pytest.mark.slow  # phase runs for each

PLUGINS = ("pytest", "pytest-cov", "coverage")


def test_an_environment_without_the_plugins_is_told_what_to_install(project, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / "bin" / "python"
    ran = project.run("run", "phase1", "--python", str(python))
    assert ran.code == 3
    for name in PLUGINS:
        assert name in ran.err
    assert f"{python} -m pip install" in ran.err
    assert project.records() == []
    assert not list((project.root / ".coverage-roadmap" / "runs").iterdir())


def test_shards_are_not_combined_without_coverage_and_no_run_is_recorded_as_failed(project, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / "bin" / "python"
    assert project.run("run", "phase1", "--shard", "1/1", "--artifact", "artifacts/one").code == 0
    ran = project.run("combine", "artifacts", "--python", str(python))
    assert ran.code == 3
    assert f"{python}: coverage missing" in ran.err
    assert f"next: {python} -m pip install coverage" in ran.err
    assert [record["kind"] for record in project.records()] == ["partial"]


def test_a_tool_that_is_named_in_the_message_is_the_one_that_is_missing(project, tmp_path):
    venv.create(tmp_path / "half", with_pip=False)
    python = tmp_path / "half" / "bin" / "python"
    site = next((tmp_path / "half" / "lib").glob("python*")) / "site-packages"
    for name in ("pytest", "coverage", "pytest_timeout"):
        info = site / f"{name}-99.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 99.0\n")
    ran = project.run("run", "phase1", "--python", str(python))
    assert ran.code == 3
    assert "pytest-cov missing" in ran.err


@pytest.mark.parametrize(
    ("python", "said"),
    [("nothing-of-this-name", "no such interpreter"), ("/bin/true", "did not begin"), ("/etc/passwd", "no such")],
)
def test_an_interpreter_that_is_none_is_named(project, python, said):
    ran = project.run("run", "phase1", "--python", python)
    assert ran.code == 3
    assert said in ran.err
    assert python in ran.err
    assert project.records() == []


@pytest.mark.parametrize("number", ["SIGKILL", "SIGSEGV"])
def test_pytest_killed_by_a_signal_is_a_failed_run_that_keeps_what_was_measured(project, number):
    code = f"import os, signal\n\n\ndef test_dies():\n    os.kill(os.getpid(), signal.{number})\n"
    project.write({"tests/unit/test_z.py": code})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    record = project.record()
    assert record["kind"] == "failed"
    assert "signal" in record["reasons"][0]
    assert record["outcomes"]["passed"] == 3
    assert record["outcomes"]["not_run"] == ["tests/unit/test_z.py::test_dies"]
    assert record["provenance"]["exit_status"] < 0
    assert record["totals"]["missing"] < record["totals"]["statements"]
    assert "not judged, the run is failed" in ran.value("total")
    assert ran.value("not run") == "tests/unit/test_z.py::test_dies"


def test_pytest_that_leaves_by_os_exit_is_a_failed_run(project):
    project.write({"tests/unit/test_a.py": "import os\n\n\ndef test_leaves():\n    os._exit(0)\n"})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert project.record()["kind"] == "failed"


TRUNCATE = """
import os, pathlib
folder = pathlib.Path(os.environ["COVERAGE_FILE"]).parent

def pytest_unconfigure():
    {}
"""


@pytest.mark.parametrize(
    "act",
    [
        "[os.truncate(path, 100) for path in folder.glob('.coverage*')]",
        "[path.write_bytes(b'no database') for path in folder.glob('.coverage*')]",
        "(folder / '.coverage.host.1.x').write_bytes(b'SQLite format 3\\0' + b'x' * 5000); "
        "[path.write_bytes(b'') for path in [folder / '.coverage']]",
    ],
)
def test_corrupt_coverage_data_is_a_failed_run_with_a_message(project, act):
    project.write({"conftest.py": TRUNCATE.format(act)})
    ran = project.run("run", "phase1")
    record = project.record()
    assert ran.code in (1, 3)
    assert "Traceback" not in ran.out + ran.err
    if ran.code == 3:
        assert record["kind"] == "failed"
        assert "coverage data cannot be read" in record["reasons"][0]
    assert record["outcomes"]["passed"] == 3
    assert record["totals"]["statements"] == record["totals"]["missing"]


@pytest.mark.parametrize("act", ["os.truncate(junit, 60)", "junit.unlink()", "junit.write_text('<!DOCTYPE x><x/>')"])
def test_a_corrupt_junit_file_is_said_and_the_figures_do_not_rest_on_it(project, act):
    code = TRUNCATE.format(f"junit = folder.parent / 'junit.xml'; {act}")
    project.write({"conftest.py": code})
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "JUnit XML" in ran.value("note")
    assert ran.value("total").startswith("58.33 %")
    assert project.record()["kind"] == "full"


CORRUPT = (b"", b"{", b"null", b"\xff\xfe", b'{"format": 7}', b"[" * 100_000, b'{"format": 0, "id": "../../x"}')


def test_older_records_that_are_corrupt_are_said_and_the_run_goes_on(project):
    runs = project.root / ".coverage-roadmap" / "runs"
    for number, content in enumerate(CORRUPT):
        path = runs / f"20200101T00000000000{number}Z-phase1-0000000a" / "summary.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    (runs / "20200101T000000000009Z-phase1-0000000a" / "summary.json").mkdir(parents=True)
    (runs / "stray.txt").write_text("")
    ran = project.run("run", "phase1")
    assert ran.code == 0, ran.err
    assert "corrupt" in ran.value("note")
    assert "newer than ours" in ran.out
    assert f"and {len(CORRUPT) + 1 - 5} more" in ran.value("note")
    assert len(list(runs.glob("*/summary.json"))) == len(CORRUPT) + 2


def test_a_corrupt_record_in_the_history_is_said_and_the_run_goes_on(project):
    assert project.run("run", "phase1").code == 0
    name = next(name for name in project.history() if name.endswith(".summary.json"))
    project.git("worktree", "add", "-q", str(project.root.parent / "history"), "coverage-history")
    (project.root.parent / "history" / name).write_text("{}")
    subprocess.run(["git", "commit", "-qam", "x"], cwd=project.root.parent / "history", env=project.env, check=True)
    project.git("worktree", "remove", str(project.root.parent / "history"))
    shutil.rmtree(project.root / ".coverage-roadmap")  # which held it too
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "corrupt" in "".join(ran.report)


@pytest.mark.parametrize("name", [".coverage-roadmap", ".coverage-roadmap/runs", ".coverage-roadmap/.gitignore"])
def test_a_cache_folder_that_cannot_be_written_is_named(project, name):
    path = project.root / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if name.endswith("ignore") else path.write_text("")
    ran = project.run("run", "phase1")
    if name.endswith("ignore"):
        assert ran.code in (0, 3)
    else:
        assert ran.code == 3
        assert ".coverage-roadmap" in ran.err
        assert "cannot be written" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_project_is_named(project):
    project.root.chmod(0o555)
    try:
        ran = project.run("run", "phase1")
    finally:
        project.root.chmod(0o755)
    assert ran.code == 3
    assert "cannot be written: Permission denied" in ran.err


FULL = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""
ROOMY = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"


def _run_on_a_full_disk(project, size, tmp_path, *, children):
    """Run where no file may grow beyond `size` bytes; `children` says whether pytest is held to it too."""
    if not children:
        (tmp_path / "roomy").mkdir(exist_ok=True)
        (tmp_path / "roomy" / "sitecustomize.py").write_text(ROOMY)
        project.config(keys=f'env = {{ PYTHONPATH = "{tmp_path / "roomy"}" }}')
    words = [sys.executable, "-c", FULL, str(size), *project.command("run", "phase1")]
    return subprocess.run(
        words, cwd=project.root, env=project.env, capture_output=True, text=True, timeout=100, check=False
    )


def test_a_disk_that_is_full_while_recording_is_said_and_nothing_is_lost(project, tmp_path):
    assert project.run("run", "phase1").code == 0
    before = project.records()
    done = _run_on_a_full_disk(project, 64, tmp_path, children=False)
    assert done.returncode == 3
    assert "cannot be written: File too large" in done.stderr
    assert "make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert project.records() == before
    kept = [path for path in (project.root / ".coverage-roadmap" / "runs").iterdir() if path.name != before[0]["id"]]
    assert [path.name for path in kept[0].glob("data/.coverage*")]
    assert not [path for path in kept[0].rglob("*") if "summary" in path.name or "detail" in path.name]


@pytest.mark.parametrize("size", [64, 9000])
def test_a_disk_that_is_full_for_pytest_too_is_said(project, tmp_path, size):
    done = _run_on_a_full_disk(project, size, tmp_path, children=True)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "bug of ours" not in done.stderr
    assert "INTERNALERROR> coverage_roadmap" not in done.stdout
    assert "File too large" in done.stdout + done.stderr or "disk" in done.stdout + done.stderr
    assert "did not begin to run" in done.stderr or project.record()["kind"] == "failed"


def test_a_history_that_cannot_be_written_is_said_and_the_record_is_kept(project):
    project.git("branch", "coverage-history")
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert "is no coverage history" in ran.value("history")
    assert project.record()["kind"] == "full"
    assert project.git("rev-parse", "coverage-history") == project.git("rev-parse", "main")


def test_a_history_that_is_checked_out_is_not_moved_under_the_user(project):
    assert project.run("run", "phase1").code == 0
    project.git("worktree", "add", "-q", "../history", "coverage-history")
    tip = project.git("rev-parse", "coverage-history")
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert "checked out" in ran.value("history")
    assert project.git("rev-parse", "coverage-history") == tip
    assert len(project.records()) == 2


@pytest.mark.parametrize(("target", "gate", "code"), [("> /dev/full", 50, 3), ("| true", 50, 0), ("| true", 60, 1)])
def test_an_output_that_takes_nothing_does_not_change_the_verdict(project, target, gate, code):
    text = (project.root / "pyproject.toml").read_text().replace("fail-under = 50", f"fail-under = {gate}")
    project.write({"pyproject.toml": text.replace("[tool.cov", 'addopts = "-p no:terminal"\n\n[tool.cov', 1)})
    words = f"{' '.join(project.command('run', 'phase1'))} {target}; exit ${{PIPESTATUS[0]}}"
    options = {"cwd": project.root, "env": project.env, "capture_output": True, "text": True, "timeout": 100}
    done = subprocess.run(["bash", "-c", words], check=False, **options)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert ("standard output: cannot be written" in done.stderr) == (code == 3)
    assert len(project.records()) == 1


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"]])
def test_help_may_be_cut_off(project, words):
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(project.command(*words))} | true; exit ${{PIPESTATUS[0]}}"],
        **{"cwd": project.root, "env": project.env, "capture_output": True, "text": True, "check": False},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_records_are_valid_json_whatever_is_in_the_environment(project):
    project.env["CI"] = "true"
    assert project.run("run", "phase1").code == 0
    assert project.record()["provenance"]["ci"] is True
    assert json.dumps(project.record(), allow_nan=False)
