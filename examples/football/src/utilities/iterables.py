"""Helpers over sequences and mappings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most ``size`` items."""
    if size < 1:
        raise ValueError("size must be at least 1")
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def unique(items: Iterable[K]) -> list[K]:
    """Return the items without repeats, in the order in which they first came."""
    return list(dict.fromkeys(items))


def group_by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Collect the items under their key."""
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def dig(mapping: Mapping[str, Any], path: str, default: Any = None) -> Any:
    """Follow a dotted path into nested mappings; the default stands in for anything missing or None."""
    current: Any = mapping
    for part in path.split("."):
        if not isinstance(current, Mapping) or current.get(part) is None:
            return default
        current = current[part]
    return current
