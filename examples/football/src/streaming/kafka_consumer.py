"""Reads messages from Kafka in batches, at least once.

Offsets are committed at the end of a run, when everything was handled and written. Messages that
break the contract are set aside as dead letters and do not hold up the rest. If a run fails, the
consumer goes back to where it began, so that the next poll delivers the same messages again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from src.core.exceptions import StreamingError
from src.core.logger import get_logger
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.streaming.config import StreamConfig
from src.streaming.dead_letters import DeadLetterBox
from src.streaming.messages import Envelope, MessageError, decode

logger = get_logger(__name__)

Handler = Callable[[Sequence[Envelope]], object]


@dataclass
class ConsumeSummary:
    """What one run of the consumer did."""

    batches: int = 0
    handled: int = 0
    dead: int = 0


class MessageConsumer:
    """A consumer of the service's topics. Use it as a context manager."""

    def __init__(
        self,
        config: StreamConfig,
        dead_letters: DeadLetterBox,
        metrics: ServiceMetrics | None = None,
        client_factory: Callable[[dict[str, object]], Any] = Consumer,
    ) -> None:
        self.config = config
        self._dead_letters = dead_letters
        self._metrics = metrics or get_metrics()
        self._client = client_factory(config.consumer_options())
        self._next: dict[tuple[str, int], int] = {}
        self._first: dict[tuple[str, int], int] = {}
        self._dead = 0

    def __enter__(self) -> Self:
        self._client.subscribe(list(self.config.topics), on_revoke=self._revoked)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def poll(self) -> list[Envelope]:
        """The next batch; empty if nothing came within the poll time.

        Transient broker errors are counted and skipped, since the client retries them by itself;
        a fatal one is a `StreamingError`.
        """
        envelopes = []
        for raw in self._client.consume(self.config.batch_size, self.config.poll_seconds):
            if raw.error() is not None:
                self._check_error(raw.error())
                continue
            place = (raw.topic(), raw.partition())
            self._first.setdefault(place, raw.offset())
            self._next[place] = raw.offset() + 1
            try:
                message = decode(raw.value())
            except MessageError as error:
                self._set_aside(raw, error)
                continue
            envelopes.append(Envelope(*place, raw.offset(), message))
        return envelopes

    def commit(self) -> None:
        """Tell the broker that everything polled so far was handled."""
        if not self._next:
            return
        offsets = [TopicPartition(*place, offset) for place, offset in sorted(self._next.items())]
        try:
            self._client.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            raise StreamingError(f"cannot commit: {error}", offsets=len(offsets)) from error
        self._next, self._first = {}, {}

    def rewind(self) -> None:
        """Go back to the first message that is not committed."""
        for place, offset in self._first.items():
            self._client.seek(TopicPartition(*place, offset))
        self._next, self._first = {}, {}

    def run(self, handler: Handler, finish: Callable[[], object], max_batches: int) -> ConsumeSummary:
        """Handle batches until a poll stays empty or `max_batches` were read; finish, then commit."""
        summary = ConsumeSummary()
        try:
            while summary.batches < max_batches:
                dead_before = self._dead
                envelopes = self.poll()
                dead = self._dead - dead_before
                if not envelopes and not dead:
                    break
                self._handle(handler, envelopes)
                summary.batches += 1
                summary.handled += len(envelopes)
                summary.dead += dead
            finish()
        except Exception:
            self.rewind()
            raise
        self.commit()
        return summary

    def lag(self) -> dict[tuple[str, int], int]:
        """How many messages each assigned partition is behind its end; also set as a metric."""
        behind = {}
        for spot in self._client.position(self._client.assignment()):
            low, high = self._client.get_watermark_offsets(spot, timeout=5.0)
            position = spot.offset if spot.offset >= 0 else low
            behind[spot.topic, spot.partition] = max(0, high - position)
        for (topic, partition), count in behind.items():
            self._metrics.stream_lag.labels(topic=topic, partition=str(partition)).set(count)
        return behind

    def _handle(self, handler: Handler, envelopes: list[Envelope]) -> None:
        try:
            handler(envelopes)
        except Exception as error:
            self._count(envelopes, "failed")
            raise StreamingError(f"a batch of {len(envelopes)} was not handled: {error}") from error
        self._count(envelopes, "handled")

    def _count(self, envelopes: list[Envelope], outcome: str) -> None:
        for envelope in envelopes:
            self._metrics.stream_messages.labels(topic=envelope.topic, outcome=outcome).inc()

    def _set_aside(self, raw: Any, error: MessageError) -> None:
        place = (raw.topic(), raw.partition(), raw.offset())
        self._dead_letters.add(place, error.reason, str(error), raw.value())
        self._metrics.stream_messages.labels(topic=raw.topic(), outcome="dead").inc()
        self._dead += 1

    def _check_error(self, error: Any) -> None:
        if error.code() == KafkaError._PARTITION_EOF:
            return
        if error.fatal() or not error.retriable():
            raise StreamingError(f"broker error: {error.str()}", code=error.code())
        logger.warning("transient broker error: %s", error.str())
        self._metrics.stream_messages.labels(topic="", outcome="error").inc()

    def _revoked(self, _client: Any, partitions: list[TopicPartition]) -> None:
        """Another member takes over: forget positions that are no longer ours to commit."""
        for spot in partitions:
            self._next.pop((spot.topic, spot.partition), None)
            self._first.pop((spot.topic, spot.partition), None)
