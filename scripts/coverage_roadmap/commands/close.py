"""`close`: closes the running phase, where its exit criteria are met."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import config_edit, edits, files, git
from coverage_roadmap.commands import evidence as proof
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look_to_edit
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.core.measurement import Summary
from coverage_roadmap.core.roadmap import Phase
from coverage_roadmap.core.verdict import Answer
from coverage_roadmap.errors import ExitCode, NotMetError, UsageError


class Closing(Struct, frozen=True):
    """A phase that is closed on the evidence of a record, and the edit that says so."""

    phase: Phase
    evidence: Summary
    edit: Edit
    applied: bool
    exit_code: ExitCode = ExitCode.DONE


def close(
    context: Context,
    *,
    phase: Annotated[str, "the running phase; another is refused"] = "",
    dry_run: Annotated[bool, "show the edit, write nothing"] = False,
) -> Closing:
    """Close the running phase, where its exit-check is met.

    Example: invoke close --phase phase2 --dry-run
    """
    here = look_to_edit(context)
    chosen = here.phase(phase)
    if chosen is not here.roadmap.running:
        running = here.roadmap.running
        what = (
            "is closed already" if chosen.closed else f"is not the running phase, which is {running and running.name}"
        )
        raise UsageError(what, where=f"--phase {chosen.name}", next_step="see invoke status")
    proof.committed(here)
    head = proof.head_tree(here)
    standing = judging.standing(here, chosen, head)
    evidence = next((r for r in proof.at(here, chosen, head) if _is_of_a_commit(here, r)), None)
    unmet = [v for v in standing.verdicts if v.answer is not Answer.MET]
    if standing.answer is not Answer.MET or evidence is None:
        reasons = "".join(f"\n  {v.answer}: {v.question}: {v.reason}" for v in unmet)
        raise NotMetError(
            f"cannot be closed:{reasons or ' no evidence of it'}",
            where=chosen.name,
            next_step=f"invoke exit-check --phase {chosen.name}",
        )
    before = files.read_exact(here.located.file)
    after = config_edit.with_closed(
        before, chosen.name, on=context.clock.now().date(), commit=evidence.provenance.commit or "", record=evidence.id
    )
    edit = Edit(here.located.file.name, before, after, ())
    if not dry_run:
        edits.write_all(here.records.cache, {here.located.file: edit}, here.top)
    return Closing(chosen, evidence, edit, applied=not dry_run)


def _is_of_a_commit(here: Here, record: Summary) -> bool:
    """Whether the commit that a record names, perhaps one of another machine, is there and named in full."""
    commit = record.provenance.commit
    return bool(here.repository and commit) and git.resolve(here.located.project, commit or "") == commit
