"""Builds the honest project once, measured and with its baseline; each case takes a copy of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.commands import gathering
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import look
from coverage_roadmap.core.rules.rule import Facts

from .base import FILES
from .case import Edit, apply

LONGEST = 120
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""What is installed here for our own tests is none of the shop's; loading it would take most of a run's time."""
STEERING = ("PYTEST_", "COVERAGE_", "COV_CORE_", "GIT_")
LEFT = ("VIRTUAL_ENV", "CI")
WHO = (("NAME", "Test"), ("EMAIL", "test@example.org"))


@dataclass(frozen=True)
class Shop:
    """A copy of the project."""

    root: Path
    environ: Mapping[str, str]

    def git(self, *words: str) -> None:
        """Run git."""
        subprocess.run(["git", *words], cwd=self.root, env=self.environ, check=True, capture_output=True, timeout=60)

    def commit(self, edit: Edit) -> None:
        """Make an edit and commit it."""
        apply(edit, self.root)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def call(self, *words: str, **environ: str) -> tuple[int, str]:
        """The console program: its exit code, and all that it says, blanks joined."""
        given = [*words, "--python", sys.executable] if words[0] == "run" else words
        done = subprocess.run(
            [sys.executable, "-m", "coverage_roadmap", *given],
            cwd=self.root,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    def measure(self) -> None:
        """Run the phase, whatever it comes to."""
        code, said = self.call("run", "phase1", "--gate", "none")
        assert code in (0, 1, 3), said

    def facts(self) -> Facts:
        """What the check judges on."""
        context = Context(self.environ, self.root, SystemClock(), print)
        return gathering.gather(context, look(context))


def _shell() -> dict[str, str]:
    """What a user's shell has: git with a name, and nothing of the run that runs these tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(STEERING) and key not in LEFT}
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **QUICK, **who}


@pytest.fixture(scope="session")
def measured_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The project on main, measured, with a committed baseline."""
    shop = Shop(tmp_path_factory.mktemp("catalogue") / "shop", _shell())
    shop.root.mkdir()
    shop.git("init", "-q", "-b", "main")
    shop.commit(FILES)
    code, said = shop.call("run", "phase1")
    assert (code, "84.21 % (48 of 57 lines and branches), fail-under 80: met" in said) == (0, True), said
    code, said = shop.call("baseline")
    assert code == 0, said
    shop.commit({})
    return shop


@pytest.fixture(scope="session")
def shop(measured_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Shop]:
    """Makes copies of the project, each on main."""

    def copy() -> Shop:
        root = tmp_path_factory.mktemp("case") / "shop"
        shutil.copytree(measured_shop.root, root, symlinks=True)
        return Shop(root, measured_shop.environ)

    return copy
