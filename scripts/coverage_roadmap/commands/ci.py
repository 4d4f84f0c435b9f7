"""`ci`: the workflows that CI runs, written from the config and held against it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import ci_files, config_file, files, no_git
from coverage_roadmap.commands import matrix
from coverage_roadmap.commands.base import default_branch
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.core.branch import short
from coverage_roadmap.core.ci import drift, github, gitlab, handmade, installed, refusing
from coverage_roadmap.core.ci.drift import File, State
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.value import Document
from coverage_roadmap.core.text import nearest, plain
from coverage_roadmap.errors import ConfigError, ExitCode, NotMetError, UsageError
from coverage_roadmap.render import document

PROVIDERS = {"github": github.documents, "gitlab": gitlab.documents}


class Workflows(Struct, frozen=True):
    """The files, and what was done with them."""

    files: Sequence[File]
    written: bool
    checked: bool
    child: str = ""
    """Where the child pipeline was written."""
    provider: str = ""
    """As it was named; empty for the config's own."""
    notes: Sequence[str] = ()

    @property
    def drifted(self) -> list[File]:
        """Those that are not what the config gives."""
        return [file for file in self.files if file.state is not State.TRUE]

    @property
    def next_step(self) -> str:
        """What puts the files right; empty where they are."""
        if self.written or not self.drifted:
            return ""
        write = "invoke ci" + (f" --provider {self.provider}" if self.provider else "") + " --write"
        if any(file.state is State.EDITED for file in self.files):
            return f"move what is yours between the markers, then {write}, or {write} --overwrite"
        return write

    @property
    def exit_code(self) -> ExitCode:
        """1 where they were to be checked and are not what the config gives."""
        return ExitCode.NOT_MET if self.checked and self.drifted else ExitCode.DONE


def ci(
    context: Context,
    *,
    provider: Annotated[str, "github or gitlab; by default ci.provider"] = "",
    write: Annotated[bool, "write the files; hand-made parts between markers are kept"] = False,
    check: Annotated[bool, "fail, with a diff, where a file is not what the config gives"] = False,
    overwrite: Annotated[bool, "with --write: take away what was edited by hand outside of the markers"] = False,
    child: Annotated[str, "write GitLab's child pipeline, with the jobs of the matrix, to this file and end"] = "",
) -> Workflows:
    """Write CI's workflows from the config, or check that they are what it gives.

    Example: invoke ci --check
    """
    if (write and check) or (overwrite and not write) or (child and (write or check)):
        raise UsageError("give one of --write, --check and --child; --overwrite goes with --write", where="ci")
    here = look(context)
    chosen = provider or here.roadmap.ci.provider
    if chosen not in PROVIDERS:
        raise UsageError(nearest(chosen, PROVIDERS, "provider"), where=f"--provider {provider}")
    top, place = _place(here)
    refusing.refuse(here.roadmap, place)
    if child:
        made = gitlab.child(place, matrix.matrix(context).jobs)
        text = document.text(made, place.config)
        files.rewrite(context.folder / child, child, lambda _: text, top=top)
        return Workflows([], written=False, checked=False, child=child)
    wanted = [(one.path, _sealed(one, place)) for one in PROVIDERS[chosen](here.roadmap, place)]
    found = drift.gathered(wanted, ci_files.read(top, [path for path, _ in wanted]))
    edited = [file for file in found if file.state is State.EDITED]
    if write and edited and not overwrite:
        raise NotMetError(
            "was edited by hand outside of the hand-made parts",
            where=edited[0].path,
            next_step="see ci --check; move what is yours between the markers, or give --overwrite too",
        )
    if write:
        ci_files.write(top, {file.path: file.after for file in found if file.state is not State.TRUE})
    return Workflows(found, written=write, checked=check, provider=provider, notes=_absent(here, top / place.folder))


def _absent(here: Here, folder: Path) -> list[str]:
    """What CI is to install and is not there; a hand-made step may make it before."""
    names = ci_files.absent(folder, installed.paths(here.roadmap.ci.install))
    where = "the folder of the noxfile, from which CI installs it"
    return [
        f"ci.install names {plain(name)[:200]}, which is not in {where}: add it, or mend ci.install" for name in names
    ]


def _sealed(one: Document, place: Place) -> str:
    return handmade.sealed(document.text(one, place.config))


def _place(here: Here) -> tuple[Path, Place]:
    """The repository's top, and where the config stands in it.

    Raises:
        ToolError: git is not installed.
        UsageError: the config or the project is not in the repository, or has no noxfile.
        ConfigError: the default branch cannot be told for good.
    """
    located, repository = here.located, no_git.needed(here.repository, "ci")
    if not located.file.is_relative_to(repository.top.resolve()):
        told = "the config and the project are not in one git repository"
        raise UsageError(told, where=str(located.file), next_step="put the config into the project's repository")
    top = repository.top.resolve()
    folder = ci_files.nearest_noxfile(located.file.parent, top)
    if folder is None:
        told = "there is no noxfile.py beside it or above"
        raise UsageError(told, where=str(located.file), next_step="write one, as README shows")
    return top, Place(
        config=located.file.relative_to(top).as_posix(),
        folder=folder.relative_to(top).as_posix(),
        project=located.project.relative_to(top).as_posix(),
        branch=_branch(here),
    )


def _branch(here: Here) -> str:
    if here.roadmap.default_branch:
        return here.roadmap.default_branch
    found = short(default_branch(here) or "main")
    if found not in ("main", "master"):
        raise ConfigError(
            f"is needed, since another clone cannot tell that it is {found}",
            where=f"[{config_file.TABLE}] default-branch",
            next_step=f'default-branch = "{found}"',
        )
    return found
