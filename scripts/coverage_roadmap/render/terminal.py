"""The terminal view of a report: at most 80 columns, the same words with and without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from coverage_roadmap.core.measurement import Kind, Outcomes
from coverage_roadmap.core.percent import show_percent, show_points, show_threshold
from coverage_roadmap.core.report import Report
from coverage_roadmap.core.story import ModuleProgress
from coverage_roadmap.core.text import many, plain
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.render.paths import fit, wrap

WIDTH = 80
_NAMED = 5
_STYLE = {Answer.MET: "green", Answer.NOT_MET: "red", Answer.UNKNOWN: "yellow"}
_FIGURES = (("now", 7), ("target", 7), ("missed", 7), ("to go", 6))
"""The columns beside a module, with their widths."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A label and what it says; both may hold foreign text."""

    label: str
    says: str
    style: str = ""
    label_style: str = ""


def show(report: Report, console: Console) -> None:
    """Print a report."""
    for line in _lines(report, min(WIDTH, console.width)):
        console.print(line, soft_wrap=True, highlight=False)


def _lines(report: Report, width: int) -> Iterator[Text]:
    yield Text()
    yield from _grid(_facts(report), width)
    if report.modules:
        yield Text()
        yield from _modules(report.modules, width)
    if report.criteria:
        yield Text()
        yield Text("exit criteria", style="bold")
        yield from _grid(_verdicts(report.criteria), width)
    yield Text()
    yield from _grid(_closing(report), width)


def _grid(rows: Iterable[_Row], width: int) -> Iterator[Text]:
    """Two columns; what is said is broken where it must be, and never inside of a name."""
    kept = list(rows)
    indent = max(cell_len(plain(row.label)) for row in kept) + 2
    for row in kept:
        for number, line in enumerate(wrap(plain(row.says), width - indent)):
            label = "" if number else plain(row.label)
            space = " " * (indent - cell_len(label))
            yield Text.assemble((label, row.label_style), space, (line, row.style)) if line else Text(label)


def _facts(report: Report) -> Iterator[_Row]:
    summary = report.measurement.summary
    where = summary.provenance
    yield _Row(summary.phase, report.heading, "bold", "bold")
    yield _total(report)
    if summary.phase != "phase0" and not where.arguments:
        above = report.above_zero
        zero = "unknown until `nox -s phase0` has run"
        if report.zero is not None and above is not None:
            then = report.zero.totals.ratio
            zero = f"{then} % without the stories' tests, {show_points(above)} points since"
        yield _Row("phase zero", zero)
    yield _Row("tests", _tests(summary.outcomes))
    workers = many(where.workers, "worker")
    yield _Row("run", f"{_kind(report)}; Python {where.leg.python}, {workers}, {where.core}, {where.seconds:.1f} s")


def _total(report: Report) -> _Row:
    summary = report.measurement.summary
    ratio = summary.totals.ratio
    if not ratio.total:
        return _Row("total", "unknown: nothing was measured", "red")
    unit = "lines and branches" if summary.scope.branch else "lines"
    text = f"{ratio} % ({ratio.covered} of {ratio.total} {unit})"
    if report.gate is None:
        return _Row("total", text)
    gate = f"{text}, fail-under {show_threshold(report.gate)}"
    if summary.kind in (Kind.TIMED_OUT, Kind.FAILED):
        return _Row("total", f"{gate}: not judged, the run is {summary.kind}")
    return _Row("total", f"{gate}: met", "green") if report.gate_met else _Row("total", f"{gate}: not met", "red")


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


def _modules(modules: Sequence[ModuleProgress], width: int) -> Iterator[Text]:
    """Each story's modules with their figures; a name that does not fit beside them has a line of its own."""
    room = width - sum(wide for _, wide in _FIGURES) - 1
    names = [fit(plain(module.module), room - 2) for module in modules]
    widest = max(len("story and module"), *(cell_len(name) + 2 for name in names if cell_len(name) + 2 <= room), 0)
    titles = "".join(f"{title:>{wide}}" for title, wide in _FIGURES)
    yield Text(f"{'story and module':{widest}} {titles}", style="bold")
    story = ""
    for name, module in zip(names, modules, strict=True):
        if module.story != story:
            story = module.story
            yield Text(plain(story))
        space = widest - cell_len(name) - 2
        if space < 0:
            yield Text(f"  {name}")
        yield Text.assemble(f"  {name}{' ' * space} " if space >= 0 else " " * (widest + 1), *_figures(module))


def _figures(module: ModuleProgress) -> Iterator[tuple[str, str]]:
    style = "green" if module.at_target else "red"
    now = str(module.ratio) if module.ratio else module.presence
    missed = [str(module.ratio.missed), str(module.lacks)] if module.ratio else []
    cells = [now, show_percent(module.target), *missed]
    for index, (cell, (_, width)) in enumerate(zip(cells, _FIGURES, strict=False)):
        yield f"{cell:>{width}}", "" if index else style


def _verdicts(verdicts: Iterable[Verdict]) -> Iterator[_Row]:
    for verdict in verdicts:
        yield _Row(f"  {verdict.answer}", f"{verdict.question}: {verdict.reason}", "", _STYLE[verdict.answer])


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
            yield _Row(word, line)
        if len(lines) > _NAMED:
            yield _Row(word, f"and {len(lines) - _NAMED} more, see the record")
    yield _Row("next", report.next_step(), "bold", "bold")
    yield _Row("record", report.record)
