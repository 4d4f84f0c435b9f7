"""`pr-summary`: what a pull request's body, comment and job summary tell of coverage."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import files
from coverage_roadmap.commands import reviewing
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core import body, patch
from coverage_roadmap.core.documentation import Documentation
from coverage_roadmap.core.finding import Judged
from coverage_roadmap.core.patterns import Matcher
from coverage_roadmap.core.percent import read_target
from coverage_roadmap.core.pr_summary import PrSummary
from coverage_roadmap.core.verdict import Answer, Verdict
from coverage_roadmap.errors import ExitCode
from coverage_roadmap.render import pr_summary as pages

KIND = "pr-summary"
"""Of our block in a text."""


class Summarised(Struct, frozen=True):
    """The summary, where it was written, and what was recorded of it."""

    summary: PrSummary
    written: Sequence[str] = ()
    recorded: Documentation | None = None

    @property
    def exit_code(self) -> ExitCode:
        """1 where the gate is not met, or cannot be told."""
        gate = self.summary.gate
        return ExitCode.DONE if gate is None or gate.answer is Answer.MET else ExitCode.NOT_MET


def pr_summary(
    context: Context,
    *,
    since: Annotated[str, "a revision to compare with; by default the merge base with the default branch"] = "",
    coverage: Annotated[str, "a coverage.json; by default the newest record of the present tree or of HEAD's"] = "",
    write: Annotated[str, "a body file: the summary is put between its markers, other text is kept"] = "",
    fail_under: Annotated[str, "fail where patch coverage is below this, in percent, or unknown"] = "",
    no_check: Annotated[bool, "leave out what fails the check, which takes the longest in a large project"] = False,
    record: Annotated[bool, "record that the sections which exit criteria ask for were written"] = False,
) -> Summarised:
    """Summarise a pull request: totals, patch coverage, modules, and its phase.

    Example: invoke pr-summary --write body.md --fail-under 80
    """
    at_least = read_target(fail_under, "--fail-under") if fail_under else None
    here = look(context)
    summary = reviewing.gather(context, here, since, coverage)
    if not no_check:
        summary = replace(summary, findings=_findings(context, here, since))
    if at_least is not None:
        summary = replace(summary, gate=_gate(here, summary, at_least))
    recorded = None
    if record:
        from coverage_roadmap.commands import documenting  # as with the check, its imports serve few calls

        recorded = documenting.documented(here, summary)
    asked = ((write, body.LIMIT), (context.environ.get("GITHUB_STEP_SUMMARY", ""), body.STEP_LIMIT))
    written = [_write(context.folder / name, name, summary, limit, here.top) for name, limit in asked if name]
    if recorded:
        documenting.keep(context, here, recorded)
    return Summarised(summary, written, recorded)


def _gate(here: Here, summary: PrSummary, at_least: Decimal) -> Verdict:
    scope = summary.after.scope if summary.after else None
    omitted = Matcher(scope.omit if scope else (), str(here.located.project))
    return patch.gate(summary.patch, at_least, summary.no_patch, is_omitted=omitted.fits)


def _findings(context: Context, here: Here, since: str) -> list[Judged]:
    from coverage_roadmap.commands import gathering
    from coverage_roadmap.core import check as checking  # both take longer to import than the rest of this takes

    return checking.check(gathering.gather(context, here, since)).failing


def _write(path: Path, name: str, summary: PrSummary, limit: int, top: Path) -> str:
    """Put the summary into a file. Returns its name."""

    def placed(text: str) -> str:
        return body.place(text, pages.block(summary, body.room(text, name, KIND, limit)), name, KIND)

    files.rewrite(path, name, placed, top=top)
    return name
