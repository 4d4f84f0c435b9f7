"""`waive`: writes a waiver, the one way to ask for less: owned, with a reason, until a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import baseline_file, config_edit, config_file, edits, files
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look_to_edit
from coverage_roadmap.commands.hiding import hidden_now
from coverage_roadmap.core.baseline import FILE
from coverage_roadmap.core.baseline_text import decode
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.core.percent import read_target
from coverage_roadmap.core.roadmap import Waiver
from coverage_roadmap.core.waiver import LONGEST, part_of_scope
from coverage_roadmap.errors import ExitCode, RecordError, UsageError


class Waived(Struct, frozen=True):
    """The waiver's edit, and whether it was written."""

    what: str
    until: date
    edit: Edit
    applied: bool
    exit_code: ExitCode = ExitCode.DONE


def waive(
    context: Context,
    *,
    what: Annotated[str, "a file's path (its floor), threshold, 'scope PATH', or a phase with its criterion"],
    reason: Annotated[str, "why"],
    owner: Annotated[str, "who answers for it"],
    until: Annotated[str, "its last day, such as 2026-12-31, or 30d for so many days from today"],
    from_: Annotated[str, "from what, in percent"] = "",
    to: Annotated[str, "to what, in percent"] = "",
    dry_run: Annotated[bool, "show the edit, write nothing"] = False,
) -> Waived:
    """Write a waiver: a recorded, owned, expiring permission to ask for less.

    Example: invoke waive --what src/old.py --to 40 --reason "moved out" --owner kim --until 30d
    """
    here = look_to_edit(context)
    last = _last_day(until, context.clock.now().date())
    numbers = {"from": read_target(from_, "--from") if from_ else None, "to": read_target(to) if to else None}
    for word, said in (("--reason", reason), ("--owner", owner), ("--what", what)):
        if not said.strip():
            raise UsageError("is blank", where=word, next_step="say it in a few words")
    part = part_of_scope(what)
    if part == "":
        raise UsageError("names no part of the scope", where="--what", next_step="for example --what 'scope src/old/*'")
    if part and any(value is not None for value in numbers.values()):
        raise UsageError("is for figures, and the scope has none", where="--from or --to", next_step="leave it out")
    looks_like_a_file = part is None and ("/" in what or what.endswith(".py"))
    if looks_like_a_file and not (here.located.project / what).exists() and not _held(here, what):
        told = "is neither a file of the project nor one of the baseline"
        raise UsageError(told, where=f"--what {what}", next_step="name it as the check does")
    hides = _hidden(context, here, what) if part else None
    waiver = {"what": what, **{k: v for k, v in {**numbers, "hides": hides}.items() if v is not None}}
    before = files.read_exact(here.located.file)
    after = config_edit.with_waiver(before, {**waiver, "reason": reason, "owner": owner, "until": last})
    config_file.refuse_problems(after, here.located.file)
    edit = Edit(here.located.file.name, before, after, ())
    if not dry_run:
        edits.write_all(here.records.cache, {here.located.file: edit}, here.top)
    return Waived(what, last, edit, applied=not dry_run)


def _hidden(context: Context, here: Here, what: str) -> int | None:
    """How many statements a part of the scope hides now, which the waiver is held to; None where it cannot be told."""
    one = Waiver(what=what, reason="asked", owner="nobody", until=context.clock.now().date())
    return hidden_now(context, here, [one]).get(what)


def _held(here: Here, path: str) -> bool:
    """Whether the committed or the present baseline knows the file or folder."""
    try:
        data = baseline_file.present(here.located.project)
        return data is not None and path in {*(held := decode(data, FILE)).files, *held.packages, *held.tests}
    except RecordError:
        return True  # the check says what is wrong with it


def _last_day(until: str, today: date) -> date:
    """The day that was asked for.

    Raises:
        UsageError: it is no day, has passed, or lies more than a year ahead.
    """
    where, example = f"--until {until}", f"for example --until {today + timedelta(days=30)}"
    try:
        day = today + timedelta(days=int(until[:-1])) if until.endswith("d") else date.fromisoformat(until)
    except (ValueError, OverflowError):
        raise UsageError("is no day", where=where, next_step=example) from None
    if day < today:
        raise UsageError("has passed already", where=where, next_step=example)
    if (day - today).days > LONGEST:
        raise UsageError(f"is more than {LONGEST} days ahead", where=where, next_step=example)
    return day
