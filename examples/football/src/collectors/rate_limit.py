"""A limit on how often an outside API is called."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class RateLimiter:
    """A token bucket: bursts up to ``burst`` calls, ``per_minute`` calls in the long run."""

    def __init__(
        self,
        per_minute: float,
        *,
        burst: int = 5,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if per_minute <= 0 or burst < 1:
            raise ValueError("per_minute must be positive and burst at least 1")
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(burst)
        self._updated = clock()
        self.waited_seconds = 0.0

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._updated) * self._rate)
        self._updated = now

    async def acquire(self) -> None:
        """Take one token, waiting for it if there is none."""
        self._refill()
        while self._tokens < 1.0:
            wait = (1.0 - self._tokens) / self._rate
            self.waited_seconds += wait
            await self._sleep(wait)
            self._refill()
        self._tokens -= 1.0

    def penalise(self, seconds: float) -> None:
        """Keep the bucket empty for a while, as when the source said that it was called too often."""
        self._tokens = -seconds * self._rate
        self._updated = self._clock()
