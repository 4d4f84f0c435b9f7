"""What was read in one function, and the reading of its expressions: what they call and name."""

from __future__ import annotations

import ast
from enum import Flag, auto

from msgspec import Struct, field

from coverage_roadmap.core.testcode import names
from coverage_roadmap.core.testcode.hollow import truth
from coverage_roadmap.core.testcode.module import Function, Module, fixture_name
from coverage_roadmap.core.testcode.names import last_name
from coverage_roadmap.core.testcode.walking import nodes


class Way(Flag):
    """How a function can fail."""

    NONE = 0
    ASSERTION = auto()
    """By an AssertionError."""
    OUTCOME = auto()
    """By an outcome of pytest's own, which `except Exception` lets through."""
    RAISE = auto()
    """By an exception that it raises itself, under a condition."""
    ALWAYS = auto()
    """By what it always raises, or yields: a verdict of a test, and nothing of what stands in for something."""


VERDICT = Way.ASSERTION | Way.OUTCOME | Way.RAISE
"""The ways in which what stands in for something can fail."""


class Reading(Struct):
    """What was read in a function."""

    ways: Way = Way.NONE
    hollow: set[int] = field(default_factory=set)
    """Lines of assertions that can never fail."""
    idle: set[int] = field(default_factory=set)
    """Lines that are hollow unless they are about equality: to be told only where nothing else asserts."""
    swallowed: set[int] = field(default_factory=set)
    """Lines of blocks that hide a failed assertion."""
    muted: set[int] = field(default_factory=set)
    """Lines of blocks that hide what their calls raise."""
    calls: bool = False
    """Whether it calls anything."""
    used: set[str] = field(default_factory=set)
    """Plain names."""
    methods: set[str] = field(default_factory=set)
    """What is used of its own object."""
    asked: set[str] = field(default_factory=set)
    """What is called of its own object."""
    inherited: set[str] = field(default_factory=set)
    """What is used of super()."""
    keys: set[str] = field(default_factory=set)
    """Keys of what is used of imported modules."""
    doubts: set[str] = field(default_factory=set)
    """Keys of what is imported and asserts by its name."""
    parameters: set[str] = field(default_factory=set)
    """Its fixtures."""

    def take(self, other: Reading, *, ways: Way = ~Way.NONE) -> None:
        """Add what was read in a part of it; of its ways to fail, those that count."""
        self.ways |= other.ways & ways
        self.calls |= other.calls
        self.hollow |= other.hollow
        self.idle |= other.idle
        self.swallowed |= other.swallowed
        self.muted |= other.muted
        self.used |= other.used
        self.methods |= other.methods
        self.asked |= other.asked
        self.inherited |= other.inherited
        self.keys |= other.keys
        self.doubts |= other.doubts


class Scope(Struct, frozen=True):
    """Where an expression stands."""

    module: Module
    node: Function
    nested: dict[str, Reading]
    """The functions and classes in the function."""
    parameters: frozenset[str]
    parametrized: frozenset[str]

    def defines(self, called: ast.expr) -> bool:
        """Whether what is called is defined in this file, so that it is judged by its body."""
        match called:
            case ast.Name(id=name):
                return name in self.nested or name in self.module.functions or name in self.module.classes
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                return name in self.module.methods
        return False


def read_expression(node: ast.AST, scope: Scope, reading: Reading) -> None:
    """Add what an expression, or a statement made of expressions, calls and names."""
    for one in nodes(node):
        match one:
            case ast.Call():
                _read_call(one, scope, reading)
            case ast.Name(id=name, ctx=ast.Load()):
                reading.used.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                reading.methods.add(name)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name):
                reading.inherited.add(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in scope.module.modules:
                reading.keys.add(f"{scope.module.modules[name]}.{attribute}")
            case ast.Yield() | ast.YieldFrom() if not fixture_name(scope.node):
                reading.ways |= Way.ALWAYS


def _read_call(node: ast.Call, scope: Scope, reading: Reading) -> None:
    reading.calls = True
    called = node.func
    plain = called.id if isinstance(called, ast.Name) else ""
    own = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "self"
    if own:
        reading.asked.add(last_name(called))
    if scope.defines(called):
        return
    imported = scope.module.imported.get(plain, "")
    name = imported.rsplit(".", 1)[-1] or last_name(called)
    if plain in scope.parameters:
        if names.hands_in_check(plain):
            reading.ways |= Way.RAISE
        elif plain not in scope.parametrized:
            reading.doubts.add(f"@fixture.{plain}")
    elif name in names.OUTCOMES:
        reading.ways |= Way.ASSERTION if own else Way.OUTCOME
    elif names.asserts_by_name(name):
        if imported:
            reading.doubts.add(imported)
        else:
            reading.ways |= Way.ASSERTION if names.says_assert(name) else Way.RAISE
    elif _raises_if_it_fails(name, node):
        reading.ways |= Way.RAISE
    if name[:1].islower() and scope.module.is_near(key := imported or _key(called, scope.module)):
        reading.doubts.add(key)


def _key(called: ast.expr, module: Module) -> str:
    """The key of what is called of an imported module; empty where it is something else."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in module.modules:
        return f"{module.modules[called.value.id]}.{called.attr}"
    return ""


def _raises_if_it_fails(name: str, node: ast.Call) -> bool:
    """Whether a call turns a bad exit code, or a warning, into an exception."""
    if name in ("simplefilter", "filterwarnings"):
        return any(isinstance(one, ast.Constant) and one.value == "error" for one in node.args)
    return any(word.arg == "check" and truth(word.value) for word in node.keywords)
