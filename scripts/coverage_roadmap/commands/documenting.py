"""Documents a pull request: what the history keeps of the sections that its exit criteria ask for."""

from __future__ import annotations

from coverage_roadmap.adapters import documentation, measured_tree
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core.documentation import Documentation, document
from coverage_roadmap.core.pr_summary import PrSummary
from coverage_roadmap.core.text import named
from coverage_roadmap.errors import NotMetError, UsageError
from coverage_roadmap.render import pr_summary as pages


def documented(here: Here, summary: PrSummary) -> Documentation:
    """What is to be recorded of the sections.

    Raises:
        UsageError: no exit criterion asks for a section.
        NotMetError: there is nothing sound to record.
    """
    if not summary.documented:
        raise UsageError(
            "no exit criterion of the running phase, or of a story that this change touches, asks for a section",
            where="--record",
        )
    if here.repository is None or summary.head is None or summary.base is None:
        raise NotMetError(f"nothing can be recorded: {summary.no_patch}", where="--record")
    seen = measured_tree.look(here.roadmap, here.located.project, here.repository)
    if seen.head is None or seen.dirty:
        raise NotMetError(
            f"the work tree is not what is committed: {named(seen.dirty)}",
            where="--record",
            next_step="commit, then run again",
        )
    stories = [one.story.id for one in summary.documented if one.known]
    if not stories:
        raise NotMetError(
            f"not every module of {summary.documented[0].story.id} is measured, so the section documents nothing",
            where="--record",
            next_step=f"nox -s {summary.documented[0].phase}",
        )
    changed = documentation.changed(here.repository, summary.base, summary.head)
    return document(pages.sections(summary), stories, summary.head, summary.base, seen.head, changed)


def keep(context: Context, here: Here, documentation_: Documentation) -> None:
    """Put it on the history branch.

    Raises:
        ToolError: git failed.
    """
    if here.repository:
        now = int(context.clock.now().timestamp())
        documentation.write(here.repository, here.roadmap.history.branch, documentation_, now=now)
