"""Sends messages to Kafka and makes sure that somebody hears of those that were not delivered."""

from collections.abc import Callable
from typing import Any

from confluent_kafka import Producer

from src.core.exceptions import StreamingError
from src.core.logger import get_logger
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.streaming.config import StreamConfig
from src.streaming.messages import Message, encode

logger = get_logger(__name__)


class KafkaProducer:
    """A producer that counts deliveries and fails loudly on `flush`."""

    def __init__(
        self,
        config: StreamConfig,
        metrics: ServiceMetrics | None = None,
        client_factory: Callable[[dict[str, object]], Any] = Producer,
    ) -> None:
        self._client = client_factory(config.producer_options())
        self._metrics = metrics or get_metrics()
        self._failures: list[str] = []

    def send(self, topic: str, message: Message) -> None:
        """Queue a message; its match decides its partition, so that a match stays in order."""
        self.send_raw(topic, encode(message), key=str(message.match_id))

    def send_raw(self, topic: str, value: bytes, key: str | None = None, headers: dict[str, str] | None = None) -> None:
        """Queue bytes. A full queue is emptied once before it becomes an error."""
        options = {"key": key, "headers": headers or {}, "on_delivery": self._delivered}
        try:
            self._client.produce(topic, value, **options)
        except BufferError:
            self._client.poll(1.0)
            try:
                self._client.produce(topic, value, **options)
            except BufferError as error:
                raise StreamingError(f"the queue for {topic} is full", topic=topic) from error
        self._client.poll(0)

    def flush(self, timeout: float = 10.0) -> None:
        """Wait until all is delivered; what is not makes a `StreamingError`."""
        waiting = self._client.flush(timeout)
        failures, self._failures = self._failures, []
        if waiting:
            raise StreamingError(f"{waiting} messages are still not delivered", waiting=waiting)
        if failures:
            raise StreamingError(f"{len(failures)} messages failed: {failures[0]}")

    def _delivered(self, error: Any, message: Any) -> None:
        outcome = "failed" if error is not None else "sent"
        self._metrics.stream_messages.labels(topic=message.topic(), outcome=outcome).inc()
        if error is not None:
            logger.error("delivery to %s failed: %s", message.topic(), error)
            self._failures.append(str(error))
