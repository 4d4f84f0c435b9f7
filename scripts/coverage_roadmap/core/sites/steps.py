"""Steps of a CI file: scalars that are commands or variables, each read once, with what its job makes of a failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec import Struct, field

from coverage_roadmap.core.sites import command
from coverage_roadmap.core.sites.command import Shell
from coverage_roadmap.core.sites.document import Node, source
from coverage_roadmap.core.sites.reading import Fate, Reading
from coverage_roadmap.core.sites.shell import Source

NEVER = "its step or job never runs"
MEND_NEVER = "take the condition away, or make it one that can be met"


class Steps(Struct):
    """What is read in one CI file."""

    reading: Reading
    calls: list[tuple[Node, bool, Callable[[Source], None]]] = field(default_factory=list)

    def script(self, node: Node | None, shell: Shell, fate: Fate = (), *, template: bool = False) -> None:
        """A scalar that a shell runs; `template`: only where no job takes it over."""
        self._add(node, template, lambda text: command.script(self.reading, text, shell, fate))

    def variable(self, name: str, node: Node | None, project: str = "") -> None:
        """A variable of the environment; its value may be options, as PYTEST_ADDOPTS."""

        def read(text: Source) -> None:
            if "-fail-under" in text.text:
                command.script(self.reading, text, Shell(quiet=True, folder=project))
            else:
                self.reading.assign(name, text, project, text.at[0] if text.text else 0)

        self._add(node, False, read)

    def _add(self, node: Node | None, template: bool, read: Callable[[Source], None]) -> None:
        if node is not None and node.kind == "scalar":
            self.calls.append((node, template, read))

    def run(self) -> None:
        """Read all that was added, in order."""
        taken = Counter(id(node) for node, template, _ in self.calls if not template)
        for node, template, read in self.calls:
            if template and taken[id(node)]:
                continue
            self.reading.shared = ""
            if node.twice:
                self.reading.shared = "its key is written twice"
            elif taken[id(node)] > 1 or (node.used > 1 and not template):
                self.reading.shared = "it is used in several places by an anchor"
            read(source(self.reading.text, node))
        self.reading.shared = ""
        self.calls.clear()
