"""The consumer's contract with Kafka: sample payloads through a mocked client."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from src.core.config import Settings
from src.core.exceptions import ConfigurationError, StreamingError
from src.monitoring.metrics import ServiceMetrics
from src.streaming.config import StreamConfig
from src.streaming.dead_letters import DeadLetterBox
from src.streaming.kafka_consumer import MessageConsumer
from src.streaming.messages import (
    Envelope,
    MatchAnnounced,
    MessageError,
    OddsQuoted,
    ScoreChanged,
    decode,
    encode,
)

AT = datetime(2025, 9, 1, 14, 0, tzinfo=UTC)
CONFIG = StreamConfig("kafka:9092", "football", ("matches", "odds"), "dead", 50, 0.25)

SAMPLE_MATCH = {
    "type": "match",
    "version": 1,
    "data": {
        "match_id": 7,
        "league": "PL",
        "home_team": "Arsenal",
        "away_team": "Leeds",
        "kickoff": "2025-09-01T16:00:00+02:00",
        "referee": "a field that this version does not know",
    },
}
SAMPLE_SCORE = {
    "type": "score",
    "version": 1,
    "data": {
        "match_id": 7,
        "minute": 12,
        "home_goals": 1,
        "away_goals": 0,
        "occurred_at": "2025-09-01T14:12:00Z",
    },
}
SAMPLE_ODDS = {
    "type": "odds",
    "data": {
        "match_id": 7,
        "bookmaker": "acme",
        "home": 2,
        "draw": 3.4,
        "away": 4.1,
        "taken_at": "2025-09-01T13:00:00Z",
    },
}


@dataclass
class Raw:
    """What confluent-kafka hands out: methods, not attributes."""

    content: object = None
    at: tuple[str, int, int] = ("matches", 0, 0)
    problem: KafkaError | None = None

    def topic(self):
        return self.at[0]

    def partition(self):
        return self.at[1]

    def offset(self):
        return self.at[2]

    def error(self):
        return self.problem

    def value(self):
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass
class FakeClient:
    """A Kafka client that hands out prepared batches and writes down what is asked of it."""

    options: dict = field(default_factory=dict)
    batches: deque = field(default_factory=deque)
    polls: list = field(default_factory=list)
    commits: list = field(default_factory=list)
    seeks: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    positions: list = field(default_factory=list)
    ends: dict = field(default_factory=dict)
    commit_error: KafkaException | None = None
    on_revoke: object = None
    closed: bool = False

    def subscribe(self, topics, on_revoke):
        self.topics, self.on_revoke = topics, on_revoke

    def consume(self, count, timeout):
        self.polls.append((count, timeout))
        return self.batches.popleft() if self.batches else []

    def commit(self, offsets, asynchronous):
        if self.commit_error is not None:
            raise self.commit_error
        assert asynchronous is False
        self.commits.append([(spot.topic, spot.partition, spot.offset) for spot in offsets])

    def seek(self, spot):
        self.seeks.append((spot.topic, spot.partition, spot.offset))

    def assignment(self):
        return [TopicPartition(spot.topic, spot.partition) for spot in self.positions]

    def position(self, partitions):
        assert [(p.topic, p.partition) for p in partitions] == [(p.topic, p.partition) for p in self.positions]
        return self.positions

    def get_watermark_offsets(self, spot, timeout):
        assert timeout > 0
        return self.ends[spot.topic, spot.partition]

    def close(self):
        self.closed = True


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


@pytest.fixture
def box(tmp_path) -> DeadLetterBox:
    return DeadLetterBox(tmp_path / "dead")


@pytest.fixture
def consumer(client, box, metrics) -> MessageConsumer:
    def connect(options):
        client.options = options
        return client

    return MessageConsumer(CONFIG, box, metrics, connect)


def nothing() -> None:
    """A `finish` for runs that have nothing to finish."""


# --- connecting ---------------------------------------------------------------------------------


def test_the_client_must_not_commit_by_itself(consumer, client):
    assert client.options["bootstrap.servers"] == "kafka:9092"
    assert client.options["group.id"] == "football"
    assert client.options["enable.auto.commit"] is False
    assert client.options["auto.offset.reset"] == "earliest"


def test_it_subscribes_on_entry_and_closes_on_exit(consumer, client):
    with consumer as entered:
        assert entered is consumer
        assert (client.topics, client.closed) == (["matches", "odds"], False)
    assert client.closed


def test_it_closes_after_an_error_and_lets_it_through(consumer, client):
    with pytest.raises(RuntimeError), consumer:
        raise RuntimeError
    assert client.closed


# --- decoding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (
            SAMPLE_MATCH,
            MatchAnnounced(7, "PL", "Arsenal", "Leeds", datetime(2025, 9, 1, 14, tzinfo=UTC)),
        ),
        (SAMPLE_SCORE, ScoreChanged(7, 12, 1, 0, datetime(2025, 9, 1, 14, 12, tzinfo=UTC))),
        (
            SAMPLE_ODDS,
            OddsQuoted(7, "acme", 2.0, 3.4, 4.1, datetime(2025, 9, 1, 13, tzinfo=UTC)),
        ),
    ],
    ids=["match", "score", "odds"],
)
def test_sample_payloads(consumer, client, payload, message):
    client.batches.append([Raw(payload, ("matches", 2, 41))])
    assert consumer.poll() == [Envelope("matches", 2, 41, message)]
    assert client.polls == [(50, 0.25)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b"{", "not-json"),
        (["match"], "bad-shape"),
        ({"type": "match", "data": None}, "bad-shape"),
        ({**SAMPLE_MATCH, "version": 9}, "unknown-type"),
        ({**SAMPLE_MATCH, "type": "card"}, "unknown-type"),
        ({**SAMPLE_MATCH, "data": {**SAMPLE_MATCH["data"], "league": None}}, "missing-field"),
        ({**SAMPLE_MATCH, "data": {**SAMPLE_MATCH["data"], "away_team": "Arsenal"}}, "bad-field"),
        ({**SAMPLE_SCORE, "data": {**SAMPLE_SCORE["data"], "minute": -1}}, "bad-field"),
        ({**SAMPLE_ODDS, "data": {**SAMPLE_ODDS["data"], "home": 1}}, "bad-field"),
        ({**SAMPLE_ODDS, "data": {**SAMPLE_ODDS["data"], "taken_at": "noon"}}, "bad-field"),
    ],
)
def test_payloads_that_break_the_contract_become_dead_letters(consumer, client, box, metrics, payload, reason):
    client.batches.append([Raw(payload, ("odds", 1, 5)), Raw(SAMPLE_MATCH, ("odds", 1, 6))])
    assert [envelope.offset for envelope in consumer.poll()] == [6]
    (letter,) = box.letters("odds")
    assert (letter.topic, letter.partition, letter.offset) == ("odds", 1, 5)
    assert letter.reason == reason
    assert letter.value == Raw(payload).value()
    assert metrics.value("stream_messages_total", topic="odds", outcome="dead") == 1


# --- committing ---------------------------------------------------------------------------------


def test_a_run_commits_the_offsets_after_the_last_messages(consumer, client, metrics):
    client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 3)), Raw(SAMPLE_ODDS, ("odds", 1, 8))])
    client.batches.append([Raw(SAMPLE_SCORE, ("matches", 0, 4))])
    handled, order = [], []
    summary = consumer.run(
        lambda batch: handled.append([envelope.offset for envelope in batch]),
        lambda: order.append(len(client.commits)),
        max_batches=10,
    )
    assert handled == [[3, 8], [4]]
    assert (summary.batches, summary.handled, summary.dead) == (2, 3, 0)
    assert order == [0], "finish comes before the commit"
    assert client.commits == [[("matches", 0, 5), ("odds", 1, 9)]]
    assert metrics.value("stream_messages_total", topic="matches", outcome="handled") == 2
    assert client.seeks == []


def test_a_run_stops_at_the_batch_limit(consumer, client):
    client.batches.extend([Raw(SAMPLE_MATCH, ("matches", 0, n))] for n in range(5))
    summary = consumer.run(lambda batch: None, nothing, max_batches=2)
    assert (summary.batches, summary.handled, len(client.batches)) == (2, 2, 3)
    assert client.commits == [[("matches", 0, 2)]]


def test_an_idle_topic_commits_nothing_but_finishes(consumer, client):
    finished = []
    summary = consumer.run(pytest.fail, lambda: finished.append(True), max_batches=3)
    assert (summary.batches, finished, client.commits) == (0, [True], [])
    assert len(client.polls) == 1


def test_dead_letters_are_committed_as_well(consumer, client):
    client.batches.append([Raw(b"{", ("odds", 0, 1))])
    client.batches.append([Raw(SAMPLE_ODDS, ("odds", 0, 2)), Raw(b"{", ("odds", 0, 3))])
    summary = consumer.run(lambda batch: None, nothing, max_batches=10)
    assert (summary.batches, summary.handled, summary.dead) == (2, 1, 2)
    assert client.commits == [[("odds", 0, 4)]]


def test_positions_are_committed_once(consumer, client):
    client.batches.append([Raw(SAMPLE_MATCH)])
    consumer.run(lambda batch: None, nothing, max_batches=1)
    consumer.commit()
    assert client.commits == [[("matches", 0, 1)]]


def test_a_refused_commit_is_an_error(consumer, client):
    client.commit_error = KafkaException(KafkaError(KafkaError.REBALANCE_IN_PROGRESS))
    client.batches.append([Raw(SAMPLE_MATCH)])
    with pytest.raises(StreamingError, match="cannot commit") as caught:
        consumer.run(lambda batch: None, nothing, max_batches=1)
    assert caught.value.context == {"offsets": 1}


# --- failures -----------------------------------------------------------------------------------


def test_a_failing_handler_rewinds_to_the_last_commit(consumer, client, metrics):
    client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 3)), Raw(SAMPLE_ODDS, ("odds", 1, 8))])
    client.batches.append([Raw(SAMPLE_SCORE, ("matches", 0, 4))])

    def fails_on_scores(batch):
        if isinstance(batch[0].message, ScoreChanged):
            raise ValueError("no such match")

    with pytest.raises(StreamingError, match="a batch of 1 was not handled: no such match"):
        consumer.run(fails_on_scores, nothing, max_batches=10)
    assert client.seeks == [("matches", 0, 3), ("odds", 1, 8)]
    assert client.commits == []
    assert metrics.value("stream_messages_total", topic="matches", outcome="failed") == 1
    consumer.commit()
    assert client.commits == [], "what was rewound must not be committed later"


def test_a_failing_finish_rewinds_too(consumer, client):
    client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 3))])

    def full_disk():
        raise StreamingError("cannot write")

    with pytest.raises(StreamingError, match="cannot write"):
        consumer.run(lambda batch: None, full_disk, max_batches=1)
    assert (client.seeks, client.commits) == ([("matches", 0, 3)], [])


def test_after_a_commit_there_is_nothing_to_rewind(consumer, client):
    client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 3))])
    consumer.run(lambda batch: None, nothing, max_batches=1)
    consumer.rewind()
    assert client.seeks == []


@pytest.mark.parametrize(
    ("error", "fatal"),
    [
        (KafkaError(KafkaError._PARTITION_EOF), False),
        (KafkaError(KafkaError._TRANSPORT, "broker is away", retriable=True), False),
        (KafkaError(KafkaError._ALL_BROKERS_DOWN, "all are away"), True),
        (KafkaError(KafkaError._FATAL, "fenced", fatal=True, retriable=True), True),
    ],
    ids=["end of partition", "retriable", "not retriable", "fatal"],
)
def test_broker_errors(consumer, client, error, fatal):
    client.batches.append([Raw(problem=error), Raw(SAMPLE_MATCH)])
    if fatal:
        with pytest.raises(StreamingError, match="broker error: ") as caught:
            consumer.poll()
        assert caught.value.context == {"code": error.code()}
    else:
        assert len(consumer.poll()) == 1


def test_only_transient_errors_are_counted(consumer, client, metrics, caplog):
    transient = KafkaError(KafkaError._TRANSPORT, "broker is away", retriable=True)
    client.batches.append([Raw(problem=KafkaError(KafkaError._PARTITION_EOF))])
    client.batches.append([Raw(problem=transient)])
    consumer.poll()
    assert (metrics.value("stream_messages_total", topic="", outcome="error"), caplog.text) == (0, "")
    consumer.poll()
    assert metrics.value("stream_messages_total", topic="", outcome="error") == 1
    assert "transient broker error: broker is away" in caplog.text


def test_revoked_partitions_are_neither_committed_nor_rewound(consumer, client):
    client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 3)), Raw(SAMPLE_ODDS, ("odds", 1, 8))])
    with consumer:
        consumer.poll()
        client.on_revoke(client, [TopicPartition("odds", 1), TopicPartition("odds", 2)])
        consumer.commit()
        assert client.commits == [[("matches", 0, 4)]]
        client.batches.append([Raw(SAMPLE_MATCH, ("matches", 0, 4))])
        consumer.poll()
        client.on_revoke(client, [TopicPartition("matches", 0)])
        consumer.rewind()
    assert client.seeks == []


# --- lag ----------------------------------------------------------------------------------------


def test_lag_is_counted_for_each_partition(consumer, client, metrics):
    client.positions = [
        TopicPartition("odds", 0, 90),
        TopicPartition("odds", 1, -1001),
        TopicPartition("odds", 2, 0),
        TopicPartition("odds", 3, 12),
    ]
    client.ends = {("odds", 0): (0, 100), ("odds", 1): (30, 40), ("odds", 2): (0, 5)}
    client.ends["odds", 3] = (0, 11)
    behind = {("odds", 0): 10, ("odds", 1): 10, ("odds", 2): 5, ("odds", 3): 0}
    assert consumer.lag() == behind
    assert metrics.value("stream_lag", topic="odds", partition="1") == 10


def test_without_an_assignment_there_is_no_lag(consumer):
    assert consumer.lag() == {}


# --- messages by themselves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        MatchAnnounced(1, "PL", "Arsenal", "Leeds", AT),
        ScoreChanged(1, 45, 2, 0, AT),
        OddsQuoted(1, "acme", 1.5, 4.0, 6.5, AT),
    ],
)
def test_what_is_encoded_is_decoded(message):
    assert decode(encode(message)) == message


def test_times_are_kept_in_utc():
    local = AT.astimezone(timezone(timedelta(hours=5)))
    message = decode(encode(ScoreChanged(1, 45, 2, 0, local)))
    assert message.occurred_at.tzinfo is UTC
    assert message.occurred_at == AT


@pytest.mark.parametrize(
    ("name", "value"),
    [("minute", True), ("minute", "45"), ("occurred_at", "2025-09-01T14:00:00"), ("match_id", 1.5)],
)
def test_fields_of_a_wrong_kind_are_named(name, value):
    content = json.loads(encode(ScoreChanged(1, 45, 2, 0, AT)))
    content["data"][name] = value
    with pytest.raises(MessageError, match=f"bad-field: {name}"):
        decode(json.dumps(content).encode())


# --- the dead-letter box ------------------------------------------------------------------------


def test_letters_wait_in_order_until_they_are_taken(tmp_path):
    box = DeadLetterBox(tmp_path / "box")
    assert (box.topics(), list(box.letters("odds"))) == ([], [])
    for offset in range(3):
        box.add(("odds", 0, offset), "not-json", "broken", b"\xff")
    taken = []

    def refuse_the_second(letter):
        if letter.offset == 1:
            raise StreamingError("no broker")
        taken.append(letter.value)

    with pytest.raises(StreamingError):
        box.replay("odds", refuse_the_second)
    assert taken == [b"\xff"]
    assert [letter.offset for letter in box.letters("odds")] == [1, 2]


def test_a_damaged_box_says_where(tmp_path):
    box = DeadLetterBox(tmp_path)
    box.add(("odds", 0, 1), "not-json", "broken", None)
    with (tmp_path / "odds.jsonl").open("a") as stream:
        stream.write("{\n")
    with pytest.raises(StreamingError, match="line 2"):
        list(box.letters("odds"))


# --- the configuration of both ends ------------------------------------------------------------


def test_the_configuration_comes_from_the_settings():
    config = StreamConfig.from_settings(Settings(kafka_bootstrap_servers="a:1,b:2"))
    assert config.consumer_options()["bootstrap.servers"] == "a:1,b:2"
    assert config.topics == ("matches", "odds", "scores")
    assert config.producer_options()["enable.idempotence"] is True


@pytest.mark.parametrize("servers", ["kafka", "kafka:", ":9092", "a:1,b", "a:port"])
def test_servers_need_a_host_and_a_port(servers):
    with pytest.raises(ConfigurationError, match="not a host:port"):
        StreamConfig(servers, "g", ("t",), "dead")


def test_the_dead_letter_topic_is_not_consumed():
    with pytest.raises(ConfigurationError, match="dead-letter topic"):
        StreamConfig("a:1", "g", ("t", "dead"), "dead")
