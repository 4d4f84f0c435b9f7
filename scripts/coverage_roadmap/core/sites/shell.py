"""Shell text, read as far as a gate needs it: commands with their words, what joins them, and groups.

It is no shell: what it does not know it takes as a word. Every step is bounded, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from coverage_roadmap.core.regex import regex

_PLAIN = regex(r"[^\s'\"\\$`|&;()<>#]++")
_BLANK = regex(r"[^\S\n]++")
_JOINED_LINE = regex(r"\\\r?\n")
_REDIRECTION = regex(r"&>>?|<<<|<<-?(?!<)|[<>]{1,2}[&|]?")
_HEREDOC = regex(r"[^\S\n]*(['\"]?)(\w+)\1")
_OPERATOR = regex(r"\|\||&&|\|&|;;|[|;&()]")
_DOUBLE = regex(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPE = regex(r"\\([\"\\$`\n])")
_BRACKET = regex(r"[()]")
_KEYWORDS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "time", "!"})
_TESTING = frozenset({"if", "elif", "while", "until", "!"})
PIPES = frozenset({"|", "|&"})
_REDIRECTED = ">"
"""The token of a redirection."""
_MOST_GROUPS = 50
MOST_NESTED = 6
"""How deep a command within a command is looked into."""


class Source(Struct, frozen=True):
    """Text to read, and where in the file each of its characters stands."""

    text: str
    at: Sequence[int]

    def part(self, start: int, end: int) -> Source:
        """A piece of it."""
        return Source(self.text[start:end], self.at[start:end])


class Word(Source, frozen=True):
    """A word as the shell hands it on, its quotes taken away and its variables left as written."""

    bare: bool = True
    """Whether nothing of it is quoted."""


class Command(Struct, frozen=True):
    """A simple command."""

    words: tuple[Word, ...]
    keyword: str = ""
    """The shell's own word before it: then, else, if."""
    negated: bool = False
    """Whether a `!` turns its exit status round."""
    within: tuple[Source, ...] = ()
    """The commands whose output stands in its words."""

    @property
    def tested(self) -> bool:
        """Whether its exit status is a condition."""
        return self.keyword in _TESTING


class Item(Struct):
    """A command or a group, and the operator after it."""

    node: Command | Group
    after: str = ""


class Group(Struct):
    """Commands in `( )` or `{ }`, or a whole script."""

    items: list[Item] = field(default_factory=list)


class _Lexer:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.here = 0
        self.tokens: list[Word | str | Source] = []
        self.heredocs: list[str] = []
        self.unclosed: set[str] = set()
        self.lost = 0
        self._begin()

    def _begin(self) -> None:
        self.chars: list[str] = []
        self.spots: list[int] = []
        self.bare = True
        self.started = False
        self.nested: list[Source] = []

    def run(self) -> list[Word | str | Source]:
        while self.here < len(self.text):
            self._step(self.text[self.here])
        self._flush()
        return self.tokens

    def _step(self, char: str) -> None:
        if match := _PLAIN.match(self.text, self.here):
            self._take(self.here, match.end())
        elif char == "\n":
            self._end("\n", self.here + 1)
            self._skip_heredocs()
        elif match := _BLANK.match(self.text, self.here):
            self._end("", match.end())
        elif match := _JOINED_LINE.match(self.text, self.here):
            self.here = match.end()
        elif char == "#" and not self.started:
            self.here = self._find("\n", self.here, len(self.text))
        elif char in "'\"`$\\":
            self._quoted(char)
        elif match := _REDIRECTION.match(self.text, self.here):
            self._redirect(match)
        elif match := _OPERATOR.match(self.text, self.here):
            self._end(match[0], match.end())
        else:
            self._take(self.here, self.here + 1)

    def _take(self, start: int, end: int) -> None:
        self.chars.append(self.text[start:end])
        self.spots.extend(self.source.at[start:end])
        self.started = True
        self.here = end

    def _flush(self) -> None:
        if self.started:
            self.tokens.append(Word("".join(self.chars), tuple(self.spots), self.bare))
        self.tokens.extend(self.nested)
        self._begin()

    def _end(self, operator: str, after: int) -> None:
        self._flush()
        if operator:
            self.tokens.append(operator)
        self.here = after

    def _find(self, wanted: str, start: int, otherwise: int) -> int:
        """Where it stands next; looked for once only where it does not stand any more."""
        found = -1 if wanted in self.unclosed else self.text.find(wanted, start)
        if found < 0:
            self.unclosed.add(wanted)
        return otherwise if found < 0 else found

    def _quoted(self, char: str) -> None:
        start = self.here
        if char == "\\":
            self.bare = False
            self.here += 1
            self._take(self.here, min(self.here + 1, len(self.text)))
        elif char == "$":
            self._dollar()
        elif char == '"' and (match := _DOUBLE.match(self.text, start)):
            self.bare = False
            self._double(match.start(1), match.end(1))
            self.here = match.end()
        elif char != '"' and (end := self._find(char, start + 1, -1)) >= 0:
            self.bare = False
            if char == "`":
                self.nested.append(self.source.part(start + 1, end))
                self._take(start, end + 1)
            else:
                self._take(start + 1, end)
                self.here = end + 1
        else:
            self._take(start, start + 1)

    def _double(self, start: int, end: int) -> None:
        self.started = True
        for match in _ESCAPE.finditer(self.text, start, end):
            self._piece(start, match.start())
            if match[1] != "\n":
                self._take(match.start(1), match.end(1))
            start = match.end()
        self._piece(start, end)

    def _piece(self, start: int, end: int) -> None:
        """Text between double quotes, in which a command's output may stand."""
        opened = self.text.find("$(", start, end)
        if opened >= 0 and 0 <= (closed := self._closing(opened + 1)) <= end:
            self.nested.append(self.source.part(opened + 2, closed))
        self._take(start, end)

    def _dollar(self) -> None:
        start = self.here
        end = start + 1
        if self.text.startswith("${{", start):
            end = self._find("}}", start, start) + 2
        elif self.text.startswith("${", start):
            end = self._find("}", start, start) + 1
        elif self.text.startswith("$(", start) and (closed := self._closing(start + 1)) >= 0:
            self.nested.append(self.source.part(start + 2, closed))
            end = closed + 1
        self._take(start, end)

    def _closing(self, opened: int) -> int:
        """Where the bracket that is opened there is closed; -1 where it never is."""
        depth = 0
        for match in _BRACKET.finditer(self.text, opened) if "(" not in self.unclosed else ():
            depth += 1 if match[0] == "(" else -1
            if depth == 0:
                return match.start()
        self.unclosed.add("(")
        return -1

    def _redirect(self, match: re.Match[str]) -> None:
        self._end(_REDIRECTED, match.end())
        if match[0] in ("<<", "<<-") and self.lost < _MOST_GROUPS and (name := _HEREDOC.match(self.text, self.here)):
            self.heredocs.append(name[2])
            self.here = name.end()

    def _skip_heredocs(self) -> None:
        for name in self.heredocs:
            end = re.compile(rf"^[ \t]*{name}\r?$", re.MULTILINE).search(self.text, self.here)
            self.here = end.end() if end else self.here
            self.lost += not end
        self.heredocs.clear()


def words(source: Source) -> list[Word]:
    """All its words, without what joins them."""
    return [token for token in _Lexer(source).run() if isinstance(token, Word)]


def parse(source: Source) -> Group:
    """The commands of a script, in order."""
    root = Group()
    stack = [root]
    found: list[Word] = []
    within: list[Source] = []
    of_group = False  # whether the words are what a group's own input or output is redirected to

    def end(operator: str) -> None:
        items = stack[-1].items
        if found or within:
            items.append(Item(_command(found, within), operator))
            found.clear()
            within.clear()
        elif items and not items[-1].after:
            items[-1].after = operator

    for token in _Lexer(source).run():
        if isinstance(token, Word):
            first = not found or found[0].text == "function"
            brace = token.text if token.bare and first and token.text in ("{", "}") else ""
        else:
            brace = token if isinstance(token, str) and token in ("(", ")") else ""
        if token == _REDIRECTED:
            of_group = of_group or (_is_closed(stack[-1]) and all(word.text.isdigit() for word in found))
            found = [] if of_group else found
        elif brace:
            of_group = False
            end("")
            _turn(stack, brace)
        elif isinstance(token, Word):
            found += [] if of_group else [token]
        elif isinstance(token, str):
            of_group = False
            end(token)
        else:
            within.append(token)
    end("")
    return root


def _is_closed(group: Group) -> bool:
    """Whether a group within it has just ended."""
    return bool(group.items) and isinstance(group.items[-1].node, Group) and not group.items[-1].after


def _turn(stack: list[Group], brace: str) -> None:
    if brace in "({" and len(stack) < _MOST_GROUPS:
        stack.append(Group())
        stack[-2].items.append(Item(stack[-1]))
    elif brace in ")}" and len(stack) > 1:
        stack.pop()


def _command(found: Sequence[Word], within: Sequence[Source]) -> Command:
    rest = list(found)
    keyword, negated = "", False
    while rest and rest[0].bare and rest[0].text in _KEYWORDS:
        keyword = keyword if keyword in _TESTING else rest[0].text
        negated ^= rest.pop(0).text == "!"
    return Command(tuple(rest), keyword, negated, tuple(within))
