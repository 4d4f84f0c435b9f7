"""When, and after how long, a failed task is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from src.core.config import Settings
from src.core.exceptions import ConfigurationError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off: ``base``, ``base * factor``, ``base * factor ** 2``, and so on up to ``cap``."""

    max_retries: int = 3
    base_seconds: float = 2.0
    factor: float = 2.0
    cap_seconds: float = 300.0

    def __post_init__(self) -> None:
        """Refuse a policy that would never wait, or wait for ever less."""
        if self.max_retries < 0:
            raise ConfigurationError("max_retries must not be negative", value=self.max_retries)
        if self.base_seconds <= 0 or self.cap_seconds <= 0:
            raise ConfigurationError("base_seconds and cap_seconds must be positive")
        if self.factor < 1:
            raise ConfigurationError("factor must be at least 1", value=self.factor)

    @classmethod
    def from_settings(cls, settings: Settings) -> RetryPolicy:
        """Build the policy that the settings ask for."""
        return cls(max_retries=settings.task_max_retries, base_seconds=settings.task_retry_base_seconds)

    def delay(self, attempt: int) -> float:
        """Return the wait in seconds before retry number ``attempt``, counted from 0."""
        if attempt < 0:
            raise ValueError("attempt counts from 0")
        return min(self.base_seconds * self.factor**attempt, self.cap_seconds)

    def delays(self) -> Iterator[float]:
        """Yield the waits of all retries that the policy allows."""
        for attempt in range(self.max_retries):
            yield self.delay(attempt)

    def should_retry(self, attempt: int) -> bool:
        """Whether retry number ``attempt``, counted from 0, is still allowed."""
        return attempt < self.max_retries
