"""What a phase run's report looks like: as a page, and as data for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coverage_roadmap.core.measurement import Failure, Kind, Outcomes
from coverage_roadmap.core.outcome import narrowing
from coverage_roadmap.core.percent import show_percent, show_points, show_threshold
from coverage_roadmap.core.report import Report, Share
from coverage_roadmap.core.selection import PHASE_ZERO
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.core.text import many
from coverage_roadmap.render import figures, views
from coverage_roadmap.render.page import Facts, Grid, Page, Section, Tone, Word

_NAMED = 5
_Row = tuple[str | Word, str | Word]


def page(report: Report) -> Page:
    """The page of a report."""
    sections = [Section("", [Facts(list(_facts(report)))])]
    if report.modules:
        sections.append(Section("", [_modules(report.modules)]))
    if report.criteria:
        sections.append(Section("exit criteria", [views.verdicts(list(report.criteria))]))
    sections.append(Section("", [Facts(list(_closing(report)))]))
    return Page(f"{report.measurement.summary.phase}  {report.heading}", sections)


def _facts(report: Report) -> Iterator[_Row]:
    summary = report.measurement.summary
    where = summary.provenance
    if report.share:
        yield "shard", _shard(report, report.share)
    else:
        yield "total", _total(report)
    if not report.share and summary.phase != PHASE_ZERO and not narrowing(where.arguments):
        above = report.above_zero
        zero = "unknown until `nox -s phase0` has run"
        if report.zero is not None and above is not None:
            then = report.zero.totals.ratio
            zero = f"{then} % without the stories' tests, {show_points(above)} points since"
        yield "phase zero", zero
    yield "tests", tests(summary.outcomes)
    workers = many(where.workers, "worker")
    if where.shards > 1:
        workers = f"{where.shards} shards, {workers}"
    yield "run", f"{_kind(report)}; Python {where.leg.python}, {workers}, {where.core}, {where.seconds:.1f} s"


def _shard(report: Report, share: Share) -> str:
    if report.idle:
        return f"{share.shard}, none of {many(share.whole, 'test')}: there are more shards than tests"
    return f"{share.shard}, {report.measurement.summary.outcomes.collected} of {many(share.whole, 'test')}"


def _total(report: Report) -> Word:
    summary = report.measurement.summary
    text = views.total(summary)
    if not summary.totals.ratio.total:
        return Word(text, Tone.BAD)
    if report.gate is None:
        return Word(text)
    gate = f"{text}, fail-under {show_threshold(report.gate)}"
    if not _judged(report):
        return Word(f"{gate}: not judged, the run is {summary.kind}")
    return Word(f"{gate}: met", Tone.GOOD) if report.gate_met else Word(f"{gate}: not met", Tone.BAD)


def _judged(report: Report) -> bool:
    """Whether the total of such a run says something of the gate."""
    return report.measurement.summary.kind not in (Kind.TIMED_OUT, Kind.FAILED)


def _kind(report: Report) -> str:
    summary = report.measurement.summary
    if summary.evidence:
        return "full, evidence"
    why = summary.why_no_evidence
    return f"full, no evidence: {why}" if summary.kind is Kind.FULL else why.removeprefix("the run is ")


def tests(outcomes: Outcomes) -> str:
    """The outcomes of a run's tests, counted."""
    counts = (
        (outcomes.passed, "passed"),
        (len(outcomes.failed), "failed"),
        (len(outcomes.errors), "with errors"),
        (len(outcomes.flaky), "flaky"),
        (outcomes.skipped, "skipped"),
        (outcomes.xfailed, "xfailed"),
        (outcomes.xpassed, "xpassed"),
        (len(outcomes.not_run), "not run"),
        (len(outcomes.not_imported), "files not imported"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "none collected"


def _modules(modules: Sequence[ModuleProgress]) -> Grid:
    """Each story's modules with their figures, below the story."""
    rows: list[list[str | Word]] = []
    story = ""
    for module in modules:
        if module.story != story:
            story = module.story
            rows.append([story, "", "", "", ""])
        now = Word(str(module.ratio or module.presence), Tone.GOOD if module.at_target else Tone.BAD)
        counts = [str(module.ratio.missed), str(module.lacks)] if module.ratio else ["", ""]
        rows.append([f"  {module.module}", now, show_percent(module.target), *counts])
    return Grid(["story and module", ">now", ">target", ">missed", ">to go"], rows)


def _closing(report: Report) -> Iterator[_Row]:
    tests = report.measurement.summary.outcomes
    for word, lines in (
        ("failed", [f"{f.id}: {f.reason}" for f in tests.failed]),
        ("error", [f"{f.id} ({f.when}): {f.reason}" for f in tests.errors]),
        ("flaky", tests.flaky),
        ("no import", [f"{f.id}: {f.reason}" for f in tests.not_imported]),
        ("not run", tests.not_run),
        ("hidden", [f"{m.module} ({m.phase} {m.story}) is {m.presence}" for m in report.hidden]),
        ("note", report.notes),
        ("history", [report.history_error] if report.history_error else []),
    ):
        for line in lines[:_NAMED]:
            yield word, line
        if len(lines) > _NAMED:
            yield word, f"and {len(lines) - _NAMED} more, see the record"
    yield Word("next", Tone.STRONG), Word(report.next_step(), Tone.STRONG)
    yield "record", report.record
    if report.share:
        yield "artifact", report.share.artifact


def data(report: Report) -> dict[str, Any]:
    """The data of a report."""
    summary = report.measurement.summary
    where = summary.provenance
    zero = report.zero
    return {
        "phase": summary.phase,
        "title": report.heading,
        "kind": summary.kind,
        "reasons": list(summary.reasons),
        "evidence": summary.evidence,
        "why_no_evidence": summary.why_no_evidence or None,
        "totals": figures.counts(summary.totals),
        "gate": None
        if report.gate is None
        else {
            "fail_under": figures.threshold(report.gate),
            "met": report.gate_met if _judged(report) and summary.totals.ratio.total else None,
        },
        "phase_zero": None
        if zero is None
        else {"record": zero.id, "totals": figures.counts(zero.totals), "points": figures.points(report.above_zero)},
        "tests": _tests_data(summary.outcomes),
        "run": {
            "python": where.leg.python,
            "canonical": where.leg.canonical,
            "workers": where.workers,
            "core": where.core,
            "seconds": where.seconds,
            "commit": where.commit,
        },
        "modules": [{"story": m.story, "phase": m.phase, **views.module_data(m)} for m in report.modules],
        "hidden": [{"story": m.story, "phase": m.phase, **views.module_data(m)} for m in report.hidden],
        "criteria": [figures.verdict(verdict) for verdict in report.criteria],
        "notes": list(report.notes),
        "history_error": report.history_error or None,
        "interrupted": report.interrupted,
        "next": report.next_step(),
        "record": report.record,
        "shard": None
        if report.share is None
        else {
            "number": report.share.shard.number,
            "of": report.share.shard.of,
            "tests": report.share.whole,
            "artifact": report.share.artifact,
        },
        "exit_code": int(report.exit_code),
    }


def _tests_data(tests: Outcomes) -> dict[str, Any]:
    return {
        "collected": tests.collected,
        "passed": tests.passed,
        "failed": [_failure(failure) for failure in tests.failed],
        "errors": [_failure(failure) for failure in tests.errors],
        "not_imported": [_failure(failure) for failure in tests.not_imported],
        "flaky": list(tests.flaky),
        "skipped": tests.skipped,
        "xfailed": tests.xfailed,
        "xpassed": tests.xpassed,
        "deselected": tests.deselected,
        "not_run": list(tests.not_run),
    }


def _failure(failure: Failure) -> dict[str, str]:
    return {"id": failure.id, "when": failure.when, "reason": failure.reason}
