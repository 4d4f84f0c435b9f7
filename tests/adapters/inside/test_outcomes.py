"""What becomes of each test, as the journal of a real run tells it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import junit, pytest_run
from coverage_roadmap.core import outcome

pytestmark = pytest.mark.slow  # a pytest in a process of its own for each


def files_of(text: str, **others: str) -> dict[str, str]:
    return {"tests/test_a.py": textwrap.dedent(text), **{f"tests/{name}.py": text for name, text in others.items()}}


EACH = """
    import sys, unittest, pytest
    def test_passes(): pass
    @pytest.mark.skip
    def test_skipped(): pass
    @pytest.mark.xfail
    def test_xfail(): assert 0
    @pytest.mark.xfail
    def test_xpass(): pass
    @pytest.mark.xfail(strict=True)
    def test_xpass_strict(): pass
    def test_fails(): raise ValueError("the ü reason\\nsecond line")
    @pytest.fixture
    def broken(): raise KeyError("set-up")
    def test_error(broken): pass
    @pytest.fixture
    def late():
        yield
        raise KeyError("tear-down")
    def test_late(late): pass
    @pytest.mark.parametrize("x", ["a b", "ü/試", "[", "::"])
    def test_odd(x): pass
    class TestUnit(unittest.TestCase):
        def test_method(self): self.assertTrue(1)
        @unittest.expectedFailure
        def test_expected(self): self.fail()
    def test_exits(): sys.exit(1)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_each_outcome_is_told_with_the_last_line_of_its_reason(make_project: Callable[..., Any], workers: int) -> None:
    ran = make_project(files_of(EACH)).run(workers=workers)
    found = ran.outcomes
    assert (found.collected, found.passed, found.skipped, found.xfailed, found.xpassed) == (15, 6, 1, 2, 1)
    reasons = {f.id.split("::", 1)[1]: f.reason for f in (*found.failed, *found.errors)}
    assert reasons == {
        "test_fails": "ValueError: the ü reason",
        "test_error": "KeyError: 'set-up'",
        "test_late": "KeyError: 'tear-down'",
        "test_xpass_strict": "[XPASS(strict)]",
        "test_exits": "SystemExit: 1",
    }
    assert sorted(f.when for f in found.errors) == ["setup", "teardown"]
    assert (ran.kind, found.not_run, ran.journal.finished) == ("full", (), 1)
    assert junit.count_tests(ran.folder / "junit.xml") >= 15


def test_subtests_of_a_test_make_one_outcome(make_project: Callable[..., Any]) -> None:
    text = """
        import unittest
        def test_good(subtests):
            for i in range(3):
                with subtests.test(i=i): assert i < 3
        def test_bad(subtests):
            for i in range(3):
                with subtests.test(i=i): assert i != 1
        class TestUnit(unittest.TestCase):
            def test_unit(self):
                for i in range(3):
                    with self.subTest(i=i): self.assertNotEqual(i, 1)
    """
    ran = make_project(files_of(text)).run()
    found = ran.outcomes
    assert (found.collected, found.passed, found.not_run) == (3, 1, ())
    assert [f.id.split("::", 1)[1] for f in found.failed] == ["test_bad", "TestUnit::test_unit"]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("text", ["import no_such_module\n", "def (:\n", "raise SystemExit(3)\n"])
def test_a_file_that_does_not_import_is_named_and_the_others_run(
    make_project: Callable[..., Any], workers: int, text: str
) -> None:
    ran = make_project(files_of("import a\ndef test_x(): pass\n", test_broken=text)).run(workers=workers)
    assert [failure.id for failure in ran.outcomes.not_imported] == ["tests/test_broken.py"]
    assert ran.outcomes.not_imported[0].reason
    assert (ran.outcomes.passed, ran.kind) == (1, "partial")
    assert ran.lines == {"src/a.py": []}


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_deselected_or_ignored_is_no_test_of_the_run(make_project: Callable[..., Any], workers: int) -> None:
    text = "import pytest\ndef test_x(): pass\n@pytest.mark.parametrize('p', [1, 2])\ndef test_y(p): pass\n"
    words = ["--ignore=tests/test_slow.py", "--deselect=tests/test_a.py::test_y", "tests"]
    ran = make_project(files_of(text, test_slow="assert 0\n")).run(selection=words, workers=workers)
    assert (ran.outcomes.collected, ran.outcomes.passed, ran.kind) == (1, 1, "full")
    assert sorted(ran.journal.deselected) == ["tests/test_a.py::test_y[1]", "tests/test_a.py::test_y[2]"]


def test_no_tests_at_all_are_told(make_project: Callable[..., Any]) -> None:
    ran = make_project(files_of("x = 1\n")).run()
    assert (ran.ended["status"], ran.outcomes.collected, ran.kind) == (5, 0, "partial")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_test_that_fails_first_and_passes_when_run_again_is_flaky(
    make_project: Callable[..., Any], workers: int
) -> None:
    pytest.importorskip("pytest_rerunfailures")
    text = (
        "import pathlib\ndef test_flaky():\n    seen = pathlib.Path('seen')\n    was = seen.exists()\n"
        "    seen.touch()\n    assert was\ndef test_sound(): pass\n"
    )
    ran = make_project(files_of(text)).run("--reruns=2", workers=workers)
    assert ran.outcomes.flaky == ("tests/test_a.py::test_flaky",)
    assert (ran.outcomes.passed, ran.kind) == (1, "full")


def test_one_hung_test_is_ended_by_its_own_limit_and_the_others_run(make_project: Callable[..., Any]) -> None:
    text = "import time\ndef test_hangs(): time.sleep(60)\ndef test_other(): pass\n"
    ran = make_project(files_of(text)).run(test_timeout=1)
    assert [f.reason.split(" ", 1)[0] for f in ran.outcomes.failed] == ["Failed:"]
    assert (ran.outcomes.passed, ran.kind, ran.ended["timed_out"]) == (1, "full", False)


CRASHES = {"os._exit": ("os._exit(3)", 3), "a signal": ("os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV)}
CRASH = "import os, signal, a\ndef test_1(): pass\ndef test_2(): {crash}\ndef test_3(): pass\n"


@pytest.mark.parametrize(("crash", "status"), CRASHES.values(), ids=CRASHES)
def test_a_crash_of_the_only_process_is_a_failed_run_that_names_what_did_not_run(
    make_project: Callable[..., Any], crash: str, status: int
) -> None:
    ran = make_project(files_of(CRASH.format(crash=crash))).run()
    assert (ran.ended["status"], ran.kind, ran.outcomes.passed) == (status, "failed", 1)
    assert [test.split("::")[1] for test in ran.outcomes.not_run] == ["test_2", "test_3"]
    assert ran.journal.finished is None


@pytest.mark.parametrize(("crash", "status"), CRASHES.values(), ids=CRASHES)
def test_a_crash_of_a_worker_fails_its_test_alone(make_project: Callable[..., Any], crash: str, status: int) -> None:
    ran = make_project(files_of(CRASH.format(crash=crash))).run(workers=2)
    wrong = [*ran.outcomes.failed, *ran.outcomes.errors]
    assert [failure.id.split("::")[1] for failure in wrong] == ["test_2"]
    assert "crashed" in wrong[0].reason
    assert (ran.outcomes.passed, ran.ended["status"]) == (2, 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_cooperative_stop_lets_the_running_test_end_and_saves_all(
    make_project: Callable[..., Any], workers: int
) -> None:
    text = "import time, a\n" + "".join(f"def test_{n}(): time.sleep(0.3)\n" for n in range(12))
    ran = make_project(files_of(text)).run(stop=0.0, workers=workers)
    assert (ran.kind, ran.ended["timed_out"]) == ("timed-out", False)
    assert 1 <= ran.outcomes.passed < 12
    assert ran.outcomes.passed + len(ran.outcomes.not_run) == 12
    assert ran.lines == {"src/a.py": []}
    assert junit.count_tests(ran.folder / "junit.xml") == ran.outcomes.passed


DEAF = """
    import signal, time, pathlib, a
    def test_quick(): pass
    def test_hangs():
        {ignored}
        while True:
            try: time.sleep(60)
            except BaseException: pass
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "ignored",
    ["pass", "signal.signal(signal.SIGINT, signal.SIG_IGN)"],
    ids=["swallows the interrupt", "ignores it"],
)
def test_what_was_measured_is_kept_where_a_test_has_to_be_ended_at_the_limit(
    make_project: Callable[..., Any], workers: int, ignored: str
) -> None:
    files = files_of(DEAF.format(ignored=ignored))
    ran = make_project({**files, "src/other.py": "x = 1\n"}).run(workers=workers, limit=8, test_timeout=0)
    assert (ran.kind, ran.ended["timed_out"]) == ("timed-out", True)
    assert ran.outcomes.passed == 1
    assert ran.outcomes.not_run == ("tests/test_a.py::test_hangs",)
    assert ran.lines == {"src/a.py": [], "src/other.py": [1]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_us_in_the_middle_saves_what_was_measured(make_project: Callable[..., Any], number: int) -> None:
    text = (
        "import time, pathlib, a\ndef test_1(): pass\ndef test_2():\n    pathlib.Path('here').touch(); time.sleep(60)\n"
    )
    project = make_project(files_of(text))
    folder, command = project.order([], {})
    with subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        while not (Path(project.root) / "here").exists():
            assert running.poll() is None
        running.send_signal(number)
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 0, out
    ran = project.ran(folder, json.loads(out.splitlines()[-1]), out)
    assert (ran.ended["interrupted"], ran.kind, ran.outcomes.passed) == (True, "partial", 1)
    assert ran.outcomes.not_run == ("tests/test_a.py::test_2",)
    assert ran.lines == {"src/a.py": []}
    assert ran.ended["status"] == 2


def test_a_torn_or_foreign_line_of_the_journal_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(
        b'{"type":"collected","ids":["a::b"]}\n\xff\xfe\n{"type":"unknown"}\n[]\n'
        b'{"type":"finished","status":0}\n{"type":"report","id":"a::b","wh'
    )
    events = pytest_run.journal(path)
    assert events == [outcome.Collected(["a::b"]), outcome.Finished(0)]
    assert pytest_run.journal(tmp_path / "gone") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [("", []), ("-k 'a and b' -x", ["-k", "a and b", "-x"]), ("-k 'torn", ["-k 'torn"])],
)
def test_pytest_addopts_are_words_given_by_hand(value: str, words: list[str]) -> None:
    assert pytest_run.words_from_environment({"PYTEST_ADDOPTS": value}) == words
    assert sys.executable not in words
