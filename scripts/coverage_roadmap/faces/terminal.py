"""The terminal. Imported only where a table is shown, since its library takes longer to import than most commands."""

from __future__ import annotations

from rich.console import Console

from coverage_roadmap.render import screen
from coverage_roadmap.render.page import Page


def show(page: Page) -> None:
    """Print a page where results go; honours NO_COLOR."""
    screen.show(page, _Console(soft_wrap=False, markup=False, highlight=False))


class _Console(Console):
    """Rich's own ends the program with 1 where the reader has gone."""

    def on_broken_pipe(self) -> None:
        """Leave it to `output`.

        Raises:
            BrokenPipeError: always.
        """
        raise BrokenPipeError
