"""A record as Cobertura's XML, which CI providers read to show coverage beside changed lines."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from coverage_roadmap.core.measurement import Counts, Detail, FileFigures, Summary
from coverage_roadmap.core.text import plain
from coverage_roadmap.errors import RecordError


def report(summary: Summary, detail: Detail, prefix: str) -> str:
    """All measured lines of a record, and whether tests ran them.

    Args:
        summary: the record.
        detail: its files.
        prefix: the project's path from the repository's top, with a slash at its end; empty at the top.

    Raises:
        RecordError: a file's lines are not as many as its counts say.
    """
    files = [line for path, figures in sorted(detail.files.items()) for line in _file(f"{prefix}{path}", figures)]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<coverage version="coverage-roadmap" timestamp="0" complexity="0" {_numbers(summary.totals)}>',
            "  <sources><source>.</source></sources>",
            "  <packages>",
            f'    <package name="." complexity="0" {_rates(summary.totals)}>',
            "      <classes>",
            *files,
            "      </classes>",
            "    </package>",
            "  </packages>",
            "</coverage>",
            "",
        ]
    )


def _numbers(counts: Counts) -> str:
    covered, branches = counts.statements - counts.missing, counts.branches - counts.missing_branches
    lines = f'lines-valid="{counts.statements}" lines-covered="{covered}"'
    return f'{lines} branches-valid="{counts.branches}" branches-covered="{branches}" {_rates(counts)}'


def _rates(counts: Counts) -> str:
    """Shares from 0 to 1; of nothing all is covered, as coverage.py has it."""
    lines = 1 - counts.missing / counts.statements if counts.statements else 1
    branches = 1 - counts.missing_branches / counts.branches if counts.branches else 1
    return f'line-rate="{lines:.6f}" branch-rate="{branches:.6f}"'


def _file(path: str, figures: FileFigures) -> Iterator[str]:
    name = escape(plain(path))
    yield f'        <class name="{name}" filename="{name}" complexity="0" {_rates(figures.counts)}>'
    there = sum(last - first + 1 for first, last in (*figures.covered_lines, *figures.missing_lines))
    if there != figures.counts.statements:  # before they are made one by one
        raise RecordError("its lines are not as many as its counts say", where=name, next_step="run the phase again")
    yield "          <methods/>"
    yield "          <lines>"
    hits = [(line, 1) for first, last in figures.covered_lines for line in range(first, last + 1)]
    hits += [(line, 0) for first, last in figures.missing_lines for line in range(first, last + 1)]
    yield from (f'            <line number="{line}" hits="{hit}"/>' for line, hit in sorted(hits))
    yield "          </lines>"
    yield "        </class>"
