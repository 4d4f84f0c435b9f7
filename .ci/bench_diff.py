"""`diff` beside loading both coverage.json files with `json`, and beside `pycobertura diff --format json`: ratios.

Generated projects of 100, 2,000 and 20,000 modules of about 150 lines; about a tenth of the modules ran otherwise in
the second report. Coverage makes the reports of the first hundred modules; larger projects repeat those under other
names, since coverage takes very long for them. All is taken in turn in one run, each in a process of its own, and the
shortest counts; what the two say of each file must agree. Words: the numbers of files, by default all three.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import generated

from coverage_roadmap.adapters import coverage_json
from coverage_roadmap.core.comparison import compare
from coverage_roadmap.render import diff_data

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100, 2_000, 20_000)
MADE = 100
ROUNDS = 5
REPEATS = 3
LONG_ENOUGH = 0.5
"""Seconds that the repeats of one take together at the least, so that what takes milliseconds is warm too."""
LONG = 20
PATIENCE = 240
"""Seconds that pycobertura is given."""
PYCOBERTURA = "pycobertura==4.1.0"
CONFIG = '[tool.coverage-roadmap]\nsource = ["src"]\nphases = [{ name = "phase1", fail-under = 50 }]\n'
CLASS = re.compile(r'<class name="module_(\d+)\.py".*?</class>', re.DOTALL)


def made(folder: Path) -> None:
    """The small project, with both reports by coverage itself."""
    project = folder / "src-of-100"
    project.mkdir()
    generated.project(project, MADE)
    for name, differ in (("before", 0.0), ("after", 0.1)):
        generated.coverage_data(project, folder / f".{name}", differ)
        for kind in ("json", "xml"):
            words = [kind, "-q", "--data-file", str(folder / f".{name}"), "-o", str(folder / f"{name}.{kind}")]
            subprocess.run([sys.executable, "-m", "coverage", *words], cwd=project, check=True)


def repeated(folder: Path, target: Path, files: int) -> None:
    """A project of so many files, and its reports, from the small one's."""
    sources = generated.modules(folder / "src-of-100")
    names = [f"src/package_{n // generated.TO_A_PACKAGE:04d}/module_{n:05d}.py" for n in range(files)]
    for number, name in enumerate(names):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sources[number % MADE], target / name)
    (target / "tests").mkdir()
    (target / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    for side in ("before", "after"):
        report = json.loads((folder / f"{side}.json").read_text(encoding="utf-8"))
        parts = [report["files"][str(path.relative_to(folder / "src-of-100"))] for path in sources]
        report["files"] = {name: parts[number % MADE] for number, name in enumerate(names)}
        (target / f"{side}.json").write_text(json.dumps(report), encoding="utf-8")
        text = (folder / f"{side}.xml").read_text(encoding="utf-8")
        (target / f"{side}.xml").write_text(_classes(text, names), encoding="utf-8")


def _classes(text: str, names: Sequence[str]) -> str:
    classes = {int(found[1]): found[0] for found in CLASS.finditer(text)}
    parts = [text[: text.index("<packages>")], "<packages>"]
    for first in range(0, len(names), generated.TO_A_PACKAGE):
        parts.append(
            f'<package name="{Path(names[first]).parent}" line-rate="1" branch-rate="0" complexity="0"><classes>'
        )
        parts += [
            re.sub(r'filename="[^"]*"', f'filename="{names[number]}"', classes[number % MADE], count=1)
            for number in range(first, min(first + generated.TO_A_PACKAGE, len(names)))
        ]
        parts.append("</classes></package>")
    return "\n".join([*parts, "</packages></coverage>\n"])


def ours(before: Path, after: Path) -> Any:
    """What `diff` does with two files, but for showing it."""
    old = coverage_json.read(before, "before")
    new = coverage_json.read(after, "after", old)
    return compare(old.side(), new.side(), Decimal(50), None, new.alike)


def loads(before: Path, after: Path) -> Any:
    """What whoever reads both with the standard library does first."""
    return [json.loads(path.read_bytes()) for path in (before, after)]


def told(before: Path, after: Path) -> Any:
    """The same, and its JSON."""
    return json.dumps(diff_data.data(ours(before, after)), indent=2)


THEIRS = """
import sys, time
from pycobertura.cobertura import Cobertura
from pycobertura.filesystem import filesystem_factory
from pycobertura.reporters import JsonReporterDelta

began = time.process_time()
sides = [Cobertura(name, filesystem=filesystem_factory(".")) for name in ("before.xml", "after.xml")]
JsonReporterDelta(*sides, None, show_source=True, color=False).generate()
print(time.process_time() - began)
"""
"""What pycobertura's command does when it is imported and has read its words."""
IN_PROCESS: Mapping[str, Callable[[Path, Path], Any]] = {"ours": ours, "json": loads, "told": told}


def child(name: str, before: str, after: str) -> None:
    """Do one of the two, warm, and print its seconds of the processor and the peak of the memory in MiB."""
    held: Any = None
    taken: list[float] = []
    while len(taken) < REPEATS or sum(taken) < LONG_ENOUGH:
        held = None
        began = time.process_time()
        held = IN_PROCESS[name](Path(before), Path(after))
        taken.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 2**20)
    print(json.dumps([min(taken), peak, bool(held)]))


def asked(name: str, folder: Path) -> tuple[float, float]:
    """Seconds and MiB of one of the two, in a process of its own."""
    words = [sys.executable, __file__, "child", name, str(folder / "before.json"), str(folder / "after.json")]
    seconds, peak, _ = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return seconds, peak


def timed(command: Sequence[str], folder: Path) -> tuple[float, str]:
    """Run a whole command. Returns its seconds, and what it printed; nothing where it took too long."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}  # warm is compiled
    began = time.perf_counter()
    try:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return float(PATIENCE), ""
    if not done.stdout or done.returncode not in (0, 2, 3):  # 2 and 3: pycobertura finds that it got worse
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - began, done.stdout


def agree(told: str, theirs: str) -> int:
    """Hold what the two say of each file against each other. Returns how many files that were."""
    own = {one["path"]: one for one in json.loads(told)["files"]}
    other = {one["Filename"]: one for one in json.loads(theirs)["files"] if one["Filename"] != "TOTAL"}
    wrong = list(own.keys() ^ other.keys())
    for name in own.keys() & other.keys():
        one = own[name]
        plain = {key: re.sub(r"\x1b\[\d+m", "", value) for key, value in other[name].items()}
        numbers = {"Stmts": "statements", "Miss": "missing"}
        same = all(int(plain[key]) == one["after"][part] - one["before"][part] for key, part in numbers.items())
        near = abs(float(plain["Cover"].rstrip("%")) - one["points"]) < 0.02  # theirs is rounded, and twice
        missed = [str(n) for first, last in one["newly_missed"] for n in range(first, last + 1)]
        if not (same and near and [word for word in plain["Missing"].split(", ") if word] == missed):
            wrong.append(name)
    if wrong:
        raise SystemExit(f"the two do not agree on {len(wrong)} files, such as {wrong[0]}")
    return len(own)


def compared(folder: Path, files: int, binaries: Path) -> None:
    """Print the ratios of one project."""
    both = sum((folder / f"{side}.json").stat().st_size for side in ("before", "after")) / 2**20
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in IN_PROCESS}
    for _ in range(ROUNDS):
        for name in IN_PROCESS:
            taken[name].append(asked(name, folder))
    seconds = {name: min(one for one, _ in each) for name, each in taken.items()}
    peaks = {name: min(one for _, one in each) for name, each in taken.items()}
    print(f"{files} files, both coverage.json together {both:.1f} MiB", flush=True)
    ratio = f"{seconds['json'] / seconds['ours']:.1f} times faster than loading both with json"
    print(f"  {ratio} ({seconds['ours']:.3f} s and {seconds['json']:.3f} s)")
    print(f"  memory {peaks['ours']:.0f} MiB at its peak; json {peaks['json']:.0f} MiB", flush=True)
    work, _ = shortest([str(binaries / "python"), "-c", THEIRS], folder, lambda said: float(said or PATIENCE))
    ratio = f"{work / seconds['told']:.1f} times faster than pycobertura's work"
    print(f"  {ratio} ({seconds['told']:.3f} s and {work:.2f} s)", flush=True)
    words = ["diff", "--from", "before.json", "--to", "after.json", "--format", "json"]
    least, mine = shortest([sys.executable, "-m", "coverage_roadmap", *words], folder)
    command = ["diff", "--format", "json", "--no-color", "before.xml", "after.xml", "--source1", ".", "--source2", "."]
    longest, theirs = shortest([str(binaries / "pycobertura"), *command], folder)
    ratio = f"{longest / least:.1f} times faster as whole commands ({least:.2f} s and {longest:.2f} s)"
    print(f"  {ratio}; agrees on {agree(mine, theirs)} files" if theirs else f"  more than {ratio}: it was ended")


def shortest(command: Sequence[str], folder: Path, seconds: Callable[[str], float] | None = None) -> tuple[float, str]:
    """The shortest of some runs, by the clock or by what they say; one run of what takes long."""
    least, said = float("inf"), ""
    for _ in range(ROUNDS):
        by_clock, said = timed(command, folder)
        least = min(least, seconds(said) if seconds else by_clock)
        if by_clock > LONG:
            break
    return least, said


def main() -> None:
    """Compare on each size."""
    if sys.argv[1:2] == ["child"]:
        child(*sys.argv[2:])
        return
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        binaries = folder / "env" / "bin"
        subprocess.run([str(binaries / "python"), "-m", "pip", "install", "-q", PYCOBERTURA], check=True)
        made(folder)
        for files in sizes:
            target = folder / f"project-{files}"
            repeated(folder, target, files)
            compared(target, files, binaries)
            shutil.rmtree(target)


if __name__ == "__main__":
    main()
