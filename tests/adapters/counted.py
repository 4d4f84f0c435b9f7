"""A project whose data coverage.py measures, and our figures of it beside its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import coverage_data
from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.adapters.coverage_data import Place
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core.measurement import FileFigures, total

SOURCE = {
    "src/a.py": (
        "def sign(x):\n    if x > 0:\n        return 1\n    elif x < 0:\n        return -1\n    return 0\n\n\n"
        "def never():\n    for i in range(3):\n        if i:\n            continue\n    while True:\n        break\n"
    ),
    "src/größe b.py": "x = 1\nif x:  # pragma: no cover\n    y = 2\n",
    "src/unused.py": "a = 1\nb = [c for c in 'abc']\n",
    "src/empty.py": "",
    "src/pkg/__init__.py": "try:\n    import no_such_thing\nexcept ImportError:\n    pass\n",
    "src/omitted.py": "x = 1\n",
    ".coveragerc": "[report]\nexclude_also =\n    while True\nomit =\n    src/omitted.py\n",
    "one.py": "import sys; sys.path.insert(0, 'src')\nimport a, pkg\na.sign(1)\n",
    "two.py": "import sys; sys.path.insert(0, 'src')\nimport a\na.sign(-1); a.never()\n__import__('größe b')\n",
}


class Project:
    """A project, and the folder of a run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "run folder"
        self.data = self.folder / "data" / ".coverage"
        self.data.parent.mkdir(parents=True)
        self.memory = Memory(root, SystemClock()).path
        for name, text in SOURCE.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")

    def coverage(self, *words: str) -> str:
        command = [sys.executable, "-m", "coverage", *words]
        env = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=True)
        return done.stdout

    def measure(self, script: str, data: str, branch: bool) -> None:
        mode = ["--branch"] if branch else []
        self.coverage("run", *mode, "--source=src", f"--data-file={self.data.parent / data}", script)

    def own(self, *names: str) -> dict[str, Any]:
        """What coverage.py itself makes of the data files."""
        copies = [shutil.copy(self.data.parent / name, self.root / f".own{name}") for name in names]
        joined = f"--data-file={self.root / '.joined'}"
        self.coverage("combine", joined, *map(str, copies))
        self.coverage("json", joined, "-o", "own.json")
        totals = self.coverage("report", joined, "--format=total", "--precision=2").strip()
        return {**json.loads((self.root / "own.json").read_text()), "total": totals}

    def read(self, python: str = sys.executable, config: str = "") -> coverage_data.Figures | None:
        memory = Memory(self.memory.parent.parent, SystemClock())
        return coverage_data.read(python, Place(self.root, ["src"], self.folder, memory), config, os.environ)

    def figures(self, config: str = "") -> coverage_data.Figures:
        figures = self.read(config=config)
        assert figures
        return figures


def spread(figures: FileFigures) -> tuple[Any, ...]:
    lines = [[n for a, b in span for n in range(a, b + 1)] for span in (figures.missing_lines, figures.covered_lines)]
    return *lines, [list(arc) for arc in figures.missing_arcs], [list(arc) for arc in figures.covered_arcs]


def assert_equal(figures: coverage_data.Figures, own: dict[str, Any], branch: bool) -> None:
    assert sorted(figures.files) == sorted(own["files"])
    for name, theirs in own["files"].items():
        ours, numbers = figures.files[name], theirs["summary"]
        assert spread(ours) == (
            *(theirs["missing_lines"], theirs["executed_lines"]),
            *(theirs.get("missing_branches", []), theirs.get("executed_branches", [])),
        )
        counts = ours.counts
        assert counts.statements == numbers["num_statements"]
        assert counts.missing == numbers["missing_lines"]
        assert counts.excluded == numbers["excluded_lines"]
        assert (counts.branches > 0) == (branch and numbers["num_branches"] > 0)
        assert counts.branches - counts.missing_branches == numbers.get("covered_branches", 0)
    together, totals = total(one.counts for one in figures.files.values()), own["totals"]
    held = (together.statements - together.missing, together.branches)
    assert held == (totals["covered_lines"], totals.get("num_branches", 0))
    assert float(together.ratio.covered / together.ratio.total) * 100 == pytest.approx(totals["percent_covered"])
