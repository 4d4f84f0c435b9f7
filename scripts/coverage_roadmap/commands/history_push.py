"""`history.push`: publishes the history branch."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import no_git, publishing, remotes
from coverage_roadmap.adapters.publishing import Published
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.errors import ExitCode, UsageError


class Pushed(Struct, frozen=True):
    """What was published, and where."""

    branch: str
    published: Published | None
    """None where the repository has no remote."""
    exit_code: ExitCode = ExitCode.DONE


def history_push(
    context: Context, *, remote: Annotated[str, "the remote; by default origin, or the only one"] = ""
) -> Pushed:
    """Publish the history branch, joined with what others published.

    Example: invoke history.push
    """
    here = look(context)
    repository = no_git.needed(here.repository, "history.push")
    branch = here.roadmap.history.branch
    there = remotes.names(repository)
    if not there and not remote:
        return Pushed(branch, None)
    if remote and remote not in there:
        raise UsageError("there is no such remote", where=f"--remote {remote}", next_step="git remote")
    chosen = remote or remotes.usual(there)
    if chosen is None:
        raise UsageError(f"there are several remotes: {', '.join(there)}", next_step="name one: --remote NAME")
    now = int(context.clock.now().timestamp())
    return Pushed(branch, publishing.push(repository, chosen, branch, now=now, say=context.say))
