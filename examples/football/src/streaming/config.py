"""How to reach Kafka, from the service's settings."""

from dataclasses import dataclass, field

from src.core.config import Settings
from src.core.exceptions import ConfigurationError


@dataclass(frozen=True)
class StreamConfig:
    """The part of the settings that consumers and producers need, checked."""

    bootstrap_servers: str
    group_id: str
    topics: tuple[str, ...]
    dead_letter_topic: str
    batch_size: int = 100
    poll_seconds: float = 1.0
    extra: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for server in self.bootstrap_servers.split(","):
            host, colon, port = server.strip().rpartition(":")
            if not colon or not host or not port.isdigit():
                raise ConfigurationError(f"not a host:port: {server!r}")
        if self.dead_letter_topic in self.topics:
            raise ConfigurationError("the dead-letter topic cannot be consumed as well")

    @classmethod
    def from_settings(cls, settings: Settings) -> "StreamConfig":
        """The configuration of this deployment."""
        return cls(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            group_id=settings.kafka_group_id,
            topics=settings.kafka_topics,
            dead_letter_topic=settings.kafka_dead_letter_topic,
            batch_size=settings.kafka_batch_size,
            poll_seconds=settings.kafka_poll_seconds,
        )

    def consumer_options(self) -> dict[str, object]:
        """Options of librdkafka for a consumer that commits only what was handled."""
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "group.id": self.group_id,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            **self.extra,
        }

    def producer_options(self) -> dict[str, object]:
        """Options of librdkafka for a producer that neither loses nor repeats."""
        return {
            "bootstrap.servers": self.bootstrap_servers,
            "enable.idempotence": True,
            "acks": "all",
            "linger.ms": 20,
            **self.extra,
        }
