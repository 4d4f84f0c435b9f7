"""Generated projects for the benches: a git repository of alike modules, a change to some, and coverage's data for it.

All of it is the same for the same arguments. Which lines ran is drawn, not run: coverage's reports take as long and
come out as after a test run.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from coverage import CoverageData

TO_A_PACKAGE = 25
"""Modules in each package."""
HEAD = '"""Module {number}."""\n\nimport math\n\nLIMIT = {limit}\n'
STEP = '''

def step_{step}(value: int) -> int:
    """Step {step}."""
    if value > LIMIT + {limit}:
        value -= {limit}
        return value * 2
    total = 0
    for item in range(value):
        total += math.floor(item / {divisor})
    return total
'''


def project(folder: Path, files: int, lines: int = 150, seed: int = 0) -> None:
    """Make `folder` a git repository of `files` modules of about `lines` lines under `src`, in one commit on main."""
    draw = _drawing(seed)
    for number in range(files):
        path = folder / "src" / f"package_{number // TO_A_PACKAGE:04d}" / f"module_{number:05d}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % TO_A_PACKAGE == 0:
            (path.parent / "__init__.py").write_text("", encoding="utf-8")
        path.write_text(_module(number, lines, draw), encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "A generated project")


def _module(number: int, lines: int, draw: random.Random) -> str:
    steps = max(1, (lines - HEAD.count("\n")) // STEP.count("\n"))
    parts = [HEAD.format(number=number, limit=draw.randrange(100))]
    parts += [STEP.format(step=step, limit=draw.randrange(100), divisor=draw.randrange(1, 9)) for step in range(steps)]
    return "".join(parts)


def _drawing(seed: object) -> random.Random:
    return random.Random(str(seed))  # noqa: S311 - nothing is kept secret by it


def modules(folder: Path) -> list[Path]:
    """The modules of a generated project, by path."""
    return sorted((folder / "src").rglob("module_*.py"))


def change(folder: Path, files: int, seed: int = 0) -> None:
    """Edit a line, add a function and take one away in `files` modules that are drawn; nothing is committed."""
    draw = _drawing(seed)
    for path in draw.sample(modules(folder), files):
        head, *steps = path.read_text(encoding="utf-8").split("\n\n\n")
        del steps[draw.randrange(len(steps))]
        at = draw.randrange(len(steps))
        steps[at] = steps[at].replace("value * 2", "value * 3")
        steps.insert(draw.randrange(len(steps)), STEP.format(step=999, limit=7, divisor=3).strip("\n"))
        path.write_text("\n\n\n".join([head, *(step.strip("\n") for step in steps)]) + "\n", encoding="utf-8")


def coverage_data(folder: Path, target: Path, differ: float = 0.0, seed: int = 0) -> None:
    """Write a coverage data file for the project as it lies there, about four fifths of it covered.

    `differ` is the share of the modules, 0 to 1, whose lines are drawn otherwise than without it.
    """
    target.unlink(missing_ok=True)
    data = CoverageData(str(target))
    ran = {}
    for path in modules(folder):
        own = f"{path.relative_to(folder)} {seed}"
        other = _drawing(f"{own} differs").random() < differ
        ran[str(path)] = set(_lines_run(path.read_text(encoding="utf-8"), _drawing(f"{own} {other}")))
    data.add_lines(ran)
    data.touch_files([str(path) for path in (folder / "src").rglob("__init__.py")])
    data.close()


def _lines_run(text: str, draw: random.Random) -> Iterator[int]:
    entered = early = late = True
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if line.startswith("def "):
            entered = draw.random() < 0.9
            early, late = draw.random() < 0.7, draw.random() < 0.9
        elif line.startswith(("        value", "        return")):
            if not (entered and early):
                continue
        elif line.startswith("    ") and (not entered or (not late and not words.startswith("if "))):
            continue
        if words and not words.startswith('"""'):
            yield number


def commit(folder: Path, message: str) -> str:
    """Commit all that lies in the project. Returns the commit."""
    git(folder, "add", "-A")
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.invalid", "-c", "commit.gpgsign=false"]
    git(folder, *who, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *words: str) -> str:
    """Run git in the project. Returns its output."""
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout
