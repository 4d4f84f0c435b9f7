"""README's figures: measured by real runs, written between markers, or compared with `--check`.

`--commands` prints the commands that a new user copies, for .ci/run; that alone needs no package but Python's own.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
TASKS = {
    "status": ["status"],
    "story": ["status", "--story", "prediction-service"],
    "exit-check": ["exit-check", "--phase", "phase3"],
    "close": ["close", "--phase", "phase2", "--dry-run"],
    "bump": ["bump", "--to", "60", "--dry-run"],
    "standup": ["standup"],
    "check": ["check"],
    "matrix": ["matrix", "--format", "table"],
    "doctor": ["doctor"],
}
"""What README shows of each task."""
MASKS = (
    (r"[0-9]{8}T[0-9]{12}Z-(phase[0-9])-[0-9a-f]{8}", r"20260105T090000000000Z-\1-0a1b2c3d"),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-01-05"),
    (r"\b[0-9a-f]{40}\b", "0a1b2c3d" * 5),
    (r"\b[0-9]+\.[0-9] s\b", "9.9 s"),
    (r"(?m)^(Slowest tests\n)(?:  .*\n)+", r"\1  [ ]  0.99 s tests/unit/...\n"),
    (
        r"(?m)^( *met +(?:Linux|macOS|pytest|pytest-cov|pytest-timeout|pytest-xdist|coverage|git version)) [^,\n]*",
        r"\1 ...",
    ),
)
MARKED = "<!-- {name}: written by nox -s readme -->\n{text}<!-- end of {name} -->"


def commands(text: str) -> list[str]:
    """The one-line commands that set up an environment and run something in it."""
    return [line for line in text.splitlines() if line.startswith("python3 -m venv ")]


def put(text: str, name: str, content: str) -> str:
    """`text` with what stands between the markers of `name` replaced.

    Raises:
        SystemExit: the markers are not there.
    """
    pattern = re.escape(MARKED).replace(r"\{name\}", name).replace(r"\{text\}", "(?s:.*?)")
    if not re.search(pattern, text):
        raise SystemExit(f"README.md has lost its markers for {name}")
    return re.sub(pattern, lambda _: MARKED.format(name=name, text=content), text)


def main(words: list[str]) -> int:
    """Write or compare README's figures and outputs."""
    text = README.read_text(encoding="utf-8")
    if words == ["--commands"]:
        print("\n".join(commands(text)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder) / "clone")
    if measured is None:
        print("README's figures are the canonical leg's, whose Python is not here: not compared")
        return 0
    wanted = text
    for name, content in measured.items():
        wanted = put(wanted, name, content)
    if "--check" in words and wanted != text:
        print("".join(difflib.unified_diff(text.splitlines(True), wanted.splitlines(True), "README.md", "measured")))
        print("README.md is not what was measured: run nox -s readme")
        return 1
    README.write_text(wanted, encoding="utf-8")
    print("README.md is what was measured")
    return 0


def measure(clone: Path) -> dict[str, str] | None:
    """Run all phases, then the tasks, in a fresh clone of what is committed; so that every machine sees the same.

    Returns what README shows, by the names of its markers; None off the canonical leg.
    """
    from coverage_roadmap.adapters import config_file, store

    def answer(command: list[str]) -> str:
        done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return masked(done.stdout + done.stderr)

    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
    run = [sys.executable, "-m", "coverage_roadmap"]
    python = ROOT / ".nox" / "phase3" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "nox", "-s", "phase3", "--install-only"], cwd=ROOT, check=True)
    subprocess.run(
        ["git", "clone", "--quiet", "--single-branch", "--branch", "main", str(ROOT), str(clone)], check=True
    )
    subprocess.run(["git", "remote", "set-branches", "origin", "*"], cwd=clone, check=True)  # as every clone has it
    located = config_file.load({}, clone)
    gates = {phase.name: f"{phase.fail_under} %" for phase in located.roadmap.phases}
    lines = ["| session | total | fail-under | tests passed |\n", "| --- | --- | --- | --- |\n"]
    shown = {}
    for name in ["phase0", *gates]:
        report = answer([*run, "run", name, "--python", str(python), "-q"])
        record = store.Store(located.project).summaries()[0][0]
        if record.phase != name or not record.provenance.leg.canonical:
            return None
        ratio, passed = record.totals.ratio, record.outcomes.passed
        lines.append(
            f"| `{name}` | {ratio} % ({ratio.covered} of {ratio.total}) | {gates.get(name, '')} | {passed} |\n"
        )
        if name == "phase3":
            shown["report"] = fenced(report[report.index("\nphase3 ") + 1 :])
    shown["figures"] = "".join(lines)
    for name, words in TASKS.items():
        shown[name] = fenced(answer([*run, *words]))
    newest = {record.phase: record.id for record in reversed(store.Store(located.project).summaries()[0])}
    shown["diff"] = fenced(answer([*run, "diff", "--from", newest["phase0"], "--to", newest["phase2"]]))
    return shown


def fenced(output: str) -> str:
    """A command's output as README shows it."""
    return f"```text\n{output.rstrip()}\n```\n"


def masked(output: str) -> str:
    """Output less what differs by machine and day: hashes, dates, durations, versions, which tests are slow."""
    for pattern, mask in MASKS:
        output = re.sub(pattern, mask, output)
    return output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
