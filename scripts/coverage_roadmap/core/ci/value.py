"""What a CI file is made of, before it is text: tables, lists, scalars, remarks and room for hand-made parts."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Noted(Struct, frozen=True):
    """A value with a remark at the end of its line, or of the key that it stands under."""

    value: Value
    remark: str


class Room(Struct, frozen=True):
    """Room for a hand-made part, which stands in a table or a list as one more entry and says nothing by itself."""

    name: str


Table: TypeAlias = "dict[str, Value]"
Value: TypeAlias = "str | int | bool | Noted | Room | dict[str, Value] | list[Value]"


class Document(Struct, frozen=True):
    """A file: its path from the repository's top, and what it says."""

    path: str
    content: Table
