"""The streaming tasks: orchestration, retry policies and what goes to the (patched) broker."""

from datetime import date, datetime
from types import SimpleNamespace
from unittest.mock import MagicMock, call

import pandas as pd
import pytest
from celery.exceptions import Retry

from src.core.config import Settings
from src.core.exceptions import StorageError, StreamingError
from src.data.storage.data_lake_storage import DataLakeStorage, RecoveryReport
from src.monitoring.metrics import ServiceMetrics
from src.streaming.dead_letters import DeadLetterBox
from src.streaming.kafka_consumer import ConsumeSummary
from src.streaming.stream_processor import ProcessSummary
from src.tasks import streaming_tasks as tasks
from src.tasks.celery_app import app
from src.tasks.retry import RetryPolicy


@pytest.fixture(autouse=True)
def metrics(monkeypatch) -> ServiceMetrics:
    own = ServiceMetrics()
    monkeypatch.setattr("src.monitoring.task_metrics.get_metrics", lambda: own)
    monkeypatch.setattr("src.data.storage.data_lake_storage.get_metrics", lambda: own)
    monkeypatch.setattr(tasks, "RETRY", RetryPolicy(max_retries=3, base_seconds=2.0))
    return own


@pytest.fixture
def settings(monkeypatch, tmp_path) -> Settings:
    own = Settings(data_lake_path=tmp_path / "lake", data_lake_retention_days=30)
    monkeypatch.setattr(tasks, "get_settings", lambda: own)
    return own


@pytest.fixture
def consumer(monkeypatch) -> MagicMock:
    """A patched consumer that has handled 20 messages and is 7 behind."""
    own = MagicMock()
    own.__enter__.return_value = own
    own.run.return_value = ConsumeSummary(batches=2, handled=20, dead=1)
    own.lag.return_value = {("odds", 0): 3, ("odds", 1): 4}
    monkeypatch.setattr(tasks, "build_consumer", lambda: own)
    return own


@pytest.fixture
def processor(monkeypatch) -> MagicMock:
    own = MagicMock(totals=ProcessSummary(flushed_rows=15))
    monkeypatch.setattr(tasks, "build_processor", lambda: own)
    return own


@pytest.fixture
def producer(monkeypatch) -> MagicMock:
    own = MagicMock()
    monkeypatch.setattr(tasks, "build_producer", lambda: own)
    return own


@pytest.fixture
def storage(monkeypatch) -> MagicMock:
    own = MagicMock()
    own.datasets.return_value = ["live_scores", "odds_windows"]
    own.recover.return_value = RecoveryReport()
    monkeypatch.setattr(tasks, "open_storage", lambda: own)
    return own


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, dict]]:
    """Messages that tasks hand to the broker, which is patched out: name and options."""
    messages: list[tuple[str, dict]] = []

    def send_task(name, args=(), kwargs=None, **options):
        messages.append((name, {"args": args, "kwargs": kwargs or {}, **options}))
        return MagicMock(id=options.get("task_id"))

    monkeypatch.setattr(app, "send_task", send_task)
    return messages


def retried(task, monkeypatch, retries: int = 0, **kwargs) -> dict:
    """Run the task as its `retries`-th retry; the arguments with which it asks for the next."""
    asked = {}

    def retry(**options):
        asked.update(options)
        raise Retry()

    monkeypatch.setattr(task, "retry", retry)
    task.push_request(retries=retries)
    try:
        with pytest.raises(Retry):
            task.run(**kwargs)
    finally:
        task.pop_request()
    return asked


# --- consuming ----------------------------------------------------------------------------------


def test_consuming_joins_consumer_and_processor(consumer, processor, metrics):
    result = tasks.consume_stream.apply(kwargs={"max_batches": 5}).get()
    assert result == {"batches": 2, "handled": 20, "dead": 1, "rows": 15, "behind": 7}
    consumer.run.assert_called_once_with(processor.handle, processor.finish, 5)
    consumer.__exit__.assert_called_once()
    assert metrics.value("tasks_total", task="streaming.consume", outcome="success") == 1


def test_ten_batches_are_the_default(consumer, processor):
    tasks.consume_stream.apply().get()
    assert consumer.run.call_args.args[2] == 10


@pytest.mark.parametrize(("retries", "countdown"), [(0, 2.0), (1, 4.0), (2, 8.0)])
def test_a_broker_failure_is_retried_ever_later(consumer, processor, metrics, monkeypatch, caplog, retries, countdown):
    error = StreamingError("all brokers are down")
    consumer.run.side_effect = error
    consumer.__exit__.return_value = False
    assert retried(tasks.consume_stream, monkeypatch, retries) == {
        "exc": error,
        "countdown": countdown,
    }
    consumer.__exit__.assert_called_once()
    assert "consuming failed: all brokers are down" in caplog.text
    assert metrics.value("task_retries_total", task="streaming.consume") == 1


def test_a_broker_that_stays_down_fails_the_task(consumer, processor, metrics):
    consumer.run.side_effect = StreamingError("all brokers are down")
    consumer.__exit__.return_value = False
    with pytest.raises(StreamingError, match="all brokers are down"):
        tasks.consume_stream.apply().get()
    assert consumer.run.call_count == 1 + tasks.consume_stream.max_retries == 4
    assert metrics.value("tasks_total", task="streaming.consume", outcome="failure") == 1


def test_a_bug_is_not_retried(consumer, processor):
    consumer.run.side_effect = KeyError("type")
    consumer.__exit__.return_value = False
    with pytest.raises(KeyError):
        tasks.consume_stream.apply().get()
    assert consumer.run.call_count == 1


# --- lag ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("behind", "started"), [(0, 0), (999, 0), (1_000, 1), (3_500, 3), (4_999, 4), (90_000, 4)])
def test_more_consumers_for_a_longer_queue(consumer, sent, caplog, behind, started):
    consumer.lag.return_value = {("odds", 0): behind - behind // 2, ("odds", 1): behind // 2}
    result = tasks.check_lag.apply(kwargs={"per_consumer": 1_000}).get()
    assert result == {"behind": behind, "started": started}
    assert [name for name, _ in sent] == ["streaming.consume"] * started
    assert [options["countdown"] for _, options in sent] == list(range(started))
    assert (f"started {started} consumers" in caplog.text) is bool(started)


def test_five_thousand_messages_are_worth_a_consumer(consumer, sent):
    consumer.lag.return_value = {("odds", 0): 9_999}
    assert tasks.check_lag.apply().get()["started"] == 1


# --- dead letters -------------------------------------------------------------------------------


@pytest.fixture
def box(settings, tmp_path) -> DeadLetterBox:
    """Three letters of the odds topic, where the tasks look for them."""
    own = DeadLetterBox(tmp_path / "dead_letters")
    for offset in range(3):
        own.add(("odds", 2, offset), "unknown-type", "version 2", f"value {offset}".encode())
    return own


def test_dead_letters_are_sent_again(box, producer):
    assert tasks.replay_dead_letters.apply(kwargs={"topic": "odds"}).get() == 3
    assert producer.send_raw.call_args_list == [
        call("odds", f"value {offset}".encode(), headers={"replayed-from": f"2/{offset}"}) for offset in range(3)
    ]
    assert producer.flush.call_count == 3
    assert box.topics() == []


def test_a_replay_can_be_limited(box, producer):
    assert tasks.replay_dead_letters.apply(args=("odds", 2)).get() == 2
    assert [letter.offset for letter in box.letters("odds")] == [2]


def test_letters_that_the_broker_refused_stay(box, producer, monkeypatch):
    error = StreamingError("1 messages failed")
    producer.flush.side_effect = [None, error]
    asked = retried(tasks.replay_dead_letters, monkeypatch, retries=1, topic="odds")
    assert asked == {"exc": error, "countdown": 4.0}
    assert [letter.offset for letter in box.letters("odds")] == [1, 2]


# --- the lake -----------------------------------------------------------------------------------


def test_every_dataset_is_recovered(storage):
    reports = {"odds_windows": RecoveryReport(orphans=("x.tmp",)), "live_scores": RecoveryReport()}
    storage.recover.side_effect = reports.get
    assert tasks.recover_lake.apply().get() == {"live_scores": True, "odds_windows": False}


def test_recovery_can_be_narrowed(storage):
    assert tasks.recover_lake.apply(kwargs={"datasets": ["odds_windows"]}).get() == {"odds_windows": True}
    storage.recover.assert_called_once_with("odds_windows")


def test_only_datasets_that_failed_are_recovered_again(storage, monkeypatch, caplog):
    error = StorageError("journal is damaged")
    storage.recover.side_effect = [error, RecoveryReport()]
    assert retried(tasks.recover_lake, monkeypatch, retries=2) == {
        "args": (),
        "kwargs": {"datasets": ["live_scores"]},
        "exc": error,
        "countdown": 8.0,
    }
    assert storage.recover.call_count == 2
    assert "cannot recover live_scores: journal is damaged" in caplog.text


def test_a_dataset_that_stays_broken_fails_the_task(storage):
    storage.recover.side_effect = StorageError("journal is damaged")
    with pytest.raises(StorageError, match="journal is damaged"):
        tasks.recover_lake.apply(kwargs={"datasets": ["odds_windows"]}).get()
    assert storage.recover.call_count == 4


def test_maintenance_deletes_old_odds_and_merges_small_files(settings, monkeypatch):
    monkeypatch.setattr(tasks, "today", lambda: date(2025, 9, 30))
    lake = DataLakeStorage(settings.data_lake_path)
    days = ["2025-08-30", "2025-08-31", "2025-09-30"]
    lake.write("odds_windows", pd.DataFrame({"day": days, "home": [2.0, 2.1, 2.2]}), ["day"])
    for minute in range(4):
        scores = pd.DataFrame({"league": ["PL"], "minute": [minute]})
        lake.write("live_scores", scores, ["league"])
    result = tasks.maintain_lake.apply().get()
    assert result == {"deleted_rows": 1, "merged_files": 4}
    assert sorted(lake.read("odds_windows")["day"]) == days[1:]
    assert sorted(lake.read("live_scores")["minute"]) == [0, 1, 2, 3]
    assert len(lake.manifest("live_scores").files) == 1
    assert tasks.maintain_lake.apply().get() == {"deleted_rows": 0, "merged_files": 0}


# --- the pipeline -------------------------------------------------------------------------------


def test_the_pipeline_queues_its_steps_in_order(sent):
    tasks.start_pipeline(max_batches=3)
    ((name, options),) = sent
    assert name == "streaming.recover_lake"
    rest = [(step["task"], step["kwargs"]) for step in reversed(options["chain"])]
    assert rest == [("streaming.consume", {"max_batches": 3}), ("streaming.maintain_lake", {})]
    (link,) = options["link_error"]
    assert link["task"] == "streaming.report_failure"


def test_a_pipeline_reads_ten_batches(sent):
    tasks.start_pipeline()
    assert sent[0][1]["chain"][-1]["kwargs"] == {"max_batches": 10}


def test_a_stopped_pipeline_is_reported(caplog):
    request = SimpleNamespace(task="streaming.consume")
    text = tasks.report_failure(request, StreamingError("no brokers"), None)
    assert text == "pipeline stopped at streaming.consume: no brokers"
    assert caplog.messages == [text]


# --- what the tasks are built from --------------------------------------------------------------


def test_the_schedule():
    entries = {name: tuple(entry.values()) for name, entry in tasks.SCHEDULE.items()}
    assert entries == {
        "consume-every-minute": ("streaming.consume", 60.0),
        "lag-every-five-minutes": ("streaming.check_lag", 300.0),
        "maintain-lake-daily": ("streaming.maintain_lake", 86_400.0),
    }
    assert tasks.SCHEDULE.items() <= app.conf.beat_schedule.items()
    assert {"task", "schedule"} == set(app.conf.beat_schedule["consume-every-minute"])


def test_the_tasks_are_registered_and_routed():
    assert {name for name in app.tasks if name.startswith("streaming.")} == {
        "streaming.consume",
        "streaming.check_lag",
        "streaming.replay_dead_letters",
        "streaming.recover_lake",
        "streaming.maintain_lake",
        "streaming.report_failure",
    }
    assert app.amqp.router.route({}, "streaming.consume")["queue"].name == "streaming"


def test_clients_are_built_for_the_configured_brokers(settings, monkeypatch):
    made = {}
    for name in ("MessageConsumer", "KafkaProducer"):
        monkeypatch.setattr(tasks, name, lambda *args, name=name: made.setdefault(name, args))
    tasks.build_consumer()
    tasks.build_producer()
    config, box = made["MessageConsumer"]
    assert (config.bootstrap_servers, config.topics) == ("localhost:9092", settings.kafka_topics)
    assert box.folder == settings.data_lake_path.parent / "dead_letters"
    assert made["KafkaProducer"] == (config,)


def test_the_processor_writes_to_the_lake(settings):
    processor = tasks.build_processor()
    assert processor.finish() == 0
    assert tasks.WINDOW.total_seconds() == 300
    assert tasks.LATENESS.total_seconds() == 60
    assert tasks.open_storage().root == settings.data_lake_path
    assert not settings.data_lake_path.exists()


def test_days_are_those_of_utc(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2025, 9, 1, 23, 30) if tz is None else datetime(2025, 9, 2, 1, tzinfo=tz)

    monkeypatch.setattr(tasks, "datetime", Clock)
    assert tasks.today() == date(2025, 9, 2)
