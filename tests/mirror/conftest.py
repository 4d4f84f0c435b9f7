"""A small project whose board is mirrored to a hub of our own, by the console program in this process."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coverage_roadmap.commands.context import Context
from coverage_roadmap.faces import console, edge

from .hub import TOKEN, Hub
from .judge import Judge, fetched
from .serving import serving

CONFIG = """
[tool.pytest.ini_options]
pythonpath = ["src"]

[tool.coverage-roadmap]
source = ["src"]
tests = ["tests"]
workers = 1

[tool.coverage-roadmap.board]
tracker = "{tracker}"
{keys}

[[tool.coverage-roadmap.phases]]
name = "phase1"
fail-under = 50
{stories}
"""
STORY = """
[[tool.coverage-roadmap.phases.stories]]
id = "{0}"
modules = ["src/{0}.py"]
tests = ["tests/test_{0}.py"]
{1}
"""
ALIKE = 30
"""So many exchanges of a kind are judged in a test."""
WHOSE = (("NAME", "T"), ("EMAIL", "t@t"))
WHO = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHOSE}


@dataclass
class Clock:
    """Goes on only where somebody waits."""

    at: datetime = datetime(2026, 11, 26, 12, tzinfo=UTC)
    waited: list = field(default_factory=list)

    def now(self):
        return self.at

    def monotonic(self):
        return self.at.timestamp()

    def sleep(self, seconds):
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class Team:
    """A project, and what its people see."""

    root: Path
    env: dict
    api: str
    clock: Clock = field(default_factory=Clock)
    said: list = field(default_factory=list)
    seen: str = ""
    """All that was ever printed."""

    def config(self, *stories, tracker="github", **keys):
        """Write the config: stories as names, or names with further keys."""
        told = "\n".join(f"{name} = {json.dumps(value)}" for name, value in keys.items())
        made = [STORY.format(*((one, "") if isinstance(one, str) else one)) for one in stories]
        text = CONFIG.format(tracker=tracker, keys=told, stories="".join(made))
        (self.root / "pyproject.toml").write_text(text, encoding="utf-8")

    def git(self, *words):
        env = {**os.environ, **WHO, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *words], cwd=self.root, env=env, check=True, capture_output=True)

    def commit(self, files=()):
        for name, text in dict(files).items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "all")

    def call(self, *words):
        """The exit code and what was printed; both streams are searched for the token."""
        context = Context(self.env, self.root, self.clock, self.said.append, self.said.append)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(ValueError):
            code = edge.guarded(lambda: console.call(words, context))
        text = out.getvalue() + err.getvalue()
        self.seen += text + "\n".join(self.said)
        assert TOKEN not in self.seen
        return code, text

    def told(self, *words):
        code, text = self.call(*words, "--format", "json")
        return code, json.loads(text)

    def mirror(self):
        """Mirror, and see that a second time there is nothing to do."""
        code, told = self.told("mirror", "--apply")
        assert code == 0, told
        again = self.told("mirror")[1]
        assert again["operations"] == [], again
        return told

    def planned(self):
        """What a mirror would do, in words."""
        return [(one["card"], one["what"], one["how"]) for one in self.told("mirror")[1]["operations"]]


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def address(hub):
    with serving(hub) as found:
        yield found


@pytest.fixture
def make_team(tmp_path, address):
    """Makes a team whose config names the hub."""

    def make(*stories, **keys):
        host = address.split("/")[2]
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GH_HOST": host, "GH_ENTERPRISE_TOKEN": TOKEN}
        made = Team(tmp_path / "shop", env, address)
        made.root.mkdir()
        made.config(*stories, **{"repository": "acme/shop", "api": address, **keys})
        made.git("init", "-q", "-b", "main")
        files = {f"src/{one if isinstance(one, str) else one[0]}.py": "x = 1\n" for one in stories}
        made.commit({"tests/test_all.py": "", **files})
        return made

    return make


@pytest.fixture
def team(make_team):
    return make_team("alpha", ("beta", 'owner = "anna"'))


@pytest.fixture(scope="session")
def descriptions(tmp_path_factory):
    """The folder with GitHub's descriptions, fetched once."""
    return fetched(tmp_path_factory.mktemp("descriptions"))


@pytest.fixture(scope="session")
def judge(descriptions):
    """What holds exchanges against them."""
    return Judge(descriptions)


@pytest.fixture
def described(hub, judge):
    """The hub answers in full, and every question and answer of the test is held against the descriptions."""
    hub.judge = judge
    yield
    seen = Counter()
    for exchange in hub.log:
        kind = exchange.method, re.sub("[0-9]+", "N", exchange.path), exchange.status
        seen[kind] += 1
        if seen[kind] <= ALIKE:
            judge.judge(exchange)


@pytest.fixture(scope="session")
def measure():
    """Commits files and measures the project's phase."""

    def run(team, files):
        team.commit(files)
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **WHO}
        words = [sys.executable, "-m", "coverage_roadmap", "run", "phase1", "--gate", "none"]
        done = subprocess.run(words, cwd=team.root, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode in (0, 1), done.stdout + done.stderr

    return run
