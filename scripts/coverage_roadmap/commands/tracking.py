"""Chooses the tracker that the config names, and asks it what board and stand-up want to know."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, home_of
from coverage_roadmap.core.text import many
from coverage_roadmap.core.tracker import pulls
from coverage_roadmap.core.tracker.operation import Operation
from coverage_roadmap.core.tracker.pulls import Told
from coverage_roadmap.core.tracker.tracker import Tracker
from coverage_roadmap.errors import ConfigError, RoadmapError, TicketError, ToolError

ANSWERS_WITHIN = 20.0
"""Board and stand-up wait no longer for a tracker. Seconds."""
EVERY = 20
"""After so many operations it is told how far the work is."""
_LOOPBACK = ("localhost", "127.0.0.1")


class _Place(Struct, frozen=True):
    """A repository on a host of GitHub's."""

    repository: str
    api: str
    host: str
    """Of its web pages."""


def tracker_of(context: Context, here: Here, *, hurried: bool = False) -> Tracker | None:
    """The tracker that the config names; None where it names none.

    Args:
        context: the caller's.
        here: the config and the repository.
        hurried: whether to give up where it does not answer at once.

    Raises:
        ConfigError: the config does not tell where it is.
        ToolError: what it needs is not installed.
        TrackerError: there is no token.
    """
    board = here.roadmap.board
    if board.tracker == "none":
        return None
    if board.tracker == "file":
        from coverage_roadmap.adapters.tracker_file import File

        return File(here.located.project / board.file, board.file, here.top)
    try:
        from coverage_roadmap.adapters import github_http
    except ModuleNotFoundError as error:
        install = "pip install 'coverage-roadmap[github]'"
        raise ToolError(f"{error.name} is not installed", where="tracker github", next_step=install) from error
    from coverage_roadmap.adapters.github import GitHub
    from coverage_roadmap.adapters.github_token import token

    place = _place(context, here)
    secret = token(context.environ, place.host, here.located.project)
    patience = github_http.Patience(answer=10, wait=0, whole=ANSWERS_WITHIN, tries=1) if hurried else None
    client = github_http.Client(place.api, secret, context.clock, patience or github_http.Patience(), context.progress)
    return GitHub(client, place.repository, board.project)


def _place(context: Context, here: Here) -> _Place:
    board = here.roadmap.board
    home = home_of(context, here.repository) if here.repository else None
    parts = urlsplit(home.url) if home else None
    repository = board.repository or (parts.path.strip("/") if parts else "")
    if not repository:
        told = "the remote origin does not tell which repository has the issues"
        raise ConfigError(told, where="board.repository", next_step='name it: repository = "owner/name"')
    if not board.api:
        host = parts.netloc if parts else "github.com"
        hosted = host == "github.com" or host.endswith(".ghe.com")
        return _Place(repository, f"https://api.{host}" if hosted else f"https://{host}/api/v3", host)
    api = urlsplit(board.api)
    if api.scheme != "https" and api.hostname not in _LOOPBACK:
        raise ConfigError("a token is not sent without TLS", where=f"board.api = {board.api}", next_step="write https")
    host = api.netloc.removeprefix("api.")
    is_hosted = api.netloc == "api.github.com" or host.endswith(".ghe.com")
    return _Place(repository, board.api.rstrip("/"), host if is_hosted else api.netloc)


def needed(context: Context, here: Here) -> Tracker:
    """The tracker that the config names, for a command that is nothing without one.

    Raises:
        ConfigError: it names none.
    """
    found = tracker_of(context, here)
    if found is None:
        raise ConfigError("no tracker is set", where="board.tracker", next_step='set it to "github" or "file"')
    return found


def place_of(here: Here) -> str:
    """The project's folder in the repository, with a slash at its end, or empty."""
    return here.repository.prefix if here.repository else ""


def ask(here: Here, tracker: Tracker) -> Told:
    """What a tracker tells.

    Raises:
        TrackerError: it refused, or cannot be reached.
    """
    tickets = tracker.open_tickets()
    stories = [story for _, story in here.roadmap.stories()]
    return pulls.told(
        tracker.name, tickets, tracker.pulls(), stories, here.roadmap.board.branch_pattern, place_of(here)
    )


def told(context: Context, here: Here) -> Told:
    """What the tracker tells; where it does not, that is said, and nothing fails."""
    board = here.roadmap.board
    name = board.file if board.tracker == "file" else board.tracker
    try:
        tracker = tracker_of(context, here, hurried=True)
        return ask(here, tracker) if tracker else Told()
    except RoadmapError as error:
        return Told(name=name, unknown=f"{error.where}: {error.what}" if error.where else error.what)


def carry_out(context: Context, tracker: Tracker, operations: Sequence[Operation]) -> list[tuple[Operation, str]]:
    """Do all operations, one by one. Returns those that the tracker refused, with its reasons.

    Raises:
        TrackerError: the tracker is not to be had any more; what was done stays done, and the next run goes on.
    """
    refused: list[tuple[Operation, str]] = []
    for done, operation in enumerate(operations):
        if done and done % EVERY == 0:
            context.progress(f"{done} of {many(len(operations), 'operation')} done")
        try:
            tracker.carry_out(operation)
        except TicketError as error:
            refused.append((operation, error.what))
    return refused
