"""A project whose tests are run by our plugin, each run in processes of its own, and beside it by plain pytest-cov."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import pytest_run
from coverage_roadmap.core import outcome
from coverage_roadmap.core.measurement import FileFigures

DRIVER = """
import json, os, sys, time
from pathlib import Path
import msgspec
from coverage_roadmap.adapters import clock, coverage_data, memory, supervision, pytest_run
from coverage_roadmap.core.artifact import Shard
told = json.loads(sys.argv[1])
project, limit = Path.cwd(), supervision.Limit(told["limit"])
order = pytest_run.Order(
    only=told.get("only", []),
    python=told["python"], project=project, folder=Path(told["folder"]), source=["src"],
    selection=told["selection"], words=told["words"], workers=told["workers"], limit=limit,
    test_timeout=told["test_timeout"], env=pytest_run.environment(os.environ, {}),
    shard=Shard(*told["shard"]) if "shard" in told else None,
)
order.durations.write_text(json.dumps(told.get("durations", {})))
stop = told["stop"] if told["stop"] is not None else limit.seconds - limit.stop
ended = pytest_run.run(order, stop_at=time.monotonic() + stop)
options = [e for e in pytest_run.journal(order.journal) if type(e).__name__ == "Options"]
remembered = memory.Memory(order.folder, clock.SystemClock())
place = coverage_data.Place(project, ["src"], order.folder, remembered)
figures = coverage_data.read(order.python, place, options[0].config_file if options else "", order.env)
if figures:
    (order.folder / "figures.json").write_bytes(msgspec.json.encode({"files": figures.files, "scope": figures.scope}))
print("\\n" + msgspec.json.encode(ended).decode())
"""


@dataclass(frozen=True)
class Ran:
    """What a run of ours left."""

    ended: dict[str, Any]
    journal: outcome.Journal
    files: dict[str, Any] | None
    """Figures by file; None where there are none."""
    output: str
    folder: Path

    @property
    def outcomes(self) -> Any:
        return outcome.outcomes(self.journal)

    @property
    def kind(self) -> str:
        ending = outcome.Ending(self.ended["status"], self.ended["timed_out"], self.ended["interrupted"])
        return str(outcome.kind(self.journal, self.outcomes, ending, ())[0])

    @property
    def lines(self) -> dict[str, list[int]]:
        """The missing lines of each file."""
        return {
            name: [line for first, last in file["missing_lines"] for line in range(first, last + 1)]
            for name, file in (self.files or {}).items()
        }


@dataclass
class Project:
    """A project on disk."""

    root: Path
    count: int = field(default=0)

    def write(self, files: dict[str, str]) -> Project:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def order(self, words: list[str], told: dict[str, Any]) -> tuple[Path, list[str]]:
        """The run's folder, and the command that runs it."""
        self.count += 1
        folder = self.root.parent / f"{self.root.name} run {self.count}"
        (folder / "data").mkdir(parents=True)
        defaults = {"python": sys.executable, "selection": ["tests"], "workers": 1, "limit": 120, "stop": None}
        settings = {**defaults, "test_timeout": 30, **told, "folder": str(folder), "words": words}
        return folder, [sys.executable, "-c", DRIVER, json.dumps(settings)]

    def run(self, *words: str, env: dict[str, str] | None = None, **told: Any) -> Ran:
        """Run the tests as a phase run does."""
        folder, command = self.order(list(words), told)
        env = {**os.environ, "NO_COLOR": "1", **(env or {})}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.ran(folder, json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr)

    def ran(self, folder: Path, ended: dict[str, Any], output: str) -> Ran:
        journal = outcome.read(pytest_run.journal(folder / "journal.jsonl"))
        figures = folder / "figures.json"
        files = json.loads(figures.read_text())["files"] if figures.exists() else None
        names = FileFigures.__struct_fields__
        named = files and {path: dict(zip(names, file, strict=True)) for path, file in files.items()}
        return Ran(ended, journal, named, output, folder)

    def plain(self, *words: str, python: str = sys.executable) -> dict[str, Any]:
        """What the plain single-process command measures: coverage.json."""
        copy = self.root.parent / f"{self.root.name} plain"
        shutil.copytree(self.root, copy)
        options = ["-o", "addopts=", "-p", "no:xdist", "--cov=src", "--cov-report=json:own.json", "--cov-fail-under=0"]
        env = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTEST"))}
        subprocess.run(
            [python, "-m", "pytest", *options, *words, "tests"], cwd=copy, env=env, capture_output=True, check=False
        )
        return dict(json.loads((copy / "own.json").read_text()))


SOURCE = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": (
        "import threading\n\n\ndef total(prices, rebate=0):\n    result = 0\n    for price in prices:\n"
        "        if price < 0:\n            raise ValueError(price)\n        if price:\n            result += price\n"
        "    if rebate:\n        result -= rebate\n    return result\n\n\ndef in_thread(prices):\n    found = []\n"
        "    worker = threading.Thread(target=lambda: found.append(total(prices, 1)))\n    worker.start()\n"
        "    worker.join()\n    return found[0]\n\n\ndef unused():\n    return [x for x in range(3) if x]\n"
    ),
    "src/shop/state.py": "SEEN = []\n\n\ndef see(x):\n    if x > 1:\n        SEEN.clear()\n    SEEN.append(x)\n",
    "src/shop/never.py": "x = 1\n\n\ndef f():\n    pass\n",
    "src/shop/__main__.py": "print('run')\n",
    "conftest.py": "import sys\nsys.path.insert(0, 'src')\n",
    "tests/test_cart.py": (
        "import subprocess, sys\nimport pytest\nfrom shop import cart\n\n\n"
        "@pytest.mark.parametrize('prices', [[], [1], [1, 2], [0]])\n"
        "def test_total(prices):\n    assert cart.total(prices) == sum(prices)\n\n\n"
        "def test_negative():\n    with pytest.raises(ValueError):\n        cart.total([-1])\n\n\n"
        "def test_thread():\n    assert cart.in_thread([2]) == 1\n"
    ),
    "tests/test_state.py": (
        "from shop import state\n\n\ndef test_see():\n    state.see(1)\n    assert state.SEEN[-1] == 1\n"
    ),
    "tests/deep/test_größe.py": "def test_ü():\n    import shop.state as s\n    s.see(2)\n    assert s.SEEN[-1] == 2\n",
}


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """A project of the given files beside a conftest that finds `src`."""

    def make(files: dict[str, str]) -> Project:
        root = tmp_path / "größe project"
        root.mkdir()
        return Project(root).write({"conftest.py": SOURCE["conftest.py"], "src/a.py": "x = 1\n", **files})

    return make


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    (tmp_path / "shop").mkdir()
    return Project(tmp_path / "shop").write(SOURCE)
