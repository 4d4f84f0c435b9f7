"""Where in the config a problem stands: the path of its key, and the type of the table that holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from coverage_roadmap.core.roadmap import Roadmap

Steps = tuple[int | str, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Location:
    """A key's path in the TOML table, and the type of the table that should know the key."""

    path: Steps
    holder: type[BaseModel]

    @property
    def known_keys(self) -> list[str]:
        """The keys that stand beside it in the config's types."""
        return list(_fields(self.holder))

    def show(self, table: Any) -> str:
        """The key in full; items of lists by their name or id where they have one: phases.phase3.fail-under."""
        parts: list[str] = []
        here = table
        for step in self.path:
            here = here[step] if _holds(here, step) else None
            parts.append(_name(here, step) if isinstance(step, int) else _quoted(step))
        return ".".join(parts)


def locate(loc: tuple[int | str, ...]) -> Location:
    """Follow pydantic's location through the types: it also names members of unions, which stand in no table."""
    path: list[int | str] = []
    holder: type[BaseModel] = Roadmap
    here: Any = Roadmap
    for step in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            holder = here
            here = _plain(_fields(here).get(str(step)))
        elif get_origin(here) in (list, dict):
            here = _plain(get_args(here)[-1])
        else:
            here = _member(here, step)
            continue
        path.append(step)
    return Location(tuple(path), holder)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _plain(annotation: Any) -> Any:
    """The type less its annotations and its None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        members = [arg for arg in get_args(annotation) if arg is not type(None)]
        return _plain(members[0]) if len(members) == 1 else annotation
    return annotation


def _member(union: Any, tag: int | str) -> Any:
    """The table of a tagged union that `tag` names; None where there is none."""
    tables = [arg for arg in get_args(union) if isinstance(arg, type) and issubclass(arg, BaseModel)]
    return next((table for table in tables if tag in get_args(_fields(table).get("criterion"))), None)


def _holds(here: Any, step: int | str) -> bool:
    if isinstance(here, list):
        return isinstance(step, int) and step < len(here)
    return isinstance(here, dict) and step in here


def _name(item: Any, index: int) -> str:
    name = (item.get("name") or item.get("id")) if isinstance(item, dict) else None
    return name if isinstance(name, str) and _BARE.fullmatch(name) else f"[{index}]"


def _quoted(key: str) -> str:
    return key if _BARE.fullmatch(key) else repr(key)
