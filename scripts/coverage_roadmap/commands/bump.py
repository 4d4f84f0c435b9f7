"""`bump`: raises the threshold, at each of its sites or at none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from coverage_roadmap.adapters import config_edit
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.core import bump as bumping
from coverage_roadmap.core.bump import Bump
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.errors import ExitCode, UsageError


@dataclass(frozen=True, slots=True)
class Bumped:
    """The decision, and whether it was carried out."""

    bump: Bump
    applied: bool
    exit_code: ExitCode = ExitCode.DONE


def bump(
    context: Context,
    *,
    to: Annotated[str, "the new threshold, in percent"],
    dry_run: Annotated[bool, "show the edit, write nothing"] = False,
) -> Bumped:
    """Raise the threshold at each of its sites, up to the evidence.

    Example: invoke bump --to 60 --dry-run
    """
    target = bumping.read_target(to)
    here = look(context)
    texts = judging.present_sites(here.located)
    evidence: Summary | None = None
    if running := here.roadmap.running:
        own = judging.of_own_selection(here.roadmap, running, here.records.summaries)
        head = judging.head_tree(here)
        evidence = next((r for r in own if r.evidence and r.tree == head), None)
    decided = bumping.plan(texts, target, evidence, here.roadmap.threshold, running.name if running else "")
    _refuse_unwritten(judging.config_name(here.located), texts, decided)
    if not dry_run:
        config_edit.write_all({here.located.project / edit.file: edit for edit in decided.edits})
    return Bumped(decided, applied=not dry_run)


def _refuse_unwritten(config: str, texts: Mapping[str, str], decided: Bump) -> None:
    """Refuse to raise other sites without the config, whose threshold may be missing or written as we cannot edit."""
    after = {edit.file: edit.after for edit in decided.edits}.get(config, texts[config])
    if config_edit.threshold_in(after) != decided.to:
        raise UsageError(
            "has no threshold that can be raised",
            where=config,
            next_step=f"write this line into [tool.coverage-roadmap]: threshold = {show_threshold(decided.to)}",
        )
