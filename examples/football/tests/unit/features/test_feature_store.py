"""The feature store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from src.core.exceptions import DatabaseError, FeatureStoreError
from src.database.manager import DatabaseManager
from src.database.schema import migrate
from src.features.feature_store import FeatureStore

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


class TestFeatureStore:
    @pytest.fixture
    def database(self):
        manager = DatabaseManager()
        migrate(manager)
        yield manager
        manager.close()

    @pytest.fixture
    def store(self, database):
        return FeatureStore(database)

    def test_vector_comes_back_as_written(self, store):
        store.put(1, {"b": 2.0, "a": 1}, NOW)
        assert store.get(1) == {"a": 1.0, "b": 2.0}
        store.put(1, {"a": 9.0}, NOW)
        assert store.get(1) == {"a": 9.0}

    def test_missing_and_outdated_vectors_are_errors(self, store, database):
        with pytest.raises(FeatureStoreError, match="no features for match 1"):
            store.get(1)
        FeatureStore(database, version="v2").put(1, {"a": 1.0}, NOW)
        with pytest.raises(FeatureStoreError, match="are v2, wanted v3"):
            store.get(1)

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_numbers_that_are_not_finite_are_refused(self, store, value):
        with pytest.raises(FeatureStoreError, match="not finite: a, c"):
            store.put(1, {"a": value, "b": 1.0, "c": value}, NOW)

    def test_age_and_old_versions(self, store, database):
        assert store.age_hours(1, NOW) is None
        store.put(1, {"a": 1.0}, NOW - timedelta(hours=3))
        FeatureStore(database, version="v2").put(2, {"a": 2.0}, NOW)
        assert store.age_hours(1, NOW) == 3.0
        assert store.drop_older_versions() == 1
        assert store.drop_older_versions() == 0

    @pytest.mark.parametrize("damage", ["not json", "[1, 2]", '{"a": "x"}', '{"a": null}'])
    def test_damaged_vector_is_an_error(self, store, database, damage):
        store.put(1, {"a": 1.0}, NOW)
        database.execute("UPDATE features SET vector = ?", (damage,))
        with pytest.raises(FeatureStoreError, match="features of match 1 are damaged"):
            store.get(1)

    def test_failing_database_is_a_store_failure(self, mock_db_manager):
        for method in ("execute", "fetch_one", "fetch_all"):
            getattr(mock_db_manager, method).side_effect = DatabaseError("down")
        store = FeatureStore(mock_db_manager)
        for call in (lambda: store.put(1, {}, NOW), lambda: store.get(1)):
            with pytest.raises(FeatureStoreError, match="cannot (read|write)"):
                call()
