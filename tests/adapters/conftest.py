"""What the tests of the adapters share: real repositories, a roadmap, records."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import git
from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    Detail,
    FileFigures,
    Kind,
    Leg,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    Tree,
)
from coverage_roadmap.core.roadmap import Roadmap, build


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git without the machine's settings, and without a repository around the temporary folder."""
    for word in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{word}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{word}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.delenv("COVERAGE_ROADMAP_CONFIG", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


@dataclass(frozen=True)
class Repo:
    """A real repository in a temporary folder."""

    top: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.top, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None) -> str:
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "a commit")
        return self.git("rev-parse", "HEAD")

    def found(self, folder: str = ".") -> git.Repository:
        repository = git.find((self.top / folder).resolve())
        assert repository is not None
        return repository


@pytest.fixture
def make_repo(tmp_path: Path) -> Callable[..., Repo]:
    def make(name: str = "repo") -> Repo:
        top = tmp_path / name
        top.mkdir(parents=True)
        repo = Repo(top)
        repo.git("init", "--quiet", "-b", "main")
        return repo

    return make


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    return make_repo()


@pytest.fixture
def cloned(make_repo) -> Callable[[str], object]:
    """A clone of a repository whose HEAD is on the branch that is named."""

    def clone(branch: str):
        origin = make_repo("origin")
        origin.git("checkout", "--quiet", "-b", branch)
        origin.commit({"a": "x"})
        copy = make_repo("copy")
        copy.git("remote", "add", "origin", str(origin.top))
        copy.git("fetch", "--quiet", "origin")
        copy.git("remote", "set-head", "origin", branch)
        return origin, copy

    return clone


@pytest.fixture
def make_roadmap() -> Callable[..., Roadmap]:
    def make(**keys: Any) -> Roadmap:
        return build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 60}], **keys})

    return make


@pytest.fixture
def make_record() -> Callable[..., tuple[Summary, Detail]]:
    """A record; `number` makes its id its own and orders it in time."""

    def make(number: int = 0, phase: str = "phase1") -> tuple[Summary, Detail]:
        files = {"src/a.py": FileFigures(Counts(10, 4, 1, 2, 1), ((1, 3), (7, 7)), ((2, -1),))}
        summary = Summary(
            format=FORMAT,
            id=f"20261122T1200{number:02d}000000Z-{phase}-{number:08x}",
            phase=phase,
            selection="0" * 16,
            kind=Kind.FULL,
            reasons=(),
            totals=Counts(10, 4, 1, 2, 1),
            scope=Scope(("src",), branch=True, files=1),
            outcomes=Outcomes(collected=1, passed=1),
            tree=Tree("a", "b", "c", "d"),
            provenance=Provenance(started="2026-11-22T12:00:00+00:00", seconds=1.0, leg=Leg("3.11"), config="x.toml"),
        )
        return summary, Detail(FORMAT, files)

    return make


@dataclass(frozen=True)
class Answer:
    """What a script of our own printed as its last line, read as JSON."""

    value: Any
    output: str


@pytest.fixture
def in_own_process(tmp_path: Path) -> Callable[..., Answer]:
    """Run Python code apart, so that what it does to its process touches no other test; its last line is JSON."""

    def run(code: str, *words: str, prefix: tuple[str, ...] = (), env: dict[str, str] | None = None) -> Answer:
        done = subprocess.run(
            [*prefix, sys.executable, "-c", code, *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return Answer(json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr)

    return run


@pytest.fixture
def unprivileged() -> tuple[str, ...]:
    """The words before a program that is to be refused what its files' modes refuse."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root without setpriv cannot be refused")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
