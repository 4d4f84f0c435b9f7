"""Turns the stream into state and rows: live scores, and odds joined into windows.

Rows are buffered and written to a sink in larger pieces. A message that is delivered twice is
handled once; one that comes after its window was closed is counted and dropped.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import pandas as pd

from src.core.exceptions import StorageError, StreamingError
from src.core.logger import get_logger
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.streaming.messages import Envelope, MatchAnnounced, OddsQuoted, ScoreChanged
from src.streaming.windows import TumblingWindows

logger = get_logger(__name__)

SCORES = "live_scores"
ODDS = "odds_windows"


class Sink(Protocol):
    """Where rows go; the data lake is one."""

    def write(self, dataset: str, frame: pd.DataFrame, partition_by: Sequence[str]) -> object: ...


@dataclass(frozen=True)
class LiveMatch:
    """The newest known state of a match."""

    match_id: int
    league: str = "unknown"
    home_team: str = ""
    away_team: str = ""
    minute: int = 0
    home_goals: int = 0
    away_goals: int = 0


@dataclass
class ProcessSummary:
    """What happened to the messages of one or more batches."""

    processed: int = 0
    duplicates: int = 0
    late: int = 0
    flushed_rows: int = 0


class StreamProcessor:
    """Handles envelopes of the three message types. Hand `handle` to the consumer."""

    def __init__(
        self,
        sink: Sink,
        windows: TumblingWindows,
        flush_rows: int = 500,
        remember: int = 10_000,
        metrics: ServiceMetrics | None = None,
    ) -> None:
        if flush_rows < 1 or remember < 1:
            raise StreamingError("flush_rows and remember must be at least 1")
        self.matches: dict[int, LiveMatch] = {}
        self.totals = ProcessSummary()
        self._sink = sink
        self._windows = windows
        self._flush_rows = flush_rows
        self._remember = remember
        self._metrics = metrics or get_metrics()
        self._seen: OrderedDict[tuple[str, int, int], None] = OrderedDict()
        self._rows: dict[str, list[dict[str, Any]]] = {SCORES: [], ODDS: []}
        self._handlers: dict[type, Callable[[Any], bool]] = {
            MatchAnnounced: self._announce,
            ScoreChanged: self._score,
            OddsQuoted: self._quote,
        }

    @property
    def buffered(self) -> int:
        """Rows that wait to be written."""
        return sum(len(rows) for rows in self._rows.values())

    def handle(self, envelopes: Sequence[Envelope]) -> ProcessSummary:
        """Take in a batch; writes when enough rows have gathered."""
        batch = ProcessSummary()
        for envelope in envelopes:
            if envelope.id in self._seen:
                batch.duplicates += 1
                continue
            if self._handlers[type(envelope.message)](envelope.message):
                batch.processed += 1
            else:
                batch.late += 1
                self._metrics.stream_messages.labels(topic=envelope.topic, outcome="late").inc()
            self._mark_seen(envelope)
        self._collect_windows(self._windows.close())
        if self.buffered >= self._flush_rows:
            batch.flushed_rows = self.flush()
        self._add_up(batch)
        return batch

    def flush(self) -> int:
        """Write the buffered rows; those of a dataset that cannot be written stay buffered."""
        written = 0
        for dataset, rows in self._rows.items():
            if not rows:
                continue
            partition_by = ("league",) if dataset == SCORES else ("day",)
            try:
                self._sink.write(dataset, pd.DataFrame(rows), partition_by)
            except StorageError as error:
                raise StreamingError(f"cannot write {len(rows)} rows: {error}") from error
            written += len(rows)
            self._rows[dataset] = []
        return written

    def finish(self) -> int:
        """At the end of a run: close all windows and write everything."""
        self._collect_windows(self._windows.close(everything=True))
        written = self.flush()
        self.totals.flushed_rows += written
        return written

    def _announce(self, message: MatchAnnounced) -> bool:
        known = self.matches.get(message.match_id, LiveMatch(message.match_id))
        self.matches[message.match_id] = LiveMatch(
            message.match_id,
            message.league,
            message.home_team,
            message.away_team,
            known.minute,
            known.home_goals,
            known.away_goals,
        )
        return True

    def _score(self, message: ScoreChanged) -> bool:
        """Older minutes than the known one are late; the same minute may correct a score."""
        known = self.matches.get(message.match_id, LiveMatch(message.match_id))
        if message.minute < known.minute:
            return False
        self.matches[message.match_id] = LiveMatch(
            known.match_id,
            known.league,
            known.home_team,
            known.away_team,
            message.minute,
            message.home_goals,
            message.away_goals,
        )
        self._rows[SCORES].append(
            {
                "match_id": message.match_id,
                "league": known.league,
                "minute": message.minute,
                "home_goals": message.home_goals,
                "away_goals": message.away_goals,
                "occurred_at": message.occurred_at,
            }
        )
        return True

    def _quote(self, message: OddsQuoted) -> bool:
        """The overround of the quote goes along: it tells how far the bookmaker trusts it."""
        key = (message.match_id, message.bookmaker)
        prices = {"home": message.home, "draw": message.draw, "away": message.away}
        prices["overround"] = sum(1 / price for price in prices.values()) - 1
        taken = [self._windows.add((*key, outcome), message.taken_at, price) for outcome, price in prices.items()]
        return all(taken)

    def _collect_windows(self, closed: list[tuple[Any, Any]]) -> None:
        for (match_id, bookmaker, outcome), candle in closed:
            start: datetime = candle.start
            self._rows[ODDS].append(
                {
                    "day": start.date().isoformat(),
                    "start": start,
                    "match_id": match_id,
                    "bookmaker": bookmaker,
                    "outcome": outcome,
                    "open": candle.open,
                    "high": candle.high,
                    "low": candle.low,
                    "close": candle.close,
                    "quotes": candle.count,
                }
            )

    def _mark_seen(self, envelope: Envelope) -> None:
        self._seen[envelope.id] = None
        if len(self._seen) > self._remember:
            self._seen.popitem(last=False)

    def _add_up(self, batch: ProcessSummary) -> None:
        self.totals.processed += batch.processed
        self.totals.duplicates += batch.duplicates
        self.totals.late += batch.late
        self.totals.flushed_rows += batch.flushed_rows
        if batch.late:
            logger.info("%d late messages dropped", batch.late)
