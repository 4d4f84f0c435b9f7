"""The catalogue's page, docs/catalogue.md, written from the cases that the tests run; `--check` compares."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from catalogue.case import Cheat, RunCheat  # noqa: E402
from catalogue.cheats import FAMILIES, RUNS  # noqa: E402

PAGE = ROOT / "docs" / "catalogue.md"
HEAD = """# The catalogue

{count} ways to raise a figure, or to pass a gate, without testing more; each looks fine to somebody who has a
reason. For each of them our tests make a small real repository with a measured baseline, and prove that what stands
under *caught by* catches it, and that what is honest instead passes; of a rule also that no other rule fails, and that
without it the case goes through. The [rules](rules.md) say what to do about what they find.

What cannot be caught is at the end.

This page is written by `nox -s docs` from `tests/catalogue/`.
"""
TAIL = """## What is not caught

- A test that runs much and asserts little: one assertion that can fail is enough for the rules on tests.
- Code that writes into coverage's own data, or compiles text under the name of a source file; a conftest that turns
  failures into passes while pytest makes its reports. `check` reads tests for what they assert, not for what they do to
  the tools: a review must.
- `# pragma: no branch` on a line whose other way no test takes.
- A new test that is marked `xfail`, which may fail and still runs lines; of a test that passed, TEST005 tells.
- A workflow whose triggers never come, such as a branch of no name, or a condition that only looks as if it could be
  met.
- A story that moves to a later phase. It is not lost, and it is later.
- Who approves: a waiver with an owner and a day is a permission, whoever wrote it. It stands in the diff.
"""


def page() -> str:
    """The page."""
    count = sum(len(cases) for cases in (*FAMILIES.values(), *RUNS.values()))
    parts = [HEAD.format(count=count)]
    for title, cheats in FAMILIES.items():
        parts += _family(title, [_row(cheat) for cheat in cheats])
    for title, runs in RUNS.items():
        parts += _family(title, [_run_row(cheat) for cheat in runs])
    return "\n".join([*parts, TAIL])


def _family(title: str, rows: list[str]) -> list[str]:
    head = "| what | how it is done | caught by | what is honest instead |\n| --- | --- | --- | --- |"
    return [f"## {title}\n", head, *rows, ""]


def _row(cheat: Cheat) -> str:
    measured = ", after a run" if cheat.measured else ""
    return _cells(cheat.name, cheat.story, ", ".join(cheat.rules) + measured, cheat.twin_story)


def _run_row(cheat: RunCheat) -> str:
    return _cells(cheat.name, cheat.story, f"{cheat.refused_by}: “{cheat.says}”", cheat.twin_story)


def _cells(*texts: str) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"


def main() -> int:
    """Write or compare."""
    made = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.relative_to(ROOT)} is not what tests/catalogue gives: run nox -s docs")
        return 1
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
