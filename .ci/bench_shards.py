"""Shards: how even they are, what combining costs beside `coverage combine`, and what a job costs beside pytest.

BENCH_SHARDS_SECONDS sets how long the generated suite sleeps; by default four minutes, which its first run spreads over
eight workers, and each of the four shards sleeps its own part at the same time as the others.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import generated
import msgspec
from coverage import __version__ as coverage_version

from coverage_roadmap.adapters import artifacts, config_file, git, measured_tree, pytest_run, store
from coverage_roadmap.core import outcome, selection
from coverage_roadmap.core.artifact import Manifest, Shard, config_hash
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, Kind, Leg, Provenance, Scope, Summary

PYTHON = "{}.{}".format(*sys.version_info[:2])
OURS = [sys.executable, "-m", "coverage_roadmap"]
CONFIG = """
[tool.pytest.ini_options]
pythonpath = ["src"]

[tool.coverage-roadmap]
source = ["src"]
tests = ["tests"]
python = "{python}"
workers = {workers}
timeout = 3000
phases = [{{ name = "phase1", fail-under = 0 }}]
"""
ROUNDS = 9
SHARDS = 8
FILES = 2000


def environment() -> dict[str, str]:
    """As a user's shell, and compiled modules are kept."""
    env = pytest_run.environment(os.environ, {})
    return {key: value for key, value in env.items() if key not in ("PYTHONDONTWRITEBYTECODE", "GITHUB_OUTPUT", "CI")}


def timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a command that must end well. Returns the seconds that passed, and those of processors."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    passed, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def config(folder: Path, workers: int) -> None:
    """Write the config, and commit it."""
    (folder / "pyproject.toml").write_text(CONFIG.format(python=PYTHON, workers=workers), encoding="utf-8")
    (folder / ".gitignore").write_text("__pycache__/\n.pytest_cache/\n", encoding="utf-8")
    generated.commit(folder, "The config")


def newest(folder: Path) -> tuple[Summary, Detail]:
    """The newest record of a project."""
    cache = store.Store(folder)
    record = cache.summaries()[0][0]
    return record, cache.detail(record.id)


def balance(folder: Path, seconds: float) -> None:
    """Four shards of a suite that sleeps, at the same time, in clones of their own."""
    draw = random.Random("shards")  # noqa: S311 - nothing is kept secret by it
    project = folder / "sleeping"
    generated.project(project, 4)
    drawn = [[draw.paretovariate(1.5) for _ in range(draw.randrange(3, 20))] for _ in range(40)]
    scale = seconds / sum(map(sum, drawn))
    for number, lasting in enumerate(drawn):
        tests = [f"def test_{n}():\n    time.sleep({one * scale:.4f})\n" for n, one in enumerate(lasting)]
        path = project / "tests" / f"test_{number:02d}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join(["import time\n", *tests]), encoding="utf-8")
    config(project, 8)
    timed([*OURS, "run", "phase1"], project)
    record, detail = newest(project)
    whole = sum(detail.tests.seconds.values())
    config(project, 1)
    running = []
    for number in range(1, 5):
        job = folder / f"job {number}"
        subprocess.run(["git", "clone", "-q", str(project), str(job)], check=True)
        words = ["run", "phase1", "--shard", f"{number}/4", "--planned-from", record.id]
        running.append((job, subprocess.Popen([*OURS, *words], cwd=job, env=environment(), stdout=subprocess.DEVNULL)))
    codes = [process.wait() for _, process in running]
    if any(codes):
        raise SystemExit("a shard failed")
    took = [sum(newest(job)[1].tests.seconds.values()) for job, _ in running]
    print(
        f"  {whole:.1f} s of tests in {len(detail.tests.seconds)} tests, four shards: {[round(one, 1) for one in took]}"
    )
    print(f"  the longest takes {max(took) / (whole / 4):.3f} times a quarter of the whole")


def combining(folder: Path) -> None:
    """Eight shards of a large project, beside coverage's own `combine` of the same data."""
    project = folder / "large"
    generated.project(project, FILES)
    (project / "tests").mkdir()
    (project / "tests" / "test_a.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    config(project, 1)
    data, parts = folder / "data", folder / "artifacts"
    data.mkdir()
    for number in range(1, SHARDS + 1):
        generated.coverage_data(project, data / f".coverage.{number}", differ=0.5, seed=number)
        _leave(project, parts, Shard(number, SHARDS), data / f".coverage.{number}")
    coverage = [sys.executable, "-m", "coverage"]
    theirs = [*coverage, "combine", "--keep", "-q", f"--data-file={data / 'whole'}"]
    theirs += [str(data / f".coverage.{number}") for number in range(1, SHARDS + 1)]
    report = [*coverage, "json", "-q", f"--data-file={data / 'whole'}", "-o", str(data / "coverage.json")]
    ours = [*OURS, "combine", str(parts)]
    cold = timed(ours, project)
    timed(theirs, project)
    _leave(project, folder / "one", Shard(1, 1), data / "whole")
    one = [*OURS, "combine", str(folder / "one")]
    runs: dict[str, list[tuple[float, float]]] = {"combine": [], "json": [], "ours": [], "one": []}
    for number in range(ROUNDS):
        turn = [("combine", theirs), ("ours", ours), ("one", one)]
        for name, command in turn if number % 2 else reversed(turn):
            runs[name].append(timed(command, project))
    runs["json"].append(timed(report, project))
    _held_against(project, data / "coverage.json")
    for part, unit in ((0, "seconds"), (1, "processors")):
        combine, json_, own, single = (min(run[part] for run in runs[name]) for name in runs)
        both = combine + json_
        print(f"  {unit}: the whole command takes {own / combine:.2f} times coverage combine, which counts nothing")
        print(f"    ours {own:.2f}, cold {cold[part]:.2f}; coverage combine {combine:.2f}, coverage json {json_:.2f}")
        print(f"    beside both of coverage's: warm {own / both:.2f} times, cold {cold[part] / both:.2f}")
        print(f"    what seven more shards add to one: {(own - single) / combine:.2f} times coverage combine")


def _held_against(project: Path, report: Path) -> None:
    told = json.loads(report.read_text(encoding="utf-8"))["totals"]
    totals = newest(project)[0].totals
    if (totals.statements, totals.missing) != (told["num_statements"], told["missing_lines"]):
        raise SystemExit(f"ours are {totals}, coverage's {told}")


def _leave(project: Path, parts: Path, shard: Shard, data: Path) -> None:
    """An artifact as a shard's job leaves it, made of drawn data and 250 tests of its own."""
    located = config_file.load({}, project)
    repository = git.find(project)
    seen = measured_tree.look(located.roadmap, project, repository)
    run = parts.parent / f"run {parts.name} {shard.number}"
    (run / "data").mkdir(parents=True)
    shutil.copyfile(data, run / "data" / ".coverage")
    whole = [f"tests/test_a.py::test_{n}" for n in range(250 * SHARDS)]
    own = whole[shard.number - 1 :: shard.of]
    steps = ("setup", "call", "teardown")
    events = [
        outcome.Start(PYTHON, "cpython", sys.executable, {}, 1),
        outcome.Options([], ".coveragerc", branch=False, core="ctrace"),
        outcome.Sharded(whole),
        outcome.Collected(own),
        *(outcome.Report(test, when, "passed", 0.001) for test in own for when in steps),
        outcome.Finished(0),
    ]
    (run / "journal.jsonl").write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in events))
    cases = "".join(f'<testcase name="{test}"/>' for test in own)
    (run / "junit.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>", encoding="utf-8")
    record = Summary(
        format=FORMAT,
        id=f"20260301T100000000000Z-phase1-{shard.number:08x}",
        phase="phase1",
        selection=selection.of_phase(located.roadmap, located.roadmap.phases[0]).hash,
        kind=Kind.PARTIAL,
        reasons=(f"shard {shard}",),
        totals=Counts(),
        scope=Scope(source=("src",)),
        outcomes=outcome.outcomes(outcome.read(events)),
        tree=seen.now,
        provenance=Provenance(
            "2026-03-01T10:00:00+00:00",
            1.0,
            Leg(PYTHON),
            "pyproject.toml",
            arguments=(f"--shard={shard}",),
            exit_status=0,
            versions={"coverage": coverage_version},
            commit=repository.head if repository else None,
        ),
    )
    manifest = Manifest(0, shard, record, config_hash(located.roadmap), "", "", ".coveragerc")
    artifacts.leave(parts / f"part {shard.number}", manifest, run, project)


def job(folder: Path) -> None:
    """One job beside the bare pytest of the same tests."""
    project = folder / "small"
    generated.project(project, 40)
    (project / "tests").mkdir()
    tests = [f"def test_{n}():\n    time.sleep(0.005)\n" for n in range(200)]
    (project / "tests" / "test_a.py").write_text("\n\n".join(["import time\n", *tests]), encoding="utf-8")
    config(project, 1)
    bare = [sys.executable, "-m", "pytest", "--cov=src", "-q", "tests"]
    ours = [*OURS, "run", "phase1", "--shard", "1/1", "-q"]
    timed(ours, project)
    runs: dict[str, list[float]] = {"bare": [], "ours": []}
    for number in range(ROUNDS):
        turn = [("bare", bare), ("ours", ours)]
        for name, command in turn if number % 2 else reversed(turn):
            runs[name].append(timed(command, project)[0])
    added = min(runs["ours"]) - min(runs["bare"])
    print(f"  a job takes {min(runs['ours']):.2f} s, bare pytest --cov {min(runs['bare']):.2f} s: {added:+.2f} s")


def main() -> None:
    """All three."""
    with tempfile.TemporaryDirectory() as name:
        print("balance")
        balance(Path(name), float(os.environ.get("BENCH_SHARDS_SECONDS", "240")))
        print(f"combining {SHARDS} shards of {FILES} files")
        combining(Path(name))
        print("a job beside pytest")
        job(Path(name))


if __name__ == "__main__":
    main()
