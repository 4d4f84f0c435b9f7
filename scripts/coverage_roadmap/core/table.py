"""What all tables of the config share."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


def form(pattern: str, longest: int | None = None) -> Meta:
    r"""The form of a text; not with `$`, which would let a line's end through."""
    return Meta(pattern=rf"^{pattern}\Z", max_length=longest)


Python = Annotated[str, form(r"3\.(9|[1-9][0-9])")]


class Table(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What all tables of the config share: kebab-case keys, no unknown key."""
