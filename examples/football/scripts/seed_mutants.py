"""Seeds small faults into the code that each story covers, and asks whether the story's tests notice.

The stories come from `[tool.coverage-roadmap]` in the nearest `pyproject.toml` upwards. For each one the
tests run once under coverage, to learn the covered lines of its modules. Mutants are then made on those lines
and tried one by one in scratch copies of the project; the checkout is never written to.

    python scripts/seed_mutants.py                      all stories
    python scripts/seed_mutants.py --story streaming    one of them

Exit code: 0 if every story finds its share, 1 if one does not, 2 if something is wrong with the input.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue

LOG_OBJECTS = {"logger", "log", "logging", "_logger"}
# Decorators whose arguments change nothing that a test of behaviour could see.
QUIET_DECORATORS = {"dataclass", "lru_cache", "cache"}
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "venv", ".tox", ".nox", ".*_cache", ".coverage-roadmap", "__pycache__", "*.pyc", "node_modules"
)
SWAPS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}


class InputError(Exception):
    """Something that the caller has to put right."""


@dataclass(frozen=True)
class Story:
    """A story of the roadmap: what it covers, and with which tests."""

    id: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Mutant:
    """One small edit: the bytes from `start` to `end` of the module become `text`."""

    module: str
    line: int
    start: int
    end: int
    text: str
    what: str

    def apply(self, source: bytes) -> bytes:
        """The module's source with the edit made."""
        return source[: self.start] + self.text.encode() + source[self.end :]


# --- the roadmap --------------------------------------------------------------------------------


def find_config(start: Path) -> Path:
    """The nearest pyproject.toml upwards that has the table."""
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file() and "coverage-roadmap" in tomllib.loads(path.read_text()).get("tool", {}):
            return path
    raise InputError(f"no pyproject.toml with [tool.coverage-roadmap] in {start} or above; use --config")


def load_stories(config: Path) -> tuple[Path, list[Story]]:
    """The project's folder, and the stories of all phases."""
    table = tomllib.loads(config.read_text()).get("tool", {}).get("coverage-roadmap")
    if table is None:
        raise InputError(f"{config} has no table [tool.coverage-roadmap]")
    stories = [
        Story(item["id"], tuple(item["modules"]), tuple(item["tests"]))
        for phase in table.get("phases", [])
        for item in phase.get("stories", [])
    ]
    project = (config.parent / table.get("project", ".")).resolve()
    if not project.is_dir():
        raise InputError(f"{config}: project = {table['project']!r} is no folder")
    return project, stories


def choose_stories(stories: list[Story], wanted: list[str]) -> list[Story]:
    """The named stories, or all."""
    unknown = sorted(set(wanted) - {story.id for story in stories})
    if unknown or not stories:
        known = ", ".join(story.id for story in stories) or "none"
        raise InputError(f"no such story: {', '.join(unknown) or 'any'}; the roadmap has: {known}")
    return [story for story in stories if not wanted or story.id in wanted]


# --- making mutants -----------------------------------------------------------------------------


class Mutator(ast.NodeVisitor):
    """Collects the mutants of one module. Where it does not descend, nothing is mutated."""

    def __init__(self, module: str, source: bytes) -> None:
        self.module = module
        self.source = source
        self.mutants: list[Mutant] = []
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def collect(self) -> list[Mutant]:
        """All mutants that parse and differ from the original, in the order of the source."""
        original = ast.parse(self.source)
        self.visit(original)
        dump = ast.dump(original)
        ordered = sorted(self.mutants, key=lambda mutant: (mutant.start, mutant.end, mutant.text))
        return [mutant for mutant in ordered if self._differs(mutant, dump)]

    def _differs(self, mutant: Mutant, dump: str) -> bool:
        try:
            return ast.dump(ast.parse(mutant.apply(self.source))) != dump
        except SyntaxError:
            return False

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[end_line - 1] + end_column

    def _add(self, node: ast.expr | ast.stmt, text: str, what: str, span: tuple[int, int] | None = None) -> None:
        start, end = span or self._span(node)
        self.mutants.append(Mutant(self.module, node.lineno, start, end, text, what))

    def _swap(self, node: ast.expr | ast.stmt, operator: ast.AST, left: ast.expr, right_start: int) -> None:
        """Swap the operator that stands between the left operand and the place where the right one starts."""
        if type(operator) not in SWAPS:
            return
        old, new = SWAPS[type(operator)]
        begin = self._span(left)[1]
        between = self.source[begin:right_start].decode()
        pattern = r"\s+".join(rf"\b{word}\b" for word in old.split()) if old[0].isalpha() else re.escape(old)
        places = list(re.finditer(pattern, between))
        if len(places) == 1:
            start = begin + len(between[: places[0].start()].encode())
            end = begin + len(between[: places[0].end()].encode())
            self._add(node, new, f"{old} -> {new}", (start, end))

    def _negate(self, test: ast.expr) -> None:
        start, end = self._span(test)
        old = self.source[start:end].decode()
        self._add(test, f"(not ({old}))", f"condition negated: {brief(old)}")

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, node.comparators, strict=False):
            self._swap(node, operator, left, self._span(right)[0])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._swap(node, node.op, node.values[0], self._span(node.values[1])[0])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._swap(node, node.op, node.left, self._span(node.right)[0])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._add(node, "pass", f"removed: {self._brief(node)}")
        self.visit(node.value)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, (ast.Not, ast.USub)):
            start, end = self._span(node.operand)
            sign = "not" if isinstance(node.op, ast.Not) else "-"
            self._add(node, f"({self.source[start:end].decode()})", f"{sign} removed")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._add(node, str(not value), f"{value} -> {not value}")
        elif isinstance(value, (int, float)):
            self._add(node, repr(value + 1), f"{value} -> {value + 1}")
        elif isinstance(value, str) and value:
            self._add(node, repr("x" + value), f"{brief(repr(value))} -> {brief(repr('x' + value))}")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Positions inside f-strings are right only from Python 3.12 on: leave them alone everywhere."""

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.dump(node.test):
            self._negate(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._negate(test)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        value = node.value
        if isinstance(value, ast.Constant) or is_log_call(value):
            return
        if isinstance(value, ast.Call):
            self._add(node, "pass", f"removed: {self._brief(node)}")
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if names & (LOG_OBJECTS | {"__all__"}):
            return
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._add(node.value, "None", f"value -> None: {self._brief(node)}")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._add(node.value, "None", f"returns None: {self._brief(node)}")
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        """An error's text is not mutated, only whether it is raised."""
        self._add(node, "pass", f"removed: {self._brief(node)}")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._add(node, "break", "continue -> break")

    def visit_Break(self, node: ast.Break) -> None:
        self._add(node, "continue", "break -> continue")

    def visit_arg(self, node: ast.arg) -> None:
        """An argument holds nothing but its annotation."""

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node)
        self.visit(node.args)
        for statement in node.body:
            self.visit(statement)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._decorators(node)
        if any("Protocol" in ast.dump(base) for base in node.bases):
            return
        for statement in node.body:
            self.visit(statement)

    def visit_Call(self, node: ast.Call) -> None:
        if not is_log_call(node):
            self.generic_visit(node)

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Call) and last_name(decorator.func) in QUIET_DECORATORS):
                self.visit(decorator)

    def _brief(self, node: ast.stmt) -> str:
        start, end = self._span(node)
        return brief(self.source[start:end].decode())


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_log_call(node: ast.expr) -> bool:
    """Whether the expression is `logger.info(...)` or the like."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return last_name(node.func.value) in LOG_OBJECTS


def brief(text: str) -> str:
    """The text in one line, not too long for a report."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."


def pick(candidates: dict[str, list[Mutant]], count: int, rng: random.Random) -> list[Mutant]:
    """`count` mutants, spread evenly over the modules and, as far as they reach, over different lines."""
    queues = {}
    for module, mutants in sorted(candidates.items()):
        shuffled = rng.sample(mutants, len(mutants))
        turns: dict[int, int] = {}
        ranked = []
        for mutant in shuffled:
            turns[mutant.line] = turns.get(mutant.line, 0) + 1
            ranked.append((turns[mutant.line], mutant))
        queues[module] = [mutant for _, mutant in sorted(ranked, key=lambda item: item[0])]
    chosen: list[Mutant] = []
    while len(chosen) < count and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < count:
                chosen.append(queue.pop(0))
    return sorted(chosen, key=lambda m: (m.module, m.start, m.end))


# --- running tests ------------------------------------------------------------------------------


def pytest_arguments(story: Story) -> list[str]:
    """Quiet, quick, and without what the project's own settings would add to coverage."""
    no_cov = ["--no-cov"] if find_spec("pytest_cov") else []
    return ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *no_cov, *story.tests]


def run(project: Path, arguments: list[str], limit: float) -> tuple[int | None, str]:
    """Run Python in the project; the exit code (None if the time ran out) and the output's end."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        return code, output.read().decode(errors="replace")[-2000:]


def covered_lines(project: Path, story: Story, limit: float) -> tuple[dict[str, set[int]], float]:
    """The covered lines of the story's modules, and how long its tests took."""
    from coverage import CoverageData

    data_file, settings = project.with_name("covered"), project.with_name("no-settings")
    settings.touch()
    include = ",".join(story.modules)
    measure = ["-m", "coverage", "run", f"--rcfile={settings}", f"--data-file={data_file}", f"--include={include}"]
    started = time.monotonic()
    code, output = run(project, [*measure, *pytest_arguments(story)], limit)
    if code != 0:
        reason = "ran out of time" if code is None else f"failed (exit {code})"
        raise InputError(f"{story.id}: its tests {reason} before any mutant was made\n{output}")
    took = time.monotonic() - started
    data = CoverageData(str(data_file))
    data.read()
    return {module: set(data.lines(str(project / module)) or ()) for module in story.modules}, took


def try_mutants(copies: list[Path], story: Story, mutants: list[Mutant], limit: float) -> Iterator[bool]:
    """Whether each mutant was found, in their order; as many at a time as there are copies."""
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def attempt(mutant: Mutant) -> bool:
        project = free.get()
        path = project / mutant.module
        original = path.read_bytes()
        try:
            path.write_bytes(mutant.apply(original))
            return run(project, pytest_arguments(story), limit)[0] != 0
        finally:
            path.write_bytes(original)
            free.put(project)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(attempt, mutants)


def judge(story: Story, copies: list[Path], options: argparse.Namespace) -> bool:
    """Try the story's mutants and print what became of each; whether enough were found."""
    absent = [name for name in (*story.modules, *story.tests) if not (copies[0] / name.partition("::")[0]).exists()]
    if absent:
        raise InputError(f"{story.id}: not there: {', '.join(absent)}")
    covered, took = covered_lines(copies[0], story, options.timeout)
    candidates = {}
    for module, lines in covered.items():
        made = Mutator(module, (copies[0] / module).read_bytes()).collect()
        candidates[module] = [mutant for mutant in made if mutant.line in lines]
    mutants = pick(candidates, options.count, random.Random(f"{options.seed}:{story.id}"))
    if not mutants:
        raise InputError(f"{story.id}: its tests cover nothing that could be mutated")
    found = 0
    limit = min(options.timeout, 10 + 4 * took)
    for mutant, was_found in zip(mutants, try_mutants(copies, story, mutants, limit), strict=True):
        found += was_found
        print(f"{'found   ' if was_found else 'SURVIVED'}  {mutant.module}:{mutant.line}  {mutant.what}", flush=True)
    enough = 100 * found >= options.at_least * len(mutants)
    verdict = "ok" if enough else f"below {options.at_least} %"
    print(f"{story.id}: {found} of {len(mutants)} found ({100 * found // len(mutants)} %), {verdict}", flush=True)
    return enough


def parse(arguments: Iterable[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, help="the pyproject.toml with the roadmap (default: nearest upwards)")
    parser.add_argument("--story", action="append", default=[], help="only this story (may be given again)")
    parser.add_argument("--seed", type=int, default=0, help="another seed picks other mutants (default 0)")
    parser.add_argument("--count", type=int, default=20, help="mutants for each story (default 20)")
    parser.add_argument("--at-least", type=int, default=80, help="percent that must be found (default 80)")
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at a time (default 2)")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one run of a story's tests at most")
    return parser.parse_args(None if arguments is None else list(arguments))


def main(arguments: Iterable[str] | None = None) -> int:
    """Judge the stories; the exit code."""
    options = parse(arguments)
    try:
        project, stories = load_stories(options.config or find_config(Path.cwd()))
        chosen = choose_stories(stories, options.story)
        with tempfile.TemporaryDirectory(prefix="seed-mutants-") as scratch:
            copies = []
            for number in range(max(1, options.jobs)):
                copy = Path(scratch).resolve() / str(number) / project.name
                shutil.copytree(project, copy, ignore=LEFT_OUT, symlinks=True)
                copies.append(copy)
            verdicts = [judge(story, copies, options) for story in chosen]
    except (InputError, OSError, tomllib.TOMLDecodeError, KeyError) as error:
        print(f"seed_mutants: {error}", file=sys.stderr)
        return 2
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
