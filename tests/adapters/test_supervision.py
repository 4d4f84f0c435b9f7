"""A process is held to its limit with all that it starts. Each test supervises in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from coverage_roadmap.adapters import supervision

SUPERVISOR = """
import msgspec, os, sys
from pathlib import Path
from coverage_roadmap.adapters import supervision
ended = supervision.supervise(
    [sys.executable, "-c", sys.argv[1], *sys.argv[3:]],
    cwd=Path.cwd(), env=os.environ, limit=supervision.Limit(float(sys.argv[2])),
)
print(msgspec.json.encode(ended).decode(), flush=True)
"""

DEAF = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]\n"
"""Ignores all that can be ignored."""

NOTE = "import os, sys; open(os.path.join(sys.argv[1], str(os.getpid())), 'w').close()\n"
"""Leaves its process id in the folder that it is told."""

SLEEP = "import time; time.sleep(60)\n"

DETACHED = {
    "a plain child": "import os\nif os.fork() == 0:\n",
    "a child with setsid": "import os\nif os.fork() == 0:\n    os.setsid()\n",
    "a double fork": "import os\nif os.fork() == 0:\n    os.setsid()\n    os.fork() and os._exit(0)\n",
    "a child's child with setsid": "import os\nif os.fork() == 0 and os.fork() == 0:\n    os.setsid()\n",
}


class Supervised:
    """A supervisor that runs in the background, and the folder where its processes leave their ids."""

    def __init__(self, folder: Path, code: str, limit: float) -> None:
        self.folder = folder
        words = [sys.executable, "-c", SUPERVISOR, code, str(limit), str(folder)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(self, count: int) -> list[int]:
        """The ids, once so many processes have left theirs."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            names = [int(path.name) for path in self.folder.iterdir() if path.name.isdigit()]
            if len(names) >= count:
                return names
            time.sleep(0.01)
        raise AssertionError(f"only {names} came up")

    def wait_for_word(self, word: str) -> None:
        until = time.monotonic() + 30
        while not (self.folder / word).exists():
            assert time.monotonic() < until, f"{word} never came"
            time.sleep(0.01)

    def end(self) -> dict[str, Any]:
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err
        return dict(json.loads(out.splitlines()[-1]))


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    folder = tmp_path / "ids"
    folder.mkdir()
    started: list[Supervised] = []

    def start(code: str, limit: float = 60.0) -> Supervised:
        started.append(Supervised(folder, code, limit))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()
    for path in folder.iterdir():
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.kill(int(path.name), signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_command_that_ends_in_time_gives_its_exit_code(supervised: Callable[..., Supervised]) -> None:
    ended = supervised("raise SystemExit(7)").end()
    assert (ended["status"], ended["timed_out"], ended["interrupted"], ended["left_over"]) == (7, False, False, 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_an_end_by_a_signal_is_told_as_its_negative(supervised: Callable[..., Supervised], number: int) -> None:
    ended = supervised(f"import os; os.kill(os.getpid(), {int(number)})").end()
    assert (ended["status"], ended["timed_out"], ended["interrupted"]) == (-number, False, False)


def test_the_limit_interrupts_first_so_that_the_command_can_save(supervised: Callable[..., Supervised]) -> None:
    code = (
        "import sys, time, pathlib\ntry:\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    pathlib.Path(sys.argv[1], 'saved').touch(); sys.exit(2)\n"
    )
    running = supervised(code, limit=2)
    ended = running.end()
    assert (ended["status"], ended["timed_out"], ended["interrupted"]) == (2, True, False)
    assert (running.folder / "saved").exists()


def test_a_command_deaf_to_all_is_killed_at_the_limit(supervised: Callable[..., Supervised]) -> None:
    running = supervised(NOTE + DEAF + SLEEP, limit=1.5)
    ended = running.end()
    assert (ended["status"], ended["timed_out"]) == (-signal.SIGKILL, True)
    assert 1.5 <= ended["seconds"] < 30
    assert not any(is_alive(pid) for pid in running.wait_for(1))


@pytest.mark.parametrize("start", DETACHED.values(), ids=DETACHED)
def test_nothing_that_the_command_started_outlives_the_limit(supervised: Callable[..., Supervised], start: str) -> None:
    running = supervised(NOTE + DEAF + start + "    pass\n" + NOTE + SLEEP, limit=2)
    ended = running.end()
    assert ended["timed_out"]
    pids = running.wait_for(2)
    assert [pid for pid in pids if is_alive(pid)] == []


@pytest.mark.parametrize("start", DETACHED.values(), ids=DETACHED)
def test_what_a_command_leaves_behind_at_its_own_end_is_ended_and_counted(
    supervised: Callable[..., Supervised], start: str
) -> None:
    wait = "import pathlib, sys\nwhile len(list(pathlib.Path(sys.argv[1]).iterdir())) < 1:\n    pass\n"
    running = supervised(DEAF + start + "    " + NOTE.strip() + "\n    " + SLEEP + wait + "os._exit(3)\n")
    ended = running.end()
    assert (ended["status"], ended["timed_out"]) == (3, False)
    assert ended["left_over"] >= 1
    assert [pid for pid in running.wait_for(1) if is_alive(pid)] == []


def test_a_child_that_was_there_before_is_left_alone(supervised: Callable[..., Supervised], tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, json, os\n"
        "before = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        + SUPERVISOR
        + "print(json.dumps(before.poll())); before.kill(); before.wait()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "pass", "30"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "null"


HANDS_ON = (
    "import signal, sys, time, pathlib, os\n"
    "def got(number, frame):\n"
    "    pathlib.Path(sys.argv[1], 'got').touch()\n"
    "    {then}\n"
    "signal.signal(signal.SIGINT, got)\n" + NOTE + "for _ in range(600): time.sleep(0.1)\n"
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_supervisor_is_handed_on_as_an_interrupt(
    supervised: Callable[..., Supervised], number: int
) -> None:
    running = supervised(HANDS_ON.format(then="sys.exit(7)"))
    running.wait_for(1)
    running.process.send_signal(number)
    ended = running.end()
    assert (running.folder / "got").exists()
    assert (ended["status"], ended["interrupted"], ended["timed_out"]) == (7, True, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_whole_tree_at_once(supervised: Callable[..., Supervised], number: int) -> None:
    child = "if os.fork() == 0:\n    os.setsid()\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + NOTE
    running = supervised(HANDS_ON.format(then="pass").replace(NOTE, child), limit=300)
    pids = running.wait_for(2)
    running.process.send_signal(number)
    running.wait_for_word("got")
    while any(is_alive(pid) for pid in pids):
        running.process.send_signal(number)
        time.sleep(0.01)
    ended = running.end()
    assert (ended["status"], ended["interrupted"], ended["timed_out"]) == (-signal.SIGKILL, True, False)
    assert ended["seconds"] < 8, "it did not wait for what is granted after the first"


def test_signals_that_come_together_are_one_so_that_data_can_be_saved(
    supervised: Callable[..., Supervised],
) -> None:
    running = supervised(HANDS_ON.format(then="time.sleep(1); sys.exit(7)"))
    running.wait_for(1)
    running.process.send_signal(signal.SIGTERM)
    running.process.send_signal(signal.SIGHUP)
    ended = running.end()
    assert (ended["status"], ended["interrupted"]) == (7, True)


def test_what_is_ignored_when_we_come_stays_ignored_as_under_nohup(supervised: Callable[..., Supervised]) -> None:
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        running = supervised(NOTE + "import time; time.sleep(1); sys.exit(5)")
    finally:
        signal.signal(signal.SIGHUP, previous)
    running.wait_for(1)
    running.process.send_signal(signal.SIGHUP)
    ended = running.end()
    assert (ended["status"], ended["interrupted"]) == (5, False)


def test_a_command_that_does_not_exist_is_named(in_own_process: Callable[..., Any]) -> None:
    code = """
import json, pathlib
from coverage_roadmap.adapters import supervision
from coverage_roadmap.errors import ToolError
try:
    supervision.supervise(["/no/such/python"], cwd=pathlib.Path.cwd(), env={}, limit=supervision.Limit(1))
except ToolError as error:
    print(json.dumps(str(error)))
"""
    assert in_own_process(code).value == "/no/such/python: cannot be started: No such file or directory"


@pytest.mark.parametrize("seconds", [0.5, 5.0, 60.0, 600.0, 86_400.0])
def test_the_steps_before_the_limit_come_in_order_and_leave_most_of_the_time(seconds: float) -> None:
    limit = supervision.Limit(seconds)
    assert 0 < limit.terminate < limit.interrupt < limit.stop <= min(10, seconds / 5)
