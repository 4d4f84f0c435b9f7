"""Exit codes 124 and 130: the limit and the interrupt leave nothing alive and keep what was measured."""

import fcntl
import os
import signal
import time

import psutil
import pytest

CHILDREN = """
import os, signal, subprocess, sys, time

STUBBORN = '''
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if sys.argv[1] == "detached":
    os.setsid()
    if os.fork():
        os._exit(0)
open(sys.argv[2] + str(os.getpid()), "w").close()
time.sleep(600)
'''


def start(folder):
    for how in ("child", "detached"):
        subprocess.Popen([sys.executable, "-c", STUBBORN, how, folder])
    while len(os.listdir(folder)) < 2:
        time.sleep(0.02)
"""
FIRST = "from app.core import name\n\n\ndef test_name():\n    assert name() == 'core'\n"
HANGS = {
    "in C, deaf to signals": (
        "    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})\n"
        "    ctypes.CDLL(None).sleep(600)\n"
    ),
    "in C": "    ctypes.CDLL(None).sleep(600)\n",
    "catching all": (
        "    while True:\n        try:\n            time.sleep(600)\n        except BaseException:\n            pass\n"
    ),
}


def _hang(project, tmp_path, body, keys="timeout = 10\ntest-timeout = 0"):
    """A project whose second file's first test starts stubborn children, says so by files in a folder, and hangs."""
    folder = tmp_path / "alive"
    folder.mkdir()
    code = (
        "import ctypes, signal, time\nimport children\n\n\n"
        f"def test_hangs():\n    children.start({str(folder) + os.sep!r})\n{body}\n\ndef test_later():\n    pass\n"
    )
    project.write({"src/children.py": CHILDREN, "tests/unit/test_a.py": FIRST, "tests/unit/test_b_hangs.py": code})
    project.config(keys=keys)
    return folder


def _alive(folder):
    """Which of the children live, less zombies."""
    found = []
    for path in folder.iterdir():
        try:
            if psutil.Process(int(path.name)).status() != psutil.STATUS_ZOMBIE:
                found.append(path.name)
        except psutil.NoSuchProcess:
            continue
    return found


def _until_hanging(folder, process):
    while len(list(folder.iterdir())) < 2:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


@pytest.mark.parametrize("how", HANGS)
def test_the_limit_ends_all_keeps_what_was_measured_and_names_what_did_not_run(project, tmp_path, how):
    folder = _hang(project, tmp_path, HANGS[how])
    ran = project.run("run", "phase1")
    assert len(list(folder.iterdir())) == 2
    assert _alive(folder) == []
    assert ran.code == 124
    record = project.record()
    assert record["kind"] == "timed-out"
    assert record["provenance"]["seconds"] < 60
    tests = record["outcomes"]
    assert tests["passed"] == 3  # of test_a and test_alpha
    hangs = "tests/unit/test_b_hangs.py::test_hangs"
    assert "tests/unit/test_b_hangs.py::test_later" in tests["not_run"]
    assert hangs in tests["not_run"] or hangs in str(tests["failed"])
    core = project.detail()["src/app/core.py"]["counts"]
    assert core.get("missing", 0) == 0  # what test_a measured, before the test that hung
    assert "not judged, the run is timed-out" in ran.value("total")
    assert "test_later" in ran.value("not run")
    assert ran.value("next").startswith(("see what held tests/", "mend tests/"))
    assert any(record["id"] in name for name in project.history())


def test_a_run_stops_between_two_tests_shortly_before_the_limit(project):
    code = (
        "import pytest, time\n\n\n@pytest.mark.parametrize('number', range(300))\ndef test_slow(number):\n"
        "    time.sleep(0.1)\n"
    )
    project.write({"tests/unit/test_slow.py": code})
    project.config(keys="timeout = 10")
    ran = project.run("run", "phase1")
    assert ran.code == 124
    record = project.record()
    assert record["kind"] == "timed-out"
    assert "the time limit came with" in ran.value("run")
    assert record["outcomes"]["failed"] == []
    assert record["outcomes"]["not_run"][-1] == "tests/unit/test_slow.py::test_slow[299]"
    assert record["outcomes"]["passed"] + len(record["outcomes"]["not_run"]) == 303
    assert ran.value("not run").endswith("more, see the record")
    assert project.detail()["src/app/alpha.py"]["counts"]["missing"] == 1


def test_the_limit_holds_while_tests_are_collected(project):
    project.write({"tests/unit/test_a.py": "import time\n\ntime.sleep(600)\n"})
    project.config(keys="timeout = 5\ntest-timeout = 0")
    ran = project.run("run", "phase1")
    assert ran.code == 124
    assert project.record()["kind"] == "timed-out"
    assert "held ," not in ran.value("next")


def test_one_test_that_hangs_fails_and_the_others_run(project):
    project.write({"tests/unit/test_a.py": "import time\n\n\ndef test_hangs():\n    time.sleep(600)\n"})
    project.config(keys="test-timeout = 1")
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert ran.value("tests") == "3 passed, 1 failed"
    assert "Timeout" in ran.value("failed")
    assert project.record()["kind"] == "full"


def test_what_the_tests_leave_running_is_ended_and_said(project, tmp_path):
    folder = _hang(project, tmp_path, "", keys="")
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "ended what the tests left running: 2 " in ran.value("note")
    assert len(list(folder.iterdir())) == 2
    assert _alive(folder) == []


@pytest.mark.parametrize(
    ("number", "to_group"), [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False)]
)
def test_an_interrupt_saves_ends_all_and_records(project, tmp_path, number, to_group):
    folder = _hang(project, tmp_path, "    time.sleep(600)\n", keys="")
    process = project.start("run", "phase1")
    _until_hanging(folder, process)
    (os.killpg if to_group else os.kill)(process.pid, number)
    ran = project.finish(process)
    assert ran.code == 130
    assert _alive(folder) == []
    assert "Traceback" not in ran.err
    record = project.record()
    assert (record["kind"], record["reasons"]) == ("partial", ["interrupted"])
    assert "tests/unit/test_b_hangs.py::test_later" in record["outcomes"]["not_run"]
    assert project.detail()["src/app/core.py"]["counts"].get("missing", 0) == 0
    assert "not judged" in ran.value("total") or "met" in ran.value("total")


def test_a_second_interrupt_ends_a_test_that_catches_the_first(project, tmp_path):
    folder = _hang(project, tmp_path, HANGS["catching all"], keys="")
    process = project.start("run", "phase1")
    _until_hanging(folder, process)
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    ran = project.finish(process)
    assert ran.code == 130
    assert _alive(folder) == []
    assert project.record()["reasons"] == ["interrupted"]


def test_two_runs_of_one_phase_wait_for_each_other_and_both_are_recorded(project, tmp_path):
    gate, here = tmp_path / "gate", tmp_path / "here"
    code = (
        "import pathlib, time\n\n\ndef test_waits():\n"
        f"    pathlib.Path({str(here)!r}).touch()\n"
        f"    while not pathlib.Path({str(gate)!r}).exists():\n        time.sleep(0.02)\n"
    )
    project.write({"tests/unit/test_waits.py": code})
    project.commit()
    first = project.start("run", "phase1")
    while not here.exists():
        assert first.poll() is None, first.communicate()
        time.sleep(0.02)
    second = project.start("run", "phase1")
    assert "another run of it is under way" in second.stdout.readline()
    gate.touch()
    ends = [project.finish(first), project.finish(second)]
    assert [ran.code for ran in ends] == [0, 0]
    assert [record["kind"] for record in project.records()] == ["full", "full"]
    assert len([name for name in project.history() if name.endswith(".summary.json")]) == 2


def test_two_phases_may_run_at_once(project):
    started = [project.start("run", phase) for phase in ("phase0", "phase1", "phase2")]
    assert [project.finish(process).code for process in started] == [0, 0, 0]
    assert len([name for name in project.history() if name.endswith(".summary.json")]) == 3


def test_an_interrupt_while_waiting_for_another_run_ends_at_once(project):
    project.run("run", "phase1")
    with (project.root / ".coverage-roadmap" / "phase1.lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = project.start("run", "phase1")
        assert "another run of it is under way" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        ran = project.finish(process)
    assert ran.code == 130
    assert "Traceback" not in ran.err
    assert len(project.records()) == 1
