"""The prediction service's fallbacks: stale model, stale prediction, default features, and when none of them helps."""

from __future__ import annotations

from unittest.mock import MagicMock

import numpy as np
import pytest

from src.core.exceptions import FeatureStoreError, ModelError
from src.features.builder import DEFAULT_VECTOR, FEATURE_NAMES
from src.models.types import Source

MODEL = "football_match_predictor"


def predictions(metrics, outcome):
    return metrics.value("predictions_total", model=MODEL, outcome=outcome)


def cache_events(metrics, cache):
    """Return the counts of one cache's events: hits, misses, stale answers."""
    return tuple(metrics.value("cache_events_total", cache=cache, result=result) for result in ("hit", "miss", "stale"))


def stale_events(metrics, cache):
    return metrics.value("cache_events_total", cache=cache, result="stale")


@pytest.fixture
def broken_store(features):
    """A function that takes the feature store down."""

    def break_it():
        features.get.side_effect = FeatureStoreError("store is down")

    return break_it


class TestStaleModel:
    def test_expired_model_stays_in_use_while_the_registry_is_down(
        self, service, clock, mock_mlflow_client, metrics, caplog
    ):
        first = service.load_model()
        clock.advance(100_000)
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")

        assert service.load_model() is first
        assert stale_events(metrics, "model") == 1
        assert "keeping model version 7" in caplog.text
        assert "registry down" in caplog.text

    def test_predictions_go_on_with_the_stale_model(self, service, clock, mock_mlflow_client, metrics):
        service.load_model()
        clock.advance(101)
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")
        prediction = service.predict_match(1)
        assert (prediction.source, prediction.model_version) == (Source.MODEL, "7")
        assert predictions(metrics, "model") == 1

    def test_new_version_that_cannot_be_loaded_leaves_the_old_one_in_use(
        self, service, mock_mlflow_client, loader, metrics
    ):
        first = service.load_model()
        mock_mlflow_client.get_model_version_by_alias.return_value.version = "8"
        loader.side_effect = MemoryError("too large")
        assert service.load_model(force=True) is first
        assert stale_events(metrics, "model") == 1

    def test_registry_is_asked_again_on_the_next_call_and_its_return_is_noticed(
        self, service, clock, mock_mlflow_client, loader
    ):
        service.load_model()
        clock.advance(101)
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")
        service.load_model()
        mock_mlflow_client.get_model_version_by_alias.side_effect = None
        mock_mlflow_client.get_model_version_by_alias.return_value.version = "8"
        loader.return_value = MagicMock(name="version 8")
        assert service.load_model().version == "8"

    def test_without_a_model_in_memory_the_error_goes_through(self, service, mock_mlflow_client, metrics):
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")
        with pytest.raises(ModelError, match="registry down"):
            service.predict_match(1)
        assert stale_events(metrics, "model") == 0
        assert predictions(metrics, "failed") == 1

    @pytest.mark.parametrize(("seconds", "stale"), [(100, 0), (100.5, 1)])
    def test_outage_is_not_noticed_while_the_model_is_fresh(
        self, service, clock, mock_mlflow_client, metrics, seconds, stale
    ):
        service.load_model()
        clock.advance(seconds)
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")
        assert service.load_model().version == "7"
        assert stale_events(metrics, "model") == stale

    def test_counts_tell_the_course_of_an_outage(self, service, clock, mock_mlflow_client, metrics):
        service.predict_match(1)
        service.predict_match(1)
        clock.advance(51)
        service.predict_match(1)
        clock.advance(51)
        mock_mlflow_client.get_model_version_by_alias.side_effect = ConnectionError("registry down")
        service.predict_match(1)
        assert cache_events(metrics, "prediction") == (1, 3, 0)
        assert cache_events(metrics, "model") == (1, 2, 1)
        assert predictions(metrics, "model") == 3


class TestFeatureStoreFailure:
    @pytest.mark.parametrize("age", [51, 499.5, 500])
    def test_expired_prediction_is_served_with_its_age(self, service, clock, broken_store, metrics, age):
        first = service.predict_match(1)
        clock.advance(age)
        broken_store()

        stale = service.predict_match(1)

        assert stale.source is Source.STALE_CACHE
        assert stale.age_seconds == age
        assert stale.probabilities == first.probabilities
        assert stale.created_at == first.created_at
        assert stale_events(metrics, "prediction") == 1
        assert predictions(metrics, "stale_cache") == 1
        assert predictions(metrics, "model") == 1

    def test_stale_prediction_is_neither_stored_again_nor_made_fresh(
        self, service, clock, broken_store, mock_db_manager
    ):
        service.predict_match(1)
        broken_store()
        clock.advance(60)
        service.predict_match(1)
        clock.advance(60)
        assert service.predict_match(1).age_seconds == 120
        assert mock_db_manager.execute.call_count == 1
        assert service.cache_info()["stale_hits"] == 2

    def test_fresh_prediction_needs_no_feature_store(self, service, broken_store, clock):
        service.predict_match(1)
        clock.advance(50)
        broken_store()
        assert service.predict_match(1).source is Source.MODEL

    def test_prediction_that_is_too_old_gives_way_to_default_features(self, service, clock, broken_store, metrics):
        service.predict_match(1)
        clock.advance(500.5)
        broken_store()
        prediction = service.predict_match(1)
        assert prediction.source is Source.DEFAULT_FEATURES
        assert prediction.age_seconds == 0
        assert stale_events(metrics, "prediction") == 0
        assert predictions(metrics, "default_features") == 1

    def test_unknown_match_is_predicted_from_league_averages(self, service, broken_store, model, caplog):
        broken_store()
        prediction = service.predict_match(9)
        frame = model.predict.call_args.args[0]
        assert frame.iloc[0].to_dict() == {name: DEFAULT_VECTOR[name] for name in FEATURE_NAMES}
        assert (prediction.match_id, prediction.source) == (9, Source.DEFAULT_FEATURES)
        assert "no features for match 9: store is down" in caplog.text

    def test_prediction_from_defaults_is_stored_as_such_but_not_cached(
        self, service, broken_store, features, mock_db_manager, model
    ):
        broken_store()
        service.predict_match(9)
        assert mock_db_manager.execute.call_args.args[1][5] == "default_features"
        assert service.cache_info()["size"] == 0

        features.get.side_effect = lambda match_id: dict(DEFAULT_VECTOR)
        assert service.predict_match(9).source is Source.MODEL
        assert model.predict.call_count == 2

    def test_batch_mixes_sources(self, service, features):
        def only_first(match_id):
            if match_id != 1:
                raise FeatureStoreError("missing")
            return dict(DEFAULT_VECTOR)

        features.get.side_effect = only_first
        result = service.predict_batch([1, 2])
        assert result.complete
        assert [prediction.source for prediction in result.predictions.values()] == [
            Source.MODEL,
            Source.DEFAULT_FEATURES,
        ]

    def test_other_errors_of_the_store_are_no_reason_to_fall_back(self, service, features):
        features.get.side_effect = TypeError("a bug")
        with pytest.raises(TypeError, match="a bug"):
            service.predict_match(1)


class TestModelFailure:
    def test_expired_prediction_bridges_a_failing_model(self, service, clock, model, metrics, caplog):
        service.predict_match(1)
        clock.advance(60)
        model.predict.side_effect = ValueError("broken")
        prediction = service.predict_match(1)
        assert (prediction.source, prediction.age_seconds) == (Source.STALE_CACHE, 60)
        assert predictions(metrics, "stale_cache") == 1
        assert predictions(metrics, "failed") == 0
        assert "serving match 1 from the stale cache" in caplog.text

    @pytest.mark.parametrize("seconds", [500.5, 10_000])
    def test_too_old_a_prediction_is_not_served(self, service, clock, model, metrics, seconds):
        service.predict_match(1)
        clock.advance(seconds)
        model.predict.side_effect = ValueError("broken")
        with pytest.raises(ModelError, match="broken"):
            service.predict_match(1)
        assert predictions(metrics, "failed") == 1

    def test_stale_prediction_survives_the_arrival_of_a_broken_version(
        self, service, clock, mock_mlflow_client, loader
    ):
        service.predict_match(1)
        broken = MagicMock(name="broken")
        broken.predict.return_value = np.array([[np.nan, np.nan, np.nan]])
        loader.return_value = broken
        mock_mlflow_client.get_model_version_by_alias.return_value.version = "8"
        clock.advance(101)
        prediction = service.predict_match(1)
        assert (prediction.source, prediction.model_version) == (Source.STALE_CACHE, "7")

    def test_both_down_and_nothing_cached_is_an_error(self, service, broken_store, model):
        broken_store()
        model.predict.side_effect = ValueError("broken")
        with pytest.raises(ModelError, match="version 7 failed to predict: broken"):
            service.predict_match(1)

    def test_invalidated_prediction_cannot_be_fallen_back_to(self, service, clock, broken_store):
        service.predict_match(1)
        clock.advance(60)
        service.invalidate(1)
        broken_store()
        assert service.predict_match(1).source is Source.DEFAULT_FEATURES
