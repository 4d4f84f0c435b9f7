"""Reading one function: what of it can fail, what cannot, and whose help it takes."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec.structs import replace

from coverage_roadmap.core.testcode import names, swallowed
from coverage_roadmap.core.testcode.hollow import compares_with_itself, never_fails, truth
from coverage_roadmap.core.testcode.module import Function, Module
from coverage_roadmap.core.testcode.names import last_name
from coverage_roadmap.core.testcode.reading import VERDICT, Reading, Scope, Way, read_expression
from coverage_roadmap.core.testcode.skipped import is_nothing, stop_of
from coverage_roadmap.core.testcode.walking import nodes


class Library:
    """The functions of a module, each read once."""

    def __init__(self, module: Module) -> None:
        """Keep what is read for as long as the module is looked at."""
        self.module = module
        self._read: dict[int, Reading] = {}

    def read(self, node: Function) -> Reading:
        """What stands in a function of the module."""
        if id(node) not in self._read:
            reader = _Reader(node, self)
            reader.whole()
            self._read[id(node)] = reader.reading
        return self._read[id(node)]


def is_empty(node: Function) -> bool:
    """Whether its body does nothing."""
    return all(is_nothing(statement) for statement in node.body)


class _Reader:
    """Goes through a function's statements that can be reached."""

    def __init__(self, node: Function, library: Library) -> None:
        arguments = node.args
        own = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        self.reading = Reading(parameters=own - {"self", "cls"})
        self.nested: dict[str, Reading] = {}
        self.node = node
        self.library = library
        self.scope = Scope(library.module, node, self.nested, frozenset(self.reading.parameters), frozenset())
        self.loops = 0
        self.branches_deep = 0

    def whole(self) -> None:
        """The signature, the decorators, the body, and those inner functions that are used."""
        for default in (*self.node.args.defaults, *self.node.args.kw_defaults):
            if default is not None:
                self.expression(default)
        for decorator in self.node.decorator_list:
            self.decorator(decorator)
        if ">>> " in (ast.get_docstring(self.node) or ""):
            self.reading.ways |= Way.ASSERTION
        if is_empty(self.node):
            return
        if any(names.asserting_fixture(name) for name in self.reading.parameters):
            self.reading.ways |= Way.ASSERTION
        self.block(self.node.body)
        waiting = list(self.reading.used)
        while waiting:
            if (inner := self.nested.pop(waiting.pop(), None)) is not None:
                waiting += inner.used
                self.reading.take(inner)

    def decorator(self, node: ast.expr) -> None:
        """What a decorator says: helpers that are handed in, fixtures, marks that check."""
        self.expression(node)
        name = last_name(node)
        words = node.args if isinstance(node, ast.Call) else []
        texts = [word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        if name == "parametrize":
            lists = [w.elts for w in words[:1] if isinstance(w, ast.Tuple | ast.List)]
            texts = [str(one.value) for some in lists for one in some if isinstance(one, ast.Constant)] or texts[:1]
            parametrized = {part.strip() for text in texts for part in text.split(",")}
            self.scope = replace(self.scope, parametrized=self.scope.parametrized | parametrized)
        elif name == "usefixtures":
            self.reading.parameters |= set(texts)
        elif name == "filterwarnings":
            if any(text.startswith("error") for text in texts):
                self.reading.ways |= Way.RAISE
        elif name == "xfail" or names.asserting_mark(name):
            self.reading.ways |= Way.OUTCOME

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Statements up to the first that ends the block."""
        for statement in body:
            self.statement(statement)
            if isinstance(statement, ast.Return | ast.Raise | ast.Break | ast.Continue) or stop_of(statement):
                return

    def apart(self, body: Sequence[ast.stmt]) -> Reading:
        """A block of it, read apart."""
        whole, self.reading = self.reading, Reading()
        self.block(body)
        part, self.reading = self.reading, whole
        return part

    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        match node:
            case ast.Assert(test=test):
                self.expression(test)
                self.reading.ways |= Way.NONE if self.is_hollow(node) else Way.ASSERTION
            case ast.Raise():
                self.raised(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.inner(node, [node], taken=bool(node.decorator_list))
            case ast.ClassDef():
                methods = [one for one in node.body if isinstance(one, Function)]
                self.inner(node, methods, taken=bool(node.decorator_list or node.bases or node.keywords))
            case ast.If():
                self.condition(node)
            case ast.Try() | ast.TryStar():
                self.attempt(node)
            case ast.With() | ast.AsyncWith():
                self.context(node)
            case ast.For() | ast.AsyncFor() | ast.While():
                self.loop(node)
            case ast.Match(subject=subject, cases=cases):
                self.expression(subject)
                self.branches([case.body for case in cases])
            case ast.Expr(value=value) if self.is_hollow(node):
                self.reading.used |= {one.id for one in nodes(value) if isinstance(one, ast.Name)}
            case _:
                self.expression(node)

    def is_hollow(self, node: ast.stmt) -> bool:
        """Whether a statement looks like an assertion and can never fail, or compares a thing with itself.

        What the module defines is judged by its body, and not by a name that is a mock's too.
        """
        looked_at = node.test if isinstance(node, ast.Assert) else node.value if isinstance(node, ast.Expr) else None
        name = "" if looked_at is None else last_name(looked_at)
        own = name in self.scope.module.methods and not name.startswith("assert")
        if never_fails(node) and not own:
            self.reading.hollow.add(node.lineno)
            return True
        if compares_with_itself(node, self.node.name):
            self.reading.idle.add(node.lineno)
            return True
        return False

    def raised(self, node: ast.Raise) -> None:
        """A raise is a verdict where it is not the stub's own, and not just the next step of what came."""
        if node.exc is None:
            if self.branches_deep:
                self.reading.ways |= Way.RAISE
            return
        self.expression(node.exc)
        if "Assert" in last_name(node.exc):
            self.reading.ways |= Way.ASSERTION
        else:
            self.reading.ways |= Way.RAISE if self.branches_deep else Way.ALWAYS

    def inner(self, node: Function | ast.ClassDef, functions: Sequence[Function], *, taken: bool) -> None:
        """A function or class in it: it counts where its name is used, or where a decorator or base class takes it.

        It may be the thing that is tested, so that what can never fail in it is told only where nothing else asserts.
        """
        for outer in (*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else ())):
            self.expression(outer)
        found = self.nested.setdefault(node.name, Reading())
        for function in functions:
            found.take(self.library.read(function), ways=VERDICT)
        found.idle |= found.hollow
        found.hollow.clear()
        if isinstance(node, ast.ClassDef):
            for own in (found.methods, found.asked, found.inherited):
                own.clear()  # of its own self, not of the test's
        if taken:
            self.reading.used.add(node.name)

    def branches(self, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        """Branches of one statement."""
        self.branches_deep += 1
        self.join([self.apart(body) for body in bodies])
        self.branches_deep -= 1

    def join(self, parts: Sequence[Reading]) -> None:
        """Take all parts of a branching: `assert True` in one is no matter where another fails."""
        fails = any(part.ways for part in parts)
        for part in parts:
            if fails and not part.ways:
                part.hollow.clear()
                part.idle.clear()
            self.reading.take(part)

    def condition(self, node: ast.If) -> None:
        """An if with all its elifs, less the branches that nothing leads to."""
        bodies: list[list[ast.stmt]] = []
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            here = rest[0]
            self.expression(here.test)
            known = truth(here.test)
            if known is not False:
                bodies.append(here.body)
            rest = [] if known else here.orelse
        self.branches([*bodies, rest])

    def loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        """A loop, unless it never turns."""
        head = node.test if isinstance(node, ast.While) else node.iter
        self.expression(head)
        if truth(head) is not False:
            self.loops += 1
            self.block(node.body)
            self.loops -= 1
        self.block(node.orelse)

    def attempt(self, node: ast.Try | ast.TryStar) -> None:
        """A try: what is tested in it may be hidden by its handlers."""
        body, otherwise = self.apart(node.body), self.apart(node.orelse)
        reach = swallowed.reach_of(node.handlers)
        tries_again = bool(self.loops) and isinstance(node.body[-1], ast.Break | ast.Return)
        if reach and not otherwise.ways and not tries_again:
            body = self.let_through(body, reach, node.lineno)
        body.take(otherwise)
        self.join([body, *(self.apart(handler.body) for handler in node.handlers)])
        self.block(node.finalbody)

    def context(self, node: ast.With | ast.AsyncWith) -> None:
        """A with: `suppress` hides; a parameter that is entered may be `pytest.raises`, handed in."""
        for item in node.items:
            self.expression(item.context_expr)
            name = item.context_expr.id if isinstance(item.context_expr, ast.Name) else ""
            handed_in = name in self.scope.parametrized or names.hands_in_context(name)
            if name in self.scope.parameters and handed_in:
                self.reading.ways |= Way.OUTCOME
        if reach := swallowed.reach_of_context(node.items):
            self.reading.take(self.let_through(self.apart(node.body), reach, node.lineno))
        else:
            self.block(node.body)

    def let_through(self, part: Reading, reach: swallowed.Reach, line: int) -> Reading:
        """What of a block is left where its exceptions end in silence, with the line noted where that is wrong."""
        kept = part.ways & Way.OUTCOME if reach is swallowed.Reach.EXCEPTION else Way.NONE
        left = Reading(kept, part.hollow, part.idle, part.swallowed, part.muted, part.calls)
        if part.ways & VERDICT & ~kept & ~Way.RAISE:
            left.swallowed.add(line)
        elif not kept and part.calls:
            left.muted.add(line)
        return left

    def expression(self, node: ast.AST) -> None:
        """What an expression calls and names."""
        read_expression(node, self.scope, self.reading)
