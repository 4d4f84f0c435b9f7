"""An in-process cache whose entries expire, but can still be had for a while when there is nothing better."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CacheStats:
    """How often the cache helped."""

    hits: int
    misses: int
    stale_hits: int
    size: int

    @property
    def hit_rate(self) -> float:
        """Share of fresh hits in all fresh lookups, 0 when there were none."""
        lookups = self.hits + self.misses
        return self.hits / lookups if lookups else 0.0


class TTLCache(Generic[V]):
    """A bounded cache with a time to live; the least recently used entry goes first when it is full.

    An expired entry is not dropped at once: :meth:`get_stale` still returns it up to a second, longer age.
    """

    def __init__(
        self, ttl_seconds: float, *, max_size: int = 1024, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if ttl_seconds <= 0 or max_size < 1:
            raise ValueError("ttl_seconds must be positive and max_size at least 1")
        self.ttl_seconds = ttl_seconds
        self.max_size = max_size
        self._clock = clock
        self._entries: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()
        self._hits = self._misses = self._stale_hits = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> V | None:
        """Return the value if it is within its time to live."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or self._clock() - entry[0] > self.ttl_seconds:
                self._misses += 1
                return None
            self._entries.move_to_end(key)
            self._hits += 1
            return entry[1]

    def get_stale(self, key: Hashable, max_age_seconds: float) -> tuple[V, float] | None:
        """Return the value and its age if it is not older than ``max_age_seconds``, expired or not."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            age = self._clock() - entry[0]
            if age > max_age_seconds:
                return None
            self._stale_hits += 1
            return entry[1], age

    def set(self, key: Hashable, value: V) -> None:
        """Store the value as of now, evicting the least recently used entry if need be."""
        with self._lock:
            self._entries[key] = (self._clock(), value)
            self._entries.move_to_end(key)
            while len(self._entries) > self.max_size:
                self._entries.popitem(last=False)

    def delete(self, key: Hashable) -> bool:
        """Forget one key; says whether there was anything to forget."""
        with self._lock:
            return self._entries.pop(key, None) is not None

    def purge(self, max_age_seconds: float) -> int:
        """Drop all entries older than ``max_age_seconds`` and return how many went."""
        with self._lock:
            limit = self._clock() - max_age_seconds
            old = [key for key, (stored_at, _) in self._entries.items() if stored_at < limit]
            for key in old:
                del self._entries[key]
            return len(old)

    def clear(self) -> None:
        """Forget everything, the counters included."""
        with self._lock:
            self._entries.clear()
            self._hits = self._misses = self._stale_hits = 0

    def stats(self) -> CacheStats:
        """Return the counters as of now."""
        with self._lock:
            return CacheStats(self._hits, self._misses, self._stale_hits, len(self._entries))
