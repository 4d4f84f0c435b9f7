"""The rules of this house: imports run one way, core and render are pure, and nothing grows too large."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter import api
from importlinter.application.use_cases import SUCCESS, lint_imports

from coverage_roadmap import core, render

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "scripts" / "coverage_roadmap"
PURE = sorted([*(PACKAGE / "core").rglob("*.py"), *(PACKAGE / "render").rglob("*.py")])
CODE = sorted(path for place in ("scripts", "tests", ".ci") for path in (ROOT / place).rglob("*.py"))
PURE_MODULES = {
    *("ast", "bisect", "fnmatch", "heapq", "io", "posixpath", "shlex", "tokenize", "warnings"),
    *("__future__", "collections", "configparser", "copy", "dataclasses", "datetime", "decimal", "difflib", "enum"),
    *("fractions", "functools", "hashlib", "html", "itertools", "json", "math", "operator", "re", "statistics"),
    *("string", "textwrap", "tomllib", "types", "typing", "unicodedata"),
    *("coverage_roadmap", "jinja2", "msgspec", "pygal", "rich", "yaml"),
}
"""All that core and render may import; of pathlib only what touches no disk."""
IMPURE_CALLS = frozenset({"open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint"})
IMPURE_METHODS = {
    *("now", "utcnow", "today", "fromtimestamp", "read_text", "read_bytes", "write_text", "write_bytes", "open"),
    *("mkdir", "unlink", "touch", "iterdir", "glob", "rglob", "exists", "is_file", "is_dir", "resolve", "cwd", "home"),
}
PURE_PATHS = frozenset({"PurePath", "PurePosixPath"})
PERMITTED = {
    "scripts/coverage_roadmap/core/statements.py": ["compile()"],
    "scripts/coverage_roadmap/render/chart.py": ["sys"],
}
"""A source's code object tells its statements, and nothing runs it; what pygal adds to the importers is taken out."""


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def impurities(source: str) -> Iterator[str]:
    """What in a module may open a file, start a process or read a clock."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from {alias.name.split(".")[0] for alias in names} - PURE_MODULES
            case ast.ImportFrom(module="pathlib", names=names):
                yield from {alias.name for alias in names} - PURE_PATHS
            case ast.ImportFrom(module=str(module), level=0):
                yield from {module.split(".")[0]} - PURE_MODULES
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                yield f"{name}()"
            case ast.Attribute(attr=name) if name in IMPURE_METHODS:
                yield f".{name}"


@pytest.mark.parametrize("path", PURE, ids=short)
def test_core_and_render_open_no_file_start_no_process_and_read_no_clock(path):
    assert list(impurities(path.read_text(encoding="utf-8"))) == PERMITTED.get(short(path), [])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", ["os"]),
        ("from subprocess import run", ["subprocess"]),
        ("import pathlib", ["pathlib"]),
        ("from pathlib import Path, PurePosixPath", ["Path"]),
        ("def f():\n    import time", ["time"]),
        ("open('x')", ["open()"]),
        ("from datetime import datetime\ndatetime.now()", [".now"]),
        ("clock = date.today", [".today"]),
        ("path.read_text()", [".read_text"]),
        ("from .time import x\nopener(1)\ndatetime.fromisoformat('x')\nfrom pathlib import PurePosixPath", []),
    ],
)
def test_what_is_not_pure_is_found(source, found):
    assert list(impurities(source)) == found


def test_the_import_contract_is_kept():
    options = api.read_configuration(str(ROOT / "pyproject.toml"))
    assert options["contracts_options"], "no contract stands in pyproject.toml"
    passed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, is_debug_mode=False)
    assert passed is SUCCESS


LAYERS = ("faces", "commands", "adapters", "core", "errors")


def test_no_layer_knows_one_above_it():
    graph = grimp.build_graph("coverage_roadmap", cache_dir=None)
    wrong = [
        f"{lower} imports {upper}"
        for upper, lower in [*itertools.combinations(LAYERS, 2), ("render", "adapters"), ("adapters", "render")]
        if graph.find_shortest_chain(f"coverage_roadmap.{lower}", f"coverage_roadmap.{upper}", as_packages=True)
    ]
    assert wrong == []
    modules = {module.removeprefix("coverage_roadmap.").split(".")[0] for module in graph.modules}
    assert modules <= {*LAYERS, "render", "__main__", "coverage_roadmap"}


def test_pure_packages_are_the_ones_that_are_looked_at():
    homes = {Path(str(package.__file__)).parent for package in (core, render)}
    assert {home for home in homes for path in PURE if path.parent == home} == homes
    assert all(homes & {*path.parents} for path in PURE)


@pytest.mark.parametrize("path", CODE, ids=short)
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 60}
    assert long == {}


@pytest.mark.parametrize("name", ["noxfile.py", "tasks.py"])
def test_the_faces_at_the_root_are_thin(name):
    path = ROOT / name
    assert not path.exists() or len(path.read_text(encoding="utf-8").splitlines()) <= 40


def undocumented(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    """Public functions, classes and methods without a docstring."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                yield f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node, f"{node.name}.")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=short)
def test_every_public_name_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert list(undocumented(tree)) == []


def compiled_at_import(tree: ast.Module) -> Iterator[int]:
    """The lines of a module's top at which `re.compile` is called."""
    for node in itertools.chain.from_iterable(ast.walk(one) for one in tree.body if isinstance(one, ast.Assign)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile")):
                yield node.lineno


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=short)
def test_no_expression_is_compiled_before_it_is_asked(path):
    assert list(compiled_at_import(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_an_expression_that_is_compiled_at_import_is_found():
    assert list(
        compiled_at_import(ast.parse("X = 1\nY = (re.compile('a'),)\ndef f():\n    return re.compile('b')"))
    ) == [2]
