"""`pr-summary` of a 50-file change beside diff-cover: ratios of whole commands, taken in turn, agreeing line by line.

Both read a report of the same data: ours a coverage.json, diff-cover its XML. To make the reports is left out. Both
stand in one environment that holds nothing else, print to a pipe (ours Markdown, theirs its text) and are compiled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import generated

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 2_000, 20_000)
CHANGED = 50
ROUNDS = 5
DIFF_COVER = "diff-cover==11.0.1"
Lines = tuple[int, set[int]]
"""How many changed lines are covered, and which are missed."""
FLOOR = """
import json, subprocess
base = subprocess.run(["git", "merge-base", "HEAD", "main"], capture_output=True, text=True, check=True).stdout.strip()
subprocess.run(["git", "diff", "--unified=0", base], capture_output=True, check=True)
json.load(open("../c.json"))
"""
"""The least that any command in Python does which tells of a change from a coverage.json, and it tells nothing yet."""
CONFIG = '[tool.coverage-roadmap]\nsource = ["src"]\nphases = [{ name = "phase1", fail-under = 50 }]\n'


def timed(command: Sequence[str], folder: Path) -> float:
    """Run a command that must end well. Returns seconds."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}  # warm means compiled
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return time.perf_counter() - began


def prepare(folder: Path, files: int) -> None:
    """A project with a branch that changes some modules, and both reports beside it."""
    project = folder / "project"
    project.mkdir()
    generated.project(project, files)
    (project / "tests").mkdir()
    (project / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    generated.commit(project, "The config")
    generated.git(project, "switch", "-qc", "work")
    generated.change(project, CHANGED)
    generated.commit(project, "A change")
    generated.coverage_data(project, folder / "data")
    for report in (["json", "-o", "../c.json"], ["xml", "-o", "../c.xml"]):
        timed([sys.executable, "-m", "coverage", report[0], "-q", "--data-file=../data", *report[1:]], project)


def lines_of_ours(told: dict[str, Any]) -> dict[str, Lines]:
    """By file, where there are any."""
    return {
        one["file"]: (
            one["total"]["covered"],
            {n for first, last in one["missed_lines"] for n in range(first, last + 1)},
        )
        for one in told["patch"]["files"]
        if one["total"]["total"]
    }


def lines_of_theirs(told: dict[str, Any]) -> dict[str, Lines]:
    """The same of diff-cover's own report."""
    return {path: (len(one["covered_lines"]), set(one["violation_lines"])) for path, one in told["src_stats"].items()}


def compare(folder: Path, files: int, binaries: Path) -> None:
    """Print the ratio for one size."""
    prepare(folder, files)
    project = folder / "project"
    ours = [str(binaries / "coverage-roadmap"), "pr-summary", "--no-check", "--coverage", "../c.json"]
    theirs = [str(binaries / "diff-cover"), "../c.xml", "--compare-branch=main"]
    timed([*theirs, "--format", "json:../theirs.json"], project)
    told = subprocess.run([*ours, "--format", "json"], cwd=project, check=True, capture_output=True, text=True).stdout
    mine, other = lines_of_ours(json.loads(told)), lines_of_theirs(json.loads((folder / "theirs.json").read_text()))
    if mine != other:
        wrong = sorted(path for path in mine.keys() | other.keys() if mine.get(path) != other.get(path))
        raise SystemExit(f"not the same lines in {wrong[0]}: {mine.get(wrong[0])} and {other.get(wrong[0])}")
    ours += ["--format", "md"]
    least = [str(binaries / "python"), "-c", FLOOR]
    rounds = [[timed(words, project) for words in (ours, theirs, least)] for _ in range(ROUNDS)]
    own, their, floor = map(min, zip(*rounds, strict=True))
    covered, missed = sum(count for count, _ in mine.values()), sum(len(lines) for _, lines in mine.values())
    print(f"{files} files: {their / own:.1f} times faster than diff-cover ({own:.2f} s, {their:.2f} s)")
    print(
        f"  a bare Python that asks git for the change and loads the report: {their / floor:.1f} times ({floor:.3f} s)"
    )
    print(f"  the same changed lines in {len(mine)} files: {covered} covered, {missed} missed")


def main() -> None:
    """Compare at each size; sizes may be given."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as name:
        binaries = Path(name) / "venv" / "bin"
        subprocess.run([sys.executable, "-m", "venv", str(binaries.parent)], check=True)
        subprocess.run([str(binaries / "pip"), "install", "-q", str(ROOT), DIFF_COVER], check=True, capture_output=True)
        for files in sizes:
            folder = Path(name) / str(files)
            folder.mkdir()
            compare(folder, files, binaries)


if __name__ == "__main__":
    main()
