"""Python files that start the tests: noxfile.py, tasks.py. Command lines are found in their texts and lists."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from msgspec import Struct

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import command
from coverage_roadmap.core.sites.command import Shell
from coverage_roadmap.core.sites.reading import Fate, Reading, unreadable
from coverage_roadmap.core.sites.shell import Source, Word
from coverage_roadmap.core.sites.site import Found, Outline

_LITERAL = regex(r"[rRuUfF]{0,2}(\"\"\"|'''|\"|')(.*)\1", re.DOTALL)
_COMMAND = regex(
    r"\s*(?:[A-Z_]+=\S*\s+)*(?:[-${]|[\w./-]*\b(?:python[\d.]*|pytest|py\.test|coverage3?|tox|nox|make|invoke|inv|bash|sh|"
    r"uv|poetry|pdm|hatch|pipenv|timeout|env|cd|set|export|docker)\s|[A-Z_]+=)"
)
"""How a command line begins; other texts are words for people."""
_UNKNOWN = "${…}"
"""Stands for a word that is not written there."""


def find(reading: Reading) -> Found:
    """The sites of a Python file."""
    tree = _parse(reading.text)
    if isinstance(tree, ast.AST):
        _Python(reading, tree).read()
        return reading.found()
    return unreadable(reading.file, tree, "it cannot be parsed")


def outline(text: str) -> Outline | None:
    """Its syntax tree, as one text; None where it cannot be parsed."""
    tree = _parse(text)
    try:
        return [((), ast.dump(tree))] if isinstance(tree, ast.AST) else None
    except (RecursionError, MemoryError):
        return None


def _parse(text: str) -> ast.Module | int:
    """Its syntax tree, or the line at which it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return 1


class _Python(Struct, dict=True):
    reading: Reading
    tree: ast.Module

    def __post_init__(self) -> None:
        """Note where the lines start."""
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.reading.text))]
        self.seen: set[int] = set()

    def read(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.List | ast.Tuple | ast.Set):
                self._words(node.elts, ())
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    self._assign(key, value)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target.slice if isinstance(target, ast.Subscript) else target, node.value)
            elif isinstance(node, ast.AnnAssign) and node.value:
                self._assign(node.target, node.value)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                self.seen.add(id(node.value))  # a docstring
            elif isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in self.seen:
                self._script(node, ())

    def _call(self, node: ast.Call) -> None:
        fate = []
        for keyword in node.keywords:
            match keyword.arg, keyword.value:
                case "warn", ast.Constant(value=True):
                    fate.append(("warn=True lets its failure pass", "take warn=True away"))
                case "success_codes", ast.List(elts=codes) | ast.Tuple(elts=codes):
                    if any(isinstance(code, ast.Constant) and code.value == 1 for code in codes):
                        fate.append(("success_codes takes its failure for a success", "take 1 out of success_codes"))
                case name, value if name:
                    self._assign(ast.Constant(value=name), value)
        self._words(node.args, fate)

    def _words(self, nodes: Sequence[ast.expr], fate: Fate) -> None:
        """Texts in a row: each may be a command line, and together they may be the words of one."""
        words = []
        for node in nodes:
            text = self._text(node)
            if text is None:
                words.append(Word(_UNKNOWN, [self._offset(node.lineno, node.col_offset)] * len(_UNKNOWN)))
            else:
                words.append(Word(text.text, text.at, bare=False))
                if " " in text.text or len(nodes) == 1:
                    self._script(node, fate)
                self._done(node)
        if len(words) > 1:
            command.command(self.reading, words, fate)

    def _script(self, node: ast.expr, fate: Fate) -> None:
        text = self._text(node)
        if text is not None and id(node) not in self.seen:
            self._done(node)
            if _COMMAND.match(text.text):
                command.script(self.reading, text, Shell(errexit=True), fate)

    def _done(self, node: ast.expr) -> None:
        self.seen.update(id(below) for below in ast.walk(node))

    def _assign(self, key: ast.expr | None, value: ast.expr) -> None:
        """A name, or a key in a dict of variables, is given a value."""
        name = key.value if isinstance(key, ast.Constant) else key.id if isinstance(key, ast.Name) else None
        number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        text = self._number(value) if number else self._text(value)
        if isinstance(name, str) and text is not None and "-fail-under" not in text.text:
            self.reading.assign(name, text, "", self._offset(value.lineno, value.col_offset))

    def _number(self, node: ast.expr) -> Source:
        start, end = self._span(node)
        return Source(self.reading.text[start:end], range(start, end))

    def _text(self, node: ast.expr) -> Source | None:
        """A text as its author wrote it, with the place of each character; None where it is none."""
        wanted = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(node, ast.JoinedStr) and not isinstance(wanted, str):
            return None
        start, end = self._span(node)
        literal = _LITERAL.fullmatch(self.reading.text, start, end)
        if literal and (wanted is None or literal[2] == wanted):
            return Source(literal[2], range(*literal.span(2)))
        text = self.reading.text[start:end] if wanted is None else str(wanted)
        return Source(text, [start] * len(text))

    def _span(self, node: ast.expr) -> tuple[int, int]:
        end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self._offset(node.lineno, node.col_offset), self._offset(end_line, end)

    def _offset(self, line: int, column: int) -> int:
        """Where in the text that is; `column` counts the bytes of UTF-8."""
        start = self.starts[min(line, len(self.starts)) - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.reading.text)
        return start + len(self.reading.text[start:end].encode()[:column].decode(errors="ignore"))
