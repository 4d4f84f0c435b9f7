"""Tumbling windows over odds: the opening, extreme and closing price of each interval."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from src.core.exceptions import ConfigurationError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Candle:
    """What happened to one value within one window."""

    start: datetime
    opened_at: datetime
    closed_at: datetime
    open: float
    high: float
    low: float
    close: float
    count: int = 1

    def add(self, at: datetime, value: float) -> None:
        """Take in a value; values may come in any order."""
        self.high = max(self.high, value)
        self.low = min(self.low, value)
        self.count += 1
        if at < self.opened_at:
            self.opened_at, self.open = at, value
        if at >= self.closed_at:
            self.closed_at, self.close = at, value


@dataclass
class TumblingWindows:
    """Open windows by key, closed when the watermark (newest time less lateness) has passed them."""

    size: timedelta
    lateness: timedelta = timedelta(0)
    _open: dict[tuple[datetime, Hashable], Candle] = field(default_factory=dict)
    _newest: datetime = EPOCH

    def __post_init__(self) -> None:
        if self.size <= timedelta(0):
            raise ConfigurationError("a window needs a positive size")
        if self.lateness < timedelta(0):
            raise ConfigurationError("lateness cannot be negative")

    @property
    def watermark(self) -> datetime:
        """No value before this moment is waited for."""
        return self._newest - self.lateness if self._newest > EPOCH else EPOCH

    def start_of(self, at: datetime) -> datetime:
        """The start of the window that the moment falls into."""
        return at - (at - EPOCH) % self.size

    def add(self, key: Hashable, at: datetime, value: float) -> bool:
        """Take in a value; False if its window was closed already."""
        start = self.start_of(at)
        if start + self.size <= self.watermark:
            return False
        self._newest = max(self._newest, at)
        candle = self._open.get((start, key))
        if candle is None:
            self._open[start, key] = Candle(start, at, at, value, value, value, value)
        else:
            candle.add(at, value)
        return True

    def close(self, everything: bool = False) -> list[tuple[Hashable, Candle]]:
        """Remove and return the windows that are complete (or all), oldest first."""
        done = [place for place in self._open if everything or place[0] + self.size <= self.watermark]
        done.sort(key=lambda place: (place[0], str(place[1])))
        return [(key, self._open.pop((start, key))) for start, key in done]

    def __len__(self) -> int:
        return len(self._open)
