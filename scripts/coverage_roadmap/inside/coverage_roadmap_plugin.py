"""Keeps the journal of a run, one JSON line for each event, and holds pytest to the limit.

Stands alone: no import but the standard library's, pytest's and coverage's, for Python 3.9 and later. Pytest (and each
xdist worker) loads it under its module name.

Settings come in the environment variable COVERAGE_ROADMAP_RUN, as JSON: the journal's path, when to stop (on the
monotonic clock, which all processes of a machine share), the workers, how many words of the command line are ours, and
which shard this is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import warnings
from typing import Any, Generator, Iterable, Iterator

import coverage_roadmap_share
import pytest

VARIABLE = "COVERAGE_ROADMAP_RUN"
CHECKPOINT = 15.0
"""How long measured lines may be kept from the disk, so that a kill loses no more. Seconds."""
WORTH = 100
"""Sooner than that where putting them there takes less than this part of the time: one hundredth."""
OVERRIDDEN = ("--cov", "--cov-report", "--cov-fail-under", "--maxfail", "-n", "--numprocesses")
OVERRIDDEN_FLAGS = ("-x", "--exitfirst", "--no-cov", "--no-cov-on-fail", "--cov-append", "--cov-reset")


def configured(config_file: str, branch: bool) -> Any:
    """Coverage.py as the project's config has it; None where that cannot be read, which coverage itself will say."""
    import coverage

    try:
        return coverage.Coverage(data_file=None, config_file=config_file or True, branch=branch or None)
    except Exception:  # noqa: BLE001 - an unknown option, an unreadable config
        return None


def choose_core(config: Any) -> str:
    """The fastest core that gives the same figures: sys.monitoring where coverage.py can use it for this config.

    Since Python 3.12 by lines, since 3.14 by branches; never with file tracers, dynamic contexts or green threads. What
    the project's own config names is left alone.
    """
    try:
        options: dict[str, Any] = {
            key: config.get_option("run:" + key) for key in ("branch", "plugins", "dynamic_context", "timid")
        }
        concurrency: Any = config.get_option("run:concurrency") or []
        chosen = config.get_option("run:core")
    except Exception:  # noqa: BLE001 - an unknown option, or no config: coverage itself will say it
        return ""
    if chosen or options["timid"]:
        return str(chosen or "pytrace")
    since = (3, 14) if options["branch"] else (3, 12)
    hindered = options["plugins"] or options["dynamic_context"] or set(concurrency) - {"thread", "multiprocessing"}
    return "sysmon" if sys.version_info >= since and not hindered else "ctrace"


def names(asked: str, test: str) -> bool:
    """Whether a folder, file or node id holds a test."""
    ends = ("::", "[") if "::" in asked else ("::", "/")
    return test == asked or test.startswith(tuple(asked.rstrip("/") + end for end in ends))


class Journal:
    """Appends one JSON line for each event; whole lines, so that a kill leaves at most the last one torn."""

    def __init__(self, path: str) -> None:
        """Open `path` for appending; what writes is kept, since a test may patch it."""
        self.dumps, self.put = json.dumps, os.write
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, kind: str, **event: Any) -> None:
        """Put one event down."""
        self.put(self.file, (self.dumps({"type": kind, **event}) + "\n").encode("utf-8", "backslashreplace"))


class Recorder:
    """The pytest plugin: in the main process it keeps the journal, in every process it holds to the limit."""

    def __init__(self, settings: dict[str, Any], is_worker: bool) -> None:
        """Take the settings; a worker of xdist writes no outcomes, since the main process hears all that it says."""
        self.journal = Journal(settings["journal"])
        self.is_main = not is_worker
        self.stop_at = settings["stop_at"]
        self.only = settings.get("only", [])
        self.shard = settings.get("shard")
        self.saved_at = time.monotonic()
        self.pause = 0.0
        self.deselected: list[str] = []
        self.session: Any = None

    def pytest_sessionstart(self, session: Any) -> None:
        """Keep the session, whose stop flag is set when the time comes."""
        self.session = session
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self.on_terminate)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> Generator[None, Any, Any]:
        """Of a file of which node ids were asked for, the other tests do not run; and at last those of other shards."""
        if self.only:
            items[:] = [item for item in items if any(names(one, item.nodeid) for one in self.only)]
        result = yield
        if self.shard:
            if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":  # all workers collect the same
                self.journal.write("sharded", ids=[item.nodeid for item in items])
            items[:], others = coverage_roadmap_share.divided(items, self.shard)
            known = list(self.deselected)
            if others:
                config.hook.pytest_deselected(items=others)
            self.deselected = known  # what another shard runs is not left out of the run
        return result

    def pytest_collection_finish(self, session: Any) -> None:
        """One process: it collects itself."""
        if self.is_main and session.items:
            self.journal.write("collected", ids=[item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """Several: each worker says what it collected."""
        if self.is_main:
            self.journal.write("collected", ids=list(ids))

    def pytest_deselected(self, items: Iterable[Any]) -> None:
        """Keep what was deselected; a worker hands it over at its end."""
        self.deselected += [item.nodeid for item in items]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker ended: take over what it deselected."""
        self.deselected += getattr(node, "workeroutput", {}).get("coverage_roadmap_deselected", [])

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: Any) -> Generator[None, Any, Any]:
        """A file that ends Python while it is imported is one that does not import; the other files still run."""
        try:
            return (yield)
        except SystemExit as error:
            reason = "SystemExit: %s, raised while it was imported" % error.code
            return pytest.CollectReport(collector.nodeid, "failed", reason, [])

    def pytest_collectreport(self, report: Any) -> None:
        """A file or folder that could not be imported."""
        if self.is_main and report.failed:
            self.journal.write("not-imported", id=report.nodeid or ".", reason=last_line(report))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of a test ended."""
        if self.is_main:
            self.journal.write(
                "report",
                id=report.nodeid,
                when=report.when,
                outcome=report.outcome,
                seconds=round(max(0.0, getattr(report, "duration", 0.0)), 6),
                xfail=hasattr(report, "wasxfail"),
                reason=last_line(report) if report.outcome == "failed" else "",
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, nextitem: Any) -> Iterator[Any]:
        """Between two tests: stop where the limit is near, and put measured lines on disk now and then."""
        result = yield
        now = time.monotonic()
        if nextitem is not None and now >= self.stop_at and not self.session.shouldstop:
            self.session.shouldstop = "coverage-roadmap: the time limit is near, no further test is begun"
            self.journal.write("stopped")
        elif now - self.saved_at >= self.pause:
            save_lines()
            self.saved_at = time.monotonic()
            self.pause = min(CHECKPOINT, WORTH * (self.saved_at - now))
        return result

    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        """Save what pytest-cov leaves unsaved where a run was stopped, and end the journal.

        From here on an interrupt would only lose what is being saved; TERM and KILL still end us.
        """
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        workeroutput = getattr(session.config, "workeroutput", None)
        if workeroutput is not None:
            workeroutput["coverage_roadmap_deselected"] = self.deselected
        if int(exitstatus) not in (0, 1, 5):
            save_lines()
        if self.is_main:
            if self.deselected:
                self.journal.write("deselected", ids=self.deselected)
            self.journal.write("finished", status=int(exitstatus))

    def on_terminate(self, number: int, _frame: Any) -> None:
        """TERM, from the supervisor at the limit: save, then end as the signal says."""
        save_lines()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def save_lines() -> None:
    """Put on disk what this process has measured until now."""
    import coverage

    current = coverage.Coverage.current()
    if current is not None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # such as of what is not imported yet; coverage says it at the end
                current.get_data()
        except Exception as error:  # noqa: BLE001 - the run matters more than this copy of its data
            sys.stderr.write("coverage-roadmap: measured lines were not put on disk: %s\n" % error)


def last_line(report: Any) -> str:
    """The last line of a failure, which names the exception, at most 500 characters."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).strip().split("\n")[0][:500]
    lines = [line.strip() for line in str(report.longrepr or "").split("\n") if line.strip()]
    return (lines[-1] if lines else "")[:500]


def without_overridden(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Take out the project's own words that a phase run sets itself. Returns what is left, and what was taken."""
    kept: list[str] = []
    taken: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        name = word.split("=", 1)[0]
        if word in OVERRIDDEN_FLAGS or name in OVERRIDDEN:
            follows = "=" not in word and name in OVERRIDDEN and bool(queue) and not queue[0].startswith("-")
            value = [queue.pop(0)] if follows else []
            taken.append(" ".join([word, *value]))
        elif word.startswith("-n") and not word.startswith("--") and word[2:]:
            taken.append(word)
        else:
            kept.append(word)
    return kept, taken


def without_dist(words: list[str]) -> list[str]:
    """The words less those on how to spread tests, which xdist takes for an order to spread them."""
    follows = {index + 1 for index, word in enumerate(words) if word == "--dist"}
    return [w for index, w in enumerate(words) if index not in follows and w.split("=", 1)[0] not in ("--dist", "-d")]


def take_over(settings: dict[str, Any], early_config: Any, parser: Any, args: list[str]) -> list[str]:
    """Take the project's own gate, report and early stop out of its addopts, before all else. Returns what was taken.

    Pytest puts the ini file's addopts before the words of the command line, which are ours; an xdist worker does too.
    """
    border = len(args) - settings["own_words"]
    kept, taken = without_overridden(args[:border])
    if settings["workers"] == 1:
        kept = without_dist(kept)
    if kept != args[:border]:
        args[:border] = kept
        early_config.known_args_namespace = parser.parse_known_args(args)
    options = early_config.known_args_namespace
    if isinstance(getattr(options, "cov_report", None), dict):
        options.cov_report.clear()  # pytest-cov keeps what the first parse found, in a default that all parses share
        options.cov_report[""] = None
    return taken


def settle(settings: dict[str, Any], options: Any, taken: list[str]) -> None:
    """Choose the core, and write down what the settings come to."""
    config_file = getattr(options, "cov_config", None) or ""
    branch = bool(getattr(options, "cov_branch", False))
    config = configured(config_file, branch)
    core = "ctrace" if getattr(options, "cov_context", None) else choose_core(config)
    if core == "sysmon":
        os.environ["COVERAGE_CORE"] = core
    told = {"overridden": taken, "config_file": config_file, "branch": branch, "core": core}
    Journal(settings["journal"]).write("options", **{**told, **coverage_roadmap_share.scope(config)})


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: list[str]) -> Iterator[Any]:
    """Before pytest-cov starts to measure, which it does in this same hook."""
    settings = json.loads(os.environ[VARIABLE])
    taken = take_over(settings, early_config, parser, args)
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        settle(settings, early_config.known_args_namespace, taken)
    return (yield)


def pytest_configure(config: Any) -> None:
    """Register the recorder, in the main process and in each worker."""
    settings = json.loads(os.environ[VARIABLE])
    config.pluginmanager.register(coverage_roadmap_share.Ignoring(settings["ignored"]), "coverage_roadmap_ignoring")
    config.pluginmanager.register(Recorder(settings, hasattr(config, "workerinput")), "coverage_roadmap_recorder")
