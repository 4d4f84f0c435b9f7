"""Migrations and queries, over real SQLite."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from src.core.exceptions import DatabaseError, NotFoundError
from src.database.manager import DatabaseManager
from src.database.repositories import CollectionLogRepository, MatchRepository, OddsRepository, PredictionRepository
from src.database.schema import MIGRATIONS, Migration, current_version, migrate


@pytest.fixture
def empty():
    manager = DatabaseManager()
    yield manager
    manager.close()


@pytest.fixture
def database(empty):
    migrate(empty)
    return empty


def match(match_id, kickoff="2024-03-01T15:00:00+00:00", home="Ajax", away="Brest", **more):
    row = {"id": match_id, "league": "PL", "season": "2023/24", "kickoff": kickoff, "home_team": home}
    return row | {"away_team": away, "status": "scheduled"} | more


class TestMigrations:
    def test_empty_database_gets_everything_once(self, empty):
        assert current_version(empty) == 0
        assert migrate(empty) == [migration.name for migration in MIGRATIONS]
        assert migrate(empty) == []
        assert current_version(empty) == MIGRATIONS[-1].version

    def test_failed_migration_leaves_nothing_behind(self, empty, monkeypatch):
        broken = Migration(1, "broken", "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);")
        monkeypatch.setattr("src.database.schema.MIGRATIONS", (broken,))
        with pytest.raises(DatabaseError, match="already exists"):
            migrate(empty)
        assert current_version(empty) == 0
        assert empty.fetch_all("SELECT name FROM sqlite_master WHERE name = 'half'") == []

    def test_database_of_a_newer_service_is_refused(self, database):
        database.execute("INSERT INTO schema_version VALUES (99, 'from the future')")
        with pytest.raises(DatabaseError, match="at version 99"):
            migrate(database)


class TestMatches:
    def test_written_match_can_be_read(self, database):
        repository = MatchRepository(database)
        assert repository.upsert_many([match(1), match(2)]) == 2
        assert repository.get(1)["home_team"] == "Ajax"
        assert repository.get(1)["home_goals"] is None

    def test_upsert_overwrites(self, database):
        repository = MatchRepository(database)
        repository.upsert_many([match(1)])
        repository.upsert_many([match(1, status="postponed")])
        assert repository.get(1)["status"] == "postponed"
        assert repository.upsert_many([]) == 0

    def test_unknown_match_is_an_error(self, database):
        with pytest.raises(NotFoundError, match="no match 5"):
            MatchRepository(database).get(5)

    def test_span_includes_both_days_and_can_be_limited_to_a_league(self, database):
        repository = MatchRepository(database)
        days = ("2024-02-29T23:59:00", "2024-03-01T00:00:00", "2024-03-02T23:00:00", "2024-03-03T00:00:00")
        repository.upsert_many(match(number, f"{day}+00:00") for number, day in enumerate(days))
        repository.upsert_many([match(9, league="BL")])
        first, last = date(2024, 3, 1), date(2024, 3, 2)
        assert [row["id"] for row in repository.between(first, last)] == [1, 9, 2]
        assert [row["id"] for row in repository.between(first, last, "PL")] == [1, 2]

    def test_history_of_a_team_is_newest_first_and_ends_before_the_moment(self, database):
        repository = MatchRepository(database)
        done = {"status": "finished", "home_goals": 1, "away_goals": 0}
        repository.upsert_many(match(day, f"2024-03-0{day}T15:00:00+00:00", **done) for day in range(1, 6))
        repository.upsert_many([match(8, "2024-03-02T12:00:00+00:00", "Celta", "Dijon", **done)])
        moment = datetime(2024, 3, 4, 15, tzinfo=UTC)
        assert [row["id"] for row in repository.finished_before(moment, "Brest", 2)] == [3, 2]
        assert [row["id"] for row in repository.head_to_head(moment, "Brest", "Ajax", 9)] == [3, 2, 1]
        assert repository.head_to_head(moment, "Ajax", "Celta", 9) == []
        assert [row["id"] for row in repository.season_results("PL", "2023/24")] == [1, 8, 2, 3, 4, 5]

    @pytest.mark.parametrize(("over", "status"), [(True, "finished"), (False, "live")])
    def test_score_decides_the_status(self, database, over, status):
        repository = MatchRepository(database)
        repository.upsert_many([match(1)])
        repository.set_score(1, 2, 1, finished=over)
        row = repository.get(1)
        assert (row["home_goals"], row["away_goals"], row["status"]) == (2, 1, status)

    def test_score_of_an_unknown_match_is_an_error(self, database):
        with pytest.raises(NotFoundError):
            MatchRepository(database).set_score(1, 0, 0, finished=True)


class TestOthers:
    @pytest.fixture
    def with_match(self, database):
        MatchRepository(database).upsert_many([match(1)])
        return database

    def quote(self, bookmaker, hour, home):
        return {
            "match_id": 1,
            "bookmaker": bookmaker,
            "home": home,
            "draw": 3.5,
            "away": 4.0,
            "taken_at": f"2024-03-01T{hour:02}:00:00+00:00",
        }

    def test_latest_quote_of_each_bookmaker(self, with_match):
        repository = OddsRepository(with_match)
        repository.add_many([self.quote("b", 9, 2.0), self.quote("a", 9, 2.1), self.quote("b", 11, 1.9)])
        assert [(row["bookmaker"], row["home"]) for row in repository.latest(1)] == [("a", 2.1), ("b", 1.9)]
        repository.add_many([self.quote("b", 11, 5.0)])
        assert repository.latest(1)[1]["home"] == 1.9

    def test_movement_needs_two_quotes(self, with_match):
        repository = OddsRepository(with_match)
        repository.add_many([self.quote("a", 9, 2.0)])
        assert repository.movement(1, "a") is None
        repository.add_many([self.quote("a", 10, 2.5)])
        assert repository.movement(1, "a") == {"home": 0.5, "draw": 0.0, "away": 0.0}

    def test_quote_for_an_unknown_match_is_refused(self, database):
        with pytest.raises(DatabaseError, match="FOREIGN KEY"):
            OddsRepository(database).add_many([self.quote("a", 9, 2.0)])

    def test_predictions_wait_for_the_result(self, with_match):
        repository = PredictionRepository(with_match)
        for version, correct in (("1", None), ("1", 1), ("2", 0)):
            with_match.execute(
                "INSERT INTO predictions (match_id, model_version, home, draw, away, source, created_at, actual,"
                " correct) VALUES (1, ?, 0.5, 0.3, 0.2, 'model', '2024-03-01', ?, ?)",
                (version, None if correct is None else "home", correct),
            )
        assert repository.unverified() == []
        MatchRepository(with_match).set_score(1, 1, 0, finished=True)
        assert [row["id"] for row in repository.unverified()] == [1]
        assert [row["id"] for row in repository.history(1)] == [3, 2, 1]
        assert repository.accuracy_by_version() == {"1": 1.0, "2": 0.0}

    def test_last_good_run_of_a_source(self, database):
        repository = CollectionLogRepository(database)
        assert repository.last_success("odds") is None
        for hour, status in ((9, "ok"), (10, "partial"), (11, "failed")):
            repository.add("odds", status, 5, 0, datetime(2024, 3, 1, hour, tzinfo=UTC))
        repository.add("scores", "ok", 5, 0, datetime(2024, 3, 1, 12, tzinfo=UTC))
        assert repository.last_success("odds")["finished_at"] == "2024-03-01T10:00:00+00:00"
