"""What a module of test code defines, imports and lets pytest collect."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct, field

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.testcode.hollow import truth
from coverage_roadmap.core.testcode.names import last_name
from coverage_roadmap.core.testcode.skipped import NEVER, skip_of, skips_itself, skips_module
from coverage_roadmap.core.testcode.style import PYTEST, Style
from coverage_roadmap.core.testcode.walking import statements

Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLAIN_BASES = frozenset(
    f"{kind}TestCase" for kind in ("", "IsolatedAsyncio", "Simple", "Transaction", "LiveServer", "Async")
) | {"object", "ABC", "Generic", "Protocol"}
"""Bases without assertions of a project's own."""

_OF_TESTS = regex(r"(^|_)(tests?|testing|testutils?|utils?|helpers?|common|conftest)(_|$)")
_FAMILY = 64
"""Classes that one inherits from in its own file, and star imports, of which more are left alone."""
_MADE_FOR_TESTS = frozenset({"testing", "assertions"})


class Collected(Struct, frozen=True):
    """A function that pytest takes for a test."""

    name: str
    node: Function
    skipped: str
    own_base: bool
    """Whether its class has a base that is the project's own and stands in another file."""


class Module(Struct, frozen=True):
    """A parsed module, taken apart once."""

    path: str
    functions: dict[str, Function] = field(default_factory=dict)
    """Functions at its top, tests among them."""
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    methods: dict[str, list[Function]] = field(default_factory=dict)
    """Methods of all its classes, by their bare names."""
    inner: dict[str, list[Function]] = field(default_factory=dict)
    """Functions in functions, among all others, by their bare names."""
    fixtures: set[str] = field(default_factory=set)
    """Names of the fixtures that stand here."""
    imported: dict[str, str] = field(default_factory=dict)
    """The key of each imported name: the last part of its module, a dot, its name there."""
    modules: dict[str, str] = field(default_factory=dict)
    """Names that may be modules, with the last part of what they are."""
    stars: set[str] = field(default_factory=set)
    """The last parts of modules of which all names are imported."""
    near: set[str] = field(default_factory=lambda: {"testing.", "assertions."})
    """Keys of what is imported from beside the tests, and, with a dot behind, modules there or made for testing."""
    bound: dict[str, list[ast.expr]] = field(default_factory=dict)
    """What names at its top, and with a dot before them those of its classes and objects, are set to."""
    collected: list[Collected] = field(default_factory=list)

    @property
    def is_package(self) -> bool:
        """Whether it is a package's own file, which hands on what it imports."""
        return self.path.endswith("/__init__.py")

    @property
    def stem(self) -> str:
        """The last part of its name."""
        return self.path.removesuffix("/__init__.py").rsplit("/", 1)[-1].removesuffix(".py")

    def key(self, name: str) -> str:
        """The key of what stands in this file, which no other file has."""
        return f"{self.path}::{name}"

    def names(self, name: str) -> bool:
        """Whether a name stands for something at the module's top."""
        return any(name in some for some in (self.functions, self.classes, self.bound, self.imported, self.modules))

    def is_near(self, key: str) -> bool:
        """Whether what a key names may well be a helper for tests, though it stands in no file that is known."""
        return key in self.near or f"{key.partition('.')[0]}." in self.near


def fixture_name(node: Function) -> str:
    """The name by which tests ask for a fixture; empty where the function is none."""
    for decorator in node.decorator_list:
        if last_name(decorator).endswith("fixture"):
            words = decorator.keywords if isinstance(decorator, ast.Call) else []
            names = [word.value.value for word in words if word.arg == "name" and isinstance(word.value, ast.Constant)]
            return str(names[0]) if names else node.name
    return ""


def take_apart(path: str, tree: ast.Module, style: Style = PYTEST) -> Module:
    """Find the definitions, imports and tests of a module.

    Args:
        path: where it stands, with slashes.
        tree: what it holds.
        style: what is a test.
    """
    module = Module(path)
    for node in statements(tree.body):
        if isinstance(node, ast.ImportFrom):
            _import_from(node, module)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                last = alias.name.rsplit(".", 1)[-1]
                module.modules[alias.asname or alias.name.split(".")[0]] = last
        elif isinstance(node, ast.ClassDef):
            _take_class(node, module)
        elif isinstance(node, Function):
            module.inner.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and last_name(target.value) in ("self", "cls"):
                    module.bound.setdefault(f".{target.attr}", []).append(node.value)
    _bind(tree.body, "", module)
    collector = _Collector(module, style)
    collector.read(tree.body, skips_module(tree.body, module.imported))
    functions = [*module.functions.values(), *(one for several in module.methods.values() for one in several)]
    module.fixtures.update(name for one in functions if (name := fixture_name(one)))
    return module


def _take_class(node: ast.ClassDef, module: Module) -> None:
    module.classes.setdefault(node.name, node)
    for method in node.body:
        if isinstance(method, Function):
            module.methods.setdefault(method.name, []).append(method)
    _bind(node.body, ".", module)


def _bind(body: Sequence[ast.stmt], prefix: str, module: Module) -> None:
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    module.bound.setdefault(f"{prefix}{target.id}", []).append(node.value)


def _import_from(node: ast.ImportFrom, module: Module) -> None:
    origin = (node.module or "").split(".")
    for alias in node.names:
        if alias.name == "*":
            if len(module.stars) < _FAMILY:
                module.stars.add(origin[-1])
            continue
        key = f"{origin[-1]}.{alias.name}"
        module.imported[alias.asname or alias.name] = key
        module.modules[alias.asname or alias.name] = alias.name
        if _is_beside(node, [*origin, alias.name]):
            module.near.update((key, f"{alias.name}."))


def _is_beside(node: ast.ImportFrom, parts: Sequence[str]) -> bool:
    """Whether an import is of what stands beside the tests, or was made for testing.

    Tests inside a package import the package itself by two dots and more.
    """
    named = node.level > 1 and any(_OF_TESTS.search(part) for part in parts)
    return node.level == 1 or named or parts[0] in ("tests", "test", "conftest") or bool(_MADE_FOR_TESTS & set(parts))


class _Collector:
    """Goes through a module as pytest does."""

    def __init__(self, module: Module, style: Style) -> None:
        self.module = module
        self.style = style
        self.seen: set[int] = set()
        """The classes whose tests were taken: what several inherit counts once."""

    def read(self, body: Sequence[ast.stmt], skipped: str) -> None:
        """Take the tests and functions of a block at the module's top."""
        for node, never in _definitions(body):
            if isinstance(node, ast.ClassDef):
                self.read_class(node, "", skipped or never)
            else:
                self.module.functions.setdefault(node.name, node)
                if self.is_test(node):
                    self.add(node, "", skipped or never, own_base=False)

    def read_class(self, node: ast.ClassDef, prefix: str, skipped: str) -> None:
        """Take a class's tests, those of its bases in this module among them, where pytest collects it."""
        family = list(self.family(node))
        unit = any(last_name(base).endswith("TestCase") for one in family for base in one.bases)
        if not unit and not (_matches(node.name, self.style.classes) and not _has_init(family)):
            return
        name = f"{prefix}{node.name}::"
        own_base = any(
            last_name(base) not in _PLAIN_BASES and last_name(base) not in self.module.classes
            for one in family
            for base in one.bases
        )
        for one in family:
            why = skipped or self.skip_of_class(one)
            if id(one) in self.seen or (one is not node and self.skip_of_class(node)):
                continue
            self.seen.add(id(one))
            for inner, never in _definitions(one.body):
                if isinstance(inner, ast.ClassDef):
                    self.read_class(inner, name, why or never)
                elif inner.name.startswith("test") if unit else self.is_test(inner):
                    self.add(inner, name, why or never, own_base=own_base)

    def skip_of_class(self, node: ast.ClassDef) -> str:
        """Why none of a class's tests runs; empty where they do."""
        imported = self.module.imported
        return skip_of(node.decorator_list, imported) or skips_module(node.body, imported)

    def add(self, node: Function, prefix: str, skipped: str, *, own_base: bool) -> None:
        """Take a test."""
        why = skipped or skip_of(node.decorator_list, self.module.imported) or skips_itself(node.body)
        self.module.collected.append(Collected(f"{prefix}{node.name}", node, why, own_base))

    def is_test(self, node: Function) -> bool:
        """Whether its name is a test's; a fixture is none."""
        return _matches(node.name, self.style.functions) and not fixture_name(node)

    def family(self, node: ast.ClassDef) -> Iterator[ast.ClassDef]:
        """A class and its bases in this module, each once."""
        waiting, seen = [node], {id(node)}
        while waiting and len(seen) < _FAMILY:
            here = waiting.pop(0)
            yield here
            for base in here.bases:
                found = self.module.classes.get(last_name(base))
                if found is not None and id(found) not in seen:
                    seen.add(id(found))
                    waiting.append(found)


def _definitions(body: Sequence[ast.stmt], never: str = "") -> Iterator[tuple[Function | ast.ClassDef, str]]:
    """Functions and classes of a block, in branches too, since what stands under a version's `if` is collected.

    Each with why it never runs, where no branch leads to it.
    """
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield node, never
            continue
        dead = NEVER if isinstance(node, ast.If) and truth(node.test) is False else never
        yield from _definitions(getattr(node, "body", []), dead)
        yield from _definitions(getattr(node, "orelse", []), never)
        yield from _definitions(getattr(node, "finalbody", []), never)
        for handler in getattr(node, "handlers", []):
            yield from _definitions(handler.body, never)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """As pytest does it: a prefix, or a glob where it has its signs."""
    return any(
        name.startswith(pattern) or (any(sign in pattern for sign in "*?[") and fnmatchcase(name, pattern))
        for pattern in patterns
    )


def _has_init(family: Sequence[ast.ClassDef]) -> bool:
    names = {node.name for one in family for node in one.body if isinstance(node, Function)}
    return bool(names & {"__init__", "__new__"})
