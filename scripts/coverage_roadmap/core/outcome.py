"""From what the plugin wrote down to the outcome of each test, and to the kind of the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from coverage_roadmap.core.measurement import Failure, FileTests, Kind, Outcomes, Tests
from coverage_roadmap.core.text import many

Text = Annotated[str, msgspec.Meta(max_length=100_000)]
_LONGEST = 10**6
"""No part of a test lasts longer. Seconds."""


class Start(msgspec.Struct, tag="start"):
    """The run began: what it runs on."""

    python: Text
    implementation: Text
    executable: Text
    versions: dict[Text, Text]
    workers: int
    missing: list[Text] = []


class Options(msgspec.Struct, tag="options"):
    """What the project's own settings come to: words taken out of its addopts, coverage's config file and core."""

    overridden: list[Text]
    config_file: Text
    branch: bool
    core: Text
    include: list[Text] = []
    omit: list[Text] = []
    exclude: list[Text] = []


class Collected(msgspec.Struct, tag="collected"):
    """The tests that the selection collected."""

    ids: list[Text]


class Sharded(msgspec.Struct, tag="sharded"):
    """All that was collected, before what other shards run was taken out."""

    ids: list[Text]


class Deselected(msgspec.Struct, tag="deselected"):
    """Tests that were collected and deselected."""

    ids: list[Text]


class NotImported(msgspec.Struct, tag="not-imported"):
    """A test file (or folder) that could not be collected."""

    id: Text
    reason: Text


class Report(msgspec.Struct, tag="report"):
    """One of a test's phases ended."""

    id: Text
    when: Text
    outcome: Text
    seconds: float
    xfail: bool = False
    reason: Text = ""


class Stopped(msgspec.Struct, tag="stopped"):
    """The cooperative stop fell, with tests left to run."""


class Finished(msgspec.Struct, tag="finished"):
    """The session came to its own end."""

    status: int


Event = Start | Options | Sharded | Collected | Deselected | NotImported | Report | Stopped | Finished


class Journal(msgspec.Struct, dict=True):
    """All events of a run, by what they tell."""

    start: Start | None = None
    options: Options | None = None
    sharded: dict[str, None] = msgspec.field(default_factory=dict)
    """What all shards together run; empty for a run in one piece."""
    collected: dict[str, None] = msgspec.field(default_factory=dict)
    deselected: dict[str, None] = msgspec.field(default_factory=dict)
    not_imported: list[NotImported] = msgspec.field(default_factory=list)
    reports: dict[str, list[Report]] = msgspec.field(default_factory=dict)
    stopped: bool = False
    finished: int | None = None


def read(events: Iterable[Event]) -> Journal:
    """Sort the events."""
    journal = Journal()
    for event in events:
        match event:
            case Start():
                journal.start = event
            case Options():
                journal.options = event
            case Sharded():
                journal.sharded.update(dict.fromkeys(event.ids))
            case Collected():
                journal.collected.update(dict.fromkeys(event.ids))
            case Deselected():
                journal.deselected.update(dict.fromkeys(event.ids))
            case NotImported():
                journal.not_imported.append(event)
            case Report():
                journal.reports.setdefault(event.id, []).append(event)
            case Stopped():
                journal.stopped = True
            case _:
                journal.finished = event.status
    return journal


def outcomes(journal: Journal) -> Outcomes:
    """The outcome of each test: the worst of its phases, a failure that a rerun mended aside.

    A test without a report of its tear-down has no outcome: it was running when the run ended.
    """
    verdicts = {test: _judge(reports) for test, reports in journal.reports.items()}
    by_outcome: dict[str, list[tuple[str, Failure | None]]] = {}
    for test, (outcome, failure) in verdicts.items():
        by_outcome.setdefault(outcome, []).append((test, failure))
    count = {outcome: len(tests) for outcome, tests in by_outcome.items()}
    return Outcomes(
        collected=len(journal.collected),
        passed=count.get("passed", 0),
        failed=tuple(f for _, f in by_outcome.get("failed", []) if f),
        errors=tuple(f for _, f in by_outcome.get("error", []) if f),
        not_imported=tuple(Failure(_short(n.id), "collect", _short(n.reason)) for n in journal.not_imported),
        skipped=count.get("skipped", 0),
        xfailed=count.get("xfailed", 0),
        xpassed=count.get("xpassed", 0),
        deselected=len(journal.deselected),
        flaky=tuple(_short(test) for test, _ in by_outcome.get("flaky", [])),
        not_run=tuple(
            _short(test) for test in journal.collected if verdicts.get(test, ("running", None))[0] == "running"
        ),
    )


def tests(journal: Journal) -> Tests:
    """How long each test took, and what became of each test file's. What reported without having been collected counts
    as collected."""
    outcome = {test: _judge(reports)[0] for test, reports in journal.reports.items()}
    collected = _by_file({**journal.collected, **outcome})
    passed = _by_file(test for test, one in outcome.items() if one == "passed")
    skipped = _by_file(test for test, one in outcome.items() if one == "skipped")
    return Tests(
        {_short(test): round(sum(map(_lasted, told)), 4) for test, told in journal.reports.items()},
        {file: FileTests(count, passed.get(file, 0), skipped.get(file, 0)) for file, count in collected.items()},
    )


def _lasted(report: Report) -> float:
    """The seconds that a part of a test took; one that sets the clock says centuries, or less than nothing."""
    return report.seconds if 0 <= report.seconds <= _LONGEST else 0.0


def _by_file(tests: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for test in tests:
        file = _short(test.split("::")[0])
        counted[file] = counted.get(file, 0) + 1
    return counted


def _judge(reports: list[Report]) -> tuple[str, Failure | None]:
    ended = again = xfail = False
    skipped: Report | None = None
    for report in reports:
        if report.outcome == "failed":
            kind = "failed" if report.when == "call" else "error"
            return kind, Failure(_short(report.id), _short(report.when), _short(report.reason))
        if report.outcome == "skipped":
            skipped = skipped or report
        again |= report.outcome == "rerun"
        ended |= report.when == "teardown"
        xfail |= report.xfail
    if not ended:
        return "running", None
    if skipped:
        return ("xfailed" if skipped.xfail else "skipped"), None
    if xfail:
        return "xpassed", None
    return ("flaky" if again else "passed"), None


def _short(text: str) -> str:
    return text if len(text) <= 4000 else f"{text[:3997]}..."


class Ending(msgspec.Struct, frozen=True):
    """How pytest ended. `status` is its exit code; negative: the signal. `timed_out`: the limit was enforced."""

    status: int
    timed_out: bool = False
    interrupted: bool = False


HARMLESS = frozenset(
    {"-v", "-vv", "-vvv", "--verbose", "-q", "-qq", "--quiet", "-s", "-l", "--showlocals", "--no-showlocals"}
    | {"--no-header", "--no-summary", "--full-trace"}
)
_HARMLESS_STARTS = ("-r", "--tb=", "--durations", "--color=", "--capture=", "--log-", "--show-capture=", "--verbosity=")


def narrowing(words: Iterable[str]) -> list[str]:
    """The words given by hand that may change which tests run: all but those known not to."""
    return [word for word in words if word not in HARMLESS and not word.startswith(_HARMLESS_STARTS)]


def kind(journal: Journal, result: Outcomes, ending: Ending, by_hand: Iterable[str]) -> tuple[Kind, list[str]]:
    """The kind of a run, and why it is not full.

    Full only where every test that the selection collects has an outcome; what cannot be told is not full.
    """
    if ending.timed_out or journal.stopped:
        return Kind.TIMED_OUT, [f"the time limit came with {len(result.not_run)} of {result.collected} tests not run"]
    if ending.interrupted:
        return Kind.PARTIAL, ["interrupted"]
    if ending.status < 0:
        return Kind.FAILED, [f"pytest was ended by signal {-ending.status}"]
    if ending.status not in (0, 1, 2, 5) or journal.finished is None:
        return Kind.FAILED, [f"pytest could not finish (exit status {ending.status})"]
    reasons = []
    if narrow := narrowing(by_hand):
        reasons.append(f"narrowed by hand ({' '.join(narrow)})")
    if result.not_imported:
        reasons.append(f"{many(len(result.not_imported), 'test file')} did not import")
    if result.not_run:
        reasons.append(f"{many(len(result.not_run), 'collected test')} did not run")
    if not (result.collected or journal.sharded):
        reasons.append("no test was collected")
    return (Kind.PARTIAL, reasons) if reasons else (Kind.FULL, [])
