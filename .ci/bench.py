"""Phase runs beside the bare `pytest --cov` of the same selection: ratios, taken in one run, in turn.

Two projects: the embedded one, and a real library's own suite from its source distribution. For each: the first phase
run (cold: environment and all), then rounds of bare and warm runs. The ratio is of the shortest runs, since noise only
adds; above 1 ours takes longer.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from coverage_roadmap.adapters import config_file, pytest_run, store
from coverage_roadmap.core.selection import of_phase

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 5
LIBRARY = "boltons==26.2.0"
LIBRARY_CONFIG = """
[tool.coverage-roadmap]
source = ["boltons"]
tests = ["tests"]
python = "{python}"
phases = [{{ name = "phase1", fail-under = 50 }}]
"""


def timed(command: Sequence[str], folder: Path, env: dict[str, str]) -> float:
    """Run a command that must end well or with failing tests. Returns seconds."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return time.perf_counter() - began


def compare(config: Path, phase: str, leg: str) -> None:
    """Print the ratios of one project."""
    env = {**pytest_run.environment(os.environ, {}), "COVERAGE_ROADMAP_CONFIG": str(config)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as on a developer's machine, warm means compiled
    located = config_file.load(env, ROOT)
    session = phase if leg == located.roadmap.canonical else f"{phase}-{leg}"
    envs = ROOT / ".nox" / "bench" / located.project.name
    nox = [sys.executable, "-m", "nox", "--envdir", str(envs), "-s", session]
    print(f"{located.project.name} {session}")
    cold = timed(nox, ROOT, env)
    python = envs / session.replace(".", "-") / "bin" / "python"
    chosen = next(p for p in located.roadmap.phases if p.name == phase)
    limit = ["timeout", "600", str(python), "-m", "pytest"]
    bare = [
        *limit,
        *(f"--cov={path}" for path in located.roadmap.source),
        *of_phase(located.roadmap, chosen).arguments(),
    ]
    console = [sys.executable, "-m", "coverage_roadmap", "run", phase, "--python", str(python)]
    figures: dict[str, list[float]] = {"bare": [], "nox": [], "console": [], "nox adds": [], "console adds": []}
    turn = [
        ("bare", bare, located.project, located.roadmap.env),
        ("console", console, ROOT, {}),
        ("nox", nox, ROOT, {}),
    ]
    for number in range(PAIRS):
        for name, command, folder, extra in turn if number % 2 else reversed(turn):  # none always comes first
            seconds = timed(command, folder, {**env, **extra})
            figures[name].append(seconds)
            if name != "bare":
                record = store.Store(located.project).summaries()[0][0]
                figures[f"{name} adds"].append(seconds - record.provenance.seconds)
    plain = min(figures["bare"])  # what else the machine does only ever makes a run longer
    print(f"  cold start of nox {cold / plain:.2f} times the bare command, environment included")
    for name in ("console", "nox"):
        ratio, added = min(figures[name]) / plain, statistics.median(figures[f"{name} adds"])
        print(f"  {name:7} warm {ratio:.2f} times the bare command; {added:.2f} s beside the pytest that it starts")
    print(f"  core {record.provenance.core}, {record.provenance.workers} worker(s), bare {plain:.1f} s")


def library(folder: Path, python: str) -> Path:
    """Unpack the library's source distribution, with a config of ours. Returns the config."""
    words = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", str(folder), LIBRARY]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    project = next(path for path in folder.iterdir() if path.is_dir())
    config = project / "coverage-roadmap.toml"
    config.write_text(LIBRARY_CONFIG.format(python=python), encoding="utf-8")
    return config


def main() -> None:
    """Compare on every Python of the matrix that is here."""
    own = "{}.{}".format(*sys.version_info[:2])
    legs = [own, *(v for v in ("3.12", "3.13", "3.14") if v != own and _answers(f"python{v}"))]
    with tempfile.TemporaryDirectory() as name:
        for leg in legs[:2]:
            compare(ROOT / "pyproject.toml", "phase3", leg)
        compare(library(Path(name), own), "phase1", own)


def _answers(executable: str) -> bool:
    return bool(shutil.which(executable)) and not subprocess.run([executable, "-c", ""], capture_output=True).returncode


if __name__ == "__main__":
    main()
