"""Short processes, real ones."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from coverage_roadmap.adapters import processes
from coverage_roadmap.errors import ToolError


def test_answer_gives_what_was_printed_whatever_the_exit_code(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read().upper(), end=''); print('no', file=sys.stderr); sys.exit(3)"
    done = processes.answer([sys.executable, "-c", code], cwd=tmp_path, stdin=b"yes")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"YES", b"no\n")


def test_answer_names_a_command_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no-such-tool: cannot be started"):
        processes.answer(["no-such-tool"], cwd=tmp_path)


def test_answer_does_not_wait_for_ever_even_where_a_grandchild_holds_the_pipe(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="gave no answer"):
        processes.answer(["sh", "-c", "sleep 20 & sleep 20"], cwd=tmp_path, seconds=0.2)


def test_what_gives_no_answer_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    code = "sleep 60 & echo $! >> left; (sleep 60 & echo $! >> left; wait) & wait"
    with pytest.raises(ToolError, match="gave no answer"):
        processes.answer(["sh", "-c", code], cwd=tmp_path, seconds=1)
    started = [int(line) for line in (tmp_path / "left").read_text().split()]
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in started if psutil.pid_exists(pid)], timeout=10)
    assert len(started) == 2
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The signals that a handler which raises nothing heard."""
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    yield came
    signal.signal(signal.SIGTERM, before)


ASKS = ["sh", "-c", f"kill -s TERM {os.getpid()} && echo asked"]


def test_a_handler_that_goes_on_is_called_for_each_signal_and_stands_afterwards(
    heard: list[int], tmp_path: Path
) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    for _ in range(3):
        assert processes.answer(ASKS, cwd=tmp_path).stdout == b"asked\n"
    assert heard == [signal.SIGTERM] * 3
    assert signal.getsignal(signal.SIGTERM) is handler


def test_a_signal_that_nobody_handles_or_that_is_ignored_is_left_so(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        assert processes.answer(ASKS, cwd=tmp_path).stdout == b"asked\n"
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_another_thread_starts_processes_too(heard: list[int], tmp_path: Path) -> None:
    given: list[bytes] = []
    thread = threading.Thread(target=lambda: given.append(processes.answer(["echo", "yes"], cwd=tmp_path).stdout))
    thread.start()
    thread.join()
    assert (given, heard) == ([b"yes\n"], [])


ECHO = "import sys\nfor line in sys.stdin:\n    print(line.strip().upper(), flush=True)\n"


def test_a_conversation_goes_on_as_long_as_it_is_asked_and_nothing_is_left(tmp_path: Path) -> None:
    with processes.conversing([sys.executable, "-c", ECHO], cwd=tmp_path, seconds=30) as other:
        heard = []
        for word in (b"one", b"two"):
            other.tell(word)
            heard.append(other.hear())
    assert heard == [b"ONE\n", b"TWO\n"]
    assert [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE] == []


def asked(command: list[str], folder: Path, line: bytes, seconds: float) -> bytes:
    with processes.conversing(command, cwd=folder, seconds=seconds) as other:
        time.sleep(0.2)  # so that one which ends at once has ended
        other.tell(line)
        return other.hear()


@pytest.mark.parametrize("line", [b"a word", b"x" * 2**20])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('not yet', file=sys.stderr); sys.exit('no such thing')", "no such thing"),
        ("raise SystemExit(3)", "exit status 3"),
        ("print('no end of line', end='')", "exit status 0"),
    ],
)
def test_a_conversation_that_the_other_ends_is_told_in_its_last_words(
    tmp_path: Path, code: str, said: str, line: bytes
) -> None:
    with pytest.raises(ToolError, match=said):
        asked([sys.executable, "-c", code], tmp_path, line, seconds=30)


def test_a_conversation_does_not_wait_for_ever(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="exit status -9"):
        asked(["sleep", "60"], tmp_path, b"a word", seconds=0.2)


def test_a_conversation_with_nobody_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no-such-tool: cannot be started"):
        asked(["no-such-tool"], tmp_path, b"a word", seconds=1)
