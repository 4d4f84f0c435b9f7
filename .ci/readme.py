"""README's figures: measured by real runs, written between markers, or compared with `--check`.

`--commands` prints the commands that a new user copies, for .ci/run; that alone needs no package but Python's own.
"""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
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
    """Write or compare README's figures."""
    text = README.read_text(encoding="utf-8")
    if words == ["--commands"]:
        print("\n".join(commands(text)))
        return 0
    phases, report = measure()
    if phases is None:
        print("README's figures are the canonical leg's, whose Python is not here: not compared")
        return 0
    wanted = put(put(text, "figures", phases), "report", report)
    if "--check" in words and wanted != text:
        print("".join(difflib.unified_diff(text.splitlines(True), wanted.splitlines(True), "README.md", "measured")))
        print("README.md is not what was measured: run nox -s readme")
        return 1
    README.write_text(wanted, encoding="utf-8")
    print("README.md is what was measured")
    return 0


def measure() -> tuple[str | None, str]:
    """Run all phases. Returns the table of their figures (None off the canonical leg), and phase 3's report."""
    from coverage_roadmap.adapters import config_file, store

    located = config_file.load({}, ROOT)
    names = ["phase0", *(phase.name for phase in located.roadmap.phases)]
    gates = {phase.name: f"{phase.fail_under} %" for phase in located.roadmap.phases}
    lines = ["| session | total | fail-under | tests passed |\n", "| --- | --- | --- | --- |\n"]
    shown = ""
    for name in names:
        done = subprocess.run([sys.executable, "-m", "nox", "-s", name], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"nox -s {name} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
        record = store.Store(located.project).summaries()[0][0]
        if record.phase != name or not record.provenance.leg.canonical:
            return None, ""
        ratio = record.totals.ratio
        passed = record.outcomes.passed
        lines.append(
            f"| `{name}` | {ratio} % ({ratio.covered} of {ratio.total}) | {gates.get(name, '')} | {passed} |\n"
        )
        if name == "phase3":
            shown = stable(done.stdout)
    return "".join(lines), f"```text\n{shown}```\n"


def stable(output: str) -> str:
    """The part of a report that is the same wherever it is run: up to the exit criteria, less the run's own line."""
    start = output.index("\nphase3 ") + 1
    part = output[start : output.index("\nexit criteria")].splitlines(keepends=True)
    kept: list[str] = []
    for line in part:
        if line.startswith("run ") or (kept and kept[-1] == "" and line.startswith("      ")):
            kept.append("")  # the run's own words, and the lines on which they go on
        else:
            kept.append(line)
    return "".join(kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
