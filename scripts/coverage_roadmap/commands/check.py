"""`check`: finds how a figure could have been reached, or a gate passed, without testing more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.commands import gathering
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.core import check as checking
from coverage_roadmap.core.check import Check
from coverage_roadmap.errors import ConfigError, ExitCode


class Checked(Struct, frozen=True):
    """What the check found; or a rule's advice, where that was asked for."""

    check: Check
    prefix: str = ""
    """The project's path from the git root, with a slash at its end: what CI's paths begin with."""
    notes: Sequence[str] = ()
    advice: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """1 where something fails it."""
        return self.check.exit_code


def check(
    context: Context,
    *,
    since: Annotated[str, "judge only what changed since this revision"] = "",
    require_measurement: Annotated[bool, "fail where a rule that needs a measurement has none"] = False,
    explain: Annotated[str, "a rule's id: print its advice and do nothing else"] = "",
) -> Checked:
    """Find what drifted, shrank or was loosened, and tests that cannot fail.

    Example: invoke check --since origin/main
    """
    if explain:
        return Checked(Check(()), advice=checking.explain(explain))
    here = look(context)
    if problems := checking.problems(here.roadmap.check):
        lines = "".join(f"\n  {problem}" for problem in problems)
        raise ConfigError(f"names rules that there are not:{lines}", where=str(here.located.file))
    facts = gathering.gather(context, here, since)
    checked = checking.check(facts, require_measurement=require_measurement)
    prefix = here.repository.prefix if here.repository else ""
    return Checked(checked, prefix, here.records.notes)
