"""The collection tasks: Celery retries, the collection log and metrics; the collectors are ``AsyncMock``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import AsyncMock, MagicMock

import pytest
from celery.exceptions import Retry

from src.collectors.client import ApiClient
from src.collectors.sources import CollectionResult
from src.core.config import Settings
from src.core.exceptions import CollectionError, DatabaseError
from src.monitoring.metrics import ServiceMetrics, get_metrics
from src.tasks import data_collection_tasks as tasks
from src.tasks.retry import RetryPolicy

NOW = datetime(2024, 3, 2, 12, 0, tzinfo=UTC)

FIXTURE = {
    "id": 1,
    "league": "PL",
    "season": "2023/24",
    "kickoff": "2024-03-03T15:00:00+00:00",
    "home_team": "Ajax",
    "away_team": "Brest",
    "status": "scheduled",
}
QUOTE = {"match_id": 1, "bookmaker": "a", "home": 2.0, "draw": 3.5, "away": 4.0, "taken_at": "2024-03-02T10:00:00"}


def collector(rows=(), refused=(), source="fixtures"):
    """A collector whose answer is known."""
    double = MagicMock(name=f"{source} collector")
    double.collect = AsyncMock(return_value=CollectionResult(source, list(rows), list(refused)))
    return double


@pytest.fixture
def metrics():
    return ServiceMetrics()


@pytest.fixture
def resources(monkeypatch, mock_db_manager, metrics):
    """What the tasks work with, in place of what the settings would build; two retries, waiting 10 s and 30 s."""
    bundle = tasks.Resources(
        database=mock_db_manager,
        fixtures=collector([FIXTURE, FIXTURE | {"id": 2}]),
        scores=collector(
            [
                {"match_id": 1, "home_goals": 2, "away_goals": 1, "finished": True},
                {"match_id": 2, "home_goals": 0, "away_goals": 0, "finished": False},
            ],
            source="scores",
        ),
        odds=collector([QUOTE], source="odds"),
        metrics=metrics,
        policy=RetryPolicy(max_retries=2, base_seconds=10, factor=3),
    )
    monkeypatch.setattr(tasks, "build_resources", lambda: bundle)
    monkeypatch.setattr(tasks, "utc_now", lambda: NOW)
    return bundle


@pytest.fixture
def at_attempt(monkeypatch):
    """Make a task believe that it has been retried so many times, with a spy in place of Celery's ``retry``."""

    def prepare(task, retries):
        task.push_request(retries=retries, called_directly=False, id="task-id")
        monkeypatch.setattr(task, "retry", MagicMock(name="retry", return_value=Retry("later")))
        pushed.append(task)
        return task.retry

    pushed = []
    yield prepare
    for task in pushed:
        task.pop_request()


def logged(database):
    """Return the lines that went to the collection log: (source, status, records, failures, detail, time)."""
    calls = [call.args for call in database.execute.call_args_list]
    return [params for sql, params in calls if "collection_log" in sql]


def finished(metrics, task, outcome):
    return metrics.value("tasks_total", task=f"collection.{task}", outcome=outcome)


def retries(metrics, task):
    return metrics.value("task_retries_total", task=f"collection.{task}")


class TestFixtures:
    def test_fixtures_of_the_days_ahead_are_stored(self, resources, mock_db_manager):
        assert tasks.collect_fixtures(days=3) == {"source": "fixtures", "status": "ok", "stored": 2, "refused": 0}
        resources.fixtures.collect.assert_awaited_once_with(date(2024, 3, 2), 3)
        sql, rows = mock_db_manager.execute_many.call_args.args
        assert sql.startswith("INSERT INTO matches")
        assert [row["id"] for row in rows] == [1, 2]

    def test_a_week_is_the_default(self, resources):
        tasks.collect_fixtures()
        resources.fixtures.collect.assert_awaited_once_with(date(2024, 3, 2), 7)

    def test_good_run_is_logged_counted_and_timed(self, resources, mock_db_manager, metrics, caplog):
        tasks.collect_fixtures()
        assert logged(mock_db_manager) == [("fixtures", "ok", 2, 0, "", "2024-03-02T12:00:00+00:00")]
        assert finished(metrics, "collect_fixtures", "ok") == 1
        assert finished(metrics, "collect_fixtures", "failed") == 0
        assert metrics.value("collected_rows_total", source="fixtures") == 2
        assert metrics.value("task_seconds_count", task="collection.collect_fixtures") == 1
        assert "refused" not in caplog.text

    def test_refused_items_make_the_run_partial(self, resources, mock_db_manager, metrics, caplog):
        reasons = [f"item {number}: bad" for number in range(7)]
        resources.fixtures.collect.return_value = CollectionResult("fixtures", [FIXTURE], reasons)
        result = tasks.collect_fixtures()
        assert result == {"source": "fixtures", "status": "partial", "stored": 1, "refused": 7}
        line = logged(mock_db_manager)[0]
        assert line[:4] == ("fixtures", "partial", 1, 7)
        assert line[4] == "; ".join(reasons[:5])
        assert finished(metrics, "collect_fixtures", "partial") == 1
        assert "fixtures refused 7 items, first: item 0: bad" in caplog.text

    def test_nothing_but_refused_items_is_a_failed_run(self, resources, metrics):
        resources.fixtures.collect.return_value = CollectionResult("fixtures", [], ["item 0: bad"])
        assert tasks.collect_fixtures()["status"] == "failed"
        assert finished(metrics, "collect_fixtures", "failed") == 1

    def test_log_that_cannot_be_written_does_not_fail_the_run(self, resources, mock_db_manager, caplog):
        mock_db_manager.execute.side_effect = DatabaseError("locked")
        assert tasks.collect_fixtures()["status"] == "ok"
        assert "the collection log was not written: locked" in caplog.text


class TestRetries:
    @pytest.mark.parametrize(("attempt", "countdown"), [(0, 10), (1, 30)])
    def test_failure_that_may_pass_is_retried_with_growing_waits(
        self, resources, at_attempt, metrics, mock_db_manager, caplog, attempt, countdown
    ):
        error = CollectionError("timed out", retryable=True)
        resources.fixtures.collect.side_effect = error
        retry = at_attempt(tasks.collect_fixtures, attempt)

        with pytest.raises(Retry):
            tasks.collect_fixtures.run()

        retry.assert_called_once_with(exc=error, countdown=countdown, max_retries=2, throw=False)
        assert retries(metrics, "collect_fixtures") == 1
        assert finished(metrics, "collect_fixtures", "failed") == 0
        assert logged(mock_db_manager) == []
        assert f"failed, retry {attempt + 1} in {countdown} s: timed out" in caplog.text

    def test_last_failure_ends_the_task(self, resources, at_attempt, metrics, mock_db_manager, caplog):
        resources.fixtures.collect.side_effect = CollectionError("timed out", retryable=True)
        retry = at_attempt(tasks.collect_fixtures, 2)

        with pytest.raises(CollectionError, match="timed out"):
            tasks.collect_fixtures.run()

        retry.assert_not_called()
        assert retries(metrics, "collect_fixtures") == 0
        assert finished(metrics, "collect_fixtures", "failed") == 1
        assert logged(mock_db_manager) == [("fixtures", "failed", 0, 1, "timed out", "2024-03-02T12:00:00+00:00")]
        assert "failed for good after 2 retries: timed out" in caplog.text

    @pytest.mark.parametrize("context", [{}, {"retryable": False}], ids=["not said", "said not to"])
    def test_failure_that_will_not_pass_is_not_retried(self, resources, at_attempt, metrics, context):
        resources.fixtures.collect.side_effect = CollectionError("format changed", **context)
        retry = at_attempt(tasks.collect_fixtures, 0)
        with pytest.raises(CollectionError, match="format changed"):
            tasks.collect_fixtures.run()
        retry.assert_not_called()
        assert finished(metrics, "collect_fixtures", "failed") == 1

    @pytest.mark.parametrize(("asked", "countdown"), [(60.0, 60.0), (4.0, 10.0)])
    def test_source_can_ask_for_a_longer_wait_but_not_for_a_shorter_one(self, resources, at_attempt, asked, countdown):
        resources.fixtures.collect.side_effect = CollectionError("too often", retryable=True, retry_after=asked)
        retry = at_attempt(tasks.collect_fixtures, 0)
        with pytest.raises(Retry):
            tasks.collect_fixtures.run()
        assert retry.call_args.kwargs["countdown"] == countdown

    def test_database_failure_while_storing_is_retried(self, resources, at_attempt, mock_db_manager, metrics):
        mock_db_manager.execute_many.side_effect = DatabaseError("locked")
        retry = at_attempt(tasks.collect_fixtures, 0)
        with pytest.raises(Retry):
            tasks.collect_fixtures.run()
        assert isinstance(retry.call_args.kwargs["exc"], DatabaseError)
        assert metrics.value("collected_rows_total", source="fixtures") == 0

    def test_programming_mistakes_are_neither_retried_nor_hidden(self, resources, at_attempt, metrics):
        resources.fixtures.collect.side_effect = TypeError("a bug")
        retry = at_attempt(tasks.collect_fixtures, 0)
        with pytest.raises(TypeError, match="a bug"):
            tasks.collect_fixtures.run()
        retry.assert_not_called()
        assert finished(metrics, "collect_fixtures", "failed") == 0

    def test_celery_runs_the_retries_until_the_source_recovers(self, resources, metrics):
        good = CollectionResult("fixtures", [FIXTURE], [])
        failure = CollectionError("timed out", retryable=True)
        resources.fixtures.collect.side_effect = [failure, failure, good]
        outcome = tasks.collect_fixtures.apply(kwargs={"days": 2})
        assert outcome.get() == {"source": "fixtures", "status": "ok", "stored": 1, "refused": 0}
        assert resources.fixtures.collect.await_count == 3
        assert retries(metrics, "collect_fixtures") == 2

    def test_celery_gives_up_when_the_source_does_not_recover(self, resources, metrics):
        resources.fixtures.collect.side_effect = CollectionError("timed out", retryable=True)
        outcome = tasks.collect_fixtures.apply()
        assert outcome.failed()
        assert isinstance(outcome.result, CollectionError)
        assert resources.fixtures.collect.await_count == 3
        assert finished(metrics, "collect_fixtures", "failed") == 1


class TestOdds:
    def test_odds_of_the_given_matches_are_stored(self, resources, mock_db_manager, metrics):
        assert tasks.collect_odds(match_ids=[4, 5]) == {"source": "odds", "status": "ok", "stored": 1, "refused": 0}
        resources.odds.collect.assert_awaited_once_with([4, 5])
        mock_db_manager.fetch_all.assert_not_called()
        sql, rows = mock_db_manager.execute_many.call_args.args
        assert "INTO odds" in sql
        assert rows == [QUOTE]
        assert metrics.value("collected_rows_total", source="odds") == 1

    def test_without_matches_given_the_scheduled_ones_of_three_days_are_taken(self, resources, mock_db_manager):
        mock_db_manager.fetch_all.return_value = [
            FIXTURE,
            FIXTURE | {"id": 2, "status": "finished"},
            FIXTURE | {"id": 3},
        ]
        tasks.collect_odds()
        resources.odds.collect.assert_awaited_once_with([1, 3])
        assert mock_db_manager.fetch_all.call_args.args[1] == ["2024-03-02", "2024-03-05"]

    @pytest.mark.parametrize("match_ids", [None, []])
    def test_no_matches_means_no_request(self, resources, metrics, mock_db_manager, match_ids):
        assert tasks.collect_odds(match_ids) == {"source": "odds", "status": "skipped", "stored": 0, "refused": 0}
        resources.odds.collect.assert_not_called()
        assert finished(metrics, "collect_odds", "skipped") == 1
        assert logged(mock_db_manager) == []

    def test_failure_is_logged_under_its_own_source(self, resources, at_attempt, mock_db_manager):
        resources.odds.collect.side_effect = CollectionError("gone")
        at_attempt(tasks.collect_odds, 0)
        with pytest.raises(CollectionError):
            tasks.collect_odds.run([1])
        assert logged(mock_db_manager)[0][:2] == ("odds", "failed")


class TestScores:
    def test_scores_are_written_to_their_matches(self, resources, mock_db_manager, metrics):
        assert tasks.collect_scores() == {"source": "scores", "status": "ok", "stored": 2, "refused": 0}
        updates = [call.args[1] for call in mock_db_manager.execute.call_args_list if "UPDATE" in call.args[0]]
        assert updates == [(2, 1, "finished", 1), (0, 0, "live", 2)]
        assert metrics.value("collected_rows_total", source="scores") == 2

    def test_score_of_an_unknown_match_is_passed_over(self, resources, mock_db_manager, caplog):
        caplog.set_level("INFO")
        mock_db_manager.execute.side_effect = [0, 1, 1]
        assert tasks.collect_scores()["stored"] == 1
        assert "a score came for the unknown match 1" in caplog.text


class TestStartingAndWatching:
    def test_everything_is_started_side_by_side(self, monkeypatch):
        started = MagicMock(name="group")
        started.return_value.apply_async.return_value.id = "group-id"
        monkeypatch.setattr(tasks, "group", started)
        assert tasks.collect_everything(days=4) == "group-id"
        assert tasks.collect_everything.name == "collection.collect_everything"
        signatures = started.call_args.args
        assert [signature.task for signature in signatures] == [
            "collection.collect_fixtures",
            "collection.collect_odds",
            "collection.collect_scores",
        ]
        assert [signature.args for signature in signatures] == [(4,), (), ()]

    def test_source_is_overdue_when_its_last_good_run_is_too_old_or_missing(self, mock_db_manager, monkeypatch):
        monkeypatch.setattr(tasks, "utc_now", lambda: NOW)
        ages = {"fixtures": timedelta(hours=24), "odds": timedelta(hours=24, minutes=1)}

        def last(sql, params):
            age = ages.get(params[0])
            return None if age is None else {"finished_at": (NOW - age).isoformat()}

        mock_db_manager.fetch_one.side_effect = last
        assert tasks.overdue_sources(mock_db_manager, 24) == ["odds", "scores"]
        assert tasks.overdue_sources(mock_db_manager, 25) == ["scores"]

    def test_resources_follow_the_settings(self, monkeypatch):
        settings = Settings(
            database_path="/data/x.db", database_timeout_seconds=2.5, task_max_retries=7, task_retry_base_seconds=3
        )
        monkeypatch.setattr(tasks, "get_settings", lambda: settings)
        client = MagicMock(name="client")
        from_settings = MagicMock(return_value=client)
        monkeypatch.setattr(ApiClient, "from_settings", from_settings)

        built = tasks.build_resources()

        from_settings.assert_called_once_with(settings)
        assert (built.database.path, built.database.timeout_seconds) == ("/data/x.db", 2.5)
        assert built.metrics is get_metrics()
        assert built.policy == RetryPolicy(max_retries=7, base_seconds=3)
        assert {built.fixtures._client, built.scores._client, built.odds._client} == {client}
