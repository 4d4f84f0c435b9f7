"""The one place that prints errors and picks exit codes, in processes of their own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from coverage_roadmap.errors import ExitCode

GUARDED = """
import sys
from coverage_roadmap import errors
from coverage_roadmap.faces import edge, terminal
from coverage_roadmap.render.page import Page
def work():
    {work}
sys.exit(edge.guarded(work))
"""


def guarded(work: str, tmp_path: Path, **keys: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", GUARDED.format(work=work)]
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, **keys)


@pytest.mark.parametrize(
    ("work", "code", "told"),
    [
        ("return 0", ExitCode.DONE, ""),
        ("return errors.ExitCode.TIME_LIMIT", 124, ""),
        ("raise errors.NotMetError('no')", 1, "coverage-roadmap: no\n"),
        ("raise errors.UsageError('no', where='--x')", 2, "coverage-roadmap: --x: no\n"),
        ("raise errors.ConfigError('no', next_step='do')", 2, "coverage-roadmap: no\n  next: do\n"),
        ("raise errors.ToolError('no')", 3, "coverage-roadmap: no\n"),
        ("raise errors.RecordError('no')", 3, "coverage-roadmap: no\n"),
        ("raise errors.InterruptedRunError('no')", 130, "coverage-roadmap: no\n"),
        ("raise KeyboardInterrupt", 130, "coverage-roadmap: interrupted\n"),
        ("open('/no/such/file')", 3, "coverage-roadmap: /no/such/file: No such file or directory\n"),
        ("raise OSError('strange')", 3, "coverage-roadmap: strange\n"),
    ],
)
def test_each_end_has_its_code_and_its_words(work: str, code: int, told: str, tmp_path: Path) -> None:
    done = guarded(work, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_who_is_asked_to_end_is_interrupted_and_ends_what_it_started(name: str, tmp_path: Path) -> None:
    work = (
        "import os, pathlib, signal; from coverage_roadmap.adapters import processes; "
        f"ask = 'sleep 60 & echo $! > left; kill -s {name[3:]} ' + str(os.getpid()) + '; wait'; "
        "processes.answer(['sh', '-c', ask], cwd=pathlib.Path.cwd())"
    )
    done = guarded(work, tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, "coverage-roadmap: interrupted\n")
    assert not _runs(int((tmp_path / "left").read_text()))


INTERRUPTING = """
import os, pathlib, psutil, signal, sys
from coverage_roadmap.adapters import processes
from coverage_roadmap.faces import edge
moments = [("return", "_execute_child"), ("call", "children")]
def ask(frame, event, _):
    if moments and (event, frame.f_code.co_name) == moments[0]:
        moments.pop(0)
        os.kill(os.getpid(), signal.{name})
def work():
    sys.setprofile(ask)
    processes.answer(["sleep", "60"], cwd=pathlib.Path.cwd())
code = edge.guarded(work)
sys.setprofile(None)
print(code, moments, psutil.Process().children(), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""
"""Sends a signal while a process runs that nobody knows yet, since what starts it has not returned; and another one
while that process is being ended."""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_process_that_is_being_started_or_ended_when_we_are_asked_to_end_is_ended(name: str) -> None:
    command = [sys.executable, "-c", INTERRUPTING.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("130 [] [] True\n", "coverage-roadmap: interrupted\n")


def _runs(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_our_own_bug_is_one_line_and_the_details_are_in_a_file(tmp_path: Path) -> None:
    done = guarded("secret = 'ü'; [][1]", tmp_path)
    assert done.returncode == ExitCode.BUG == 70
    told = re.fullmatch(r"coverage-roadmap: this is a bug of ours; the details are in (.*)\n", done.stderr)
    assert told
    details = Path(told[1])
    assert details.parent == tmp_path
    assert "IndexError: list index out of range" in details.read_text()
    assert "Traceback" not in done.stderr


def test_a_bug_where_nothing_can_be_written_is_told_on_the_spot(tmp_path: Path) -> None:
    no_room = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); [][1]"
    done = guarded(no_room, tmp_path)
    assert done.returncode == 70
    assert "IndexError: list index out of range" in done.stderr
    assert "the details are in the lines above" in done.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'a\\x1b[31mred'", r"a\x1b[31mred"),
        ("'tab\\there'", r"tab\there"),
        ("'\\udcff'", r"\udcff"),
        ("'größe 試'", "größe 試"),
        ("'two\\n  ::error::lines'", "two\n  \\x3a:error::lines"),
    ],
)
def test_foreign_text_in_an_error_cannot_steer_the_terminal(text: str, shown: str, tmp_path: Path) -> None:
    done = guarded(f"raise errors.ToolError({text})", tmp_path)
    assert (done.returncode, done.stderr) == (3, f"coverage-roadmap: {shown}\n")


def test_an_error_that_the_terminals_encoding_lacks_is_shown_all_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", GUARDED.format(work="raise errors.ToolError('größe 試')")]
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "gr" in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize("size", [1, 2**20])
@pytest.mark.parametrize("code", [0, 1])
def test_a_reader_that_went_away_changes_no_exit_code_and_says_nothing(size: int, code: int) -> None:
    read, write = os.pipe()
    os.close(read)
    work = f"with edge.output():\n        terminal.show(Page('x' * {size}))\n    print('more'); return {code}"
    command = [sys.executable, "-c", GUARDED.format(work=work)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize("size", [1, 2**20])
def test_a_full_disk_behind_the_output_is_a_failure_that_is_told(size: int) -> None:
    work = f"with edge.output():\n        terminal.show(Page('x' * {size}))\n    return 0"
    command = [sys.executable, "-c", GUARDED.format(work=work)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("coverage-roadmap: standard output: cannot be written: No space left on device\n")


def test_an_interrupt_from_outside_ends_with_130(tmp_path: Path) -> None:
    work = "import time; print('here', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", GUARDED.format(work=work)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "here\n"
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
    assert (running.returncode, told) == (130, "coverage-roadmap: interrupted\n")
