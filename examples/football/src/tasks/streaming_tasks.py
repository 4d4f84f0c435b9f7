"""Tasks around the stream: consume it, replay dead letters, and keep the lake in order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from celery import Task, chain
from celery.result import AsyncResult

from src.core.config import get_settings
from src.core.exceptions import StorageError, StreamingError
from src.core.logger import get_logger
from src.data.storage.data_lake_storage import DataLakeStorage
from src.data.storage.retention import RetentionPolicy, fragmented
from src.monitoring.task_metrics import task_run
from src.streaming.config import StreamConfig
from src.streaming.dead_letters import DeadLetter, DeadLetterBox
from src.streaming.kafka_consumer import MessageConsumer
from src.streaming.kafka_producer import KafkaProducer
from src.streaming.stream_processor import ODDS, StreamProcessor
from src.streaming.windows import TumblingWindows
from src.tasks.celery_app import app
from src.tasks.retry import RetryPolicy

logger = get_logger(__name__)

RETRY = RetryPolicy.from_settings(get_settings())
WINDOW = timedelta(minutes=5)
LATENESS = timedelta(minutes=1)
MAX_EXTRA_CONSUMERS = 4

SCHEDULE = {
    "consume-every-minute": {"task": "streaming.consume", "schedule": 60.0},
    "lag-every-five-minutes": {"task": "streaming.check_lag", "schedule": 300.0},
    "maintain-lake-daily": {"task": "streaming.maintain_lake", "schedule": 86_400.0},
}
app.conf.beat_schedule = {**app.conf.beat_schedule, **SCHEDULE}


def today() -> date:
    """The present day in UTC, in one place so that tests can set it."""
    return datetime.now(UTC).date()


def open_storage() -> DataLakeStorage:
    """The service's data lake."""
    return DataLakeStorage(get_settings().data_lake_path)


def dead_letter_box() -> DeadLetterBox:
    """Dead letters lie beside the lake, not in it."""
    return DeadLetterBox(get_settings().data_lake_path.parent / "dead_letters")


def build_consumer() -> MessageConsumer:
    """A consumer of the configured topics."""
    return MessageConsumer(StreamConfig.from_settings(get_settings()), dead_letter_box())


def build_producer() -> KafkaProducer:
    """A producer for the configured brokers."""
    return KafkaProducer(StreamConfig.from_settings(get_settings()))


def build_processor() -> StreamProcessor:
    """A processor that writes to the lake."""
    return StreamProcessor(open_storage(), TumblingWindows(WINDOW, LATENESS))


@app.task(bind=True, name="streaming.consume", max_retries=RETRY.max_retries)
def consume_stream(self: Task, max_batches: int = 10) -> dict[str, int]:
    """Consume what waits, write it to the lake, commit. Tried again on a broker or lake failure."""
    with task_run(self.name):
        try:
            with build_consumer() as consumer:
                processor = build_processor()
                summary = consumer.run(processor.handle, processor.finish, max_batches)
                behind = sum(consumer.lag().values())
        except StreamingError as error:
            logger.warning("consuming failed: %s", error)
            raise self.retry(exc=error, countdown=RETRY.delay(self.request.retries)) from error
        return {
            "batches": summary.batches,
            "handled": summary.handled,
            "dead": summary.dead,
            "rows": processor.totals.flushed_rows,
            "behind": behind,
        }


@app.task(bind=True, name="streaming.check_lag")
def check_lag(self: Task, per_consumer: int = 5_000) -> dict[str, int]:
    """Start one more consumer for every `per_consumer` messages that the stream is behind."""
    with task_run(self.name):
        with build_consumer() as consumer:
            behind = sum(consumer.lag().values())
        extra = min(behind // per_consumer, MAX_EXTRA_CONSUMERS)
        for number in range(extra):
            consume_stream.apply_async(countdown=number)
        if extra:
            logger.warning("%d messages behind, started %d consumers", behind, extra)
        return {"behind": behind, "started": extra}


@app.task(bind=True, name="streaming.replay_dead_letters", max_retries=RETRY.max_retries)
def replay_dead_letters(self: Task, topic: str, limit: int | None = None) -> int:
    """Send dead letters to their topic again; each is removed once the broker has it."""
    with task_run(self.name):
        producer = build_producer()

        def send(letter: DeadLetter) -> None:
            headers = {"replayed-from": f"{letter.partition}/{letter.offset}"}
            producer.send_raw(letter.topic, letter.value, headers=headers)
            producer.flush()

        try:
            return dead_letter_box().replay(topic, send, limit)
        except StreamingError as error:
            raise self.retry(exc=error, countdown=RETRY.delay(self.request.retries)) from error


@app.task(bind=True, name="streaming.recover_lake", max_retries=RETRY.max_retries)
def recover_lake(self: Task, datasets: list[str] | None = None) -> dict[str, bool]:
    """Repair the datasets (all, unless named) after a crash; true for those that were in order.

    Datasets that could not be repaired are tried again, and only those.
    """
    with task_run(self.name):
        storage = open_storage()
        clean: dict[str, bool] = {}
        failed: dict[str, StorageError] = {}
        for dataset in storage.datasets() if datasets is None else datasets:
            try:
                clean[dataset] = storage.recover(dataset).clean
            except StorageError as error:
                logger.error("cannot recover %s: %s", dataset, error)
                failed[dataset] = error
        if failed:
            raise self.retry(
                args=(),
                kwargs={"datasets": sorted(failed)},
                exc=next(iter(failed.values())),
                countdown=RETRY.delay(self.request.retries),
            )
        return clean


@app.task(bind=True, name="streaming.maintain_lake")
def maintain_lake(self: Task) -> dict[str, int]:
    """Delete odds that are older than the retention, and merge small files everywhere."""
    with task_run(self.name):
        storage = open_storage()
        policy = RetentionPolicy("day", get_settings().data_lake_retention_days)
        deleted = sum(
            storage.delete(ODDS, partition) for partition in policy.expired(storage.partitions(ODDS), today())
        )
        merged = 0
        for dataset in storage.datasets():
            for partition in fragmented(storage.manifest(dataset).files.values()):
                merged += storage.compact(dataset, partition)
        return {"deleted_rows": deleted, "merged_files": merged}


@app.task(name="streaming.report_failure")
def report_failure(request: Any, error: BaseException, _traceback: object) -> str:
    """Called when a step of the pipeline has failed for good."""
    text = f"pipeline stopped at {request.task}: {error}"
    logger.error(text)
    return text


def start_pipeline(max_batches: int = 10) -> AsyncResult:
    """Queue the whole pipeline: repair the lake, consume, then maintain. A failure ends it."""
    steps = chain(recover_lake.si(), consume_stream.si(max_batches=max_batches), maintain_lake.si())
    return steps.apply_async(link_error=report_failure.s())
