"""The stream processor: live state, windows, duplicates, late messages and flushing."""

from datetime import UTC, datetime, timedelta

import pytest

from src.core.exceptions import ConfigurationError, StorageError, StreamingError
from src.monitoring.metrics import ServiceMetrics
from src.streaming import stream_processor
from src.streaming.messages import Envelope, MatchAnnounced, OddsQuoted, ScoreChanged
from src.streaming.stream_processor import LiveMatch, StreamProcessor
from src.streaming.windows import TumblingWindows

START = datetime(2025, 9, 1, 14, 0, tzinfo=UTC)


class RecordingSink:
    """Keeps the frames that it is handed; refuses the datasets named in `broken`."""

    def __init__(self) -> None:
        self.writes: list[tuple[str, list[dict], tuple]] = []
        self.broken: set[str] = set()

    def write(self, dataset, frame, partition_by):
        if dataset in self.broken:
            raise StorageError("disk is full")
        self.writes.append((dataset, frame.to_dict("records"), tuple(partition_by)))


@pytest.fixture
def sink() -> RecordingSink:
    return RecordingSink()


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


@pytest.fixture
def processor(sink, metrics) -> StreamProcessor:
    windows = TumblingWindows(timedelta(minutes=5), timedelta(minutes=1))
    return StreamProcessor(sink, windows, metrics=metrics)


def announced(match_id: int = 7) -> MatchAnnounced:
    return MatchAnnounced(match_id, "PL", "Arsenal", "Leeds", START)


def score(minute: int, home: int = 0, away: int = 0, match_id: int = 7) -> ScoreChanged:
    return ScoreChanged(match_id, minute, home, away, START + timedelta(minutes=minute))


def quote(minute: float, home: float = 2.0, bookmaker: str = "acme") -> OddsQuoted:
    return OddsQuoted(7, bookmaker, home, 4.0, 4.0, START + timedelta(minutes=minute))


def batch(*messages, first: int = 0) -> list[Envelope]:
    return [Envelope("t", 0, offset, message) for offset, message in enumerate(messages, first)]


# --- live matches -------------------------------------------------------------------------------


def test_a_match_takes_shape_from_its_messages(processor):
    processor.handle(batch(announced(), score(10), score(31, home=1)))
    assert processor.matches == {7: LiveMatch(7, "PL", "Arsenal", "Leeds", 31, 1, 0)}


def test_a_late_announcement_keeps_the_score(processor):
    processor.handle(batch(score(20, home=2, away=1), announced()))
    assert processor.matches[7] == LiveMatch(7, "PL", "Arsenal", "Leeds", 20, 2, 1)


def test_matches_do_not_mix(processor):
    processor.handle(batch(score(5, home=1), score(9, away=1, match_id=8)))
    assert processor.matches == {
        7: LiveMatch(7, minute=5, home_goals=1),
        8: LiveMatch(8, minute=9, away_goals=1),
    }


def test_an_older_minute_is_late(processor, metrics):
    summary = processor.handle(batch(score(30, home=1), score(29)))
    assert (summary.processed, summary.late) == (1, 1)
    assert processor.matches[7].home_goals == 1
    assert processor.buffered == 1
    assert metrics.value("stream_messages_total", topic="t", outcome="late") == 1


def test_the_same_minute_may_correct_a_score(processor):
    summary = processor.handle(batch(score(30, home=1), score(30, home=0)))
    assert (summary.processed, summary.late) == (2, 0)
    assert processor.matches[7].home_goals == 0


def test_scores_are_written_with_the_league(processor, sink):
    processor.handle(batch(score(1), announced(), score(10, home=1, away=2)))
    assert processor.flush() == 2
    ((dataset, rows, partition_by),) = sink.writes
    assert (dataset, partition_by) == ("live_scores", ("league",))
    assert [row["league"] for row in rows] == ["unknown", "PL"]
    assert rows[1] == {
        "match_id": 7,
        "league": "PL",
        "minute": 10,
        "home_goals": 1,
        "away_goals": 2,
        "occurred_at": START + timedelta(minutes=10),
    }


# --- windows ------------------------------------------------------------------------------------


def test_quotes_of_a_window_become_one_row_for_each_outcome(processor, sink):
    processor.handle(batch(quote(0, 2.0), quote(1, 2.5), quote(2, 1.6), quote(4, 2.0)))
    assert processor.buffered == 0, "the window is still open"
    assert processor.finish() == 4
    ((dataset, rows, partition_by),) = sink.writes
    assert (dataset, partition_by) == ("odds_windows", ("day",))
    assert [row["outcome"] for row in rows] == ["away", "draw", "home", "overround"]
    assert rows[2] == {
        "day": "2025-09-01",
        "start": START,
        "match_id": 7,
        "bookmaker": "acme",
        "outcome": "home",
        "open": 2.0,
        "high": 2.5,
        "low": 1.6,
        "close": 2.0,
        "quotes": 4,
    }


def test_the_overround_goes_along(processor, sink):
    processor.handle(batch(quote(0, home=1.6)))
    processor.finish()
    ((_, rows, _),) = sink.writes
    assert rows[3]["open"] == pytest.approx(0.125)  # 1/1.6 + 1/4 + 1/4 - 1


def test_bookmakers_have_windows_of_their_own(processor):
    processor.handle(batch(quote(0), quote(0, bookmaker="best")))
    assert processor.finish() == 8


def test_a_window_closes_when_the_lateness_has_passed(processor):
    processor.handle(batch(quote(0), quote(5.9)))
    assert processor.buffered == 0
    processor.handle(batch(quote(6), first=2))
    assert processor.buffered == 4


def test_a_quote_for_a_closed_window_is_late(processor, metrics, caplog):
    with caplog.at_level("INFO", logger="football"):
        processor.handle(batch(quote(0), quote(20)))
        assert caplog.text == ""
        summary = processor.handle(batch(quote(1), quote(19), first=2))
    assert (summary.processed, summary.late) == (1, 1)
    assert metrics.value("stream_messages_total", topic="t", outcome="late") == 1
    assert "1 late messages dropped" in caplog.text


# --- duplicates ---------------------------------------------------------------------------------


def test_a_message_that_comes_twice_counts_once(processor):
    first = processor.handle(batch(score(10), quote(0)))
    again = processor.handle(batch(score(10), quote(0), score(11)))
    assert (first.processed, first.duplicates) == (2, 0)
    assert (again.processed, again.duplicates) == (1, 2)
    assert processor.buffered == 2


def test_the_same_message_at_another_place_is_no_duplicate(processor):
    here = Envelope("t", 0, 5, score(10))
    summary = processor.handle([here, Envelope("t", 1, 5, score(10)), Envelope("u", 0, 5, score(10))])
    assert (summary.processed, summary.duplicates) == (3, 0)


def test_only_the_newest_messages_are_remembered(sink, metrics):
    windows = TumblingWindows(timedelta(minutes=5))
    processor = StreamProcessor(sink, windows, remember=2, metrics=metrics)
    processor.handle(batch(score(1), score(2), score(3)))
    assert processor.handle(batch(score(2), score(3), first=1)).duplicates == 2
    assert processor.handle(batch(score(3))).duplicates == 0  # offset 0 is forgotten


# --- flushing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "flushed"), [(2, 0), (3, 3), (4, 4)])
def test_rows_are_written_when_enough_have_gathered(sink, metrics, rows, flushed):
    windows = TumblingWindows(timedelta(minutes=5))
    processor = StreamProcessor(sink, windows, flush_rows=3, metrics=metrics)
    summary = processor.handle(batch(*(score(minute) for minute in range(rows))))
    assert summary.flushed_rows == processor.totals.flushed_rows == flushed
    assert processor.buffered == rows - flushed
    assert len(sink.writes) == (1 if flushed else 0)


def test_flushing_twice_writes_once(processor, sink):
    processor.handle(batch(score(1)))
    assert (processor.flush(), processor.flush()) == (1, 0)
    assert len(sink.writes) == 1


def test_rows_that_cannot_be_written_stay(processor, sink):
    sink.broken = {"odds_windows"}
    processor.handle(batch(score(1), quote(0)))
    with pytest.raises(StreamingError, match="cannot write 4 rows: disk is full"):
        processor.finish()
    assert [dataset for dataset, _, _ in sink.writes] == ["live_scores"]
    assert processor.buffered == 4
    sink.broken = set()
    assert processor.finish() == 4
    assert processor.buffered == 0


def test_totals_add_up(processor):
    processor.handle(batch(score(10), score(9), quote(0)))
    processor.handle(batch(score(10), score(12), first=0))
    processor.handle(batch(score(3), score(2), first=3))
    processor.finish()
    processor.finish()
    totals = processor.totals
    assert (totals.processed, totals.duplicates, totals.late) == (2, 2, 3)
    assert totals.flushed_rows == 5


def test_an_empty_batch_does_nothing(processor, sink):
    summary = processor.handle([])
    assert (summary.processed, summary.late, summary.flushed_rows) == (0, 0, 0)
    assert processor.finish() == 0
    assert sink.writes == []


@pytest.mark.parametrize("limits", [{"flush_rows": 0}, {"remember": 0}])
def test_limits_must_be_positive(sink, limits):
    with pytest.raises(StreamingError, match="must be at least 1"):
        StreamProcessor(sink, TumblingWindows(timedelta(minutes=5)), **limits)


def test_the_smallest_limits_work(sink, monkeypatch, metrics):
    monkeypatch.setattr(stream_processor, "get_metrics", lambda: metrics)
    processor = StreamProcessor(sink, TumblingWindows(timedelta(minutes=5)), flush_rows=1, remember=1)
    processor.handle(batch(score(2), score(1)))
    assert processor.totals.flushed_rows == 1
    assert metrics.value("stream_messages_total", topic="t", outcome="late") == 1


# --- windows by themselves ----------------------------------------------------------------------


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_candle_orders_values_by_their_own_time():
    windows = TumblingWindows(timedelta(minutes=5))
    for minute, value in ((2, 2.0), (1, 1.5), (4, 3.0), (3, 0.5)):
        assert windows.add("home", at(minute), value)
    ((key, candle),) = windows.close(everything=True)
    assert (key, candle.start, candle.count) == ("home", START, 4)
    assert (candle.open, candle.high, candle.low, candle.close) == (1.5, 3.0, 0.5, 3.0)
    assert len(windows) == 0


def test_windows_wait_for_the_watermark():
    windows = TumblingWindows(timedelta(minutes=5), timedelta(minutes=2))
    windows.add("home", at(1), 2.0)
    windows.add("home", at(6.9), 2.0)
    assert windows.close() == []
    windows.add("home", at(7), 2.0)
    assert [candle.start for _, candle in windows.close()] == [START]
    assert not windows.add("home", at(4), 2.0)
    assert len(windows) == 1


@pytest.mark.parametrize("limits", [(0, 0), (5, -1)])
def test_sizes_are_checked(limits):
    size, lateness = (timedelta(minutes=minutes) for minutes in limits)
    with pytest.raises(ConfigurationError):
        TumblingWindows(size, lateness)
