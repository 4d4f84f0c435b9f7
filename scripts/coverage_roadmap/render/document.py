"""A CI file as YAML: the same text for the same values, and whatever is not surely plain is quoted."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_roadmap.core.ci import marking
from coverage_roadmap.core.ci.value import Document, Noted, Room, Table, Value
from coverage_roadmap.core.regex import regex

_PLAIN = regex(r"[A-Za-z_./$][A-Za-z0-9_./@$-]*(?: [A-Za-z0-9_./@$=-]+)*")
_EXPRESSION = regex(r"\$\{\{ [A-Za-z0-9_.()'!=&| /*,-]+ \}\}")
_OTHERWISE = regex(r"(?i)y|n|yes|no|on|off|true|false|null|\.inf|\.nan|\.|\$")
"""Words that YAML, in one of its versions, takes for something else than text."""
_LINE = regex(r"[\x20-\x7e]*[\x21-\x7e]|")
"""A line that a block can hold as it is: printable, without blanks at its end."""


def text(document: Document, config: str) -> str:
    """A whole file, less the sum in its head, which stands for the rest.

    Args:
        document: what it says.
        config: the config that it is made from, as people know it.
    """
    head = [
        f"{marking.HEAD}{_scalar(config)}: change that, then run coverage-roadmap ci --write.",
        "# What stands between two hand-made markers is yours, and is kept.",
    ]
    return "\n".join([*head, *_table(document.content, 0), ""])


def _table(table: Table, depth: int) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, Room):
            yield from _room(value, depth)
        else:
            yield from _entry(f"{' ' * depth}{key if key == 'on' else _scalar(key)}:", value, depth + 2)


def _list(values: list[Value], depth: int) -> Iterator[str]:
    for value in values:
        if isinstance(value, Room):
            yield from _room(value, depth)
        elif isinstance(value, dict) and value:
            first, *more = _table(value, depth + 2)
            yield f"{' ' * depth}- {first[depth + 2 :]}"
            yield from more
        else:
            yield from _entry(f"{' ' * depth}-", value, depth + 2)


def _entry(start: str, value: Value, depth: int) -> Iterator[str]:
    remark = ""
    if isinstance(value, Noted):
        remark = f" # {value.remark}"
        value = value.value
    match value:
        case dict() | list() if not value:
            yield f"{start} {'{}' if isinstance(value, dict) else '[]'}{remark}"
        case dict():
            yield f"{start}{remark}"
            yield from _table(value, depth)
        case list() if all(isinstance(one, str | int) for one in value):
            inline = ", ".join(_scalar(one, inline=True) for one in value if isinstance(one, str | int))
            yield f"{start} [{inline}]{remark}"
        case list():
            yield f"{start}{remark}"
            yield from _list(value, depth)
        case str() if _is_block(value):
            yield f"{start} |{'' if value.endswith(chr(10)) else '-'}{remark}"
            yield from (f"{' ' * depth}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
        case _:
            yield f"{start} {_scalar(value)}{remark}"


def _room(room: Room, depth: int) -> Iterator[str]:
    yield f"{' ' * depth}{marking.begin(room.name)}"
    yield f"{' ' * depth}{marking.end(room.name)}"


def _is_block(value: str) -> bool:
    lines = value.removesuffix("\n").split("\n")
    return "\n" in value and all(map(_LINE.fullmatch, lines)) and lines[0][:1].strip() != "" and lines[-1] != ""


def _scalar(value: object, *, inline: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    sure = _PLAIN.fullmatch(value) and not _OTHERWISE.fullmatch(value)
    if sure or (_EXPRESSION.fullmatch(value) and not inline):
        return value
    if '"' in value and "'" not in value and _LINE.fullmatch(value):
        return f"'{value}'"
    return f'"{"".join(map(_quoted, value))}"'


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if " " <= char <= "~":
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
