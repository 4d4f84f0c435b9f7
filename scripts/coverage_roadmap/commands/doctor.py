"""`doctor`: what is there and what is missing, with the command that mends each."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from coverage_roadmap.adapters import baseline_file, edits, files, git, interpreters, processes, remotes
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look_to_edit
from coverage_roadmap.commands.weekly import lacking
from coverage_roadmap.core import selection
from coverage_roadmap.core.baseline import FILE
from coverage_roadmap.core.branch import short
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.core.checkup import Finding, with_requirement
from coverage_roadmap.core.leg import is_canonical
from coverage_roadmap.core.roadmap import Phase
from coverage_roadmap.core.text import plain
from coverage_roadmap.core.verdict import Answer
from coverage_roadmap.errors import ExitCode, ToolError, UsageError

NEEDED = ("pytest", "pytest-cov", "coverage", "pytest-timeout")
SPREADS = "pytest-xdist"
"""Without it a run has one worker, and needs no other."""


class Checkup(Struct, frozen=True):
    """What was found, and the edit of the requirements that would mend what they lack, or has mended it."""

    findings: Sequence[Finding]
    edit: Edit | None
    applied: bool

    @property
    def exit_code(self) -> ExitCode:
        """Not met where something is missing that a run needs."""
        broken = any(finding.answer is Answer.NOT_MET for finding in self.findings)
        return ExitCode.NOT_MET if broken else ExitCode.DONE


def doctor(
    context: Context,
    *,
    python: Annotated[str, "the interpreter that runs the tests; by default the active environment's"] = "",
    fix: Annotated[bool, "put missing requirements of stories into the first requirements file"] = False,
) -> Checkup:
    """Show what is there and what is missing, and how to mend it.

    Example: invoke doctor --fix
    """
    here = look_to_edit(context)
    missing = lacking(here)
    findings = [*_platform(), *_tools(context, here, python), *_git(here), *_requirements(here, missing, fix)]
    for phase in here.roadmap.phases:
        findings += _phase(here, phase)
    edit = _edit(here, missing) if missing and here.roadmap.requirements else None
    if fix and missing and edit is None:
        raise UsageError("the config names no requirements file", where="--fix", next_step="set requirements = [...]")
    if fix and edit:
        edits.write_all(here.records.cache, {here.located.project / edit.file: edit}, here.top)
    return Checkup(findings, edit, applied=fix and edit is not None)


def _platform() -> Iterator[Finding]:
    name = {"linux": "Linux", "darwin": "macOS"}.get(sys.platform)
    if name is None:
        yield Finding("platform", Answer.NOT_MET, f"{sys.platform} is not supported", "use Linux, macOS, or WSL")
    else:
        bound = "" if name == "Linux" else "; a process that detaches itself may outlive the limit"
        yield Finding("platform", Answer.MET, f"{name} {platform.release()}{bound}")


def _tools(context: Context, here: Here, named: str) -> Iterator[Finding]:
    python = interpreters.choose(context.environ, context.folder, named)
    try:
        leg, versions = interpreters.versions(python, (*NEEDED, SPREADS), here.located.project)
    except ToolError as error:
        yield Finding("tools", Answer.UNKNOWN, error.line, "name another: --python PATH")
        return
    canonical = is_canonical(here.roadmap, leg)
    text = f"Python {leg}, {'canonical' if canonical else f'not the canonical leg ({here.roadmap.canonical})'}"
    yield Finding("tools", Answer.MET if canonical else Answer.UNKNOWN, text)
    for name, version in versions.items():
        if version:
            yield Finding("tools", Answer.MET, f"{name} {version}")
        elif name == SPREADS:
            lacking = f"{name} is missing: a run has one worker"
            yield Finding("tools", Answer.UNKNOWN, lacking, f"{python} -m pip install {name}")
        else:
            yield Finding("tools", Answer.NOT_MET, f"{name} is missing", f"{python} -m pip install {name}")


def _git(here: Here) -> Iterator[Finding]:
    try:
        version = (
            processes.answer(["git", "--version"], cwd=here.located.project).stdout.decode("utf-8", "replace").strip()
        )
    except ToolError:
        yield Finding("git", Answer.NOT_MET, "git is missing: no evidence and no history", "install git")
        return
    if here.repository is None:
        yield Finding("git", Answer.UNKNOWN, "the project is in no git repository: no evidence", "git init")
    elif here.repository.head is None:
        yield Finding("git", Answer.UNKNOWN, "there is no commit yet: no evidence", "git commit")
    else:
        branch = git.default_branch(here.repository, here.roadmap.default_branch)
        found = branch.removeprefix("refs/heads/").removeprefix("refs/remotes/") if branch else None
        answer = Answer.MET if found else Answer.UNKNOWN
        elsewhere = list(_elsewhere(here, here.repository, branch))
        mend = "" if found or elsewhere else "set default-branch in the config"
        yield Finding("git", answer, f"{version}, default branch {found or 'unknown'}", mend)
        yield from elsewhere
        yield from _merge_driver(here.repository)


def _elsewhere(here: Here, repository: git.Repository, default: str | None) -> Iterator[Finding]:
    """Whether `git fetch` brings what is read of a remote: its default branch, and its history."""
    remote = remotes.usual(remotes.names(repository))
    if remote is None:
        return
    wanted = short(default) if default else here.roadmap.default_branch or "main"
    left = remotes.unfetched(repository, remote, [wanted, here.roadmap.history.branch])
    if left:
        told = f"git fetch does not bring {' and '.join(left)} to refs/remotes/{remote}"
        yield Finding(
            "git", Answer.UNKNOWN, told, f"git remote set-branches --add {remote} '*', then git fetch {remote}"
        )


def _merge_driver(repository: git.Repository) -> Iterator[Finding]:
    """Whether git joins the baselines of two branches, once there is one: by lines it cannot sum them up."""
    if repository.head is None or not git.blobs_at(repository, repository.head, [FILE]):
        return
    commands = baseline_file.driver_commands(repository)
    if not commands:
        yield Finding("git", Answer.MET, f"branches' {FILE} are merged by coverage-roadmap")
    for number, command in enumerate(commands, 1):
        step = f" (step {number} of {len(commands)})" if len(commands) > 1 else ""
        yield Finding("git", Answer.UNKNOWN, f"{FILE} has no merge driver here{step}", command)


def _requirements(here: Here, missing: Sequence[str], fix: bool) -> Iterator[Finding]:
    wanted = dict.fromkeys(name for _, story in here.roadmap.stories() for name in story.requires)
    file = next(iter(here.roadmap.requirements), "")
    for name in wanted:
        if name not in missing:
            yield Finding("requirements", Answer.MET, f"{name} is listed")
        elif fix:
            yield Finding("requirements", Answer.MET, f"{name} is put into {file}")
        else:
            yield Finding("requirements", Answer.NOT_MET, f"{name} is in no requirements file", "invoke doctor --fix")


def _phase(here: Here, phase: Phase) -> Iterator[Finding]:
    project = here.located.project
    chosen = selection.of_phase(here.roadmap, phase)
    useless = [e for e in chosen.exclude if not (project / e.split("::")[0]).exists()]
    useless += [e for e in selection.outside(chosen) if e not in useless]
    for exclude in useless:
        yield Finding(phase.name, Answer.UNKNOWN, f"exclude {plain(exclude)} excludes nothing", "take it out")
    for story in phase.stories:
        absent = [module for module in story.modules if not (project / module).is_file()]
        for module in absent:
            yield Finding(phase.name, Answer.NOT_MET, f"{story.id}: {plain(module)} does not exist", "mend the config")
        unwritten = [test for test in story.tests if not (project / test.split("::")[0]).exists()]
        for test in unwritten:
            yield Finding(phase.name, Answer.UNKNOWN, f"{story.id}: {plain(test)} is not there yet", "write it")
        if not absent and not unwritten:
            yield Finding(phase.name, Answer.MET, f"{story.id}: modules and tests are there")


def _edit(here: Here, missing: Sequence[str]) -> Edit:
    name = here.roadmap.requirements[0]
    before = after = files.read_exact(here.located.project / name)
    for requirement in missing:
        after = with_requirement(after, requirement)
    return Edit(name, before, after, ())
