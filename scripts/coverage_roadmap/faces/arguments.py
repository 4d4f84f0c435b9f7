"""One face for each command, made from its signature and docstring, so that no option is declared twice.

Positional parameters become words, keyword-only ones options; `rest` takes what is left. Help stands in `Annotated`.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import NODEFAULT, Struct, field

from coverage_roadmap.core.text import nearest
from coverage_roadmap.errors import UsageError


class Option(Struct, frozen=True):
    """One option of a command."""

    name: str
    kind: type
    help: str
    default: Any
    """`NODEFAULT` where it must be given."""
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """The names of its words, where it takes several."""
    many: bool = False
    """Whether it takes all words that are left, at least one."""

    @property
    def flag(self) -> str:
        """As it is written: --fail-under."""
        return f"--{self.name.strip('_').replace('_', '-')}"

    @property
    def told(self) -> str:
        """The help, with the choices and the default where there are some."""
        return f"{self.help}: {', '.join(self.choices)} (by default {self.default})" if self.choices else self.help

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is NODEFAULT


class Face(Struct, frozen=True):
    """A command as a face sees it."""

    name: str
    """As it is written: `exit-check`, `history.show`."""
    command: Callable[..., Any]
    summary: str
    example: str
    words: tuple[Option, ...]
    options: tuple[Option, ...]
    takes_rest: bool

    def usage(self) -> str:
        """The help text."""
        words = [f"{word.name.upper()}..." if word.many else word.name.upper() for word in self.words]
        rest = ["[PYTEST ARGUMENTS]"] if self.takes_rest else []
        usage = " ".join(["usage: coverage-roadmap", self.name, *words, "[OPTIONS]", *rest])
        left = [*words, *map(_left, self.options)]
        right = [option.told for option in (*self.words, *self.options)]
        told = [*_wrapped(self.summary), "", *columns(left, right)]
        return "\n".join([usage, "", *told, "", f"example: {self.example}"])


def columns(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """Lines of names and what is told of each, within 80 columns and never in the middle of a word."""
    width = max(map(len, left), default=0)
    lines: list[str] = []
    for name, told in zip(left, right, strict=True):
        first, *others = _wrapped(told, indent=width + 4) or [""]
        lines += [f"  {name:{width}}  {first}".rstrip(), *(" " * (width + 4) + other for other in others)]
    return lines


def _wrapped(text: str, *, indent: int = 0) -> list[str]:
    import textwrap  # who asks for help has the time

    return textwrap.wrap(text, 80 - indent, break_long_words=False, break_on_hyphens=False)


def _left(option: Option) -> str:
    return option.flag if option.kind is bool else f"{option.flag} {_words(option)}"


def _words(option: Option) -> str:
    """What stands behind an option, for people."""
    return " ".join(name.strip("_").upper() for name in option.parts or (option.name,))


def face_of(name: str, command: Callable[..., Any], added: Sequence[Option] = ()) -> Face:
    """Read a command's signature. Its first parameter is the context, which the face gives, as it does with `added`.

    It is read from the function itself: to import `inspect` takes as long as many a command.
    """
    hints = typing.get_type_hints(command, include_extras=True)
    code = command.__code__
    words = code.co_varnames[1 : code.co_argcount]
    options = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    given = command.__defaults__ or ()
    defaults = {**dict(zip(reversed(words), reversed(given), strict=False)), **(command.__kwdefaults__ or {})}
    doc = [line.strip() for line in (command.__doc__ or "").splitlines()]
    example = next((line.removeprefix("Example: ") for line in doc if line.startswith("Example: ")), "")
    made = {n: _option(n, hints[n], defaults.get(n, NODEFAULT)) for n in (*words, *options) if n != "rest"}
    return Face(
        name=name,
        command=command,
        summary=doc[0] if doc else "",
        example=example,
        words=tuple(made[n] for n in words if n in made),
        options=(*(made[n] for n in options if n in made), *added),
        takes_rest="rest" in (*words, *options),
    )


def _option(name: str, hint: Any, default: Any) -> Option:
    kind, text = typing.get_args(hint)
    choices = tuple(typing.get_args(kind)) if typing.get_origin(kind) is typing.Literal else ()
    parts = getattr(kind, "_fields", ())  # of a named tuple
    many = typing.get_origin(kind) is Sequence
    return Option(name, str if choices or many else kind, text, default, choices, parts, many)


class _Given(Struct):
    values: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def parse(face: Face, arguments: Sequence[str]) -> dict[str, Any]:
    """The keyword arguments for a command.

    Our own options are known by their whole names, wherever they stand before a `--`; where the command takes a rest,
    all other words go there in their order, from the first one that we do not know.

    Raises:
        UsageError: an unknown, repeated or incomplete option, a bad value, a missing or surplus word.
    """
    given = _Given()
    queue = list(arguments)
    known = {option.flag: option for option in face.options}
    while queue:
        word = queue.pop(0)
        flag, equals, value = word.partition("=")
        if word == "--":
            if not face.takes_rest and queue:
                raise UsageError("takes no further arguments", where=f"-- {queue[0]}")
            given.rest += queue
            break
        if flag in known:
            option = known[flag]
            if option.name in given.values:
                raise UsageError("is given twice", where=flag, next_step="give it once")
            given.values[option.name] = _value(option, value if equals else None, queue)
        elif not word.startswith("-") and (len(given.words) < len(face.words) or _takes_many(face)):
            given.words.append(word)
        elif face.takes_rest:
            _refuse_misspelt(flag, known)
            given.rest.append(word)
        else:
            raise UsageError(
                nearest(flag, known, "option"), where=word, next_step=f"see coverage-roadmap {face.name} --help"
            )
    if missing := face.words[len(given.words) :]:
        raise UsageError(f"needs {missing[0].help}", where=face.name, next_step=f"for example {face.example}")
    if lacking := [option for option in face.options if option.required and option.name not in given.values]:
        where = f"{face.name} {lacking[0].flag}"
        raise UsageError(f"is needed: {lacking[0].help}", where=where, next_step=f"for example {face.example}")
    named: dict[str, Any] = dict(zip((word.name for word in face.words), given.words, strict=False))
    if _takes_many(face):
        named[face.words[-1].name] = given.words[len(face.words) - 1 :]
    return {**named, **given.values, **({"rest": given.rest} if face.takes_rest else {})}


def _takes_many(face: Face) -> bool:
    return bool(face.words) and face.words[-1].many


def _refuse_misspelt(flag: str, known: Iterable[str]) -> None:
    """What is almost an option of ours is meant as one; pytest would take it for a test or refuse it late."""
    import difflib  # only for words that may be pytest's own

    if flag.startswith("--") and difflib.get_close_matches(flag, known, n=1, cutoff=0.85):
        raise UsageError(
            nearest(flag, known, "option"), where=flag, next_step="put -- before it where it is pytest's own"
        )


def _value(option: Option, value: str | None, queue: list[str]) -> Any:
    if option.kind is bool:
        if value is not None:
            raise UsageError("takes no value", where=option.flag)
        return True
    wanted = len(option.parts) or 1
    words = [value] if value is not None else []
    words += [queue.pop(0) for _ in range(min(len(queue), wanted - len(words)))]
    if len(words) < wanted:
        needed = "a value" if wanted == 1 else f"{wanted} values"
        raise UsageError(f"needs {needed}", where=option.flag, next_step=f"{option.flag} {_words(option)}")
    if option.parts:
        return option.kind(*words)
    value = words[0]
    if option.choices and value not in option.choices:
        raise UsageError(nearest(value, option.choices, "choice"), where=f"{option.flag} {value}")
    if not value:
        raise UsageError("needs a value that is not empty", where=option.flag)
    return value
