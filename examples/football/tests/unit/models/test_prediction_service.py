"""The prediction service when all is well, and when MLflow is not: caching, metrics, batches, negative MLflow paths."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pytest

from src.core.config import Settings
from src.core.exceptions import DatabaseError, ModelError, ValidationError
from src.features.builder import FEATURE_NAMES
from src.models.prediction_service import load_from_mlflow, make_mlflow_client
from src.models.types import Outcome, Source
from src.monitoring.metrics import get_metrics

MODEL = "football_match_predictor"


def cache_events(metrics, cache):
    """Return the counts of one cache's events."""
    return {
        result: metrics.value("cache_events_total", cache=cache, result=result) for result in ("hit", "miss", "stale")
    }


def predictions(metrics, outcome):
    return metrics.value("predictions_total", model=MODEL, outcome=outcome)


class TestModelLoading:
    def test_first_use_loads_the_version_that_the_alias_names(self, service, mock_mlflow_client, loader, model):
        loaded = service.load_model()

        mock_mlflow_client.get_model_version_by_alias.assert_called_once_with(MODEL, "champion")
        loader.assert_called_once_with(f"models:/{MODEL}/7")
        assert loaded.version == "7"
        assert loaded.model is model
        assert loaded.loaded_at == 1000.0

    def test_numeric_versions_become_text(self, service, mock_mlflow_client):
        mock_mlflow_client.get_model_version_by_alias.return_value = SimpleNamespace(version=8, run_id="run-8")
        assert service.load_model().version == "8"

    @pytest.mark.parametrize(("seconds", "calls"), [(0, 1), (100, 1), (100.5, 2)])
    def test_registry_is_asked_again_only_after_the_cache_time(
        self, service, clock, mock_mlflow_client, seconds, calls
    ):
        service.load_model()
        clock.advance(seconds)
        service.load_model()
        assert mock_mlflow_client.get_model_version_by_alias.call_count == calls

    def test_hits_and_misses_of_the_model_cache_are_counted(self, service, metrics, clock):
        service.load_model()
        service.load_model()
        service.load_model()
        clock.advance(101)
        service.load_model()
        assert cache_events(metrics, "model") == {"hit": 2, "miss": 2, "stale": 0}

    def test_force_asks_again_although_the_model_is_fresh(self, service, mock_mlflow_client):
        service.load_model()
        service.load_model(force=True)
        assert mock_mlflow_client.get_model_version_by_alias.call_count == 2

    def test_same_version_is_not_loaded_twice_but_counts_as_fresh_again(self, service, clock, loader, metrics):
        service.load_model()
        clock.advance(101)
        assert service.load_model().loaded_at == 1101.0
        loader.assert_called_once()
        clock.advance(99)
        service.load_model()
        assert cache_events(metrics, "model")["hit"] == 1

    def test_new_version_replaces_the_old_one(self, service, mock_mlflow_client, loader):
        service.load_model()
        newer = MagicMock(name="newer")
        loader.return_value = newer
        mock_mlflow_client.get_model_version_by_alias.return_value.version = "8"

        loaded = service.load_model(force=True)

        assert (loaded.version, loaded.model) == ("8", newer)
        assert service.load_model() is loaded


class TestNegativeMlflowPaths:
    def test_unknown_alias_is_a_model_error_with_its_cause(self, service, mock_mlflow_client, loader):
        cause = RuntimeError("RESOURCE_DOES_NOT_EXIST")
        mock_mlflow_client.get_model_version_by_alias.side_effect = cause

        with pytest.raises(ModelError, match="did not name the champion .*RESOURCE_DOES_NOT_EXIST") as caught:
            service.load_model()

        assert caught.value.__cause__ is cause
        assert caught.value.context == {"model": MODEL}
        loader.assert_not_called()

    def test_artifact_that_cannot_be_loaded_is_a_model_error(self, service, loader):
        loader.side_effect = OSError("no such artifact")
        with pytest.raises(ModelError, match="version 7 .* cannot be loaded: no such artifact") as caught:
            service.load_model()
        assert caught.value.context == {"model": MODEL}

    def test_failed_load_is_tried_again_on_the_next_call(self, service, loader, model):
        loader.side_effect = [OSError("busy"), model]
        with pytest.raises(ModelError):
            service.load_model()
        assert service.load_model().model is model

    def test_model_that_raises_is_a_model_error_and_counted_as_failed(self, service, model, metrics):
        model.predict.side_effect = KeyError("elo")
        with pytest.raises(ModelError, match="version 7 failed to predict"):
            service.predict_match(1)
        assert predictions(metrics, "failed") == 1
        assert predictions(metrics, "model") == 0

    @pytest.mark.parametrize(
        ("output", "message"),
        [
            ([[0.5, 0.5]], r"shape \(1, 2\)"),
            ([0.5, 0.3, 0.2], r"shape \(3,\)"),
            ([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], r"shape \(2, 3\)"),
            ([[-0.1, 0.6, 0.5]], "cannot be scaled"),
            ([[0.0, 0.0, 0.0]], "cannot be scaled"),
            ([[float("nan"), 0.5, 0.5]], "cannot be scaled"),
        ],
    )
    def test_output_that_is_no_distribution_is_refused(self, service, model, output, message):
        model.predict.return_value = np.array(output)
        with pytest.raises(ModelError, match=message):
            service.predict_match(1)

    def test_missing_features_are_named(self, service, features, model):
        features.get.side_effect = lambda match_id: {name: 1.0 for name in FEATURE_NAMES if not name.startswith("h")}
        with pytest.raises(ModelError, match="features are missing: home_form, home_attack, home_defence") as caught:
            service.predict_match(1)
        assert caught.value.context == {"version": "7"}
        model.predict.assert_not_called()


class TestPredicting:
    def test_prediction_carries_chances_version_time_and_source(self, service):
        assert service.predict_match(17).as_dict() == {
            "match_id": 17,
            "outcome": "home",
            "confidence": 0.5,
            "probabilities": {"home": 0.5, "draw": 0.3, "away": 0.2},
            "model_version": "7",
            "source": "model",
            "created_at": "2024-03-02T12:00:00+00:00",
            "age_seconds": 0.0,
        }

    def test_model_gets_the_features_of_the_match_in_training_order(self, service, features, model):
        service.predict_match(17)
        features.get.assert_called_once_with(17)
        frame = model.predict.call_args.args[0]
        assert list(frame.columns) == list(FEATURE_NAMES)
        assert frame.to_numpy().tolist() == [[float(index) for index in range(len(FEATURE_NAMES))]]

    def test_weights_are_scaled_to_probabilities(self, service, model):
        model.predict.return_value = np.array([[1.0, 1.0, 2.0]])
        prediction = service.predict_match(1)
        assert prediction.probabilities.away == pytest.approx(0.5)
        assert prediction.outcome is Outcome.AWAY

    def test_prediction_is_stored(self, service, mock_db_manager):
        service.predict_match(17)
        sql, params = mock_db_manager.execute.call_args.args
        assert sql.startswith("INSERT INTO predictions (match_id, model_version, home, draw, away, source, created_at)")
        assert params == (17, "7", 0.5, 0.3, 0.2, "model", "2024-03-02T12:00:00+00:00")

    def test_database_that_is_down_costs_the_record_but_not_the_answer(self, service, mock_db_manager, caplog):
        mock_db_manager.execute.side_effect = DatabaseError("disk full")
        assert service.predict_match(17).source is Source.MODEL
        assert "the prediction of match 17 was not stored: disk full" in caplog.text

    def test_time_taken_and_outcome_are_counted(self, service, metrics):
        service.predict_match(1)
        service.predict_match(2)
        assert metrics.value("prediction_seconds_count", model=MODEL) == 2
        assert predictions(metrics, "model") == 2
        assert predictions(metrics, "failed") == 0

    def test_without_metrics_of_its_own_it_counts_for_the_process(self, make_service):
        before = get_metrics().value("predictions_total", model=MODEL, outcome="model")
        make_service(metrics=None).predict_match(1)
        assert get_metrics().value("predictions_total", model=MODEL, outcome="model") == before + 1


class TestPredictionCache:
    def test_second_call_is_answered_from_the_cache(self, service, model, metrics, mock_db_manager):
        first = service.predict_match(1)
        assert service.predict_match(1) is first
        model.predict.assert_called_once()
        mock_db_manager.execute.assert_called_once()
        assert cache_events(metrics, "prediction") == {"hit": 1, "miss": 1, "stale": 0}
        assert predictions(metrics, "model") == 1

    @pytest.mark.parametrize(("seconds", "calls"), [(50, 1), (51, 2)])
    def test_cached_prediction_expires(self, service, clock, model, seconds, calls):
        service.predict_match(1)
        clock.advance(seconds)
        service.predict_match(1)
        assert model.predict.call_count == calls

    def test_matches_do_not_share_an_entry(self, service):
        assert service.predict_match(1).match_id == 1
        assert service.predict_match(2).match_id == 2

    def test_going_past_the_cache_predicts_anew_and_refreshes_it(self, service, model, metrics):
        service.predict_match(1)
        fresh = service.predict_match(1, use_cache=False)
        assert model.predict.call_count == 2
        assert service.predict_match(1) is fresh
        assert cache_events(metrics, "prediction")["miss"] == 1

    def test_prediction_of_an_older_version_is_not_served_once_a_newer_is_loaded(
        self, service, mock_mlflow_client, metrics
    ):
        service.predict_match(1)
        mock_mlflow_client.get_model_version_by_alias.return_value.version = "8"
        service.load_model(force=True)
        assert service.predict_match(1).model_version == "8"
        assert cache_events(metrics, "prediction") == {"hit": 0, "miss": 2, "stale": 0}

    def test_invalidated_match_is_predicted_again(self, service, model):
        service.predict_match(1)
        assert service.invalidate(1) is True
        assert service.invalidate(1) is False
        service.predict_match(1)
        assert model.predict.call_count == 2

    def test_cache_info_sums_up(self, service):
        for match_id in (1, 2, 1, 1):
            service.predict_match(match_id)
        assert service.cache_info() == {"size": 2, "hit_rate": 0.5, "stale_hits": 0}


class TestBatches:
    def test_batch_predicts_every_match_once(self, service, model):
        result = service.predict_batch([3, 1, 3, 2, 1])
        assert list(result.predictions) == [3, 1, 2]
        assert [prediction.match_id for prediction in result.predictions.values()] == [3, 1, 2]
        assert result.complete
        assert model.predict.call_count == 3

    def test_one_failure_does_not_stop_the_others(self, service, model, caplog):
        good = np.array([[0.2, 0.3, 0.5]])
        model.predict.side_effect = [good, ValueError("bad row"), good]
        result = service.predict_batch([1, 2, 3])
        assert sorted(result.predictions) == [1, 3]
        assert result.failures == {2: "version 7 failed to predict: bad row"}
        assert not result.complete
        assert "1 of 3 predictions failed" in caplog.text

    def test_good_batch_warns_of_nothing(self, service, caplog):
        service.predict_batch([1, 2])
        assert "failed" not in caplog.text

    def test_limit_counts_distinct_matches(self, service, model):
        assert len(service.predict_batch([1, 2, 3, 3, 3]).predictions) == 3
        with pytest.raises(ValidationError, match="at most 3 matches, got 4") as caught:
            service.predict_batch([1, 2, 3, 4])
        assert caught.value.context == {"field": "match_ids"}
        assert model.predict.call_count == 3

    def test_empty_batch_is_complete(self, service, mock_mlflow_client):
        result = service.predict_batch([])
        assert (result.predictions, result.failures) == ({}, {})
        mock_mlflow_client.get_model_version_by_alias.assert_not_called()

    def test_unforeseen_errors_are_not_hidden_in_a_batch(self, service, features):
        features.get.side_effect = ZeroDivisionError
        with pytest.raises(ZeroDivisionError):
            service.predict_batch([1])


class TestVerifying:
    ROWS = [
        {"id": 10, "home": 0.6, "draw": 0.3, "away": 0.1},
        {"id": 11, "home": 0.2, "draw": 0.2, "away": 0.6},
    ]

    @pytest.mark.parametrize(
        ("score", "actual", "marks"),
        [((2, 0), "home", [1, 0]), ((0, 1), "away", [0, 1]), ((1, 1), "draw", [0, 0])],
    )
    def test_each_stored_prediction_is_marked(self, service, mock_db_manager, score, actual, marks):
        mock_db_manager.fetch_all.return_value = self.ROWS
        assert service.verify(5, *score) == sum(marks)
        assert mock_db_manager.fetch_all.call_args.args[1] == (5,)
        written = [call.args[1] for call in mock_db_manager.execute.call_args_list]
        assert written == [(actual, marks[0], 10), (actual, marks[1], 11)]

    def test_match_without_predictions_writes_nothing(self, service, mock_db_manager):
        assert service.verify(5, 1, 0) == 0
        mock_db_manager.execute.assert_not_called()


class TestModelInfo:
    def test_info_names_the_version_and_its_figures(self, service, mock_mlflow_client):
        assert service.model_info() == {
            "name": MODEL,
            "version": "7",
            "metrics": {"accuracy": 0.61, "log_loss": 0.94},
        }
        mock_mlflow_client.get_run.assert_called_once_with("run-7")

    def test_figures_that_cannot_be_had_are_left_empty(self, service, mock_mlflow_client, caplog):
        mock_mlflow_client.get_run.side_effect = ConnectionError("tracking server down")
        assert service.model_info()["metrics"] == {}
        assert "no figures for version 7: tracking server down" in caplog.text


class TestMlflowEntryPoints:
    @pytest.fixture
    def fake_mlflow(self, monkeypatch):
        """Put a stand-in in MLflow's place, whose import takes seconds."""
        package, tracking, pyfunc = ModuleType("mlflow"), ModuleType("mlflow.tracking"), ModuleType("mlflow.pyfunc")
        tracking.MlflowClient = MagicMock(name="MlflowClient")
        pyfunc.load_model = MagicMock(name="load_model", return_value="a model")
        package.tracking, package.pyfunc = tracking, pyfunc
        for module in (package, tracking, pyfunc):
            monkeypatch.setitem(sys.modules, module.__name__, module)
        return package

    def test_client_is_made_for_the_tracking_server_of_the_settings(self, fake_mlflow):
        client = make_mlflow_client(Settings(mlflow_tracking_uri="http://mlflow.example:5000"))
        fake_mlflow.tracking.MlflowClient.assert_called_once_with(tracking_uri="http://mlflow.example:5000")
        assert client is fake_mlflow.tracking.MlflowClient.return_value

    def test_models_are_loaded_through_pyfunc(self, fake_mlflow):
        assert load_from_mlflow("models:/m/1") == "a model"
        fake_mlflow.pyfunc.load_model.assert_called_once_with("models:/m/1")
