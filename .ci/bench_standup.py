"""The stand-up on generated projects, beside `git status` and `git grep` in the same tree: ratios, taken in one run.

Projects of 100, 2,000 and 20,000 files; the history holds so many entries, written in one stream of `git fast-import`
in the branch's own layout: a commit, a summary and a detail for each. Shortest of several runs, since noise only adds.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import generated
import msgspec

from coverage_roadmap.adapters import config_file, git, history, measured_tree
from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    Detail,
    Failure,
    FileFigures,
    Kind,
    Leg,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    Tests,
    Tree,
    ranges,
    total,
)
from coverage_roadmap.core.selection import of_phase

PROJECTS = ((100, 100), (2_000, 10_000), (20_000, 100))
"""Files, and entries of the history."""
RUNS = 5
TESTS = 2_000
DETAILS = 20
"""So many details differ; the entries share them, since a stand-up reads few, and to write 10,000 takes an hour."""
DIFFER = 0.05
"""The share of the files whose figures are a record's own."""
CONFIG = """
[tool.coverage-roadmap]
source = ["src"]
tests = ["tests"]
threshold = 55

[[tool.coverage-roadmap.phases]]
name = "phase1"
fail-under = 85
exit = [
  { criterion = "green" },
  { criterion = "coverage", at-least = 86, sustained-runs = 3 },
  { criterion = "threshold", at-least = 85 },
  { criterion = "board-closed", stories = ["one", "two"] },
]
"""
STORY = """
[[tool.coverage-roadmap.phases.stories]]
id = "{name}"
modules = ["src/package_0000/module_0000{number}.py"]
tests = ["tests/test_{name}.py"]
"""
WORDS = ("zero", "one", "two", "three", "four", "five")


def project(folder: Path, files: int) -> None:
    """A generated project with a roadmap of six stories, two of them on branches of their own."""
    generated.project(folder, files)
    stories = "".join(STORY.format(name=name, number=number) for number, name in enumerate(WORDS))
    (folder / "pyproject.toml").write_text(CONFIG + stories, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --cov-fail-under=55\n", encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_zero.py").write_text("def test_zero():\n    assert True\n", encoding="utf-8")
    generated.commit(folder, "A roadmap")
    for name in WORDS[:2]:
        generated.git(folder, "switch", "-qc", f"coverage/{name}")
        (folder / "tests" / f"test_{name}.py").write_text("def test():\n    assert 1\n", encoding="utf-8")
        generated.commit(folder, name)
        generated.git(folder, "switch", "-q", "main")


def write_history(folder: Path, entries: int) -> None:
    """Give the project a history over the last year, the newest entry an hour ago."""
    located = config_file.load({}, folder)
    repository = git.find(folder)
    if repository is None:
        raise SystemExit(f"{folder} is no repository")
    tree = measured_tree.look(located.roadmap, folder, repository).now
    selection = of_phase(located.roadmap, located.roadmap.phases[0]).hash
    details = [_detail(folder, seed) for seed in range(min(DETAILS, entries))]
    first = datetime.now(UTC) - timedelta(hours=1) - timedelta(days=365) * (entries - 1) / entries
    stream = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--date-format=raw"], stdin=subprocess.PIPE
    )
    pipe = stream.stdin
    if pipe is None:
        raise SystemExit("git fast-import has no input")
    for mark, detail in enumerate(details, 1):
        pipe.write(b"blob\nmark :%d\n" % mark + _data(msgspec.json.encode(detail)))
    for number in range(entries):
        at = first + timedelta(days=365) * number / entries
        share = number % len(details)
        broken = number > entries - 40
        summary = _summary(at, number, selection, details[share], broken=broken)
        committed = tree if number > entries - 200 else msgspec.structs.replace(tree, source=f"{number // 3:016x}")
        made = msgspec.structs.replace(summary.provenance, commit=repository.head, head=committed)
        pipe.write(_entry(msgspec.structs.replace(summary, tree=committed, provenance=made), share + 1, number, at))
    pipe.write(b"done\n")
    pipe.close()
    if stream.wait():
        raise SystemExit("git fast-import failed")


def _entry(summary: Summary, mark: int, number: int, at: datetime) -> bytes:
    """The words for one entry: a commit with two files."""
    base = f"top/{summary.id[:4]}-{summary.id[4:6]}/{summary.id}".encode()
    marker = b"" if number else b"M 100644 inline %s\n" % history.MARKER.encode() + _data(b"A bench's.\n")
    return b"".join(
        (
            b"commit refs/heads/coverage-history\n",
            b"committer bench <bench@example.invalid> %d +0000\n" % int(at.timestamp()),
            _data(b"an entry\n"),
            marker,
            b"M 100644 inline %s.summary.json\n" % base + _data(msgspec.json.encode(summary)),
            b"M 100644 :%d %s.detail.json\n\n" % (mark, base),
        )
    )


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _detail(folder: Path, seed: int) -> Detail:
    """Figures of each module, about four fifths of it covered and one in twenty its own; how long each test took."""
    usual, draw = random.Random(0), random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    paths = [path.relative_to(folder).as_posix() for path in generated.modules(folder)]
    own = {path for path in paths if draw.random() < DIFFER}
    files = {path: _figures(usual) for path in paths}
    files |= {path: _figures(draw) for path in sorted(own)}
    seconds = {f"tests/test_{n // 10}.py::test_{n}": round(draw.random() ** 4, 4) for n in range(TESTS)}
    return Detail(FORMAT, files, Tests(seconds))


def _figures(draw: random.Random) -> FileFigures:
    """A module of twelve functions, of nine statements each."""
    covered: list[int] = []
    missing: list[int] = []
    for start in range(4, 148, 12):
        ran = draw.choice((0, 4, 9, 9, 9, 9, 9, 9))
        covered += range(start, start + ran)
        missing += range(start + ran, start + 9)
    return FileFigures(Counts(len(covered) + len(missing), len(missing)), ranges(missing), ranges(covered))


def _summary(at: datetime, number: int, selection: str, detail: Detail, *, broken: bool) -> Summary:
    names = list(detail.tests.seconds)[:3] if broken else []
    failed = tuple(Failure(name, "call", "AssertionError: assert 1 == 2") for name in names)
    return Summary(
        FORMAT,
        f"{at:%Y%m%dT%H%M%S%f}Z-phase1-{number:08x}",
        "phase1",
        selection,
        Kind.FULL,
        (),
        total(one.counts for one in detail.files.values()),
        Scope(("src",), files=len(detail.files)),
        Outcomes(TESTS, TESTS - len(failed), failed),
        Tree(),
        Provenance(at.isoformat(), 60.0, Leg("3.11"), "pyproject.toml", exit_status=0),
    )


def timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """The shortest of several runs, the first one left out: as the clock says, and as the processors do. Seconds."""
    env = {k: v for k, v in os.environ.items() if k not in ("COVERAGE_ROADMAP_CONFIG", "PYTHONDONTWRITEBYTECODE")}
    clock, cpu = zip(*list(_times(command, folder, env))[1:], strict=True)
    return min(clock), min(cpu)


def _times(command: Sequence[str], folder: Path, env: dict[str, str]) -> Iterator[tuple[float, float]]:
    for _ in range(RUNS + 1):
        began, used = time.perf_counter(), _cpu()
        subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
        yield time.perf_counter() - began, _cpu() - used


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(files: int, entries: int, folder: Path) -> None:
    """Make one project, and print its ratios."""
    project(folder, files)
    write_history(folder, entries)
    measure(files, entries, folder)


def measure(files: int, entries: int, folder: Path) -> None:
    """Print the ratios of one project."""
    program = [sys.executable, "-m", "coverage_roadmap"]
    ours, cpu = timed([*program, "standup"], folder)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    others = {
        "git status": ["git", "status", "--porcelain", "--untracked-files=all"],
        "git grep": ["git", "grep", "-c", "-e", "fail-under"],
        "our own matrix": [*program, "matrix"],
    }
    ratios = [f"{ours / timed(command, folder)[0]:.1f} times {name}" for name, command in others.items()]
    print(f"standup {files:6} files, {entries:6} entries: {ours:.2f} s (processors {cpu:.2f} s), {', '.join(ratios)}")
    print(f"  no process so far took more than {peak} MiB")


def main() -> None:
    """Compare on each project."""
    for files, entries in PROJECTS:
        with tempfile.TemporaryDirectory() as name:
            compare(files, entries, Path(name))


if __name__ == "__main__":
    main()
