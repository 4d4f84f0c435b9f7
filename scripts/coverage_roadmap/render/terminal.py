"""The terminal view of a report: at most 80 columns, the same words with and without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from coverage_roadmap.core.measurement import Kind, Outcomes
from coverage_roadmap.core.percent import show_percent, show_points, show_threshold
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.story import ModuleProgress, Presence
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render.paths import fit

WIDTH = 80
_NAMED = 5
_STYLE = {Answer.MET: "green", Answer.NOT_MET: "red", Answer.UNKNOWN: "yellow"}


def show(report: Report, console: Console) -> None:
    """Print a report."""
    with console.capture() as captured:
        console.print(_view(report), width=min(WIDTH, console.width), highlight=False)
    for line in captured.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")


def _view(report: Report) -> RenderableType:
    parts: list[RenderableType] = [Text(), _facts(report)]
    if report.modules:
        parts += [Text(), _modules(report.modules)]
    if report.criteria:
        parts += [Text(), Text("exit criteria", style="bold"), _verdicts(report.criteria)]
    return Group(*parts, Text(), _closing(report))


def _grid() -> Table:
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _facts(report: Report) -> Table:
    summary = report.measurement.summary
    where = summary.provenance
    ratio = summary.totals.ratio
    table = _grid()
    table.add_row(Text(summary.phase, style="bold"), Text(plain(report.heading), style="bold"))
    table.add_row("total", _total(report))
    if summary.phase != "phase0" and not where.arguments:
        above = report.above_zero
        then = report.zero.totals.ratio if report.zero else None
        zero = (
            f"{then} % without the stories' tests, {show_points(above)} points since"
            if above is not None
            else ("unknown until `nox -s phase0` has run")
        )
        table.add_row("phase zero", zero)
    table.add_row("tests", _tests(summary.outcomes))
    workers = many(where.workers, "worker")
    table.add_row("run", f"{_kind(report)}; Python {where.leg.python}, {workers}, {where.core}, {where.seconds:.1f} s")
    if not ratio.total:
        table.add_row("", Text("nothing was measured", style="red"))
    return table


def _total(report: Report) -> Text:
    summary = report.measurement.summary
    ratio = summary.totals.ratio
    unit = "lines and branches" if summary.scope.branch else "lines"
    text = Text(f"{ratio} % ({ratio.covered} of {ratio.total} {unit})" if ratio.total else "unknown")
    if report.gate is not None and summary.kind is not Kind.FULL:
        text.append(f", fail-under {show_threshold(report.gate)}: not judged, the run is {summary.kind}")
    elif report.gate is not None:
        met = report.gate_met
        text.append(f", fail-under {show_threshold(report.gate)}: ")
        text.append("met" if met else "not met", style="green" if met else "red")
    return text


def _kind(report: Report) -> str:
    summary = report.measurement.summary
    if summary.evidence:
        return "full, evidence"
    why = summary.why_no_evidence
    return f"full, no evidence: {why}" if summary.kind is Kind.FULL else why.removeprefix("the run is ")


def _tests(tests: Outcomes) -> str:
    counts = (
        (tests.passed, "passed"),
        (len(tests.failed), "failed"),
        (len(tests.errors), "with errors"),
        (len(tests.flaky), "flaky"),
        (tests.skipped, "skipped"),
        (tests.xfailed, "xfailed"),
        (tests.xpassed, "xpassed"),
        (len(tests.not_run), "not run"),
        (len(tests.not_imported), "files not imported"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "none collected"


def _modules(modules: Sequence[ModuleProgress]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=False)
    table.add_column("story and module", no_wrap=True)
    for name in ("now", "target", "missed", "to go"):
        table.add_column(name, justify="right", no_wrap=True)
    story = ""
    for module in modules:
        if module.story != story:
            story = module.story
            table.add_row(story)
        name = "  " + fit(plain(module.module), 46)
        if module.ratio is None:
            word = "absent" if module.presence is Presence.ABSENT else "omitted"
            table.add_row(name, Text(word, style="red"), show_threshold(module.target), "", "")
        else:
            style = "green" if module.at_target else "red"
            now = Text(str(module.ratio), style=style)
            table.add_row(name, now, show_percent(module.target), str(module.ratio.missed), str(module.lacks))
    return table


def _verdicts(verdicts: Iterable[Verdict]) -> Table:
    table = _grid()
    for verdict in verdicts:
        answer = Text(f"  {verdict.answer}", style=_STYLE[verdict.answer])
        table.add_row(answer, f"{plain(verdict.question)}: {plain(verdict.reason)}")
    return table


def _closing(report: Report) -> Table:
    table = _grid()
    for word, lines in (
        ("failed", [f"{f.id}: {f.reason}" for f in report.measurement.summary.outcomes.failed]),
        ("error", [f"{f.id} ({f.when}): {f.reason}" for f in report.measurement.summary.outcomes.errors]),
        ("flaky", report.measurement.summary.outcomes.flaky),
        ("no import", [f"{f.id}: {f.reason}" for f in report.measurement.summary.outcomes.not_imported]),
        ("not run", report.measurement.summary.outcomes.not_run),
        ("hidden", [f"{m.module} ({m.phase} {m.story}) is {m.presence}" for m in report.hidden]),
        ("note", report.notes),
        ("history", [report.history_error] if report.history_error else []),
    ):
        for line in lines[:_NAMED]:
            table.add_row(word, Text(plain(line)))
        if len(lines) > _NAMED:
            table.add_row(word, f"and {len(lines) - _NAMED} more, see the record")
    table.add_row(Text("next", style="bold"), Text(plain(report.next_step()), style="bold"))
    table.add_row("record", Text(plain(report.record)))
    return table
