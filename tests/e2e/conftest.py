"""Projects as a user has them, and the console program as a user runs it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from coverage_roadmap.core.measurement import FileFigures

PYTHON = "{}.{}".format(*sys.version_info[:2])
LONGEST = 150
HEAD = """
[tool.pytest.ini_options]
pythonpath = ["src"]
{pytest}

[tool.coverage-roadmap]
source = ["src"]
tests = ["tests/unit"]
python = "{python}"
workers = 1
{keys}
"""
PHASES = """
[[tool.coverage-roadmap.phases]]
name = "phase1"
title = "First step"
fail-under = 50
exclude = ["tests/unit/test_beta.py"]
exit = [
  { criterion = "green" },
  { criterion = "coverage", at-least = 51 },
  { criterion = "board-closed", stories = ["alpha"] },
]

[[tool.coverage-roadmap.phases.stories]]
id = "alpha"
modules = ["src/app/alpha.py"]
tests = ["tests/unit/test_alpha.py"]

[[tool.coverage-roadmap.phases]]
name = "phase2"
title = "Second step"
fail-under = 80
exit = [{ criterion = "green" }, { criterion = "coverage", at-least = 81, sustained-runs = 2 }]

[[tool.coverage-roadmap.phases.stories]]
id = "beta"
modules = ["src/app/beta.py"]
tests = ["tests/unit/test_beta.py"]
"""
FILES = {
    ".gitignore": "__pycache__/\n.pytest_cache/\n",
    "src/app/__init__.py": "",
    "src/app/core.py": "def name():\n    return 'core'\n",
    "src/app/alpha.py": (
        "def grade(value):\n    if value > 10:\n        return 'high'\n    if value < 0:\n        return 'below'\n"
        "    return 'low'\n"
    ),
    "src/app/beta.py": "def double(value):\n    return 2 * value\n\n\ndef triple(value):\n    return 3 * value\n",
    "tests/unit/test_core.py": "from app.core import name\n\n\ndef test_name():\n    assert name() == 'core'\n",
    "tests/unit/test_alpha.py": (
        "import pytest\nfrom app.alpha import grade\n\n\n"
        "@pytest.mark.parametrize(('value', 'word'), [(11, 'high'), (5, 'low')])\n"
        "def test_grade(value, word):\n    assert grade(value) == word\n"
    ),
    "tests/unit/test_beta.py": "from app.beta import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEERING = ("PYTEST_", "COVERAGE_", "COV_CORE_", "GIT_")


def environment(**extra):
    """What a user's shell has: git with a name, and nothing of the run that runs these tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_STEERING) and k not in ("VIRTUAL_ENV", "CI")}
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _WHO.items()}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who, **extra}


_WHO = {"NAME": "Test", "EMAIL": "test@example.org"}


@dataclass
class Ran:
    """What a user sees of a run: the exit code and the words."""

    code: int
    out: str
    err: str

    @property
    def report(self):
        """Our own lines, after pytest's."""
        lines = _COLOUR.sub("", self.out).splitlines()
        start = next((i for i, line in enumerate(lines) if re.match(r"phase\d +\S", line)), len(lines))
        return lines[start:]

    def value(self, word):
        """What stands behind a word of the report, its further lines joined; all such rows are joined by lines."""
        rows, last = [], None
        for line in self.report:
            if re.match(rf"{re.escape(word)}\s{{2,}}\S", line):
                rows.append(line[len(word) :].strip())
                last = True
            elif last and line.startswith("  ") and line.strip():
                rows[-1] += " " + line.strip()
            else:
                last = False
        return "\n".join(rows)


@dataclass
class Project:
    """A small project in a folder."""

    root: Path
    env: dict = field(default_factory=environment)

    def write(self, files):
        """Write files: path to text."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def config(self, *, keys="", phases=PHASES, pytest="", python=PYTHON):
        """Write the config; `keys` come into our table, `pytest` into pytest's."""
        head = HEAD.format(keys=keys, pytest=pytest, python=python)
        self.write({"pyproject.toml": head + phases})

    def git(self, *words):
        """Git's output."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=self.env, capture_output=True, text=True, check=True, timeout=60
        )
        return done.stdout

    def commit(self):
        """Commit all that lies there."""
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "all")

    def command(self, *words):
        """The words of a run."""
        return [sys.executable, "-m", "coverage_roadmap", *words]

    def start(self, *words, cwd=None, **options):
        """Start the console program in a process group of its own."""
        return subprocess.Popen(
            self.command(*words),
            cwd=cwd or self.root,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            **options,
        )

    def finish(self, process):
        """Wait for what was started."""
        try:
            out, err = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:  # say where it stands, and leave nothing running
            words = ["ps", "-eo", "pid,ppid,stat,wchan:24,etimes,args", "--forest"]
            alive = subprocess.run(words, capture_output=True, text=True, check=False).stdout
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            out, err = process.communicate(timeout=LONGEST)
            pytest.fail(f"no end within {LONGEST} s:\n{alive}\n{out}\n{err}")
        return Ran(process.returncode, out, err)

    def run(self, *words, cwd=None, **options):
        """Run the console program to its end."""
        return self.finish(self.start(*words, cwd=cwd, **options))

    def records(self):
        """The recorded summaries, oldest first."""
        paths = sorted((self.root / ".coverage-roadmap" / "runs").glob("*/summary.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def record(self):
        """The newest summary."""
        return self.records()[-1]

    def tests(self):
        """What the newest record tells of each test and test file."""
        return self._detail()["tests"]

    def detail(self):
        """The newest record's figures, by file, with their parts by name."""
        return {
            path: dict(zip(FileFigures.__struct_fields__, file, strict=True))
            for path, file in self._detail()["files"].items()
        }

    def _detail(self):
        path = self.root / ".coverage-roadmap" / "runs" / self.record()["id"] / "detail.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def history(self):
        """The names of the files on the history branch; none where there is no such branch."""
        if not self.git("branch", "--list", "coverage-history").strip():
            return []
        return self.git("ls-tree", "-r", "--name-only", "coverage-history").splitlines()


def build(root, *, commit=True, **config):
    """Make the usual project."""
    project = Project(root)
    project.write(FILES)
    project.config(**config)
    if commit:
        project.commit()
    return project


@pytest.fixture
def project(tmp_path):
    """A committed project that reaches phase1 (58.33 %) and phase2 (83.33 %)."""
    return build(tmp_path / "project")


@pytest.fixture(scope="module")
def make_project(tmp_path_factory):
    """Makes projects that may be shared by a module's tests."""
    return lambda **config: build(tmp_path_factory.mktemp("made") / "project", **config)


@pytest.fixture
def columns():
    """Measures text as a terminal does."""
    return lambda text: sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text
    )


@pytest.fixture(scope="session")
def open_project():
    """Takes a folder that holds a project already."""
    return Project
