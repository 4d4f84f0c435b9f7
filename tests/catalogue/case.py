"""What a case of the catalogue is: something somebody does, the rule that catches it, and an honest twin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SOON = (date.today() + timedelta(days=30)).isoformat()
"""The day on which a waiver ends that is none too long."""
Change = str | None | Callable[[str], str]
"""A file's new text; None takes the file away; a function makes the new text out of the old one."""
Edit = Mapping[str, Change]
"""Changes by the paths of their files in the project."""
Step = Edit | tuple[str, ...]
"""An edit that is committed on the main branch, or the words of one call of the console program."""


@dataclass(frozen=True, slots=True)
class Cheat:
    """A change on a branch that raises a figure, or loosens a gate, without testing more; `check` finds it."""

    name: str
    story: str
    """What somebody does, and why it looks fine."""
    edit: Edit
    rules: tuple[str, ...]
    """The rules that must find it: each of them does, and no other."""
    twin_story: str
    twin: Edit
    """What is honest instead."""
    measured: bool = False
    """Whether the phase is run after the edit, as CI does."""


@dataclass(frozen=True, slots=True)
class RunCheat:
    """A way to a figure by how the tests are run; a phase run, or what judges its record, refuses it."""

    name: str
    story: str
    steps: tuple[Step, ...]
    """The last call must be refused."""
    refused_by: str
    """The command, as people know it."""
    says: str
    """What the last call says."""
    twin_story: str
    twin: tuple[Step, ...]
    """The last call must exit with 0."""
    environ: tuple[tuple[str, str], ...] = ()
    """Variables of the environment, for the cheat and its twin."""
    code: int = 1


def swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """Replace texts, each of which must be there."""

    def change(text: str) -> str:
        for old, new in pairs:
            if old not in text:
                raise ValueError(f"not there: {old}")
            text = text.replace(old, new)
        return text

    return change


def added(more: str) -> Callable[[str], str]:
    """Add a text at the end."""
    return lambda text: text + more


def waived(what: str, *, from_: str = "", to: str = "", hides: str = "", until: str = SOON, owner: str = "ann") -> str:
    """A waiver, as it stands in the config."""
    given = (("from", from_), ("to", to), ("hides", hides))
    figures = "".join(f"{key} = {value}\n" for key, value in given if value)
    words = f'reason = "the old till goes in spring"\nowner = "{owner}"\nuntil = {until}\n'
    return f'\n[[tool.coverage-roadmap.waivers]]\nwhat = "{what}"\n{figures}{words}'


def apply(edit: Edit, root: Path) -> None:
    """Make the changes in a project's folder."""
    for name, change in edit.items():
        path = root / name
        if change is None:
            path.unlink()
            continue
        text = change if isinstance(change, str) else change(path.read_text(encoding="utf-8"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
