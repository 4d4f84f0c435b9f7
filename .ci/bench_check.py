"""`check` and `bump --dry-run` beside `git grep` for the same words in the same tree: ratios, taken in one run.

Projects of 100, 2,000 and 20,000 Python files, a fifth of them tests, on a branch that changed ten modules, with a
baseline and the evidence that it was made of. Cold means that nothing is remembered of any file: beside it stands a
program that parses each of them once. Shortest of several runs in turn, since noise only adds. Words: the numbers of
files, by default all three.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import generated

from coverage_roadmap.adapters import config_file, git, measured_tree
from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.adapters.store import Store
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
    Tests,
    ranges,
    total,
)
from coverage_roadmap.core.selection import of_phase

SIZES = (100, 2_000, 20_000)
TO_A_TEST = 5
"""One in so many files is one of tests."""
CHANGED = 10
ROUNDS = 3
LONG = 20
"""What takes longer is run once. Seconds."""
FILES = {
    "pyproject.toml": (
        '[tool.coverage-roadmap]\nsource = ["src"]\ntests = ["tests"]\nthreshold = 55\npython = "3.11"\n'
        '[[tool.coverage-roadmap.phases]]\nname = "phase1"\nfail-under = 60\n'
    ),
    "pytest.ini": "[pytest]\npythonpath = src\naddopts = --cov=src --cov-fail-under=55\n",
    ".coveragerc": "[run]\nomit =\n    */generated_*.py\n[report]\nfail_under = 55\n",
    "Makefile": "cover:\n\tpytest --cov=src --cov-fail-under=55\n",
    ".gitignore": ".coverage-roadmap/\n",
    ".github/workflows/tests.yml": (
        "on: [push]\njobs:\n  tests:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: python -m pip install -r requirements.txt\n      - run: pytest --cov=src --cov-fail-under=55\n"
    ),
}
HELPERS = "def is_whole(value):\n    assert value == int(value)\n"
TEST = """

def test_step_{step}():
    assert module.step_{step}({step}) is not None


def test_step_{step}_is_whole():
    is_whole(module.step_{step}(2))
"""
WORDS = "fail.?under|FAIL_UNDER"
PARSE = (
    "import ast, pathlib\nfor path in pathlib.Path('.').rglob('*.py'):\n    ast.parse(path.read_text(encoding='utf-8'))"
)


def project(folder: Path, files: int) -> None:
    """A generated project with sites, tests, evidence and a baseline, on a branch that changed some modules."""
    tests = files // TO_A_TEST
    for name, text in {**FILES, "tests/helpers.py": HELPERS, **dict(map(_test, range(tests)))}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    generated.project(folder, files - tests)
    generated.git(folder, "switch", "-qc", "feature")
    generated.change(folder, CHANGED)
    generated.commit(folder, "A feature")
    _evidence(folder, tests)
    ours(folder, "baseline")()
    generated.commit(folder, "The baseline")


def _test(number: int) -> tuple[str, str]:
    """A file of tests: half of them lean on a helper."""
    package = f"package_{number // generated.TO_A_PACKAGE:04d}"
    head = f"from helpers import is_whole\nfrom {package} import module_{number:05d} as module\n"
    steps = "".join(TEST.format(step=step) for step in range(6))
    return f"tests/{package}/test_module_{number:05d}.py", head + steps


def _evidence(folder: Path, tests: int) -> None:
    """A record of a run that was none, with figures of every module."""
    located, repository = config_file.load({}, folder), git.find(folder)
    if repository is None:
        raise SystemExit(f"{folder} is no repository")
    tree = measured_tree.look(located.roadmap, folder, repository).now
    draw = random.Random("figures")  # noqa: S311 - nothing is kept secret by it
    paths = [path.relative_to(folder).as_posix() for path in sorted((folder / "src").rglob("*.py"))]
    detail = Detail(FORMAT, {path: _figures(draw) for path in paths}, Tests({}))
    at, phase = datetime.now(UTC), located.roadmap.phases[0]
    summary = Summary(
        FORMAT,
        f"{at:%Y%m%dT%H%M%S%f}Z-phase1-00000001",
        phase.name,
        of_phase(located.roadmap, phase).hash,
        Kind.FULL,
        (),
        total(one.counts for one in detail.files.values()),
        Scope(("src",), files=len(paths)),
        Outcomes(tests * 12, tests * 12),
        tree,
        Provenance(
            at.isoformat(), 60.0, Leg("3.11"), "pyproject.toml", exit_status=0, commit=repository.head, head=tree
        ),
    )
    cache = Store(folder)
    cache.open()
    cache.begin(summary.id)
    cache.save(summary, detail)


def _figures(draw: random.Random) -> FileFigures:
    covered = draw.randrange(60, 101)
    return FileFigures(Counts(100, 100 - covered), ranges(range(covered + 1, 101)), ranges(range(1, covered + 1)))


def ours(folder: Path, *words: str) -> Callable[[], None]:
    """A command of ours, which must not end with an error."""
    return command(folder, sys.executable, "-m", "coverage_roadmap", *words)


def command(folder: Path, *words: str) -> Callable[[], None]:
    """A command that must end with 0."""
    left_out = ("COVERAGE_ROADMAP_CONFIG", "PYTHONDONTWRITEBYTECODE")
    env = {key: value for key, value in os.environ.items() if key not in left_out}

    def run() -> None:
        done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr}")

    return run


def forgetful(folder: Path, run: Callable[[], None]) -> Callable[[], None]:
    """The same when nothing of any file is remembered."""
    remembered = Memory(folder, SystemClock()).path

    def cold() -> None:
        remembered.unlink(missing_ok=True)
        run()

    return cold


def timed(runs: Mapping[str, Callable[[], None]]) -> dict[str, tuple[float, float]]:
    """Run each in turn, some rounds. The shortest of each: by the clock, and what the processors worked. Seconds."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            if seen[name] and seen[name][0][0] > LONG:
                continue
            began, used = time.perf_counter(), _cpu()
            run()
            seen[name].append((time.perf_counter() - began, _cpu() - used))
    return {name: (min(clock for clock, _ in some), min(cpu for _, cpu in some)) for name, some in seen.items()}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(folder: Path, files: int) -> None:
    """Print the ratios of one project."""
    project(folder, files)
    check, bump = ours(folder, "check"), ours(folder, "bump", "--to", "57", "--dry-run")
    found = timed(
        {
            "git grep": command(folder, "git", "grep", "-c", "-E", WORDS),
            "one parse of each file": command(folder, sys.executable, "-c", PARSE),
            "check, cold": forgetful(folder, check),
            "check, warm": check,
            "bump --dry-run": bump,
        }
    )
    grep, parse = found["git grep"][0], found["one parse of each file"][0]
    print(f"{files:,} files; git grep {grep:.3f} s, one parse of each file {parse:.2f} s")
    for name in ("check, cold", "check, warm", "bump --dry-run"):
        clock, cpu = found[name]
        print(f"  {name:14} {clock / grep:5.1f} times git grep, {clock / parse:4.2f} times one parse", end="")
        print(f"  ({clock:.2f} s, processors {cpu:.2f} s)")


def main(words: Sequence[str]) -> None:
    """Compare on each project."""
    for files in [int(word) for word in words] or SIZES:
        with tempfile.TemporaryDirectory() as name:
            compare(Path(name) / "project", files)


if __name__ == "__main__":
    main(sys.argv[1:])
