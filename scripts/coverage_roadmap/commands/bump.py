"""`bump`: raises the threshold, at each of its sites or at none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import config_edit, edits, git
from coverage_roadmap.commands import evidence as proof
from coverage_roadmap.commands import surveying
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look_to_edit
from coverage_roadmap.core import bump as bumping
from coverage_roadmap.core import waiver
from coverage_roadmap.core.bump import Bump
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.percent import read_target, show_threshold
from coverage_roadmap.errors import ExitCode, UsageError


class Bumped(Struct, frozen=True):
    """The decision, and whether it was carried out."""

    bump: Bump
    applied: bool
    committed: bool = False
    exit_code: ExitCode = ExitCode.DONE


def bump(
    context: Context,
    *,
    to: Annotated[str, "the new threshold, in percent"] = "",
    phase: Annotated[str, "take this phase's fail-under"] = "",
    auto: Annotated[bool, "take the evidence, rounded down, less headroom"] = False,
    commit: Annotated[bool, "commit just the edited files, naming the evidence"] = False,
    dry_run: Annotated[bool, "show the edit, write nothing"] = False,
) -> Bumped:
    """Raise the threshold at each of its sites, up to the evidence.

    Example: invoke bump --to 60 --dry-run
    """
    if sum(map(bool, (to, phase, auto))) != 1:
        raise UsageError("needs one of --to, --phase and --auto", where="bump", next_step="for example bump --to 60")
    given = read_target(to) if to else None
    here = look_to_edit(context)
    repository, _ = proof.committed(here)
    evidence = next(iter(proof.at(here, here.roadmap.current, proof.head_tree(here))), None)
    target = _target(here, phase, evidence) if given is None else given
    surveyed = surveying.present_sites(here)
    config = surveying.config_name(here.located)
    decided = bumping.plan(
        surveyed.texts,
        target,
        evidence,
        here.roadmap.threshold,
        here.roadmap.running.name if here.roadmap.running else "",
        found=surveyed.found,
        may_lower=_is_waived(here, target, context.clock.now().date()),
    )
    _refuse_unwritten(config, surveyed.texts, decided)
    if not dry_run:
        wanted = {here.located.project / edit.file: edit for edit in decided.edits}
        edits.write_all(here.records.cache, wanted, here.top)
    committed = commit and not dry_run and bool(decided.edits)
    if committed:
        git.commit(repository, [edit.file for edit in decided.edits], bumping.message(decided))
    return Bumped(decided, applied=not dry_run, committed=committed)


def _target(here: Here, phase: str, evidence: Summary | None) -> Decimal:
    """The threshold that a phase, or else the evidence, comes to; percent.

    Raises:
        NotMetError: there is no evidence to take it from.
        UsageError: there is no such phase.
    """
    if phase:
        return here.phase(phase).fail_under
    return bumping.automatic(evidence, here.roadmap.headroom, here.roadmap.threshold)


def _is_waived(here: Here, target: Decimal, today: date) -> bool:
    present = here.roadmap.threshold
    return any(waiver.fits(one, "threshold", present, target, today) for one in here.roadmap.waivers)


def _refuse_unwritten(config: str, texts: Mapping[str, str], decided: Bump) -> None:
    """Refuse to raise other sites without the config, whose threshold may be missing or written as we cannot edit."""
    after = {edit.file: edit.after for edit in decided.edits}.get(config, texts[config])
    if config_edit.threshold_in(after) != decided.to:
        raise UsageError(
            "has no threshold that can be raised",
            where=config,
            next_step=f"write this line into [tool.coverage-roadmap]: threshold = {show_threshold(decided.to)}",
        )
