"""The statements of a Python source, counted without running it, as coverage.py's own parser counts them.

The numbers of lines come from the compiled code, the exclusions from the tokens, docstrings and decorators from the
syntax tree: what coverage.py takes too, so that the figures are the same on the same Python. Nothing is run.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from types import CodeType

import msgspec

from coverage_roadmap.core import pragma
from coverage_roadmap.core.pragma import Match

DEFAULT_EXCLUDE = (
    r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)",
    r"^\s*(((async )?def .*?)?[\])]+(\s*->.*?)?:\s*)?\.\.\.\s*(#|$)",
    r"^\s*if (typing\.)?TYPE_CHECKING:",
)
"""What coverage.py excludes where the settings do not replace it (7.10 and later)."""
_BLOCKS = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_FORKS = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.match_case | ast.ExceptHandler
"""Where coverage.py may count branches."""
_SUITES = ("body", "handlers", "cases", "orelse", "finalbody")
"""Where a statement holds others; in the order in which they stand."""
_BRACKETS = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}


class Exclusion(msgspec.Struct, frozen=True, array_like=True):
    """One match of an exclusion pattern in a source."""

    line: int
    """Where it stands; from 1."""
    pattern: int
    """Which of the patterns; from 0."""
    comment: bool
    """Whether it stands in a comment: a pragma."""
    code: int
    """A mark of the code on its line."""
    marks: tuple[int, ...]
    """Marks of the statements that it hides."""


class Partial(msgspec.Struct, frozen=True, array_like=True):
    """A place where a pattern asks for no second branch."""

    line: int
    """Where it stands; from 1."""
    pattern: int
    """Which of the patterns; from 0."""
    code: int
    """A mark of the code on its line."""


class Lines(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What counts in a source. A mark stands for a statement's words, so that one that only moved is known again."""

    marks: tuple[int, ...]
    """Marks of the statements that count."""
    excluded: int
    """Excluded lines, as coverage.py counts them: comments and blank lines among them count too."""
    exclusions: tuple[Exclusion, ...] = ()
    partial: tuple[Partial, ...] = ()
    """What counts where branches are measured."""

    @property
    def statements(self) -> int:
        """How many statements count."""
        return len(self.marks)

    @property
    def hidden(self) -> int:
        """How many statements do not count, since they are excluded."""
        return sum(len(exclusion.marks) for exclusion in self.exclusions)

    @property
    def pragmas(self) -> tuple[int, ...]:
        """The lines on which a comment excludes code."""
        return tuple(exclusion.line for exclusion in self.exclusions if exclusion.comment)


class Unparsed(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A source that cannot be counted: where the parser stopped (0: nowhere in particular), and why."""

    line: int
    reason: str


class Numbers(msgspec.Struct, frozen=True):
    """The lines of a source, each a statement's first one, from 1."""

    statements: frozenset[int]
    """Those that count."""
    excluded: dict[int, int]
    """Excluded lines, with the index of the match that excludes them."""
    hidden: frozenset[int]
    """Statements that would count if nothing were excluded."""
    matches: tuple[Match, ...]
    partial: tuple[Match, ...] = ()
    """Matches of the patterns that ask for no second branch, where there may be one."""


def decode(data: bytes) -> str:
    """A source's text as coverage.py reads it: by its declared encoding, with plain line ends.

    Raises:
        SyntaxError: the declared encoding is unknown, or not the file's.
    """
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\f", b" ")
    encoding, _ = tokenize.detect_encoding(iter(data.splitlines(keepends=True)).__next__)
    text = data.decode(encoding, "replace")
    return text if not text or text.endswith("\n") else f"{text}\n"


def count_bytes(data: bytes, exclude: Sequence[str], partial: Sequence[str] = ()) -> Lines | Unparsed:
    """What counts in a source file of these bytes; see `count`."""
    try:
        text = decode(data)
    except (SyntaxError, ValueError, LookupError) as error:
        return Unparsed(0, str(error))
    return count(text, exclude, partial)


def count(text: str, exclude: Sequence[str], partial: Sequence[str] = ()) -> Lines | Unparsed:
    """What counts in a source.

    Args:
        text: the source, whole.
        exclude: the exclusion patterns, of which `pragma.joined` makes a regular expression.
        partial: likewise those that ask for no second branch.
    """
    found = numbers(text, exclude, partial)
    if isinstance(found, Unparsed):
        return found
    lines = text.split("\n")
    hides: dict[int, list[int]] = {}
    for line in sorted(found.hidden):
        hides.setdefault(found.excluded[line], []).append(_mark(lines[line - 1]))
    exclusions = tuple(
        Exclusion(match.line, match.pattern, match.comment, _mark(lines[match.line - 1]), tuple(hides.get(index, ())))
        for index, match in enumerate(found.matches)
    )
    partials = tuple(Partial(match.line, match.pattern, _mark(lines[match.line - 1])) for match in found.partial)
    counted = tuple(_mark(lines[line - 1]) for line in sorted(found.statements))
    return Lines(counted, len(found.excluded), exclusions, partials)


def _mark(line: str) -> int:
    """A number for a line's code, less its layout and comment, so that a pragma beside it changes nothing."""
    code = "".join(line.split("#")[0].split())
    return int.from_bytes(hashlib.blake2b(code.encode("utf-8", "replace"), digest_size=4).digest(), "big")


def numbers(text: str, exclude: Sequence[str], partial: Sequence[str] = ()) -> Numbers | Unparsed:
    """The numbers of the lines that count, and of those that are excluded; see `count`."""
    matches = pragma.matches(text, exclude)
    owners: dict[int, int] = {}
    for index, match in enumerate(matches):
        owners.update((line, index) for line in match.lines if line not in owners)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            first = _suites(text, owners)
            code = compile(tree, "<source>", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, tokenize.TokenError) as error:
        at = error.lineno if isinstance(error, SyntaxError) else error.args[1][0]
        return Unparsed(at or 0, str(error.args[0]))
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, surrogates, too deep
        return Unparsed(0, str(error) or "is nested too deeply")
    raw = frozenset(_code_lines(code)) if first else frozenset()
    owners = {first.get(line, line): owner for line, owner in reversed(owners.items())}
    documented = set(_tree(tree, raw, owners))
    every = {first.get(line, line) for line in raw - documented} - documented
    kept = {first.get(line, line) for line in raw - documented - owners.keys()} - documented - owners.keys()
    hidden = frozenset(line for line in every - kept if line in owners)
    asked = pragma.matches(text, partial)
    forks = _forks(tree) & kept if asked else frozenset()
    forgiven = tuple(match for match in asked if any(first.get(line) in forks for line in match.lines))
    return Numbers(frozenset(kept), owners, hidden, matches, forgiven)


def _suites(text: str, owners: dict[int, int]) -> dict[int, int]:
    """The first line of each logical line's lines; adds to `owners` the lines of suites whose header is excluded.

    It is empty where the source holds no code at all.

    Raises:
        TokenError: the source ends within a statement.
    """
    first_of: dict[int, int] = {}
    indent = nesting = first = outer = 0
    owner: int | None = None
    for kind, word, (start, _), (end, _), _ in tokenize.generate_tokens(io.StringIO(text).readline):
        if kind == tokenize.INDENT:
            indent += 1
        elif kind == tokenize.DEDENT:
            indent -= 1
        elif kind == tokenize.NEWLINE and first:
            first_of.update(dict.fromkeys(range(first, end + 1), first))
            first = 0
        elif kind == tokenize.OP:
            nesting += _BRACKETS.get(word, 0)
            if word == ":" and not nesting and owner is None:
                owner = next((owners[line] for line in range(first, end + 1) if line in owners), None)
                outer = indent
                if owner is not None:
                    owners.setdefault(end, owner)
        if not first and word.strip() and kind != tokenize.COMMENT:
            first = start
            if indent <= outer:
                owner = None
            if owner is not None:
                owners[end] = owner
    return first_of


def _code_lines(code: CodeType) -> Iterator[int]:
    """The lines of the compiled code, of all that is nested in it too, less annotations that are made on demand."""
    if code.co_name != "__annotate__":
        yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code_lines(constant)


def _tree(tree: ast.Module, raw: frozenset[int], owners: dict[int, int]) -> Iterator[int]:
    """The lines of docstrings; adds to `owners` what only the syntax tree tells.

    A block is excluded by its decorators and its signature, and the last `case` of a `match` with its whole suite.
    """
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        todo += [below for suite in _SUITES for below in getattr(node, suite, ())]
        if isinstance(node, ast.Module | _BLOCKS):
            yield from _docstring(node)
        if isinstance(node, _BLOCKS):
            start = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
            owner = next((owners[line] for line in range(start, node.lineno + 1) if line in owners), None)
            if owner is not None:
                for line in range(start, (node.end_lineno or start) + 1):
                    owners.setdefault(line, owner)
        elif isinstance(node, ast.match_case) and _takes_all(node):
            suite = raw.intersection(range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1))
            if suite and suite <= owners.keys():
                for line in range(node.pattern.lineno, node.pattern.end_lineno + 1):
                    owners.setdefault(line, owners[min(suite)])


def _forks(tree: ast.Module) -> frozenset[int]:
    """The first lines of what coverage.py may count branches of."""
    found = (node for node in ast.walk(tree) if isinstance(node, _FORKS))
    return frozenset(node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno for node in found)


def _docstring(node: ast.Module | _BLOCKS) -> range:
    match node.body[:1]:
        case [ast.Expr(value=ast.Constant(value=str()), lineno=start, end_lineno=int(end))]:
            return range(start, end + 1)
    return range(0)


def _takes_all(case: ast.match_case) -> bool:
    """Whether nothing gets past this `case`."""
    pattern: ast.pattern | None = case.pattern
    while isinstance(pattern, ast.MatchOr | ast.MatchAs):
        pattern = pattern.patterns[-1] if isinstance(pattern, ast.MatchOr) else pattern.pattern
    return pattern is None and case.guard is None
