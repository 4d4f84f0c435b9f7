"""A command line: the thresholds in its options and assignments, and whether its failure is seen."""

from __future__ import annotations

import posixpath
import re
from collections import ChainMap
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import function
from coverage_roadmap.core.sites.fate import lost, trapped
from coverage_roadmap.core.sites.part import part
from coverage_roadmap.core.sites.reading import Fate, Reading
from coverage_roadmap.core.sites.shell import MOST_NESTED, Command, Group, Item, Source, Word, parse

_ASSIGNMENT = regex(r"(?:-e|--env=|--build-arg=)?([A-Za-z_]\w{0,99})=", re.ASCII)
_CONFIG = "COVERAGE_ROADMAP_CONFIG"
_TALK = frozenset({"echo", "printf", "git", "grep", "egrep", "rg", "sed", "awk", "gh", "curl"})
"""Commands whose words are text to them: an option in it is no gate."""
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})
_REPORTS = frozenset({"report", "html", "xml", "json"})
_PROJECTS = {"pytest": ("--rootdir", "--cov-config", "-c", "--config-file"), "coverage": ("--rcfile",)}
_NAMES = {"py.test": "pytest", "inv": "invoke", "coverage3": "coverage"}
_TOOLS = ("pytest", "coverage", "nox", "invoke", "coverage-roadmap")
_OWN_GATES = {
    "coverage-roadmap": frozenset({"run", "check", "exit-check"}),
    "invoke": frozenset({"check", "exit-check"}),
}
_CARRIERS = frozenset(
    {
        "uv",
        "uvx",
        "poetry",
        "pdm",
        "hatch",
        "rye",
        "pipenv",
        "timeout",
        "sudo",
        "env",
        "exec",
        "nice",
        "xvfb-run",
        "conda",
    }
    | {"mamba", "micromamba", "docker", "docker-compose", "podman", "xargs", "time", "dotenv", "op", "doppler"}
)
"""Commands that run another one."""
_SETTERS = frozenset({"export", "declare", "readonly", "local"})
_COV = regex(r"--cov(?:=|$)")


class Shell(Struct, dict=True):
    """The shell that runs a script: what it makes of a failure, and where it stands."""

    errexit: bool = False
    pipefail: bool = False
    folder: str = ""
    config: str = ""
    """What COVERAGE_ROADMAP_CONFIG says."""
    quiet: bool = False
    """No words on what becomes of a failure: it is a shell that we do not know."""
    trapped: Fate = ()
    """What a trap makes of every failure from here on."""
    functions: ChainMap[str, Group] = field(default_factory=ChainMap)
    """Those that the script defines, by their names."""


def script(reading: Reading, source: Source, shell: Shell, fate: Fate = (), depth: int = 0) -> None:
    """Read a script; `shell` goes on to where the script leaves it."""
    _group(reading, parse(source), shell, fate, depth)


def _group(reading: Reading, group: Group, shell: Shell, fate: Fate, depth: int) -> None:
    shell.functions = shell.functions.new_child(function.defined(group.items))
    for index, item in enumerate(group.items):
        if isinstance(item.node, Group):
            own = fate if function.is_body(group.items, index) else (*fate, *_fate(reading, group.items, index, shell))
            _group(reading, item.node, replace(shell), own, depth)
            continue
        for inner in item.node.within if depth < MOST_NESTED else ():
            script(reading, inner, replace(shell, quiet=True), fate, depth + 1)
        one = _read(reading, item.node.words, shell)
        within = list(_within(one.words, shell)) if depth < MOST_NESTED else []
        if within or one.gates():
            own = fate if one.assigns else (*fate, *_fate(reading, group.items, index, shell))
            one.judge(own)
            for source, inside in within:
                script(reading, source, inside, own, depth + 1)


def _fate(reading: Reading, items: Sequence[Item], index: int, shell: Shell) -> Fate:
    if shell.quiet:
        return shell.trapped
    measured = any(_COV.match(word) for word in reading.around.addopts.split())
    return lost(items, index, errexit=shell.errexit, pipefail=shell.pipefail, measured=measured)


def command(reading: Reading, words: Sequence[Word], fate: Fate = (), folder: str = "") -> None:
    """Read one command that is given by its words, without a shell."""
    _group(reading, Group([Item(Command(tuple(words)))]), Shell(folder=folder), fate, 0)


def _within(words: Sequence[Word], shell: Shell) -> Iterator[tuple[Source, Shell]]:
    """The words that are command lines themselves: `bash -c "…"`, PYTEST_ADDOPTS="…"; each with its shell."""
    for index, word in enumerate(words):
        if "-fail-under" not in word.text:
            continue
        assigned = _ASSIGNMENT.match(word.text)
        if not assigned and not re.search(r"\s", word.text):
            continue
        before = [other.text for other in words[max(0, index - 5) : index]]
        inner = Shell(folder=shell.folder, config=shell.config, quiet=True)
        if any(base(text) in _SHELLS for text in before):
            flags = [text for text in before if re.fullmatch(r"-\w+", text)]
            inner = replace(inner, errexit=any("e" in f for f in flags), pipefail="pipefail" in before, quiet=False)
        start = assigned.end() if assigned else 0
        yield word.part(start, len(word.text)), inner


def base(text: str) -> str:
    """The name of a program, without its folder."""
    return text.rsplit("/", 1)[-1]


def joined(folder: str, below: str) -> str:
    """A folder below another, by their names; empty for where one starts."""
    path = posixpath.normpath(posixpath.join(folder, below))
    return "" if path == "." else path


def _read(reading: Reading, words: tuple[Word, ...], shell: Shell) -> _Line:
    """Read a command line. A `cd` and the like change `shell`."""
    config = _assignments(reading, words, shell)
    rest = words
    while rest and _ASSIGNMENT.match(rest[0].text):
        rest = rest[1:]
    head = base(rest[0].text) if rest else ""
    if not rest or head in _SETTERS:
        shell.config = config
        return _Line(reading, words, assigns=True)
    texts = [word.text for word in rest]
    if head in _TALK or _steers(head, texts[1:], shell):
        return _Line(reading, ())
    tool, after = _tool(texts)
    thresholds = list(_thresholds(rest, tool, after))
    project = config or _named_project(tool, after, shell) or shell.folder
    for value in thresholds:
        reading.value(value, "command", project, rest[0].at[0] if rest[0].text else 0)
    return _Line(reading, words, tool, after, thresholds)


class _Line(Struct, dict=True):
    """A command line with its thresholds."""

    reading: Reading
    words: Sequence[Word]
    tool: str = ""
    """pytest, coverage, another gate's name, or empty."""
    rest: Sequence[str] = ()
    """The words after the tool's name."""
    thresholds: Sequence[Source] = ()
    assigns: bool = False
    """Whether it only sets variables: what becomes of it is no gate's fate."""

    def gates(self) -> bool:
        """Whether its failure is what holds a threshold."""
        around = self.reading.around
        if self.thresholds:
            return True
        if self.tool == "pytest":
            every = (*around.addopts.split(), *self.rest)
            return "--cov-fail-under" in around.addopts and any(_COV.match(word) for word in every)
        if self.tool == "nox":
            return "--gate" in self.rest or not around.sessions.isdisjoint(self.rest)
        return not _OWN_GATES.get(self.tool, frozenset()).isdisjoint(self.rest[:1])

    def judge(self, fate: Fate) -> None:
        """Say why it can never fail, where it gates."""
        if not self.gates():
            return
        spots = next((s.at for s in self.thresholds if s.text), self.words[0].at)
        for what, mend in (*fate, *self._options()):
            self.reading.flaw(spots[0] if spots else 0, what, mend)
        narrow = part(self.rest, self.reading.around.tests) if self.thresholds and self.tool == "pytest" else ""
        if narrow:
            what = f"the gate is on a part of the tests: {narrow[:60]}"
            self.reading.narrow(spots[0] if spots else 0, what, "gate the run of all tests")

    def _options(self) -> Iterator[tuple[str, str]]:
        if len(self.thresholds) > 1:
            yield "a later option on the same command line overrides this threshold", "keep one of them"
        if not self.thresholds or self.tool != "pytest":
            return
        every = [*self.reading.around.addopts.split(), *self.rest]
        if "--no-cov" in every or {"no:cov", "no:pytest_cov", "-pno:cov", "-pno:pytest_cov"} & set(every):
            yield "coverage is switched off on the same command line, and its gate with it", "take --no-cov away"
        elif not any(_COV.match(word) or re.search(r"[${]", word) for word in every):
            yield "--cov-fail-under does nothing without --cov", "add --cov"


def _tool(texts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The tool that is run, and the words after its name; pytest before those that only carry it."""
    names = [_NAMES.get(base(text), base(text)) for text in texts]
    if not (names[0] in _CARRIERS or names[0] in _TOOLS or re.match(r"python|pypy|[${]", names[0])):
        return "", ()
    for wanted in _TOOLS:
        if wanted in names and "install" not in names[: names.index(wanted)]:
            return wanted, texts[names.index(wanted) + 1 :]
    return "", ()


def _thresholds(words: Sequence[Word], tool: str, rest: Sequence[str]) -> Iterator[Source]:
    options = ["--cov-fail-under"]
    if tool == "coverage" and rest and rest[0] in _REPORTS:
        options.append("--fail-under")
    for index, word in enumerate(words):
        name, equals, _ = word.text.partition("=")
        if name not in options:
            continue
        if equals:
            yield word.part(len(name) + 1, len(word.text))
        else:
            yield words[index + 1] if index + 1 < len(words) else Source("", ())


def _named_project(tool: str, rest: Sequence[str], shell: Shell) -> str:
    for index, text in enumerate(rest):
        name, equals, value = text.partition("=")
        if name in _PROJECTS.get(tool, ()):
            value = value if equals else "".join(rest[index + 1 : index + 2])
            return joined(shell.folder, value)
    return ""


def _assignments(reading: Reading, words: Sequence[Word], shell: Shell) -> str:
    """Take note of every `NAME=value`; gives the config that is named, here or before."""
    config = shell.config
    for word in words:
        if match := _ASSIGNMENT.match(word.text):
            value = word.part(match.end(), len(word.text))
            if match[1] == _CONFIG:
                config = joined(shell.folder, value.text)
            reading.assign(match[1], value, config or shell.folder, word.at[0])
    return config


def _steers(head: str, rest: Sequence[str], shell: Shell) -> bool:
    """Whether it is a command that changes the shell itself; does so."""
    if head in ("cd", "pushd"):
        folders = [word for word in rest if not word.startswith("-")]
        shell.folder = joined(shell.folder, folders[0]) if folders else shell.folder
    elif head == "set":
        _set(rest, shell)
    elif head == "trap":
        shell.quiet = True
        shell.trapped = trapped(rest, shell.trapped, shell.functions)
    else:
        return False
    return True


def _set(rest: Sequence[str], shell: Shell) -> None:
    for index, word in enumerate(rest):
        if word[:1] not in ("-", "+") or word.startswith("--"):
            continue
        on = word.startswith("-")
        named = rest[index + 1] if "o" in word and index + 1 < len(rest) else ""
        if "e" in word or named == "errexit":
            shell.errexit = on
        if named == "pipefail":
            shell.pipefail = on


def options(reading: Reading, words: Sequence[Word]) -> None:
    """Judge words of options alone, as in pytest's addopts: what in them takes the gate back."""
    off = any(word.text == "--no-cov" for word in words)
    line = _Line(reading, words, thresholds=list(_thresholds(words, "", ())))
    line.judge([("coverage is switched off beside it, and its gate with it", "take --no-cov away")] if off else ())
