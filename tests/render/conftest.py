"""A report that has something of everything, and the text that it comes to."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    Detail,
    Failure,
    FileFigures,
    Kind,
    Leg,
    Measurement,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    Tree,
)
from coverage_roadmap.core.percent import Ratio
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render import markdown, screen
from coverage_roadmap.render import report as reports
from coverage_roadmap.render.page import Page

GOLDEN = Path(__file__).parents[1] / "golden"
REGENERATE = "REGENERATE_GOLDENS"
"""Set in the environment, it makes the golden texts anew: look at the difference before you commit it."""
LONG = "src/services/very_long_package_name/another_long_package/a_module_with_a_long_name_of_its_own.py"


def module(story, name, covered=None, total=0, target=65, presence=Presence.MEASURED):
    ratio = None if covered is None else Ratio(covered, total)
    return ModuleProgress(story, "phase3", name, Decimal(target), presence, ratio, ((3, 9),) if ratio else ())


MODULES = (
    module("quality-monitor", "src/monitoring/quality_monitor.py", 120, 160),
    module("quality-monitor", LONG, 10, 97, "72.5"),
    module("streaming", "src/streaming/kafka_consumer.py", presence=Presence.OMITTED),
    module("streaming", "src/streaming/gone.py", presence=Presence.ABSENT),
    module("streaming", "src/streaming/complete.py", 50, 50, 100),
)
OUTCOMES = Outcomes(
    collected=260,
    passed=240,
    failed=(Failure("tests/unit/tasks/test_monitoring.py::test_exports[gauge-1]", "call", "AssertionError: 3 != 4"),),
    errors=(Failure("tests/unit/test_api.py::test_health", "teardown", "OSError: the port is taken"),),
    skipped=4,
    xfailed=2,
    xpassed=1,
    flaky=("tests/unit/test_cache.py::test_evicts",),
    not_run=tuple(f"tests/unit/streaming/test_stream_processor.py::test_contract[{n}]" for n in range(7)),
    not_imported=(Failure("tests/unit/test_broken.py", "collect", "SyntaxError: invalid syntax"),),
)
SUMMARY = Summary(
    format=FORMAT,
    id="20260301T100000000000Z-phase3-0123abcd",
    phase="phase3",
    selection="s",
    kind=Kind.PARTIAL,
    reasons=("1 test file did not import", "7 collected tests did not run"),
    totals=Counts(2500, 850, 0, 600, 230),
    scope=Scope(branch=True),
    outcomes=OUTCOMES,
    tree=Tree("1"),
    provenance=Provenance(
        "2026-03-01T10:00:00+00:00", 43.21, Leg("3.11"), "pyproject.toml", workers=2, core="ctrace", head=Tree("1")
    ),
)
ZERO = msgspec.structs.replace(SUMMARY, phase="phase0", totals=Counts(2500, 1100, 0, 600, 260))
REPORT = Report(
    measurement=Measurement(SUMMARY, Detail(FORMAT, {"src/a.py": FileFigures(Counts(9, 3), ((4, 6),))})),
    heading="Raise to 65 %",
    gate=Decimal(65),
    zero=ZERO,
    modules=MODULES,
    hidden=MODULES[2:4],
    criteria=(
        Verdict("green", Answer.NOT_MET, "the run is partial: 1 test file did not import"),
        Verdict("coverage at least 66, sustained over 3 trees", Answer.UNKNOWN, "1 of 3 on the default branch"),
        Verdict("board closed", Answer.MET, "quality-monitor, tasks-monitoring"),
    ),
    towards_exit="nox -s phase3, for green",
    notes=("story streaming: tests/unit/streaming/test_gone.py does not exist yet",),
    record=".coverage-roadmap/records/20260301T100000000000Z-phase3-0123abcd.json",
    history_error="the history branch is checked out in another work tree",
)


@pytest.fixture
def report():
    """Makes a report of the one above with other fields; what no report knows goes to its record."""

    def build(outcomes=None, **given):
        own = {key: given.pop(key) for key in Report.__slots__ if key in given}
        where = {key: given.pop(key) for key in Provenance.__struct_fields__ if key in given}
        changes = {**given, **({"outcomes": outcomes} if outcomes else {})}
        summary = msgspec.structs.replace(
            SUMMARY, **changes, provenance=msgspec.structs.replace(SUMMARY.provenance, **where)
        )
        return replace(REPORT, measurement=Measurement(summary, REPORT.measurement.detail), **own)

    return build


@pytest.fixture
def draw():
    """The text of a page (or a report's) on a terminal of a width; the environment decides where `colour` is None."""

    def text(shown, width=80, colour=False):
        out = io.StringIO()
        system = "standard" if colour else "auto" if colour is None else None
        page = shown if isinstance(shown, Page) else reports.page(shown)
        screen.show(
            page, Console(file=out, width=width, force_terminal=colour is not False, color_system=system, markup=True)
        )
        return out.getvalue()

    return text


@pytest.fixture
def write():
    """The Markdown of a page or a report."""
    return lambda shown: markdown.view(shown if isinstance(shown, Page) else reports.page(shown))


@pytest.fixture
def golden():
    """Holds a text against the golden one of that name."""

    def compare(name, text):
        path = GOLDEN / name
        if os.environ.get(REGENERATE):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
