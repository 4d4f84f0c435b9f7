"""Takes out of the config's table what its types refuse: each thing taken out is a problem, all told at once.

msgspec itself stops at the first, and does not say in which key of an `env` or in which phase it stands.
"""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin

from msgspec import Struct, field
from msgspec.structs import fields

from coverage_roadmap.core.advice import advise, members, plain
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.roadmap import build
from coverage_roadmap.core.text import nearest

_BARE = regex(r"[A-Za-z0-9_-]+")


class Problem(Struct, frozen=True):
    """One thing that is wrong: the key, the value as written, and what to do."""

    key: str
    value: str
    advice: str

    def __str__(self) -> str:
        """One line: key = value: advice."""
        return f"{self.key} = {self.value}: {self.advice}" if self.value else f"{self.key}: {self.advice}"


def sift(table: dict[str, Any], kind: type[Struct]) -> tuple[dict[str, Any], list[Problem]]:
    """What is left of the whole config when all that is wrong is taken out, and what was wrong.

    What is left may lack a needed key; a table within that lacks one is taken out itself.
    """
    sieve = _Sieve()
    return sieve.keys(table, kind, ""), sieve.problems


class _Sieve(Struct, frozen=True):
    """Each method gives what is left of a value: None, which TOML has not, where that is nothing."""

    problems: list[Problem] = field(default_factory=list)

    def keys(self, table: dict[str, Any], kind: type[Struct], key: str) -> dict[str, Any]:
        tag = kind.__struct_config__.tag_field
        left = {tag: table[tag]} if tag else {}
        for known in fields(kind):
            name = known.encode_name
            if name in table:
                left[name] = self._value(table[name], known.type, _join(key, name))
            elif known.required:
                self.problems.append(Problem(_join(key, name), "", "add the key"))
        names = [*([tag] if tag else []), *(known.encode_name for known in fields(kind))]
        for name, value in table.items():
            if name not in names:
                self._refuse(value, _join(key, name), nearest(name, names, "key"))
        return _something(left)

    def _value(self, value: Any, kind: Any, key: str) -> Any:
        bare = [plain(member)[0] for member in members(kind)]
        tables = [one for one in bare if isinstance(one, type) and issubclass(one, Struct)]
        if isinstance(value, dict) and tables:
            return self._table(value, tables, key)
        if isinstance(value, dict) and get_origin(bare[0]) is dict:
            words, item = get_args(bare[0])
            known = [name for name in value if not self._misnamed(name, words, key)]
            return _something({name: self._value(value[name], item, _join(key, name)) for name in known})
        if isinstance(value, list) and value and get_origin(bare[0]) is list:
            (item,) = get_args(bare[0])
            left = [self._value(one, item, f"{key}.{_name(one, index)}") for index, one in enumerate(value)]
            some = [one for one in left if one is not None]
            return some if some or not _refusal(some, kind) else None
        refusal = _refusal(value, kind)
        return self._refuse(value, key, refusal) if refusal else value

    def _misnamed(self, name: str, kind: Any, key: str) -> bool:
        refusal = _refusal(name, kind)
        if refusal:
            self._refuse(name, _join(key, name), refusal)
        return bool(refusal)

    def _table(self, table: dict[str, Any], kinds: list[type[Struct]], key: str) -> dict[str, Any] | None:
        kind = kinds[0] if len(kinds) == 1 else self._tagged(table, kinds, key)
        if kind is None:
            return None
        left = self.keys(table, kind, key)
        return left if all(known.encode_name in left for known in fields(kind) if known.required) else None

    def _tagged(self, table: dict[str, Any], kinds: list[type[Struct]], key: str) -> type[Struct] | None:
        tag = str(kinds[0].__struct_config__.tag_field)
        known = {str(kind.__struct_config__.tag): kind for kind in kinds}
        named = table[tag] if isinstance(table.get(tag), str) else ""
        if named in known:
            return known[named]
        missing = f'say which one: {tag} = "{next(iter(known))}", for example'
        self._refuse(table, key, nearest(named, known, tag) if tag in table else missing)
        return None

    def _refuse(self, value: Any, key: str, advice: str) -> None:
        self.problems.append(Problem(key, shown(value), advice))


def _refusal(value: Any, kind: Any) -> str:
    """Why a value is not of a type, as advice; empty where it is."""
    try:
        build(kind, value)
    except ValueError as refused:
        return advise(kind, value) or str(refused)
    return ""


def _something(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value is not None}


def _join(key: str, name: str) -> str:
    part = name if _BARE.fullmatch(name) else repr(name)
    return f"{key}.{part}" if key else part


def _name(item: Any, index: int) -> str:
    """An item of a list by its name or id where that is plain."""
    name = (item.get("name") or item.get("id")) if isinstance(item, dict) else None
    return name if isinstance(name, str) and _BARE.fullmatch(name) else f"[{index}]"


def shown(value: Any) -> str:
    """A value as text, on one line, at most 60 signs."""
    try:
        text = re.sub(r"Decimal\('([^']*)'\)", r"\1", repr(value))
    except ValueError:
        return "a number with thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
