"""An iterable that makes its items only as far as it is walked, and begins anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazily(Iterable[T], Generic[T]):
    """Walks what a function gives; unlike a generator it can be walked again."""

    def __init__(self, begin: Callable[[], Iterator[T]]) -> None:
        """Keep the function, which is called for each walk."""
        self._begin = begin

    def __iter__(self) -> Iterator[T]:
        """Begin a walk."""
        return self._begin()
