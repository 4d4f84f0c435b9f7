"""A Markdown file as a tracker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from coverage_roadmap.adapters import files
from coverage_roadmap.core.tracker import file_text
from coverage_roadmap.core.tracker import operation as op
from coverage_roadmap.core.tracker.pulls import Pull
from coverage_roadmap.core.tracker.ticket import Comment, Held, Ticket
from coverage_roadmap.errors import TicketError, TrackerError


class File:
    """One file.

    Args:
        path: where it is; it need not exist yet.
        name: how the config names it.
        top: the repository's folder, or else the project's, in which it must lie.
    """

    def __init__(self, path: Path, name: str, top: Path) -> None:
        """Read nothing yet."""
        self._path, self._name, self._top = path, name, top
        self._bodies: dict[int, str] = {}

    @property
    def name(self) -> str:
        """As the config names it."""
        return self._name

    def read(self, owners: Sequence[str]) -> Held:  # noqa: ARG002 - of the Protocol
        """All that concerns us; anybody may be assigned."""
        path = files.destination(self._path, self._name, self._top, anywhere=False)
        with self._naming():
            held = file_text.held(files.read_exact(path) if path.exists() else "")
        self._bodies = {one.number: one.body for one in held.tickets}
        return held

    def open_tickets(self) -> Sequence[Ticket]:
        """Those with a marker of ours."""
        return [one for one in self.read(()).tickets if one.is_open]

    def pulls(self) -> Sequence[Pull]:
        """A file knows of none."""
        return ()

    def comments(self, ticket: Ticket) -> tuple[Comment, ...]:
        """Ours."""
        return tuple(one for one in ticket.comments if one.mark)

    def carry_out(self, operation: op.Operation) -> None:
        """Do it; see `core.tracker.tracker`."""
        with self._naming():
            files.rewrite(
                self._path, self._name, lambda text: self._changed(text, operation), top=self._top, anywhere=False
            )

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Name the file where what is wrong is no single ticket's."""
        try:
            yield
        except TicketError:
            raise
        except TrackerError as error:
            raise TrackerError(error.what, where=self._name, next_step=error.next_step) from error

    def _changed(self, text: str, operation: op.Operation) -> str:
        if isinstance(operation, op.Change) and operation.number:
            now = {one.number: one.body for one in file_text.tickets(text)}
            if operation.number not in now:
                raise TicketError("is not there any more", where=f"#{operation.number}")
            before = self._bodies.get(operation.number)
            if isinstance(operation, op.Write) and now[operation.number] != before:
                raise TicketError("its text was changed while we worked: run it again", where=f"#{operation.number}")
        return file_text.changed(text, operation)
